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

  it('no part of what is asked for again is nothing', async () => {
    const story = await begin(engine, 5900);
    const parts = [
      { due_on: '2010-09-12', method: 'cash', amount: 0 },
      { due_on: '2010-10-12', method: 'cash' },
    ];
    const answer = await story.desk.send('POST', `/v1/payments/${story.payment.id}/rejection`, {
      representments: parts,
    });
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer: '/representments/0/amount' }] } });
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

  /** Drafts and releases everything up to a day. */
  async function collect({ desk }: Story, until_on: string): Promise<Json> {
    const draft = await desk.post('/v1/collections', { until_on });
    return desk.post(`/v1/collections/${draft.id}/release`);
  }

  const represented = { fee_amount: 1000, representments: [{ due_on: '2010-08-05', method: 'direct_debit' }] };

  it('R2: not blocked in July; the collection of August holds 69.00 and 59.00, with nothing to do', async () => {
    const story = await begin(engine, 5900);
    await story.desk.post('/v1/test_clock/advance', { to: '2010-07-12' });
    await story.desk.post(`/v1/payments/${story.payment.id}/rejection`, represented);
    for (const on of ['2010-07-13', '2010-07-31', '2010-08-05']) expect(await may(story, on)).toBe('active');
    await story.desk.post('/v1/test_clock/advance', { to: '2010-08-02' });
    expect(await may(story)).toBe('active');
    const draft = await story.desk.post('/v1/collections', { until_on: '2010-08-05' });
    expect(draft).toMatchObject({ status: 'draft', count: 2, total_amount: 12_800, left_out: [], findings: [] });
    expect(draft.lines.map((line: Json) => [line.amount, line.kind, line.due_on, line.collection_on]).sort()).toEqual([
      [5900, 'instalment', '2010-08-05', '2010-08-05'],
      [6900, 'representment', '2010-08-05', '2010-08-05'],
    ]);
    expect(await owed(story)).toBe(6900);
    const released = await story.desk.post(`/v1/collections/${draft.id}/release`);
    expect(released).toMatchObject({ status: 'released', by_status: { in_flight: { count: 2, amount: 12_800 } } });
    expect(await owed(story)).toBe(0);
    const file = await story.desk.get(`/v1/collections/${draft.id}/file`);
    expect(file.body).toContain('<NbOfTxs>2</NbOfTxs><CtrlSum>128.00</CtrlSum>');
    expect(file.body.match(/<InstdAmt Ccy="EUR">[\d.]+/g).sort()).toEqual([
      '<InstdAmt Ccy="EUR">59.00',
      '<InstdAmt Ccy="EUR">69.00',
    ]);
    expect((await story.desk.get(`/v1/collections/${draft.id}/file`)).body).toBe(file.body);
    await story.desk.post('/v1/test_clock/advance', { to: '2010-08-12' });
    expect(await may(story)).toBe('active');
  });

  it('R6: the representment is rejected again, 79.00 owed, the history shows both attempts', async () => {
    const story = await begin(engine, 5900);
    await story.desk.post('/v1/test_clock/advance', { to: '2010-07-12' });
    await story.desk.post(`/v1/payments/${story.payment.id}/rejection`, represented);
    await story.desk.post('/v1/test_clock/advance', { to: '2010-08-02' });
    const released = await collect(story, '2010-08-05');
    const again = released.lines.find((line: Json) => line.kind === 'representment');
    await story.desk.post('/v1/test_clock/advance', { to: '2010-08-12' });
    const made = await story.desk.post(`/v1/payments/${again.payment}/rejection`, { fee_amount: 1000 });
    expect(made).toMatchObject({ owed_amount: 7900, payment: { status: 'rejected', attempt: 2 } });
    expect(made.representments).toMatchObject([{ amount: 7900, attempt: 3, first_attempt: story.payment.id }]);
    expect(await owed(story)).toBe(7900);
    expect(await may(story)).toBe('active');
    const shown = await lines(story);
    expect(shown.slice(-3)).toEqual(tables.get('R6 statement')?.slice(-3));
    const { body } = await story.desk.get(`/v1/payments?customer=${story.customer.id}`);
    expect(body.data.map((one: Json) => [one.amount, one.status, one.attempt]).sort()).toEqual([
      [5900, 'collecting', 1],
      [5900, 'rejected', 1],
      [6900, 'rejected', 2],
      [7900, 'pending', 3],
    ]);
    await story.desk.post('/v1/test_clock/advance', { to: '2010-08-13' });
    expect(await may(story)).toBe('blocked');
  });

  it('what the bank is silent about counts as paid after the waiting time', async () => {
    const story = await begin(engine, 5900);
    await story.desk.post('/v1/test_clock/advance', { to: '2010-08-02' });
    const released = await collect(story, '2010-08-05');
    await story.desk.post('/v1/test_clock/advance', { to: '2010-08-14' });
    const payment = released.lines[0].payment;
    expect((await story.desk.get(`/v1/payments/${payment}`)).body.status).toBe('collecting');
    await story.desk.post('/v1/test_clock/advance', { to: '2010-08-15' });
    expect((await story.desk.get(`/v1/payments/${payment}`)).body.status).toBe('settled');
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
