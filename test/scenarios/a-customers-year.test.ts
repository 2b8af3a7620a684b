/**
 * A customer's year, day by day under the test clock: what was sold to her, everything that happened to it, and what it
 * has become. Whole lists, so that one event too many fails as surely as one too few. Money and mails have stories of
 * their own; here only what was sold speaks.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Client, type Json, startTestEngine, type TestEngine } from '../harness/engine.ts';
import { previewAndDo, refused, schedule, sell, term } from '../http/membership.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());

const spoken = /^(contract|suspension|credits|closure|renewal|cancellation_fee|instalment\.edited)/;

/** Every event about what was sold, the oldest first: `day type`. */
async function story(desk: Client, names: Map<string, string>): Promise<string[]> {
  const lines: string[] = [];
  let cursor: string | null = null;
  do {
    const { body }: { body: Json } = await desk.get(`/v1/events?limit=100${cursor ? `&cursor=${cursor}` : ''}`);
    for (const event of body.data as Json[]) {
      if (!spoken.test(event.type)) continue;
      const about = event.subjects.map((id: string) => names.get(id)).find((name?: string) => name !== undefined);
      lines.push(`${event.on} ${event.type}${about ? ` (${about})` : ''}`);
    }
    cursor = body.next_cursor;
  } while (cursor !== null);
  return lines.toReversed();
}

