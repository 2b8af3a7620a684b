/** Debts written off and fees waived over HTTP, both taken back; promises and reminder blocks at the door. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { documentInvariants } from '../../src/doctor/documents.ts';
import { examine } from '../../src/doctor/examine.ts';
import { moneyInvariants } from '../../src/doctor/money.ts';
import { scheduleInvariants } from '../../src/doctor/schedules.ts';
import { type Json, startTestEngine, type TestEngine } from '../harness/engine.ts';
import { type Club, club, type Debtor, refusal } from './collecting.ts';
import { seller } from './invoicing.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());

const settings = {
  reminders: { stages: [{ after_days: 3 }, { after_days: 10, block: true }], prenotification_days: null },
};
const cash = { contract: { first_due_on: '2010-08-05', method: 'cash' }, customer: { email: 'anne@members.example' } };

const reminders = async (gym: Club, { customer }: Debtor) =>
  (await gym.desk.get(`/v1/reminders?customer=${customer.id}&kind=reminder`)).body.data.length;

/** Shows first, checks that nothing was written, then does what was shown. */
async function asShown(gym: Club, debtor: Debtor, method: string, path: string, body?: object): Promise<Json> {
  const owed = await gym.owed(debtor);
  const preview = await gym.desk.send(method, `${path}?dry_run=true`, body);
  expect(preview.body).toMatchObject({ object: 'preview', before: { owed_amount: owed } });
  expect(await gym.owed(debtor)).toBe(owed);
  const key = { 'idempotency-key': `shown-${path}-${preview.body.preview_token}` };
  const done = await gym.desk.send(method, `${path}?preview_token=${preview.body.preview_token}`, body, key);
  expect(done.status, JSON.stringify(done.body)).toBeLessThan(300);
  expect(await gym.owed(debtor)).toBe(preview.body.after.owed_amount);
  return done.body;
}

/** A member whose cheque came back with a fee, as the organization has it or as the desk says. */
async function chargedFee(given: object, rejection: object = {}): Promise<{ gym: Club; debtor: Debtor; fee: Json }> {
  const gym = await club(engine, { settings: { ...settings, ...given } });
  const debtor = await gym.debtor({ contract: { first_due_on: '2010-07-05', method: 'cash' } });
  const [instalment] = await debtor.instalments();
  const paid = { paid_on: '2010-08-02', method: 'cheque' };
  const payment = await gym.desk.post(`/v1/instalments/${instalment.id}/payments`, paid);
  const { fee } = await gym.desk.post(`/v1/payments/${payment.id}/rejection`, rejection);
  return { gym, debtor, fee };
}

const taxed = { rejections: { fee: { article: 'REJ', label: 'Frais', amount: 1000, tax_rate_bps: 2000 } } };

async function takenBack({ desk }: Club, { id }: Json): Promise<Json> {
  return (await desk.send('DELETE', `/v1/waivers/${id}`, undefined, { 'idempotency-key': `again-${id}` })).body;
}

