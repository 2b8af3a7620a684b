/** The freeze policies over the whole road: the golden tables that the schedule function is held to, sold and suspended. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addDays, addMonths, day } from '../../src/domain/day.ts';
import { decimal, fromDecimal } from '../../src/domain/money.ts';
import { readTables } from '../golden/read-table.ts';
import { type Client, type Json, startTestEngine, type TestEngine } from '../harness/engine.ts';
import { member, pay, previewAndDo, refused, schedule, sell, term } from './membership.ts';

let engine: TestEngine;
let desk: Client;
let customer: Json;
beforeAll(async () => {
  engine = await startTestEngine();
  ({ desk, customer } = await member(engine, '2012-01-01'));
});
afterAll(() => engine.stop());

const [settings, placements, lengths, rules, chains] = readTables('freeze.md');

async function contractOf(plan: object, contract: object): Promise<Json> {
  const sold = await desk.post('/v1/plans', { name: 'Gym', kind: 'membership', amount: 5000, ...plan });
  return sell(desk, customer, sold, contract);
}

function discount(text: string): object {
  if (text === '') return {};
  return text.endsWith('%')
    ? { discount_bps: Number.parseInt(text, 10) * 100 }
    : { discount_amount: fromDecimal(text) };
}

const amount = (text: string) => (text === '' ? {} : { amount: fromDecimal(text) as number });
const suspensions = (contract: Json) => `/v1/contracts/${contract.id}/suspensions`;

/** Instalments as the golden tables say them: month and day due, amount, status unless it is scheduled. */
async function say(contract: Json): Promise<string[]> {
  const { body } = await desk.get(`/v1/contracts/${contract.id}/schedule`);
  return body.instalments.map(
    ({ due_on, amount: cents, status }: Json) =>
      `${due_on.slice(5)} ${decimal(cents)}${status === 'scheduled' ? '' : ` ${status}`}`,
  );
}

describe('a freeze policy does what its settings say', () => {
  it.each(settings!.rows.map((row) => [row.case!, row] as const))('%s', async (_case, row) => {
    const freeze = {
      active: row.active === 'yes',
      shift_end: row['shift end'] === 'yes',
      shift_instalments: row['shift instalments'] === 'yes',
      ...amount(row.amount!),
      ...discount(row.discount!),
    };
    const contract = await contractOf({ freeze }, { starts_on: '2013-02-01', ends_on: '2014-01-31' });
    await desk.post(suspensions(contract), { starts_on: '2013-06-01', ends_on: '2013-06-30', reason: 'x' });
    expect(await term(desk, contract)).toBe(`2013-02-01 to ${row.ends}`);
    const lines = await say(contract);
    expect(lines.slice(3, 6).join(', ')).toBe(row['from May']);
    expect((await schedule(desk, contract)).at(-1)).toContain(` ${row.last} `);
  });
});

describe('where a stop lies against the term', () => {
  it.each(placements!.rows.map((row) => [row.case!, row] as const))('%s', async (_case, row) => {
    const given = { starts_on: row.starts, ...(row.ends === '' ? {} : { ends_on: row.ends }) };
    const contract = await contractOf({ shift_unit: 'days' }, given);
    const stop = { starts_on: row['stop from'], ends_on: row['stop to'], reason: 'x' };
    const answer = await desk.send('POST', suspensions(contract), stop);
    const outside = ['suspension_after_contract', 'suspension_before_contract'];
    // Wholly outside the term there is nothing to suspend, and the desk is told; a closure passes over it.
    if (answer.status !== 201) expect(outside).toContain(answer.body.code);
    expect(await term(desk, contract)).toBe(`${row['then starts']} to ${row['then ends'] || null}`);
  });
});

