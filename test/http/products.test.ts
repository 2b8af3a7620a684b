/** A customer's products in one view. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Json, startTestEngine, type TestEngine } from '../harness/engine.ts';
import { member, pay, sell } from './membership.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());

it('shows each with name, expiry, credits left, price, payment state and notes; active and past', async () => {
  const { desk, customer, plan, contract } = await member(engine, '2026-01-01', { plan: { term_months: 2 } });
  const ten = { name: '10 séances', kind: 'credits', amount: 9000, credits: 10, validity_days: 365 };
  const packs = await desk.post('/v1/plans', ten);
  const pack = await sell(desk, customer, packs, { starts_on: '2026-01-01' });
  const gift = await sell(desk, customer, packs, { starts_on: '2026-01-01', amount: 0 });
  await pay(desk, contract, 1, '2026-01-01');
  await pay(desk, contract, 2, '2026-01-01');
  await desk.post(`/v1/contracts/${pack.id}/credits`, { delta: -3, reason: 'Séances' });
  await desk.send('PATCH', `/v1/contracts/${pack.id}`, { amount: 8000, note: 'Remise fidélité' });
  await desk.post('/v1/test_clock/advance', { to: '2026-03-01' });

  const { body } = await desk.get(`/v1/customers/${customer.id}/products`);
  const said = ({ id, name, standing, expires_on, credits_left, amount, payment_state, due_amount }: Json) => [
    id,
    name,
    standing,
    expires_on,
    credits_left,
    amount,
    payment_state,
    due_amount,
  ];
  expect(body.data.map(said)).toEqual([
    [gift.id, '10 séances', 'active', '2026-12-31', 10, 0, 'free', 0],
    [pack.id, '10 séances', 'active', '2026-12-31', 7, 8000, 'due', 8000],
    [contract.id, plan.name, 'past', '2026-02-28', null, 5000, 'paid', 0],
  ]);
  expect(body.data[1].notes).toMatchObject([{ note: 'Remise fidélité', recorded_on: '2026-01-01' }]);
  const past = await desk.get(`/v1/customers/${customer.id}/products?standing=past`);
  expect(past.body.data.map(({ id }: Json) => id)).toEqual([contract.id]);
  const page = await desk.get(`/v1/customers/${customer.id}/products?standing=active&limit=1`);
  expect(page.body).toMatchObject({ has_more: true, next_cursor: gift.id });
});

it('of a customer of somebody else there are none', async () => {
  const { customer } = await member(engine, '2026-01-01');
  const other = await engine.sandbox('2026-01-01');
  expect((await other.get(`/v1/customers/${customer.id}/products`)).status).toBe(404);
});