describe('what is given up', () => {
  it('what was given back of money that did not come is no fee: it is written off, not waived', async () => {
    const gym = await club(engine, { settings });
    const { customer } = await gym.debtor(cash);
    const money = { paid_on: '2010-08-02', method: 'cheque', amount: 2000 };
    const { id } = await gym.desk.post(`/v1/customers/${customer.id}/payments`, money);
    await gym.desk.post(`/v1/payments/${id}/refund`, { amount: 500, method: 'cash', reason: 'Twice' });
    await gym.desk.post(`/v1/payments/${id}/rejection`, { fee_amount: 0 });
    const back = await engine.database('fee').where({ customer_id: customer.id, kind: 'refund' }).first();
    expect(back).toMatchObject({ sold_cents: 500 });
    for (const payment of await engine.database('payment').where({ customer_id: customer.id, state: 'pending' }))
      await gym.desk.send('DELETE', `/v1/payments/${payment.id}`);
    const waiver = gym.desk.send('POST', `/v1/fees/${back.id}/waiver`, { reason: 'Goodwill' });
    expect(await refusal(waiver)).toEqual([409, 'fee_without_sale']);
    await gym.desk.post(`/v1/debts/${back.id}/write_off`, { reason: 'Gone' });
  });

  it('what was given back of money that paid a fee alone is owed again, with the fee', async () => {
    const gym = await club(engine, { settings });
    const { customer } = await gym.debtor(cash);
    const pay = (amount: number) =>
      gym.desk.post(`/v1/customers/${customer.id}/payments`, { paid_on: '2010-08-02', method: 'cheque', amount });
    const none = { representments: [] };
    const { fee } = await gym.desk.post(`/v1/payments/${(await pay(1000)).id}/rejection`, { fee_amount: 700, ...none });
    const { id } = await pay(1000);
    await gym.desk.post(`/v1/payments/${id}/refund`, { amount: 200, method: 'cash', reason: 'Twice' });
    await gym.desk.post(`/v1/payments/${id}/rejection`, { fee_amount: 0, ...none });
    const owed = await engine.database('fee').where({ customer_id: customer.id }).orderBy('id').select();
    expect(
      owed.map(({ id, sold_cents, covered_cents, follows_id }) => [id, sold_cents, covered_cents, follows_id]),
    ).toEqual([
      [fee.id, 700, 0, null],
      [expect.any(String), 200, 0, null],
    ]);
    expect(owed[1]).toMatchObject({ kind: 'refund' });
  });

  it('a debt written off is owed no more, opens the door, stops the reminders, and can be claimed again', async () => {
    const gym = await club(engine, { settings });
    const debtor = await gym.debtor(cash);
    await gym.to('2010-08-09');
    expect([await reminders(gym, debtor), (await gym.access(debtor)).state]).toEqual([1, 'blocked']);
    const [instalment, next] = await debtor.instalments();
    const path = `/v1/debts/${instalment.id}/write_off`;
    const gone = await asShown(gym, debtor, 'POST', path, { reason: 'Insolvent' });
    expect(gone).toMatchObject({ object: 'write_off', amount: 5900, taken_back: false });
    expect([await gym.owed(debtor), (await gym.access(debtor)).state]).toEqual([0, 'active']);
    const { body: ledger } = await gym.desk.get(`/v1/customers/${debtor.customer.id}/ledger`);
    expect(ledger.lines.at(-1)).toMatchObject({ kind: 'settlement', amount: 5900, balance_amount: 0 });
    expect(await refusal(gym.desk.send('POST', path, { reason: 'Twice' }))).toEqual([409, 'claim_settled']);
    const early = gym.desk.send('POST', `/v1/debts/${next.id}/write_off`, { reason: 'Early' });
    expect(await refusal(early)).toEqual([409, 'claim_not_sold_yet']);
    await gym.to('2010-08-16');
    expect(await reminders(gym, debtor)).toBe(1);

    const back = await asShown(gym, debtor, 'DELETE', `/v1/write_offs/${gone.id}`);
    expect(back).toMatchObject({ id: gone.id, taken_back: true });
    expect(await gym.access(debtor)).toMatchObject({ state: 'blocked', reason: 'debt' });
    const again = gym.desk.send('DELETE', `/v1/write_offs/${gone.id}`, undefined, { 'idempotency-key': 'again' });
    expect(await refusal(again)).toEqual([409, 'already_ended']);
    await gym.to('2010-08-17');
    expect(await reminders(gym, debtor)).toBe(2);
  });

  it('a fee waived in part and whole leaves its tax to the cent, and shrinks what is asked for', async () => {
    const fee = { label: 'Rejection fee', amount: 1000, tax_rate_bps: 2000 };
    const gym = await club(engine, { settings: { rejections: { fee } } });
    const debtor = await gym.debtor({ contract: { first_due_on: '2010-07-05' } });
    const [instalment] = await debtor.instalments();
    const paid = { paid_on: '2010-08-02', method: 'direct_debit' };
    const payment = await gym.desk.post(`/v1/instalments/${instalment.id}/payments`, paid);
    const rejected = await gym.desk.post(`/v1/payments/${payment.id}/rejection`, {});
    expect([await gym.owed(debtor), rejected.representments[0].amount]).toEqual([6900, 6900]);
    const path = `/v1/fees/${rejected.fee.id}/waiver`;
    const third = await asShown(gym, debtor, 'POST', path, { amount: 333, reason: 'Gesture' });
    const rest = await asShown(gym, debtor, 'POST', path, { reason: 'Gesture' });
    expect([third.amount, rest.amount, await gym.owed(debtor)]).toEqual([333, 667, 5900]);
    const asked = `/v1/payments/${rejected.representments[0].id}`;
    expect((await gym.desk.get(asked)).body).toMatchObject({ status: 'pending', amount: 5900 });
    const { rows } = await engine.database.raw(
      `select coalesce(sum(case when credit in ('fee_income', 'tax') then amount_cents else -amount_cents end), 0)::int as left
       from posting where claim_id = ?`,
      [rejected.fee.id],
    );
    expect(rows).toEqual([{ left: 0 }]);
    await asShown(gym, debtor, 'DELETE', `/v1/waivers/${third.id}`);
    expect(await gym.owed(debtor)).toBe(6233);
    expect(await refusal(gym.desk.send('POST', path, { amount: 334, reason: 'Too much' }))).toEqual([
      422,
      'amount_out_of_range',
    ]);
    // Waived anew and taken back anew: what was given again may be taken back again.
    for (let time = 0; time < 3; time += 1) {
      const again = await gym.desk.post(path, { reason: 'Gesture' });
      await gym.desk.send('DELETE', `/v1/waivers/${again.id}`, undefined, { 'idempotency-key': again.id });
    }
    await gym.desk.post(path, { reason: 'Gesture' });
    expect(await gym.owed(debtor)).toBe(5900);
  });

  it('a waiver of a fee that was invoiced since stays, until the invoice is taken back', async () => {
    const { gym, debtor, fee } = await chargedFee({ invoicing: { seller } }, { fee_amount: 1500 });
    const waiver = await gym.desk.post(`/v1/fees/${fee.id}/waiver`, { amount: 500, reason: 'Gesture' });
    const invoice = await gym.desk.post('/v1/invoices', { contract: debtor.contract.id, fees: [fee.id] });
    expect(invoice.gross_amount).toBe(1000);
    const again = (key: string) =>
      gym.desk.send('DELETE', `/v1/waivers/${waiver.id}`, undefined, { 'idempotency-key': `${key}-${waiver.id}` });
    expect(await refusal(again('invoiced'))).toEqual([409, 'fee_is_invoiced']);
    await gym.desk.post(`/v1/invoices/${invoice.id}/cancellation`, { reason: 'Error', still_owed: true });
    expect((await again('cancelled')).body).toMatchObject({ taken_back: true, amount: 500 });
    expect(await gym.owed(debtor)).toBe(7400);
  });

  describe('of a fee, and its invoice corrected', () => {
    /** A fee of 10.00 with its tax, of which a part is waived, invoiced by a wrong document that is taken back. */
    async function invoicedAgain(amount: number) {
      const { gym, debtor, fee } = await chargedFee({ invoicing: { seller }, ...taxed });
      const path = `/v1/fees/${fee.id}/waiver`;
      const waiver = await gym.desk.post(path, { amount, reason: 'Gesture' });
      const invoice = async () => gym.desk.post('/v1/invoices', { contract: debtor.contract.id, fees: [fee.id] });
      const correct = async () => {
        const { id } = await invoice();
        return gym.desk.post(`/v1/invoices/${id}/cancellation`, { reason: 'Error', still_owed: true });
      };
      const takeBack = () => takenBack(gym, waiver);
      return { gym, debtor, path, waiver, invoice, correct, takeBack, note: await correct() };
    }

    async function expectBooksRight(): Promise<void> {
      const found = await examine(engine.database, [...moneyInvariants, ...documentInvariants]);
      expect(found.filter(({ violations }) => violations.length > 0)).toEqual([]);
    }

    it('takes back and sells again what the waiver left, whatever becomes of the waiver then', async () => {
      const { gym, debtor, note, correct, takeBack, invoice } = await invoicedAgain(1);
      expect([note.gross_amount, await gym.owed(debtor)]).toEqual([999, 6899]);
      await expectBooksRight();
      expect((await correct()).gross_amount).toBe(999);
      expect(await takeBack()).toMatchObject({ taken_back: true, amount: 1 });
      expect((await correct()).gross_amount).toBe(1000);
      expect(await gym.owed(debtor)).toBe(6900);
      const { id } = await invoice();
      await gym.desk.post(`/v1/invoices/${id}/cancellation`, { reason: 'Gesture' });
      expect(await gym.owed(debtor)).toBe(5900);
      await expectBooksRight();
    });

    it('is credited, or waived, as a whole once the earlier waiver is taken back', async () => {
      const credited = await invoicedAgain(333);
      await credited.takeBack();
      const { id } = await credited.invoice();
      for (const part of [{ amount: 400 }, {}])
        await credited.gym.desk.post(`/v1/invoices/${id}/cancellation`, { reason: 'Gesture', ...part });
      expect(await credited.gym.owed(credited.debtor)).toBe(5900);
      const { gym, debtor, path, takeBack } = await invoicedAgain(333);
      await gym.desk.post(path, { amount: 100, reason: 'Gesture' });
      await takeBack();
      await gym.desk.post(path, { reason: 'Gesture' });
      expect(await gym.owed(debtor)).toBe(5900);
      await expectBooksRight();
    });
  });

  it('a fee waived in parts of which one is given back is waived to the cent, income and tax', async () => {
    const { gym, debtor, fee } = await chargedFee(taxed);
    const path = `/v1/fees/${fee.id}/waiver`;
    const first = await gym.desk.post(path, { amount: 2, reason: 'Gesture' });
    await gym.desk.post(path, { amount: 1, reason: 'Gesture' });
    expect(await takenBack(gym, first)).toMatchObject({ taken_back: true, amount: 2 });
    await gym.desk.post(path, { reason: 'Gesture' });
    expect(await gym.owed(debtor)).toBe(5900);
    const found = await examine(engine.database, moneyInvariants);
    expect(found.filter(({ violations }) => violations.length > 0)).toEqual([]);
  });

  it('a debt that is claimed again is what the contract makes of it by now, as the preview says', async () => {
    const gym = await club(engine, { settings });
    const suspension = { starts_on: '2010-08-01', ends_on: '2010-08-31', amount: 1000 };
    const changed = [
      [{ suspend: suspension }, 1000],
      [{ suspend: { ...suspension, amount: 0 } }, 0],
      [{ suspend: suspension, amount: 900 }, 1000],
      [{ suspend: suspension, paid: 100 }, 5800],
    ] as const;
    for (const [{ suspend, ...part }, owed] of changed) {
      const debtor = await gym.debtor(cash);
      await gym.to('2010-08-09');
      const [instalment] = await debtor.instalments();
      const paid = 'paid' in part ? { paid_on: '2010-08-09', method: 'cash', amount: part.paid } : null;
      if (paid) await gym.desk.post(`/v1/instalments/${instalment.id}/payments`, paid);
      const gift = { reason: 'Gone', ...('amount' in part && { amount: part.amount }) };
      const { id } = await gym.desk.post(`/v1/debts/${instalment.id}/write_off`, gift);
      await gym.desk.post(`/v1/contracts/${debtor.contract.id}/suspensions`, { reason: 'Injury', ...suspend });
      expect((await debtor.instalments())[0], 'a fact stays').toMatchObject({ amount: 5900 });
      await asShown(gym, debtor, 'DELETE', `/v1/write_offs/${id}`);
      expect(await gym.owed(debtor)).toBe(owed);
    }
    const found = await examine(engine.database, [...scheduleInvariants, ...moneyInvariants]);
    expect(found.filter(({ violations }) => violations.length > 0)).toEqual([]);
  });

  it('what is with the bank is not given up', async () => {
    const gym = await club(engine);
    const debtor = await gym.debtor();
    await gym.collect();
    const [instalment] = await debtor.instalments();
    const path = `/v1/debts/${instalment.id}/write_off`;
    expect(await refusal(gym.desk.send('POST', path, { reason: 'No' }))).toEqual([409, 'claim_in_flight']);
  });

  it('leaves books that every rule about money holds on', async () => {
    const found = await examine(engine.database, moneyInvariants);
    expect(found.filter(({ violations }) => violations.length > 0)).toEqual([]);
  });
});