describe('how far a shift goes', () => {
  it.each(lengths!.rows.map((row) => [row.case!, row] as const))('%s', async (_case, row) => {
    const anchor = day(row.anchor!);
    const contract = await contractOf({}, { starts_on: anchor, ends_on: addDays(addMonths(anchor, 12), -1) });
    const before = await schedule(desk, contract);
    const stop = { starts_on: row['stop from'], ends_on: row['stop to'], reason: 'x' };
    await previewAndDo(desk, 'POST', suspensions(contract), stop, contract);
    expect((await term(desk, contract)).split(' to ')[1]).toBe(row.ends);
    const moved = (await schedule(desk, contract)).filter((line) => !before.includes(line));
    expect(
      moved
        .slice(0, 3)
        .map((line) => line.split(' ')[1])
        .join(', '),
    ).toBe(row.dues);
  });
});

describe('which instalments are charged', () => {
  it.each(rules!.rows.map((row) => [row.case!, row] as const))('%s', async (_case, row) => {
    const freeze = { active: true, instalment_rule: row.rule, ...discount(row.discount!) };
    const contract = await contractOf({ freeze }, { starts_on: '2013-02-01', ends_on: '2014-01-31' });
    const stop = { starts_on: row['stop from'], ends_on: row['stop to'], reason: 'x', ...amount(row.amount!) };
    await previewAndDo(desk, 'POST', suspensions(contract), stop, contract);
    expect((await say(contract)).slice(3, 7).join(', ')).toBe(row['from May']);
  });
});

describe('a renewal already signed', () => {
  it.each(chains!.rows.map((row) => [row.case!, row] as const))('%s', async (_case, row) => {
    const plan = await desk.post('/v1/plans', { name: 'Gym', kind: 'membership', amount: 5000 });
    const contract = await sell(desk, customer, plan, { starts_on: row.starts, ends_on: row.ends });
    const renewal = await sell(desk, customer, plan, {
      starts_on: row['renewal starts'],
      ends_on: row['renewal ends'],
      renews: contract.id,
    });
    const stop = { starts_on: row['stop from'], ends_on: row['stop to'], reason: 'x' };
    // A stop after its end is the renewal's, and the desk is told so.
    if (stop.starts_on! > row.ends!)
      await refused(desk, 'POST', suspensions(contract), stop, 'suspension_after_contract');
    else await desk.post(suspensions(contract), stop);
    expect((await term(desk, contract)).split(' to ')[1]).toBe(row['then ends']);
    expect(await term(desk, renewal)).toBe(row['renewal then']);
    const dues = (await schedule(desk, renewal)).slice(0, 2).map((line) => line.split(' ')[1]);
    expect(dues.join(', ')).toBe(row["renewal's first dues"]);
  });
});

describe('what is already paid', () => {
  it('is kept, or its unused days are credited on what is open; the preview says which', async () => {
    const freeze = { active: true, instalment_rule: 'prorated' };
    for (const [facts, second] of [
      ['kept', '2 2013-03-01 5000 scheduled'],
      ['credited', '2 2013-03-01 3214 scheduled'],
    ]) {
      const one = await member(engine, '2013-02-01', { plan: { freeze, term_months: 12 } });
      await pay(one.desk, one.contract, 1, '2013-02-01');
      const stop = { starts_on: '2013-02-10', ends_on: '2013-02-19', reason: 'x', amount: 0, facts };
      const path = `/v1/contracts/${one.contract.id}/suspensions`;
      const { preview, answer } = await previewAndDo(one.desk, 'POST', path, stop, one.contract);
      expect(preview.warnings.map(({ code }: Json) => code)).toContain(`facts_${facts}`);
      expect(answer.body.facts).toBe(facts);
      expect((await schedule(one.desk, one.contract)).slice(0, 2)).toEqual(['1 2013-02-01 5000 paid', second]);
      const { body } = await one.desk.get(`/v1/contracts/${one.contract.id}/schedule`);
      const why = body.instalments[1].explains.map(({ suspension }: Json) => suspension);
      expect(why, 'it says whose unused days were credited').toEqual(facts === 'credited' ? [answer.body.id] : []);
    }
  });
});

