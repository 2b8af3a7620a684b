/** Invoices of what the bank collects: money on its way, and fees of returns that the bank takes back. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { examine } from '../../src/doctor/examine.ts';
import { type Client, type Json, startTestEngine, type TestEngine } from '../harness/engine.ts';
import { advance, camt053, camt054, club, type Debit, owed, paymentsOf, taken } from './bank-club.ts';
import { seller } from './invoicing.ts';
import { refused } from './membership.ts';

let engine: TestEngine;
let desk: Client;
let unused: Debit[];
beforeAll(async () => {
  engine = await startTestEngine();
  const started = await club(engine, [5900, 5900, 5900, 5900], {
    settings: { invoicing: { seller, tax_regime: 'franchise' } },
  });
  desk = started.desk;
  unused = [...started.debits];
});
afterAll(() => engine.stop());

const BACK = { reversed: true, on: '2026-11-27', reason: 'AM04' };

/** The debit has come back, and its fee stands on an invoice of its own. */
async function feeInvoiced(): Promise<{ debit: Debit; invoice: Json; representment: Json }> {
  const debit = unused.pop() as Debit;
  await taken(desk, camt054([debit], { on: '2026-11-26' }));
  const { rows } = await engine.database.raw('select id from fee where payment_id = ?', [debit.payment]);
  const invoice = await desk.post('/v1/invoices', { contract: debit.contract, fees: [rows[0].id] });
  expect(invoice).toMatchObject({ gross_amount: 1000, due_amount: 1000 });
  const representment = (await paymentsOf(desk, debit.customer)).find((one) => one.status === 'pending') as Json;
  expect(representment.amount).toBe(6900);
  return { debit, invoice, representment };
}

it('a line whose debit is with the bank is not credited before the bank has told what becomes of it', async () => {
  const debit = unused.pop() as Debit;
  const invoice = await desk.post('/v1/invoices', { contract: debit.contract, instalments: [debit.instalment] });
  const path = `/v1/invoices/${invoice.id}/cancellation`;
  const refusal = await refused(desk, 'POST', path, { reason: 'Geste' }, 'credit_line_in_flight');
  expect(refusal).toMatchObject({ status: 409, detail: expect.stringContaining('ligne 1') });
  await taken(desk, camt054([debit], { on: '2026-11-26' }));
  expect(await desk.post(path, { reason: 'Geste' })).toMatchObject({ object: 'credit_note', gross_amount: 5900 });
});

it('the invoiced fee of a return that the bank takes back is credited, and nothing is asked for any more', async () => {
  const { debit, invoice } = await feeInvoiced();
  await taken(desk, camt053([debit], BACK));
  const { body } = await desk.get(`/v1/invoices/${invoice.id}`);
  expect(body).toMatchObject({ status: 'cancelled', credited_amount: 1000, due_amount: 0 });
  const note = (await desk.get(`/v1/invoices/${body.credit_notes[0]}`)).body;
  expect(note).toMatchObject({ object: 'credit_note', gross_amount: 1000 });
  expect(note.document.corrects).toMatchObject({ number: invoice.number, reason: 'The bank took the return back' });
  expect(await owed(desk, debit.customer)).toBe(0);
  const payments = await paymentsOf(desk, debit.customer);
  expect(payments.filter((one) => one.status === 'pending')).toEqual([]);
  expect(payments.find((one) => one.id === debit.payment)).toMatchObject({ status: 'settled', needs_person: false });
  const events = await desk.get(`/v1/events?type=payment.restored&subject=${debit.payment}`);
  expect(events.body.data[0].data).toMatchObject({ fee_waived: 0, fee_credited: 1000 });
});

it('one that was paid meanwhile stays invoiced and waits for a person', async () => {
  const { debit, invoice, representment } = await feeInvoiced();
  await desk.post(`/v1/payments/${representment.id}/settlement`, { paid_on: '2026-11-27', method: 'cash' });
  await taken(desk, camt053([debit], BACK));
  expect((await desk.get(`/v1/invoices/${invoice.id}`)).body).toMatchObject({ status: 'paid', credit_notes: [] });
  const waiting = await desk.get('/v1/payments?needs_person=true');
  expect(waiting.body.data.map((one: Json) => one.id)).toContain(debit.payment);
});

it('a debit that comes back, is good after all and comes back again takes its own money only, whatever came in between', async () => {
  const debit = unused.pop() as Debit;
  /** What the customer has, less what is owed, were there no fees. */
  const worth = async () => {
    const { body } = await desk.get(`/v1/customers/${debit.customer}/ledger`);
    const { rows } = await engine.database.raw(
      `select coalesce(sum(sold_cents), 0)::int as fees from fee where customer_id = ? and kind = 'rejection'`,
      [debit.customer],
    );
    return body.credit_amount - body.owed_amount + rows[0].fees;
  };
  await taken(desk, camt054([debit], { on: '2026-11-26' }));
  for (const asked of await paymentsOf(desk, debit.customer))
    if (asked.status === 'pending') await desk.send('DELETE', `/v1/payments/${asked.id}`);
  const cash = { paid_on: '2026-11-26', method: 'cash' };
  const paid = await desk.post(`/v1/instalments/${debit.instalment}/payments`, cash);
  const invoice = await desk.post('/v1/invoices', { contract: debit.contract, instalments: [debit.instalment] });
  await desk.post(`/v1/invoices/${invoice.id}/cancellation`, { reason: 'Geste' });
  const { credit_amount } = (await desk.get(`/v1/payments/${paid.id}`)).body;
  expect(credit_amount).toBe(5900);
  await desk.post(`/v1/payments/${paid.id}/refund`, { amount: 4900, method: 'cash' });
  const before = await worth();
  await taken(desk, camt053([debit], BACK));
  expect(await worth()).toBe(before + 5900);
  // The next instalment falls due and is paid with that credit.
  await advance(desk, '2026-12-27');
  const after = await worth();
  await taken(desk, camt054([debit], { on: '2026-12-27', reason: 'MS02' }));
  expect(await worth()).toBe(after - 5900);
  await taken(desk, camt053([debit], { ...BACK, on: '2026-12-28' }));
  expect(await worth()).toBe(after);
});

it('and the books of all that are right', async () => {
  const broken = (await examine(engine.database)).filter(({ violations }) => violations.length > 0);
  expect(broken.map(({ invariant, violations }) => [invariant.name, violations])).toEqual([]);
});