describe('the door', () => {
  it('stays open until a promised day is over, and shuts at once when the promise is withdrawn', async () => {
    const gym = await club(engine, { settings });
    const debtor = await gym.debtor(cash);
    await gym.to('2010-08-06');
    expect((await gym.access(debtor)).state).toBe('blocked');
    const promise = { until_on: '2010-08-10' };
    const first = await gym.desk.post(`/v1/customers/${debtor.customer.id}/promises`, promise);
    expect((await gym.access(debtor)).state).toBe('active');
    await gym.desk.send('DELETE', `/v1/promises/${first.id}`);
    expect((await gym.access(debtor)).state).toBe('blocked');
    await gym.desk.post(`/v1/customers/${debtor.customer.id}/promises`, promise);
    await gym.to('2010-08-10');
    expect((await gym.access(debtor)).state).toBe('active');
    await gym.to('2010-08-11');
    expect(await gym.access(debtor)).toMatchObject({ state: 'blocked', since_on: '2010-08-11' });
  });

  it('shuts with the reminder stage that blocks, whatever the grace days, and follows a change of these at once', async () => {
    const gym = await club(engine, { settings: { ...settings, grace_days: 60 } });
    const debtor = await gym.debtor(cash);
    await gym.to('2010-08-14');
    expect((await gym.access(debtor)).state).toBe('active');
    await gym.to('2010-08-16');
    expect(await gym.access(debtor)).toMatchObject({ state: 'blocked', reason: 'reminder_stage' });
    await gym.desk.send('PATCH', '/v1/organization', { settings: { grace_days: 3 } });
    expect(await gym.access(debtor)).toMatchObject({ state: 'blocked', reason: 'debt', since_on: '2010-08-09' });
  });
});
