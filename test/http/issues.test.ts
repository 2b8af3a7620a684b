/** Magazine issues over the whole road: publications, subscriptions, incidents, extensions, suspended delivery, revenue. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { examine } from '../../src/doctor/examine.ts';
import { issueInvariants } from '../../src/doctor/issues.ts';
import { type Client, type Json, startTestEngine, type TestEngine } from '../harness/engine.ts';
import { instalmentIds, seller } from './invoicing.ts';
import { refused } from './membership.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());

interface Subscriber {
  desk: Client;
  publication: Json;
  plan: Json;
  customer: Json;
  contract: Json;
}

/** A monthly review, 101 on 2026-01-05; a subscriber to 12 issues from 101 for 60.00. */
async function subscriber(
  today = '2026-01-01',
  given: { plan?: object; contract?: object; settings?: object } = {},
): Promise<Subscriber> {
  const desk = await engine.sandbox(today);
  if (given.settings) await desk.send('PATCH', '/v1/organization', { settings: given.settings });
  const publication = await desk.post('/v1/publications', { name: 'La Revue' });
  const rhythm = { first_number: 101, first_on: '2026-01-05', count: 24, every_months: 1 };
  await desk.post(`/v1/publications/${publication.id}/issues`, { rhythm });
  const plan = await desk.post('/v1/plans', {
    name: '12 numéros',
    kind: 'issues',
    amount: 6000,
    issues: 12,
    publication: publication.id,
    ...given.plan,
  });
  const customer = await desk.post('/v1/customers', { name: 'Anne Martin' });
  const terms = { customer: customer.id, plan: plan.id, starts_on: today, first_issue: 101, method: 'cheque' };
  const contract = await desk.post('/v1/contracts', { ...terms, ...given.contract });
  return { desk, publication, plan, customer, contract };
}

async function issues({ desk, contract }: Subscriber, on?: string): Promise<Json> {
  const answer = await desk.get(`/v1/contracts/${contract.id}/issues${on ? `?on=${on}` : ''}`);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body;
}

/** `101 5.00 served` in one line each, those alike together: `101–112 500 upcoming`. */
function say(view: Json): string[] {
  const runs: { first: number; last: number; what: string }[] = [];
  for (const { number, revenue_amount, status, free } of view.issues) {
    const what = `${free ? 'free' : revenue_amount} ${status}`;
    const run = runs.at(-1);
    if (run?.what === what) run.last = number;
    else runs.push({ first: number, last: number, what });
  }
  return runs.map(({ first, last, what }) => `${first === last ? first : `${first}–${last}`} ${what}`);
}

const sumOf = (view: Json) => view.issues.reduce((all: number, one: Json) => all + one.revenue_amount, 0);

/** Previews, checks that nothing was written, does it with the token, and checks that it was what was shown. */
async function previewAndDo(it: Subscriber, method: string, path: string, body?: object): Promise<Json> {
  const before = await issues(it);
  const preview = await it.desk.send(method, `${path}?dry_run=true`, body);
  expect(preview.status, JSON.stringify(preview.body)).toBe(200);
  expect(await issues(it), 'a preview writes nothing').toEqual(before);
  expect(say(preview.body.before.issues)).toEqual(say(before));
  const answer = await it.desk.send(method, `${path}?preview_token=${preview.body.preview_token}`, body);
  expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
  const after = await issues(it);
  expect(say(after), 'what was shown is what was done').toEqual(say(preview.body.after.issues));
  expect(sumOf(after)).toBe(after.price_amount);
  return { preview: preview.body, result: answer.body, after };
}

const lost = { from_on: '2026-04-05', to_on: '2026-04-05', reason: 'Intempérie' };
const gesture = { issues: 3, reason: 'Réclamation sur facture' };

