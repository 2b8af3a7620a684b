/** Automatic renewal: signed ahead of time, once, and moved with the contract before it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Client, Json, TestEngine } from '../harness/engine.ts';
import { startTestEngine } from '../harness/engine.ts';
import { member, pay, refused, schedule, sell, term } from './membership.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());

const renewing = { term_months: 3, auto_renew: true, renew_ahead_months: 1 };

async function contractsOf(desk: Client, customer: Json): Promise<Json[]> {
  return (await desk.get(`/v1/contracts?customer=${customer.id}`)).body.data.toReversed();
}

const advance = (desk: Client, to: string) => desk.post('/v1/test_clock/advance', { to });

describe('an automatic renewal', () => {
  it('is signed once, on the day that many months before the end, and follows without gap or overlap', async () => {
    const { desk, customer, contract } = await member(engine, '2026-01-15', {
      plan: renewing,
      contract: { first_due_on: '2026-02-01' },
    });
    await advance(desk, '2026-03-13');
    expect(await contractsOf(desk, customer)).toHaveLength(1);
    await advance(desk, '2026-03-20');
    const [, renewal, ...others] = await contractsOf(desk, customer);
    expect(others).toEqual([]);
    expect(renewal).toMatchObject({ renews: contract.id, starts_on: '2026-04-15', ends_on: '2026-07-14' });
    expect(await schedule(desk, renewal)).toEqual([
      '1 2026-05-01 5000 scheduled',
      '2 2026-06-01 5000 scheduled',
      '3 2026-07-01 5000 scheduled',
    ]);
    await advance(desk, '2026-06-20');
    expect((await contractsOf(desk, customer)).map(({ starts_on, ends_on }: Json) => [starts_on, ends_on])).toEqual([
      ['2026-01-15', '2026-04-14'],
      ['2026-04-15', '2026-07-14'],
      ['2026-07-15', '2026-10-14'],
    ]);
  });

  it('keeps the customer’s last price and method, unless the plan says its own', async () => {
    for (const [renewal_price, amount] of [
      ['kept', 4500],
      ['plan', 5500],
    ]) {
      const { desk, customer, plan, contract } = await member(engine, '2026-01-01', {
        plan: { ...renewing, renewal_price },
      });
      await desk.send('PATCH', `/v1/contracts/${contract.id}`, { amount: 4500, method: 'card', note: 'Fidélité' });
      await desk.send('PATCH', `/v1/plans/${plan.id}`, { amount: 5500 });
      await advance(desk, '2026-03-01');
      const [before, renewal] = await contractsOf(desk, customer);
      expect(before).toMatchObject({ amount: 4500, sold_amount: 5000 });
      expect(renewal).toMatchObject({ amount, method: 'card' });
    }
  });

  it('moves with the contract before it, whether that was suspended before or after it was signed', async () => {
    const { desk, customer, contract } = await member(engine, '2026-01-01', { plan: renewing });
    const early = await desk.post(`/v1/contracts/${contract.id}/suspensions`, {
      starts_on: '2026-02-01',
      ends_on: '2026-02-28',
      reason: 'Blessure',
    });
    await advance(desk, '2026-03-31');
    const [, renewal] = await contractsOf(desk, customer);
    expect(await term(desk, contract)).toBe('2026-01-01 to 2026-04-30');
    expect(await term(desk, renewal)).toBe('2026-05-01 to 2026-07-31');
    const late = { starts_on: '2026-03-10', days: 10, reason: 'Voyage' };
    await desk.post(`/v1/contracts/${contract.id}/suspensions`, late);
    expect(await term(desk, contract)).toBe('2026-01-01 to 2026-05-10');
    expect(await term(desk, renewal)).toBe('2026-05-11 to 2026-08-10');
    await desk.send('DELETE', `/v1/suspensions/${early.id}`);
    expect(await term(desk, contract)).toBe('2026-01-01 to 2026-04-10');
    expect(await term(desk, renewal)).toBe('2026-04-11 to 2026-07-10');
  });

  it('stays on the last days of months, and touches the contract before it once a suspension is taken back', async () => {
    const { desk, customer, contract } = await member(engine, '2025-10-31', { plan: renewing });
    const december = { starts_on: '2025-12-01', ends_on: '2025-12-31', reason: 'Blessure' };
    const { id } = await desk.post(`/v1/contracts/${contract.id}/suspensions`, december);
    await advance(desk, '2026-02-01');
    const [, renewal] = await contractsOf(desk, customer);
    expect(await term(desk, contract)).toBe('2025-10-31 to 2026-02-27');
    const dues = async () => (await schedule(desk, renewal)).map((line) => line.split(' ')[1]);
    expect(await dues()).toEqual(['2026-02-28', '2026-03-31', '2026-04-30']);
    await desk.send('DELETE', `/v1/suspensions/${id}`);
    expect(await term(desk, contract)).toBe('2025-10-31 to 2026-01-30');
    expect((await term(desk, renewal)).split(' to ')[0]).toBe('2026-01-31');
    expect(await dues()).toEqual(['2026-01-31', '2026-02-28', '2026-03-31']);
  });

  it('is not signed for a contract that is cancelled, nor again where the desk deleted it', async () => {
    const { desk, customer, contract } = await member(engine, '2026-01-01', { plan: renewing });
    await desk.post(`/v1/contracts/${contract.id}/cancellation`, { on: '2026-03-31', reason: 'Ne renouvelle pas' });
    await advance(desk, '2026-03-15');
    expect(await contractsOf(desk, customer)).toHaveLength(1);
    await desk.send('DELETE', `/v1/contracts/${contract.id}/cancellation`);
    await advance(desk, '2026-03-16');
    const [, renewal] = await contractsOf(desk, customer);
    await desk.send('DELETE', `/v1/contracts/${renewal.id}`);
    await advance(desk, '2026-03-25');
    expect(await contractsOf(desk, customer)).toHaveLength(1);
  });

  it('waits while an unlimited suspension holds the end, and is signed once that is stopped', async () => {
    const { desk, customer, contract } = await member(engine, '2026-01-01', { plan: renewing });
    const unlimited = { starts_on: '2026-02-15', unlimited: true, reason: 'Grossesse' };
    const { id } = await desk.post(`/v1/contracts/${contract.id}/suspensions`, unlimited);
    await advance(desk, '2026-03-15');
    expect(await contractsOf(desk, customer)).toHaveLength(1);
    await desk.post(`/v1/suspensions/${id}/stop`, { on: '2026-03-15' });
    expect(await term(desk, contract)).toBe('2026-01-01 to 2026-04-30');
    await advance(desk, '2026-03-31');
    const [, renewal] = await contractsOf(desk, customer);
    expect(await term(desk, renewal)).toBe('2026-05-01 to 2026-07-31');
  });
});

describe('a renewal that a desk signs', () => {
  it('after the contract before it was moved begins on the day that was asked for, and stays with it', async () => {
    const { desk, customer, plan, contract } = await member(engine, '2026-01-01', { plan: { term_months: 3 } });
    const stop = { starts_on: '2026-02-01', days: 10, reason: 'x' };
    const { id } = await desk.post(`/v1/contracts/${contract.id}/suspensions`, stop);
    const renewal = await sell(desk, customer, plan, { starts_on: '2026-04-15', renews: contract.id });
    expect(await term(desk, renewal)).toBe('2026-04-15 to 2026-07-14');
    await desk.post(`/v1/contracts/${contract.id}/extensions`, { days: 1, reason: 'x' });
    expect(await term(desk, renewal)).toBe('2026-04-16 to 2026-07-15');
    await desk.send('DELETE', `/v1/suspensions/${id}`);
    expect(await term(desk, renewal)).toBe('2026-04-06 to 2026-07-05');
  });

  it('never overlaps, follows no cancelled contract, and no contract twice', async () => {
    const { desk, customer, plan, contract } = await member(engine, '2026-01-01', { plan: { term_months: 3 } });
    const renewal = { customer: customer.id, plan: plan.id, method: 'cash', renews: contract.id };
    await refused(desk, 'POST', '/v1/contracts', { ...renewal, starts_on: '2026-03-31' }, 'renewal_overlaps');
    const next = await sell(desk, customer, plan, { starts_on: '2026-04-01', renews: contract.id });
    await refused(desk, 'POST', '/v1/contracts', { ...renewal, starts_on: '2026-07-01' }, 'renewed_already');
    await desk.post(`/v1/contracts/${next.id}/cancellation`, { on: '2026-05-31', reason: 'x' });
    const after = { ...renewal, renews: next.id, starts_on: '2026-07-01' };
    await refused(desk, 'POST', '/v1/contracts', after, 'contract_cancelled');
  });

  it('that has facts is not moved silently', async () => {
    const { desk, customer, plan, contract } = await member(engine, '2026-01-01', { plan: { term_months: 3 } });
    const renewal = await sell(desk, customer, plan, { starts_on: '2026-04-01', renews: contract.id });
    await pay(desk, renewal, 1, '2026-01-01');
    const path = `/v1/contracts/${contract.id}/suspensions`;
    const body = { starts_on: '2026-02-01', ends_on: '2026-02-28', reason: 'x' };
    const problem = await refused(desk, 'POST', path, body, 'renewal_has_facts');
    expect(problem.detail).toContain(renewal.id);
    const moved = await desk.send('POST', `${path}?dry_run=true`, { ...body, renewals: 'move' });
    expect(moved.body.warnings.map(({ code }: Json) => code)).toContain('renewal_facts_stay');
    await desk.post(path, { ...body, renewals: 'move' });
    expect(await term(desk, renewal)).toBe('2026-05-01 to 2026-07-31');
  });
});

it('the database itself refuses periods of one chain that overlap', async () => {
  const { desk, customer, plan, contract } = await member(engine, '2026-01-01', { plan: { term_months: 3 } });
  const renewal = await sell(desk, customer, plan, { starts_on: '2026-04-01', renews: contract.id });
  const overlap = engine.database.raw(`update contract set starts_on = '2026-03-31' where id = ?`, [renewal.id]);
  await expect(overlap).rejects.toMatchObject({ constraint: 'contract_periods_of_a_chain_overlap' });
});
