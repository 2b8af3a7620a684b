/** A subscription to a weekly under the test clock: what happened, and what came of it, from the first issue to the last. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Json, startTestEngine, type TestEngine } from '../harness/engine.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());

it('an issue lost, a holiday, a complaint and another lost issue: every issue paid for is served, and the price is recognised', async () => {
  const desk = await engine.sandbox('2026-01-01');
  const publication = await desk.post('/v1/publications', { name: 'La Revue' });
  const rhythm = { first_number: 101, first_on: '2026-01-05', count: 24, every_days: 7 };
  await desk.post(`/v1/publications/${publication.id}/issues`, { rhythm });
  const terms = { name: '12 numéros', kind: 'issues', amount: 6000, issues: 12, publication: publication.id };
  const plan = await desk.post('/v1/plans', terms);
  const customer = await desk.post('/v1/customers', { name: 'Anne Martin' });
  const signed = { customer: customer.id, plan: plan.id, starts_on: '2026-01-01', method: 'cheque' };
  const contract = await desk.post('/v1/contracts', signed);
  const path = `/v1/contracts/${contract.id}`;

  const { body: schedule } = await desk.get(`${path}/schedule`);
  const paid = { paid_on: '2026-01-01', method: 'cheque' };
  await desk.post(`/v1/instalments/${schedule.instalments[0].id}/payments`, paid);

  const told: string[] = [];
  const days: Record<string, () => Promise<unknown>> = {
    '2026-01-22': () =>
      desk.post(`${path}/incidents`, { from_on: '2026-01-19', to_on: '2026-01-20', reason: 'Erreur de livraison' }),
    '2026-02-10': () =>
      desk.post(`${path}/suspensions`, { starts_on: '2026-02-14', ends_on: '2026-02-28', reason: 'Vacances' }),
    '2026-03-05': () => desk.post(`${path}/extensions`, { issues: 2, reason: 'Réclamation sur facture' }),
    '2026-04-30': () =>
      desk.post(`${path}/incidents`, { from_on: '2026-04-27', to_on: '2026-04-27', reason: 'Journal abîmé' }),
    '2026-05-10': async () => null,
  };
  for (const [on, happens] of Object.entries(days)) {
    await desk.post('/v1/test_clock/advance', { to: on });
    await happens();
    const { body: view } = await desk.get(`${path}/issues`);
    told.push(
      `${on}: to ${view.last_issue}, ${view.served_issues} served, ${view.owed_issues} owed, ` +
        `${view.recognised_amount} recognised, ${view.deferred_amount} deferred`,
    );
  }
  expect(told).toEqual([
    '2026-01-22: to 113, 2 served, 10 owed, 1500 recognised, 4500 deferred',
    '2026-02-10: to 115, 5 served, 7 owed, 3000 recognised, 3000 deferred',
    '2026-03-05: to 117, 6 served, 8 owed, 3500 recognised, 2500 deferred',
    '2026-04-30: to 118, 13 served, 1 owed, 6000 recognised, 0 deferred',
    '2026-05-10: to 118, 14 served, 0 owed, 6000 recognised, 0 deferred',
  ]);

  const { body: view } = await desk.get(`${path}/issues`);
  expect(
    view.issues.map((one: Json) => `${one.number} ${one.status} ${one.free ? 'free' : one.revenue_amount}`),
  ).toEqual([
    '101 served 500',
    '102 served 500',
    '103 not_served 500',
    '104 served 500',
    '105 served 500',
    '106 served 500',
    '107 suspended 0',
    '108 suspended 0',
    '109 served 500',
    '110 served 358',
    '111 served 357',
    '112 served 357',
    '113 served 357',
    '114 served 357',
    '115 served 357',
    '116 served 357',
    '117 not_served free',
    '118 served free',
  ]);
  const { body: events } = await desk.get(`/v1/events?subject=${contract.id}&limit=100`);
  expect(events.data.map((one: Json) => `${one.on} ${one.type}`).reverse()).toEqual([
    '2026-01-01 contract.signed',
    '2026-01-22 incident.recorded',
    '2026-02-10 suspension.added',
    '2026-03-05 contract.extended',
    '2026-04-30 incident.recorded',
  ]);
  const { body: now } = await desk.get('/v1/revenue?on=2026-03-08');
  expect(now).toMatchObject({ contracts: 1, recognised_amount: 3500, deferred_amount: 2500 });
});
