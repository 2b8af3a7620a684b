/** R1 to R6 over the whole road: HTTP, job, worker, database, with the clock of 2010. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decimal } from '../../src/domain/money.ts';
import { readTables } from '../golden/read-table.ts';
import { type Client, type Json, startTestEngine, type TestEngine } from '../harness/engine.ts';

const tables = new Map(readTables('rejections.md').map((table) => [table.title, table.rows]));
const IBAN = 'FR76 3000 6000 0112 3456 7890 189';

interface Story {
  desk: Client;
  customer: Json;
  instalments: Json[];
  payment: Json;
}

async function begin(engine: TestEngine, amount: number): Promise<Story> {
  const desk = await engine.sandbox('2010-07-05');
  const plan = await desk.post('/v1/plans', { name: 'Gym', kind: 'membership', amount });
  const customer = await desk.post('/v1/customers', { name: 'Anne Martin', badge: 'B1' });
  const mandate = await desk.post(`/v1/customers/${customer.id}/mandates`, { iban: IBAN, signed_on: '2010-07-05' });
  const contract = await desk.post('/v1/contracts', {
    customer: customer.id,
    plan: plan.id,
    starts_on: '2010-07-05',
    method: 'direct_debit',
    mandate: mandate.id,
  });
  const { body } = await desk.get(`/v1/contracts/${contract.id}/schedule`);
  const payment = await desk.post(`/v1/instalments/${body.instalments[0].id}/payments`, {
    paid_on: '2010-07-05',
    method: 'direct_debit',
  });
  return { desk, customer, instalments: body.instalments, payment };
}

async function lines({ desk, customer }: Story): Promise<Json[]> {
  const { body } = await desk.get(`/v1/customers/${customer.id}/ledger`);
  return body.lines.map((line: Json) => ({
    on: line.on,
    kind: line.kind,
    amount: decimal(line.amount),
    paid: line.paid ? 'yes' : 'no',
    method: line.method ?? '',
    balance: decimal(line.balance_amount),
  }));
}

async function owed({ desk, customer }: Story): Promise<number> {
  return (await desk.get(`/v1/customers/${customer.id}/ledger`)).body.owed_amount;
}

async function may({ desk, customer }: Story, on?: string): Promise<string> {
  const { body } = await desk.get(`/v1/customers/${customer.id}/access${on ? `?on=${on}` : ''}`);
  const door = (await desk.get('/v1/badges/B1/access')).body;
  if (!on) expect([door.state, door.reason, door.since_on]).toEqual([body.state, body.reason, body.since_on]);
  return body.state;
}

describe('a rejected payment, from HTTP to the ledger', () => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await startTestEngine();
  });
  afterAll(() => engine.stop());

  it('R1: three lines, owed 69.00, in on the 12th, blocked on the 13th', async () => {
    const story = await begin(engine, 5900);
    await story.desk.post('/v1/test_clock/advance', { to: '2010-07-12' });
    await story.desk.post(`/v1/payments/${story.payment.id}/rejection`, {
      received_on: '2010-07-12',
      fee_amount: 1000,
    });
    expect(await lines(story)).toEqual(tables.get('R1 statement'));
    expect(await owed(story)).toBe(6900);
    expect(await may(story)).toBe('active');
    expect(await may(story, '2010-07-13')).toBe('blocked');
    await story.desk.post('/v1/test_clock/advance', { to: '2010-07-13' });
    expect(await may(story)).toBe('blocked');
    const { body } = await story.desk.get(`/v1/events?subject=${story.customer.id}&type=access.changed`);
    expect(body.data[0]).toMatchObject({
      on: '2010-07-13',
      data: { before: 'active', after: 'blocked', reason: 'debt' },
    });
  });

  it('R3: the fee waived, a representment of 59.00 and no fee', async () => {
    const story = await begin(engine, 5900);
    await story.desk.post('/v1/test_clock/advance', { to: '2010-07-12' });
    const made = await story.desk.post(`/v1/payments/${story.payment.id}/rejection`, { fee_amount: 0 });
    expect(made).toMatchObject({ fee: null, owed_amount: 5900 });
    expect(await lines(story)).toEqual(tables.get('R3 statement'));
  });

  it('R4: 69.01 in three parts, the larger first, in order of date', async () => {
    const story = await begin(engine, 5901);
    await story.desk.post('/v1/test_clock/advance', { to: '2010-07-12' });
    const parts = ['2010-09-12', '2010-07-12', '2010-08-12'].map((due_on) => ({ due_on, method: 'cheque' }));
    const body = { fee_amount: 1000, representments: parts };
    const made = await story.desk.post(`/v1/payments/${story.payment.id}/rejection`, body);
    expect(made.representments.map((one: Json) => [one.due_on, one.amount])).toEqual([
      ['2010-07-12', 2301],
      ['2010-08-12', 2300],
      ['2010-09-12', 2300],
    ]);
    expect(await lines(story)).toEqual(tables.get('R4 statement'));
  });

  it('R5: 69.00 in cash on the 20th, nothing owed, unblocked at once', async () => {
    const story = await begin(engine, 5900);
    await story.desk.post('/v1/test_clock/advance', { to: '2010-07-12' });
    await story.desk.post(`/v1/payments/${story.payment.id}/rejection`, { fee_amount: 1000 });
    await story.desk.post('/v1/test_clock/advance', { to: '2010-07-20' });
    expect(await may(story)).toBe('blocked');
    const paid = await story.desk.post(`/v1/instalments/${story.instalments[0].id}/payments`, {
      paid_on: '2010-07-20',
      method: 'cash',
      amount: 6900,
    });
    expect(paid).toMatchObject({ status: 'settled', attempt: 2, first_attempt: story.payment.id });
    expect(await lines(story)).toEqual(tables.get('R5 statement'));
    expect(await owed(story)).toBe(0);
    expect(await may(story)).toBe('active');
  });

  it('previews what it then does, and writes nothing before', async () => {
    const story = await begin(engine, 5900);
    await story.desk.post('/v1/test_clock/advance', { to: '2010-07-12' });
    const path = `/v1/payments/${story.payment.id}/rejection`;
    const preview = await story.desk.send('POST', `${path}?dry_run=true`, { fee_amount: 1000 });
    expect(preview.body.after).toMatchObject({ owed_amount: 6900 });
    expect(await owed(story)).toBe(0);
    await story.desk.post(`${path}?preview_token=${preview.body.preview_token}`, { fee_amount: 1000 });
    expect(await owed(story)).toBe(preview.body.after.owed_amount);
    const again = await story.desk.send('POST', path, { fee_amount: 1000 });
    expect([again.status, again.body.code]).toEqual([409, 'payment_already_rejected']);
  });

  it('rejected by two desks at once: one of them, once', async () => {
    const story = await begin(engine, 5900);
    await story.desk.post('/v1/test_clock/advance', { to: '2010-07-12' });
    const answers = await Promise.all(
      Array.from({ length: 10 }, () =>
        story.desk.send('POST', `/v1/payments/${story.payment.id}/rejection`, { fee_amount: 1000 }),
      ),
    );
    expect(answers.map((answer) => answer.status).sort()).toEqual([201, ...Array.from({ length: 9 }, () => 409)]);
    expect(await lines(story)).toEqual(tables.get('R1 statement'));
  });
});