describe('a subscription to issues', () => {
  it('is signed from the next issue not yet published, unless the desk says from which', async () => {
    const late = await subscriber('2026-03-05', { contract: { first_issue: undefined } });
    expect(late.contract).toMatchObject({ kind: 'issues', publication: late.publication.id, first_issue: 104 });
    expect(await issues(late)).toMatchObject({ first_issue: 104, last_issue: 115, last_on: '2027-03-05' });
    const schedule = await late.desk.get(`/v1/contracts/${late.contract.id}/schedule`);
    expect(schedule.body.instalments).toMatchObject([{ number: 1, due_on: '2026-03-05', amount: 6000 }]);
  });

  it('I1: an incident over an issue moves the last issue, and the compensating one is free', async () => {
    const it = await subscriber();
    await it.desk.post('/v1/test_clock/advance', { to: '2026-04-10' });
    const { preview, result, after } = await previewAndDo(
      it,
      'POST',
      `/v1/contracts/${it.contract.id}/incidents`,
      lost,
    );
    expect(preview.before.issues).toMatchObject({ last_issue: 112, price_amount: 6000 });
    expect(preview.after.issues).toMatchObject({ last_issue: 113, price_amount: 6000 });
    expect(preview.changes[0].entitlement).toMatchObject({
      last_issue: { before: 112, after: 113 },
      issues: [{ number: 104 }, { number: 113, before: null }],
    });
    expect(result).toMatchObject({ object: 'incident', reason: 'Intempérie', recorded_on: '2026-04-10' });
    expect(say(after)).toEqual([
      '101–103 500 served',
      '104 500 not_served',
      '105–112 500 upcoming',
      '113 free upcoming',
    ]);
    const explained = after.issues.at(-1).explains;
    expect(explained).toMatchObject([{ kind: 'incident_recorded', recorded_on: '2026-04-10' }]);
    expect(explained[0].detail).toContain('Intempérie');
  });

  it('I2: an extension before the first issue lowers the revenue of all', async () => {
    const it = await subscriber();
    const { after } = await previewAndDo(it, 'POST', `/v1/contracts/${it.contract.id}/extensions`, gesture);
    expect(after.last_issue).toBe(115);
    expect(say(after)).toEqual(['101–115 400 upcoming']);
  });

  it('I3: an extension after six were served keeps their revenue and spreads the rest', async () => {
    const it = await subscriber();
    await it.desk.post('/v1/test_clock/advance', { to: '2026-06-20' });
    const { after } = await previewAndDo(it, 'POST', `/v1/contracts/${it.contract.id}/extensions`, gesture);
    expect(say(after)).toEqual(['101–106 500 served', '107–109 334 upcoming', '110–115 333 upcoming']);
    expect(after).toMatchObject({ recognised_amount: 3000, deferred_amount: 3000, served_issues: 6, owed_issues: 9 });
  });

  it('an extension removed never happened, until an issue has been published since', async () => {
    const it = await subscriber();
    const before = say(await issues(it));
    const path = `/v1/contracts/${it.contract.id}/extensions`;
    const recorded = async () => (await it.desk.get(`/v1/contracts/${it.contract.id}/changes`)).body.data[0].id;
    await it.desk.post(path, gesture);
    const mistake = `${path}/${await recorded()}`;
    await previewAndDo(it, 'DELETE', mistake);
    expect(say(await issues(it))).toEqual(before);
    await refused(it.desk, 'DELETE', mistake, undefined, 'not_found');
    await it.desk.post(path, gesture);
    const stands = `${path}/${await recorded()}`;
    await it.desk.post('/v1/test_clock/advance', { to: '2026-01-05' });
    expect((await refused(it.desk, 'DELETE', stands, undefined, 'extension_told')).detail).toContain('101');
  });

  it('an incident removed never happened', async () => {
    const it = await subscriber();
    const before = say(await issues(it));
    const path = `/v1/contracts/${it.contract.id}/incidents`;
    const incident = await it.desk.post(path, lost);
    await previewAndDo(it, 'DELETE', `${path}/${incident.id}`);
    expect(say(await issues(it))).toEqual(before);
    await refused(it.desk, 'DELETE', `${path}/${incident.id}`, undefined, 'not_found');
    const { body } = await it.desk.get(`/v1/incidents?customer=${it.customer.id}`);
    expect(body.data).toMatchObject([{ id: incident.id, contract: it.contract.id, removed_on: '2026-01-01' }]);
  });

  it('suspending the delivery moves issues from the next one not yet published, and no instalment', async () => {
    const it = await subscriber();
    await it.desk.post('/v1/test_clock/advance', { to: '2026-06-10' });
    const away = { starts_on: '2026-06-01', ends_on: '2026-08-20', reason: 'Vacances' };
    const { preview, result, after } = await previewAndDo(
      it,
      'POST',
      `/v1/contracts/${it.contract.id}/suspensions`,
      away,
    );
    expect(preview.after.instalments).toEqual(preview.before.instalments);
    expect(say(after)).toEqual(['101–106 500 served', '107–108 0 suspended', '109–114 500 upcoming']);
    await it.desk.post('/v1/test_clock/advance', { to: '2026-07-10' });
    await it.desk.send('POST', `/v1/suspensions/${result.id}/stop`, { on: '2026-08-01' });
    expect(say(await issues(it))).toEqual(['101–106 500 served', '107 0 suspended', '108–113 500 upcoming']);
  });

  it('an issue given another day before it is out moves with it, and a stale preview says so', async () => {
    const it = await subscriber();
    const path = `/v1/contracts/${it.contract.id}/incidents`;
    const preview = await it.desk.send('POST', `${path}?dry_run=true`, lost);
    const moved = { issues: [{ number: 104, published_on: '2026-04-07' }] };
    await it.desk.post(`/v1/publications/${it.publication.id}/issues`, moved);
    const answer = await it.desk.send('POST', `${path}?preview_token=${preview.body.preview_token}`, lost);
    expect(answer).toMatchObject({ status: 409, body: { code: 'stale_preview' } });
    await refused(it.desk, 'POST', path, lost, 'incident_without_issue');
  });
});