describe('limits and locks', () => {
  const path = (contract: Json) => `/v1/contracts/${contract.id}/suspensions`;
  const stop = (starts_on: string, ends_on: string, more: object = {}) => ({
    starts_on,
    ends_on,
    reason: 'x',
    ...more,
  });

  it('a minimum, a maximum of days and of suspensions a year: refused, saying until when; or gone beyond', async () => {
    const freeze = { min_months: 1, max_days_per_year: 45, max_per_year: 2 };
    const one = await member(engine, '2013-02-01', { plan: { freeze, term_months: 24 } });
    const to = path(one.contract);
    const short = await refused(one.desk, 'POST', to, stop('2013-03-01', '2013-03-20'), 'suspension_too_short');
    expect(short.detail).toContain('2013-03-31');
    await one.desk.post(to, stop('2013-03-01', '2013-03-31'));
    const days = await refused(one.desk, 'POST', to, stop('2013-05-01', '2013-05-31'), 'suspension_too_many_days');
    expect(days.detail).toContain('2014-01-31');
    await one.desk.post(to, stop('2013-05-01', '2013-05-10', { beyond_limits: true }));
    await refused(one.desk, 'POST', to, stop('2013-07-01', '2013-07-31'), 'suspension_too_many');
    await one.desk.post(to, stop('2014-02-01', '2014-02-28'));
  });

  it('a month’s pause can be lifted the month after, not before the minimum', async () => {
    const one = await member(engine, '2013-02-01', { plan: { freeze: { min_months: 1 } } });
    const { id } = await one.desk.post(path(one.contract), { starts_on: '2013-02-10', unlimited: true, reason: 'x' });
    await refused(one.desk, 'POST', `/v1/suspensions/${id}/stop`, { on: '2013-02-10' }, 'suspension_not_begun');
    await refused(one.desk, 'POST', `/v1/suspensions/${id}/stop`, { on: '2013-03-09' }, 'suspension_too_short');
    await one.desk.post(`/v1/suspensions/${id}/stop`, { on: '2013-03-10' });
    await one.desk.post('/v1/test_clock/advance', { to: '2013-03-10' });
    await refused(one.desk, 'POST', `/v1/suspensions/${id}/stop`, { on: '2013-03-20' }, 'suspension_over');
  });

  it('what the plan or the organization locks, no desk sets differently', async () => {
    const locked = await member(engine, '2013-02-01', { plan: { freeze: { locked: ['amount'] }, term_months: 12 } });
    const to = path(locked.contract);
    const may = stop('2013-03-01', '2013-03-31');
    await refused(locked.desk, 'POST', to, { ...may, amount: 200 }, 'suspension_setting_locked');
    const settings = { locked_freeze_settings: ['shift', 'limits'] };
    await locked.desk.send('PATCH', '/v1/organization', { settings });
    const active = { ...may, freeze: { active: true } };
    await refused(locked.desk, 'POST', to, active, 'suspension_setting_locked');
    await refused(locked.desk, 'POST', to, { ...may, beyond_limits: true }, 'suspension_setting_locked');
    await locked.desk.post(to, may);
    await locked.desk.send('PATCH', '/v1/organization', { settings: { locked_freeze_settings: [] } });
    const { id } = await locked.desk.post(to, { ...stop('2013-05-01', '2013-05-31'), freeze: { active: true } });
    expect(await term(locked.desk, locked.contract)).toBe('2013-02-01 to 2014-02-28');
    await locked.desk.send('DELETE', `/v1/suspensions/${id}`);
  });

  it('no suspension while the customer owes, where the plan forbids it', async () => {
    const one = await member(engine, '2013-02-01', { plan: { freeze: { requires_no_debt: true } } });
    await one.desk.post('/v1/test_clock/advance', { to: '2013-02-05' });
    const body = stop('2013-03-01', '2013-03-31');
    const problem = await refused(one.desk, 'POST', path(one.contract), body, 'suspension_debt');
    expect(problem.detail).toContain('50.00');
    await pay(one.desk, one.contract, 1, '2013-02-05');
    await one.desk.post(path(one.contract), body);
  });
});

