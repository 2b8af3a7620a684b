/** Closures: every contract of an organization, or of a plan, suspended at once, and undone as one. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Json, startTestEngine, type TestEngine } from '../harness/engine.ts';
import { type Member, member, pay, refused, schedule, sell, term } from './membership.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());

const closure = { starts_on: '2026-08-01', ends_on: '2026-08-14', reason: 'Fermeture annuelle' };

/** A club with contracts of every kind of standing on 1 July 2026. */
async function club(): Promise<Member & Record<'open' | 'year' | 'over' | 'cancelled' | 'other', Json>> {
  const one = await member(engine, '2026-07-01', { plan: { term_months: 12 } });
  const { desk, customer, plan } = one;
  const monthly = await desk.post('/v1/plans', { name: 'Monthly', kind: 'membership', amount: 3000 });
  const over = await sell(desk, customer, plan, { starts_on: '2025-07-15', ends_on: '2026-07-14' });
  const cancelled = await sell(desk, customer, plan, { starts_on: '2026-07-01' });
  await desk.post(`/v1/contracts/${cancelled.id}/cancellation`, { on: '2026-07-31', reason: 'x' });
  const open = await sell(desk, customer, monthly, { starts_on: '2026-07-01' });
  const other = await sell(desk, customer, monthly, { starts_on: '2026-08-15' });
  return { ...one, year: one.contract, over, cancelled, open, other };
}

const all = ({ year, open, over, cancelled, other }: Record<string, Json>) => [year, open, over, cancelled, other];