describe('a customer’s products', () => {
  it('say when a subscription ends: with its last issue, wherever that has moved', async () => {
    const it = await subscriber('2026-11-20');
    const products = async (standing: string) =>
      (await it.desk.get(`/v1/customers/${it.customer.id}/products?standing=${standing}`)).body.data;
    expect(await products('active')).toMatchObject([
      { id: it.contract.id, expires_on: '2026-12-05', standing: 'active' },
    ]);
    await it.desk.post(`/v1/contracts/${it.contract.id}/extensions`, { ...gesture, issues: 1 });
    expect(await products('active')).toMatchObject([{ expires_on: '2027-01-05' }]);
    await it.desk.post('/v1/test_clock/advance', { to: '2027-01-06' });
    expect(await products('active')).toEqual([]);
    expect(await products('past')).toMatchObject([{ id: it.contract.id, expires_on: '2027-01-05', standing: 'past' }]);
  });
});

describe('revenue', () => {
  it('falls with a credit note, from its day on: the issues that are out keep theirs', async () => {
    const it = await subscriber('2026-01-01', { settings: { invoicing: { seller } } });
    const instalments = await instalmentIds(it.desk, it.contract);
    const invoice = await it.desk.post('/v1/invoices', { contract: it.contract.id, instalments });
    await it.desk.post('/v1/test_clock/advance', { to: '2026-06-10' });
    const note = { amount: 1200, reason: 'Geste' };
    await it.desk.post(`/v1/invoices/${invoice.id}/cancellation`, { ...note, still_owed: false });
    expect(say(await issues(it))).toEqual(['101–106 500 served', '107–112 300 upcoming']);
    await it.desk.post('/v1/test_clock/advance', { to: '2026-09-10' });
    await it.desk.post(`/v1/invoices/${invoice.id}/cancellation`, { reason: 'Fin' });
    const view = await issues(it);
    expect(sumOf(view)).toBe(0);
    expect((await it.desk.get('/v1/revenue?on=2026-06-09')).body.recognised_amount).toBe(3000);
    const found = await examine(engine.database, issueInvariants);
    expect(found.filter(({ violations }) => violations.length > 0)).toEqual([]);
  });

  it('is recognised with each issue that is out, and deferred for the rest, on any day', async () => {
    const it = await subscriber();
    await it.desk.post(`/v1/contracts/${it.contract.id}/incidents`, lost);
    const days = ['2026-01-04', '2026-01-05', '2026-04-05', '2026-12-05', '2027-01-05'];
    const on = await Promise.all(days.map((day) => issues(it, day)));
    expect(on.map((one) => [one.recognised_amount, one.deferred_amount])).toEqual([
      [0, 6000],
      [500, 5500],
      [2000, 4000],
      [6000, 0],
      [6000, 0],
    ]);
  });

  it('of an organization is that of its subscriptions, those not yet begun left out', async () => {
    const it = await subscriber();
    const later = { customer: it.customer.id, plan: it.plan.id, starts_on: '2026-06-01', method: 'cheque' };
    const second = await it.desk.post('/v1/contracts', { ...later, amount: 4800 });
    expect(second.first_issue).toBe(106);
    const total = async (on: string) => (await it.desk.get(`/v1/revenue?on=${on}`)).body;
    expect(await total('2025-12-31')).toMatchObject({ contracts: 0, recognised_amount: 0, deferred_amount: 0 });
    expect(await total('2026-04-30')).toMatchObject({ contracts: 1, recognised_amount: 2000, deferred_amount: 4000 });
    expect(await total('2026-06-05')).toMatchObject({
      contracts: 2,
      price_amount: 10800,
      recognised_amount: 3400,
      deferred_amount: 7400,
      publications: [{ publication: it.publication.id, name: 'La Revue', contracts: 2 }],
    });
  });

  it('a cancellation takes away the issues after it, and what they were worth', async () => {
    const it = await subscriber();
    await it.desk.post('/v1/test_clock/advance', { to: '2026-06-20' });
    await it.desk.post(`/v1/contracts/${it.contract.id}/cancellation`, { on: '2026-06-30', reason: 'x' });
    const view = await issues(it, '2026-12-31');
    expect(view).toMatchObject({
      recognised_amount: 3000,
      deferred_amount: 0,
      cancelled_amount: 3000,
      last_issue: 106,
    });
    await refused(it.desk, 'POST', `/v1/contracts/${it.contract.id}/extensions`, gesture, 'contract_cancelled');
    await refused(it.desk, 'POST', `/v1/contracts/${it.contract.id}/incidents`, lost, 'contract_cancelled');
  });
});