describe('the review day of an unlimited suspension', () => {
  it('comes by itself, is told once, and the suspension is listed until it is decided', async () => {
    const one = await member(engine, '2013-02-01', { settings: { review_unlimited_after_days: 30 } });
    const unlimited = { starts_on: '2013-02-10', unlimited: true, reason: 'Grossesse' };
    const { id } = await one.desk.post(`/v1/contracts/${one.contract.id}/suspensions`, unlimited);
    expect((await one.desk.get(`/v1/suspensions/${id}`)).body.review_on).toBe('2013-03-12');
    await one.desk.post('/v1/test_clock/advance', { to: '2013-03-11' });
    const due = async () =>
      (await one.desk.get('/v1/suspensions?review_due=true')).body.data.map((row: Json) => row.id);
    expect(await due()).toEqual([]);
    await one.desk.post('/v1/test_clock/advance', { to: '2013-03-20' });
    expect(await due()).toEqual([id]);
    const { body } = await one.desk.get('/v1/events?type=suspension.review_due');
    expect(body.data.map((event: Json) => [event.on, event.subjects[0]])).toEqual([['2013-03-12', id]]);
    await one.desk.send('PATCH', `/v1/suspensions/${id}`, { review_on: '2013-06-01' });
    expect(await due()).toEqual([]);
    await one.desk.post(`/v1/suspensions/${id}/stop`, { on: '2013-03-20' });
    expect((await one.desk.get('/v1/suspensions')).body.data).toHaveLength(1);
  });
});

describe('a suspension corrected after the fact gives what it would have given entered right the first time', () => {
  const right = { starts_on: '2013-06-01', ends_on: '2013-07-31', reason: 'x' };
  const policies = [
    ['that moves end and instalments', {}],
    ['that takes a discount', { active: true, discount_bps: 4000 }],
    ['that prorates', { active: true, shift_end: true, amount: 200, instalment_rule: 'prorated' }],
  ] as const;
  const corrections: [string, object, (id: string) => [string, string, object]][] = [
    ['shortened', { ...right, ends_on: '2013-09-15' }, (id) => ['PATCH', id, { ends_on: right.ends_on }]],
    ['lengthened', { ...right, ends_on: '2013-06-20' }, (id) => ['PATCH', id, { days: 61 }]],
    ['moved', { ...right, starts_on: '2013-05-10', ends_on: '2013-05-20' }, (id) => ['PATCH', id, right]],
    ['bounded', { starts_on: right.starts_on, unlimited: true, reason: 'x' }, (id) => ['PATCH', id, right]],
    ['stopped', { ...right, ends_on: '2013-12-31' }, (id) => ['POST', `${id}/stop`, { on: '2013-08-01' }]],
  ];
  it.each(policies)('under a policy %s', async (_policy, freeze) => {
    const sold = { starts_on: '2013-02-01', ends_on: '2014-01-31' };
    const first = await contractOf({ freeze }, sold);
    const unsuspended = await schedule(desk, first);
    const { id } = await desk.post(suspensions(first), right);
    const expected = [await term(desk, first), ...(await schedule(desk, first))];
    for (const [how, wrong, correct] of corrections) {
      const contract = await contractOf({ freeze }, sold);
      const entered = await desk.post(suspensions(contract), wrong);
      const [method, path, body] = correct(entered.id);
      expect((await desk.send(method, `/v1/suspensions/${path}`, body)).status).toBe(200);
      expect([await term(desk, contract), ...(await schedule(desk, contract))], how).toEqual(expected);
    }
    const halves = await contractOf({ freeze }, sold);
    await desk.post(suspensions(halves), { ...right, ends_on: '2013-06-30' });
    await desk.post(suspensions(halves), { ...right, starts_on: '2013-07-01' });
    expect([await term(desk, halves), ...(await schedule(desk, halves))], 'in two adjacent halves').toEqual(expected);
    await desk.send('DELETE', `/v1/suspensions/${id}`);
    expect(await schedule(desk, first), 'removed').toEqual(unsuspended);
  });
});