it('a year of a member: a broken leg, a closure, a journey, a better price, a renewal, and a farewell', async () => {
  const desk = await engine.sandbox('2026-01-01');
  const until = (to: string) => desk.post('/v1/test_clock/advance', { to });
  const freeze = { min_months: 1, max_days_per_year: 120 };
  const plan = await desk.post('/v1/plans', {
    name: 'Année',
    kind: 'membership',
    amount: 5000,
    term_months: 12,
    auto_renew: true,
    renew_ahead_months: 1,
    notice_days: 30,
    cancellation_amount: 2500,
    freeze,
  });
  const packs = await desk.post('/v1/plans', {
    name: '10 séances de sauna',
    kind: 'credits',
    amount: 9000,
    credits: 10,
    validity_days: 365,
    freeze: { active: true, shift_end: true },
  });
  const anne = await desk.post('/v1/customers', { name: 'Anne Martin' });
  const year = await sell(desk, anne, plan, { starts_on: '2026-01-01' });
  const sauna = await sell(desk, anne, packs, { starts_on: '2026-01-01' });
  const names = new Map([
    [year.id, 'year'],
    [sauna.id, 'sauna'],
  ]);

  await until('2026-02-10');
  await desk.post(`/v1/contracts/${sauna.id}/credits`, { delta: -1, reason: 'Sauna du mardi' });

  // A broken leg: a month from the day of the accident, found out five days later.
  await until('2026-03-15');
  const leg = { starts_on: '2026-03-10', days: 31, reason: 'Jambe cassée' };
  await refused(desk, 'POST', `/v1/contracts/${year.id}/suspensions`, { ...leg, days: 20 }, 'suspension_too_short');
  await previewAndDo(desk, 'POST', `/v1/contracts/${year.id}/suspensions`, leg, year);
  expect(await term(desk, year)).toBe('2026-01-01 to 2027-01-31');

  // A better price from June, with the reason.
  await until('2026-05-02');
  const reduction = { amount: 4500, effective_on: '2026-06-01', note: 'Fidélité' };
  await desk.send('PATCH', `/v1/contracts/${year.id}`, reduction);

  // The club closes for two weeks in August; the sauna pack as well.
  await until('2026-07-01');
  const closure = { starts_on: '2026-08-01', ends_on: '2026-08-14', reason: 'Fermeture annuelle' };
  const closed = await desk.send('POST', '/v1/closures', closure);
  expect(closed.body.totals).toMatchObject({ contracts: 2, suspended: 2, ends_moved: 2, left_out: 0 });
  names.set(closed.body.id, 'closure');
  expect(await term(desk, year)).toBe('2026-01-01 to 2027-02-14');
  expect(await term(desk, sauna)).toBe('2026-01-01 to 2027-01-14');

  // A journey without an end in sight, looked at again after ninety days, ended by her return.
  await until('2026-09-20');
  const journey = { starts_on: '2026-09-20', unlimited: true, reason: 'Voyage' };
  const { id: away } = await desk.post(`/v1/contracts/${year.id}/suspensions`, journey).catch(() => ({ id: null }));
  expect(away, 'an unlimited one would pass the yearly maximum').toBe(null);
  const { id } = await desk.post(`/v1/contracts/${year.id}/suspensions`, { ...journey, beyond_limits: true });
  await until('2026-12-20');
  await desk.post(`/v1/suspensions/${id}/stop`, { on: '2026-12-20' });
  expect(await term(desk, year)).toBe('2026-01-01 to 2027-05-14');
  expect(await schedule(desk, year)).toEqual([
    '1 2026-01-01 5000 scheduled',
    '2 2026-02-01 5000 scheduled',
    '3 2026-03-01 5000 scheduled',
    '4 2026-05-01 5000 scheduled',
    '5 2026-06-01 4500 scheduled',
    '6 2026-07-01 4500 scheduled',
    '7 2026-08-15 4500 scheduled',
    '8 2026-09-15 4500 scheduled',
    '9 2027-01-15 4500 scheduled',
    '10 2027-02-15 4500 scheduled',
    '11 2027-03-15 4500 scheduled',
    '12 2027-04-15 4500 scheduled',
  ]);

  // The next year signs itself a month ahead; a heating failure gives a week back and takes it along.
  await until('2027-04-20');
  const renewal = (await desk.get(`/v1/contracts?customer=${anne.id}`)).body.data.find(
    (one: Json) => one.renews === year.id,
  );
  names.set(renewal.id, 'next year');
  expect(renewal).toMatchObject({ starts_on: '2027-05-15', ends_on: '2028-05-14', amount: 4500 });
  await desk.post(`/v1/contracts/${year.id}/extensions`, { days: 7, reason: 'Panne de chauffage' });
  expect(await term(desk, year)).toBe('2026-01-01 to 2027-05-21');
  expect(await term(desk, renewal)).toBe('2027-05-22 to 2028-05-21');

  // She moves away: notice, a second thought, and goes.
  await until('2027-06-01');
  const leave = `/v1/contracts/${renewal.id}/cancellation`;
  await refused(desk, 'POST', leave, { on: '2027-06-15', reason: 'Déménagement' }, 'cancellation_notice');
  await desk.post(leave, { on: '2027-07-31', reason: 'Déménagement' });
  await until('2027-06-10');
  await desk.send('DELETE', leave);
  await until('2027-07-01');
  await desk.post(leave, { on: '2027-08-31', last_period: 'prorated', reason: 'Déménagement' });
  await until('2027-09-05');
  await refused(desk, 'DELETE', leave, undefined, 'cancellation_took_effect');
  expect((await schedule(desk, renewal)).slice(0, 5)).toEqual([
    '1 2027-05-22 4500 scheduled',
    '2 2027-06-22 4500 scheduled',
    '3 2027-07-22 4500 scheduled',
    '4 2027-08-22 1452 scheduled',
    '5 2027-09-22 4500 cancelled',
  ]);

  const { body: products } = await desk.get(`/v1/customers/${anne.id}/products`);
  expect(
    products.data.map((one: Json) => [one.name, one.standing, one.expires_on, one.credits_left, one.amount]),
  ).toEqual([
    ['Année', 'past', '2027-08-31', null, 4500],
    ['10 séances de sauna', 'past', '2027-01-14', 9, 9000],
    ['Année', 'past', '2027-05-21', null, 4500],
  ]);
  expect(await story(desk, names)).toEqual([
    '2026-01-01 contract.signed (year)',
    '2026-01-01 contract.signed (sauna)',
    '2026-02-10 credits.taken (sauna)',
    '2026-03-15 suspension.added (year)',
    '2026-05-02 contract.edited (year)',
    '2026-07-01 closure.opened (closure)',
    '2026-07-01 suspension.added (year)',
    '2026-07-01 suspension.added (sauna)',
    '2026-07-01 closure.closed (closure)',
    '2026-09-20 suspension.added (year)',
    '2026-12-19 suspension.review_due (year)',
    '2026-12-20 suspension.stopped (year)',
    '2027-04-14 contract.signed (next year)',
    '2027-04-20 contract.extended (year)',
    '2027-06-01 contract.cancelled (next year)',
    '2027-06-01 cancellation_fee.charged (next year)',
    '2027-06-10 contract.cancellation_undone (next year)',
    '2027-06-10 cancellation_fee.withdrawn (next year)',
    '2027-07-01 contract.cancelled (next year)',
    '2027-07-01 cancellation_fee.charged (next year)',
  ]);
  const { body: history } = await desk.get(`/v1/contracts/${year.id}/changes`);
  expect(history.data.map((one: Json) => `${one.recorded_on} ${one.kind}${one.note ? ` (${one.note})` : ''}`)).toEqual([
    '2027-04-20 extended',
    '2026-12-20 suspension_stopped',
    '2026-09-20 suspension_added',
    '2026-07-01 suspension_added',
    '2026-05-02 price_changed (Fidélité)',
    '2026-03-15 suspension_added',
  ]);
});