describe('what is refused', () => {
  it('an incident without an issue, twice over the same one, backwards, or for a reason that is not listed', async () => {
    const it = await subscriber();
    const path = `/v1/contracts/${it.contract.id}/incidents`;
    await refused(it.desk, 'POST', path, { ...lost, to_on: '2026-04-01' }, 'incident_ends_before_it_begins');
    const between = { ...lost, from_on: '2026-04-06', to_on: '2026-05-04' };
    await refused(it.desk, 'POST', path, between, 'incident_without_issue');
    const unknown = await refused(it.desk, 'POST', path, { ...lost, reason: 'Humeur' }, 'reason_not_listed');
    expect(unknown).toMatchObject({ status: 422, errors: [{ pointer: '/reason' }] });
    expect(unknown.detail).toContain('Journal abîmé');
    await it.desk.post(path, { ...lost, reason: 'intemperie' });
    expect((await refused(it.desk, 'POST', path, lost, 'incident_recorded_already')).detail).toContain('104');
  });

  it('reasons are the organization’s own lists; an empty list takes any', async () => {
    const settings = { incident_reasons: ['Grève'], extension_reasons: [] };
    const it = await subscriber('2026-01-01', { settings });
    const path = `/v1/contracts/${it.contract.id}`;
    await refused(it.desk, 'POST', `${path}/incidents`, lost, 'reason_not_listed');
    await it.desk.post(`${path}/incidents`, { ...lost, reason: 'Grève' });
    await it.desk.post(`${path}/extensions`, { issues: 1, reason: 'Parce que' });
  });

  it('days for a subscription to issues, issues for a membership, or both', async () => {
    const it = await subscriber();
    const path = `/v1/contracts/${it.contract.id}`;
    const { reason } = gesture;
    await refused(it.desk, 'POST', `${path}/extensions`, { days: 10, reason }, 'extension_in_issues');
    await refused(it.desk, 'POST', `${path}/extensions`, { ...gesture, days: 10 }, 'extension_in_issues');
    await refused(it.desk, 'POST', `${path}/extensions`, { issues: 0, reason }, 'invalid_input');
    await refused(it.desk, 'PATCH', path, { ends_on: '2026-12-31' }, 'contract_ends_with_issue');
    const charged = { starts_on: '2026-02-01', days: 60, amount: 200, reason: 'x' };
    await refused(it.desk, 'POST', `${path}/suspensions`, charged, 'suspension_setting_locked');
    const gym = await it.desk.post('/v1/plans', { name: 'Gym', kind: 'membership', amount: 5000, term_months: 12 });
    const terms = { customer: it.customer.id, plan: gym.id, starts_on: '2026-01-01', method: 'cash' };
    const member = await it.desk.post('/v1/contracts', terms);
    await refused(it.desk, 'POST', `/v1/contracts/${member.id}/extensions`, gesture, 'extension_in_days');
    await refused(it.desk, 'POST', `/v1/contracts/${member.id}/incidents`, lost, 'contract_not_of_issues');
    await refused(it.desk, 'GET', `/v1/contracts/${member.id}/issues`, undefined, 'contract_not_of_issues');
    await refused(it.desk, 'POST', '/v1/contracts', { ...terms, first_issue: 101 }, 'plan_field_of_other_kind');
  });

  it('plans that do not say what they sell', async () => {
    const { desk, publication } = await subscriber();
    const plan = { name: 'x', kind: 'issues', amount: 100, publication: publication.id, issues: 3 };
    const pointerOf = async (body: object, code: string) =>
      (await refused(desk, 'POST', '/v1/plans', body, code)).errors[0].pointer;
    expect(await pointerOf({ ...plan, issues: undefined }, 'plan_of_issues_incomplete')).toBe('/issues');
    expect(await pointerOf({ ...plan, publication: undefined }, 'plan_of_issues_incomplete')).toBe('/publication');
    expect(await pointerOf({ ...plan, term_months: 12 }, 'plan_field_of_other_kind')).toBe('/term_months');
    expect(await pointerOf({ ...plan, kind: 'membership' }, 'plan_field_of_other_kind')).toBe('/publication');
    const stranger = await subscriber();
    const theirs = { ...plan, publication: stranger.publication.id };
    expect(await pointerOf(theirs, 'publication_unknown')).toBe('/publication');
    expect((await desk.get(`/v1/publications/${stranger.publication.id}`)).status).toBe(404);
    expect((await desk.get(`/v1/contracts/${stranger.contract.id}/issues`)).status).toBe(404);
    await refused(desk, 'GET', `/v1/revenue?publication=${stranger.publication.id}`, undefined, 'publication_unknown');
  });

  it('a calendar out of order, given twice, or changed where issues are out', async () => {
    const { desk, publication, customer, plan } = await subscriber('2026-03-10');
    const path = `/v1/publications/${publication.id}/issues`;
    const one = (number: number, published_on: string) => ({ issues: [{ number, published_on }] });
    await refused(desk, 'POST', path, one(103, '2026-03-06'), 'issue_published');
    await refused(desk, 'POST', path, one(110, '2026-08-05'), 'issues_out_of_order');
    await refused(
      desk,
      'POST',
      path,
      { issues: [...one(130, '2028-01-05').issues, ...one(130, '2028-02-05').issues] },
      'issue_given_twice',
    );
    await refused(desk, 'POST', path, {}, 'issues_missing');
    await refused(desk, 'POST', path, { rhythm: { first_on: '2028-01-05', count: 2 } }, 'rhythm_ambiguous');
    await desk.post(path, { rhythm: { first_on: '2028-01-05', count: 2, every_days: 14 } });
    const { body } = await desk.get(`${path}?from=124`);
    expect(body.data.map((each: Json) => `${each.number} ${each.published_on}`)).toEqual([
      '124 2027-12-05',
      '125 2028-01-05',
      '126 2028-01-19',
    ]);
    expect((await desk.get(`/v1/publications/${publication.id}`)).body).toMatchObject({
      last_published: 103,
      next_issue: 104,
      next_on: '2026-04-05',
      last_planned: 126,
    });
    const terms = { customer: customer.id, plan: plan.id, starts_on: '2026-03-10', method: 'cash' };
    await refused(desk, 'POST', '/v1/contracts', { ...terms, first_issue: 7 }, 'issue_unknown');
    await refused(desk, 'POST', '/v1/contracts', { ...terms, starts_on: '2029-01-01' }, 'no_issue_planned');
    await refused(desk, 'POST', '/v1/contracts', { ...terms, ends_on: '2026-12-31' }, 'contract_ends_with_issue');
    await refused(desk, 'POST', '/v1/publications', { name: 'La Revue' }, 'publication_name_taken');
  });
});