describe('a closure', () => {
  it('suspends each contract that runs then as its plan says, and no other; undone, there was none', async () => {
    const it = await club();
    const { desk } = it;
    const before = await Promise.all(all(it).map((one) => schedule(desk, one)));
    const preview = await desk.send('POST', '/v1/closures?dry_run=true', closure);
    expect(preview.body).toMatchObject({
      before: { contracts: 2, instalments: 11, amount: 55_000 },
      after: { contracts_suspended: 2, ends_moved: 1, instalments_changed: 11, amount: 55_000, left_out: [] },
    });
    expect(await Promise.all(all(it).map((one) => schedule(desk, one)))).toEqual(before);

    const token = preview.body.preview_token;
    const done = await desk.send('POST', `/v1/closures?preview_token=${token}`, closure);
    expect(done.status).toBe(201);
    expect(done.body).toMatchObject({
      state: 'closed',
      reason: 'Fermeture annuelle',
      totals: { contracts: 2, suspended: 2, instalments: 11, ends_moved: 1, left_out: 0 },
    });
    expect(await term(desk, it.year)).toBe('2026-07-01 to 2027-07-14');
    expect((await schedule(desk, it.year)).slice(0, 3)).toEqual([
      '1 2026-07-01 5000 scheduled',
      '2 2026-08-15 5000 scheduled',
      '3 2026-09-15 5000 scheduled',
    ]);
    const { body: suspensions } = await desk.get(`/v1/contracts/${it.open.id}/suspensions`);
    expect(suspensions.data).toMatchObject([{ ...closure, closure: done.body.id, removed_on: null }]);

    const late = await desk.send('POST', `/v1/closures?preview_token=${token}`, closure);
    expect(late.body.code).toBe('stale_preview');

    const undone = await desk.send('DELETE', `/v1/closures/${done.body.id}`);
    expect(undone.body).toMatchObject({ state: 'undone', totals: { suspended: 0 } });
    expect(await Promise.all(all(it).map((one) => schedule(desk, one)))).toEqual(before);
    await refused(desk, 'DELETE', `/v1/closures/${done.body.id}`, undefined, 'closure_undone');
  });

  it('is undone once, however many ask for it while it waits', async () => {
    const { desk } = await member(engine, '2026-07-01');
    const { id } = (await desk.send('POST', '/v1/closures', closure)).body;
    // A clerk looks at it for as long: nothing of it is undone meanwhile.
    const held = await engine.database.transaction();
    await held.raw('select 1 from closure where id = ? for update', [id]);
    const asked = [
      await desk.call('DELETE', `/v1/closures/${id}`),
      await desk.call('DELETE', `/v1/closures/${id}`, { headers: { prefer: 'wait=0' } }),
    ];
    await held.rollback();
    expect(asked.map(({ status }) => status)).toEqual([202, 202]);
    expect(asked[1]?.body.job.id).toBe(asked[0]?.body.job.id);
    const job = async () => (await desk.get(`/v1/jobs/${asked[0]?.body.job.id}`)).body;
    await expect.poll(async () => (await job()).state, { timeout: 60_000 }).toBe('done');
    const { body: events } = await desk.get('/v1/events?type=closure.undone');
    expect(events.data).toMatchObject([{ subjects: [id] }]);
  });

  it('leaves alone what has no days to give back, and says so', async () => {
    const { desk, customer } = await member(engine, '2026-07-01');
    const pack = await desk.post('/v1/plans', { name: 'Ten', kind: 'credits', amount: 9000, credits: 10 });
    await sell(desk, customer, pack, { starts_on: '2026-07-01' });
    const rhythm = { first_number: 101, first_on: '2026-07-05', every_months: 1, count: 24 };
    const publication = await desk.post('/v1/publications', { name: 'Le Mensuel' });
    await desk.post(`/v1/publications/${publication.id}/issues`, { rhythm });
    const subscription = { kind: 'issues', amount: 6000, publication: publication.id, issues: 12 };
    await sell(desk, customer, await desk.post('/v1/plans', { name: 'Year', ...subscription }), {
      starts_on: '2026-07-01',
    });
    const { body } = await desk.send('POST', '/v1/closures?dry_run=true', closure);
    expect(body.after).toMatchObject({
      contracts_suspended: 1,
      left_out: [
        { code: 'closure_leaves_issues', contracts: 1 },
        { code: 'closure_leaves_packs', contracts: 1 },
      ],
    });
    const said = body.warnings.filter(({ code }: Json) => code.startsWith('closure_leaves'));
    expect(said.map(({ detail }: Json) => detail)).toEqual([
      expect.stringContaining('on leur doit des numéros'),
      expect.stringContaining('pas de jours à rendre'),
    ]);
  });

  it('of one plan leaves the others alone', async () => {
    const it = await club();
    const { body } = await it.desk.send('POST', '/v1/closures', { ...closure, plan: it.plan.id });
    expect(body.totals).toMatchObject({ contracts: 1, suspended: 1 });
    expect((await it.desk.get(`/v1/contracts/${it.open.id}/suspensions`)).body.data).toEqual([]);
  });

  it('and an injury on the same days count each day once; lifting one leaves the other', async () => {
    const { desk, contract } = await member(engine, '2026-07-01', { plan: { term_months: 12 } });
    const injury = { starts_on: '2026-08-08', days: 14, reason: 'Jambe cassée' };
    const { id } = await desk.post(`/v1/contracts/${contract.id}/suspensions`, injury);
    const { body } = await desk.send('POST', '/v1/closures', closure);
    expect(await term(desk, contract)).toBe('2026-07-01 to 2027-07-21');
    await desk.send('DELETE', `/v1/suspensions/${id}`);
    expect(await term(desk, contract)).toBe('2026-07-01 to 2027-07-14');
    await desk.send('DELETE', `/v1/closures/${body.id}`);
    expect(await term(desk, contract)).toBe('2026-07-01 to 2027-06-30');
  });

  it('is bound by no limit of the plan, and counts towards none', async () => {
    const freeze = {
      min_months: 1,
      max_days_per_year: 31,
      max_per_year: 1,
      locked: ['amount'],
      requires_no_debt: true,
    };
    const { desk, contract } = await member(engine, '2026-07-01', { plan: { term_months: 12, freeze } });
    const { body } = await desk.send('POST', '/v1/closures', { ...closure, amount: 100 });
    expect(body.totals).toMatchObject({ suspended: 1, left_out: 0 });
    const own = { starts_on: '2026-10-01', ends_on: '2026-10-31', reason: 'x' };
    await pay(desk, contract, 1, '2026-07-01');
    expect((await desk.send('POST', `/v1/contracts/${contract.id}/suspensions`, own)).status).toBe(201);
  });

  it('leaves out a contract whose paid renewal would move, and says so; the others are suspended', async () => {
    const { desk, customer, plan, contract } = await member(engine, '2026-07-01', { plan: { term_months: 3 } });
    const second = await sell(desk, customer, plan, { starts_on: '2026-07-01' });
    const renewal = await sell(desk, customer, plan, { starts_on: '2026-10-01', renews: contract.id });
    await pay(desk, renewal, 1, '2026-07-01');
    const preview = await desk.send('POST', '/v1/closures?dry_run=true', closure);
    expect(preview.body.after).toMatchObject({
      contracts_suspended: 1,
      left_out: [{ code: 'renewal_has_facts', contracts: 1 }],
    });
    const { body } = await desk.send('POST', '/v1/closures', closure);
    expect(body.totals).toMatchObject({ contracts: 2, suspended: 1, left_out: 1 });
    const { body: left } = await desk.get(`/v1/closures/${body.id}/left_out`);
    expect(left.data).toMatchObject([{ contract: contract.id, doing: 'closing', code: 'renewal_has_facts' }]);
    expect(await term(desk, contract)).toBe('2026-07-01 to 2026-09-30');
    expect(await term(desk, second)).toBe('2026-07-01 to 2026-10-14');
  });

  it('over the end of a contract and the beginning of its renewal suspends both, without gap or overlap', async () => {
    const { desk, customer, plan, contract } = await member(engine, '2026-07-01', {
      plan: { term_months: 3 },
      contract: { starts_on: '2026-05-08' },
    });
    const renewal = await sell(desk, customer, plan, { starts_on: '2026-08-08', renews: contract.id });
    await desk.send('POST', '/v1/closures', closure);
    expect(await term(desk, contract)).toBe('2026-05-08 to 2026-08-21');
    expect(await term(desk, renewal)).toBe('2026-08-22 to 2026-11-21');
  });

  it('names days that a contract runs on, of a plan there is', async () => {
    const { desk } = await member(engine, '2026-07-01', { plan: { term_months: 1 } });
    await refused(
      desk,
      'POST',
      '/v1/closures',
      { ...closure, ends_on: '2026-07-01' },
      'suspension_ends_before_it_begins',
    );
    await refused(desk, 'POST', '/v1/closures', { ...closure, ends_on: '2027-09-01' }, 'closure_too_long');
    await refused(desk, 'POST', '/v1/closures', closure, 'closure_suspends_nothing');
    const plan = `pln_${'0'.repeat(26)}`;
    await refused(desk, 'POST', '/v1/closures', { ...closure, plan }, 'plan_unknown');
  });
});
