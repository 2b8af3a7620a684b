/** What credit notes do to what is owed, what is kept for the customer, and what the accountant reads. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { documentInvariants } from '../../src/doctor/documents.ts';
import { examine } from '../../src/doctor/examine.ts';
import { moneyInvariants } from '../../src/doctor/money.ts';
import { scheduleInvariants } from '../../src/doctor/schedules.ts';
import { type Client, type Json, startTestEngine, type TestEngine } from '../harness/engine.ts';
import { instalmentIds, memberOfClub } from './invoicing.ts';
import { instalment, pay, refused, schedule } from './membership.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());

async function money(desk: Client, customer: Json): Promise<{ owed: number; credit: number }> {
  const { body } = await desk.get(`/v1/customers/${customer.id}/ledger`);
  const last = body.lines.findLast((line: Json) => line.paid);
  expect(last.balance_amount, 'the statement ends where the ledger does').toBe(body.owed_amount - body.credit_amount);
  return { owed: body.owed_amount, credit: body.credit_amount };
}

const credit = (desk: Client, invoice: Json, body: object = {}) =>
  desk.post(`/v1/invoices/${invoice.id}/cancellation`, { reason: 'Geste', ...body });

async function incomeOf(desk: Client): Promise<{ income: number; tax: number }> {
  const { rows } = await engine.database.raw(
    `select coalesce(sum(case when credit in ('revenue', 'fee_income') then amount_cents when debit in ('revenue', 'fee_income') then -amount_cents end), 0)::int as income,
            coalesce(sum(case when credit = 'tax' then amount_cents when debit = 'tax' then -amount_cents end), 0)::int as tax
     from posting where organization_id = ?`,
    [desk.organization.id],
  );
  return rows[0];
}

describe('a credit note for good', () => {
  it('takes what nobody had paid off what is owed; later changes never bring it back', async () => {
    const { desk, contract, customer } = await memberOfClub(engine, '2026-01-01', {
      plan: { freeze: { amount: 200 } },
    });
    const [first] = await instalmentIds(desk, contract);
    const invoice = await desk.post('/v1/invoices', { contract: contract.id, instalments: [first] });
    expect(await money(desk, customer)).toEqual({ owed: 5000, credit: 0 });
    const path = `/v1/invoices/${invoice.id}/cancellation`;
    const preview = await desk.send('POST', `${path}?dry_run=true`, { amount: 2000, reason: 'Geste' });
    expect(preview.body.after).toMatchObject({ no_longer_owed_amount: 2000, to_credit_amount: 0 });
    const note = await credit(desk, invoice, { amount: 2000 });
    expect(note.document.remainder).toEqual({ how: 'offset', kept_amount: 0 });
    expect(await money(desk, customer)).toEqual({ owed: 3000, credit: 0 });
    expect((await schedule(desk, contract, '2026-01-31'))[0]).toBe('1 2026-01-01 3000 scheduled');
    await credit(desk, invoice);
    expect(await money(desk, customer)).toEqual({ owed: 0, credit: 0 });
    expect(await incomeOf(desk)).toEqual({ income: 0, tax: 0 });
    expect((await desk.get(`/v1/invoices/${invoice.id}`)).body).toMatchObject({ status: 'cancelled', due_amount: 0 });
    await desk.post(`/v1/contracts/${contract.id}/suspensions`, { starts_on: '2026-01-01', days: 70, reason: 'x' });
    expect(await schedule(desk, contract, '2026-02-28')).toEqual([
      '1 2026-01-01 0 waived',
      '2 2026-02-01 200 scheduled',
    ]);
    expect(await money(desk, customer)).toEqual({ owed: 0, credit: 0 });
    const again = { contract: contract.id, instalments: [first] };
    await refused(desk, 'POST', '/v1/invoices', again, 'invoice_instalment_free');
  });

  it('waits where a line was written off: nobody paid it, so it is claimed again first', async () => {
    const { desk, contract, customer } = await memberOfClub(engine, '2026-01-01');
    const [first] = await instalmentIds(desk, contract);
    const invoice = await desk.post('/v1/invoices', { contract: contract.id, instalments: [first] });
    const lost = await desk.post(`/v1/debts/${first}/write_off`, { reason: 'Gone', amount: 2000 });
    const path = `/v1/invoices/${invoice.id}/cancellation`;
    await refused(desk, 'POST', path, { reason: 'Geste' }, 'credit_line_written_off');
    await refused(desk, 'POST', path, { reason: 'Geste', amount: 100 }, 'credit_line_written_off');
    const key = { 'idempotency-key': lost.id };
    expect((await desk.send('DELETE', `/v1/write_offs/${lost.id}`, undefined, key)).status).toBe(200);
    await credit(desk, invoice);
    expect(await money(desk, customer)).toEqual({ owed: 0, credit: 0 });
  });

  it('turns what was paid into credit that pays what falls due next', async () => {
    const { desk, contract, customer } = await memberOfClub(engine, '2026-01-01');
    await pay(desk, contract, 1, '2026-01-01');
    const invoice = await desk.post('/v1/invoices', { contract: contract.id });
    const note = await credit(desk, invoice, { lines: [{ line: 1, amount: 1500 }] });
    expect(note.document.remainder).toEqual({ how: 'offset', kept_amount: 1500 });
    expect(await money(desk, customer)).toEqual({ owed: 0, credit: 1500 });
    expect((await instalment(desk, contract, 1)).status).toBe('paid');
    expect((await desk.get(`/v1/invoices/${invoice.id}`)).body).toMatchObject({
      status: 'paid',
      credited_amount: 1500,
      paid_amount: 3500,
    });
    await desk.post('/v1/test_clock/advance', { to: '2026-02-01' });
    expect(await money(desk, customer)).toEqual({ owed: 3500, credit: 0 });
  });

  it.each([
    [2000, '1 2026-01-01 3000 paid', '3 2026-03-01 2968 scheduled'],
    [5000, '1 2026-01-01 0 waived', '3 2026-03-01 5000 scheduled'],
  ])('leaves of the credit for its unused days what %i less was paid for', async (amount, first, third) => {
    const { desk, contract } = await memberOfClub(engine, '2026-01-01');
    await pay(desk, contract, 1, '2026-01-01');
    const [id] = await instalmentIds(desk, contract);
    const invoice = await desk.post('/v1/invoices', { contract: contract.id, instalments: [id] });
    const pause = { starts_on: '2026-01-11', days: 40, reason: 'Leg', facts: 'credited' };
    await desk.post(`/v1/contracts/${contract.id}/suspensions`, pause);
    expect((await schedule(desk, contract, '2026-03-31'))[2]).toBe('3 2026-03-01 1613 scheduled');
    const path = `/v1/invoices/${invoice.id}/cancellation?dry_run=true`;
    const { body } = await desk.send('POST', path, { reason: 'Geste', amount });
    expect(body.after).toMatchObject({ no_longer_owed_amount: 0, to_credit_amount: amount });
    expect(body.changes.at(-1).instalments.map((one: Json) => one.number)).toEqual([3]);
    await credit(desk, invoice, { amount });
    expect(await schedule(desk, contract, '2026-03-31')).toEqual([first, '2 2026-02-01 0 waived', third]);
  });

  it('lets the money of a product be given back and the product be deleted', async () => {
    const { desk, contract, customer } = await memberOfClub(engine, '2026-01-01');
    const { id } = await instalment(desk, contract, 1);
    const payment = await desk.post(`/v1/instalments/${id}/payments`, { paid_on: '2026-01-01', method: 'cash' });
    const invoice = await desk.post('/v1/invoices', { contract: contract.id });
    const refusal = await refused(desk, 'DELETE', `/v1/contracts/${contract.id}`, undefined, 'deletion_invoice');
    expect(refusal.detail).toContain(invoice.number);
    await credit(desk, invoice);
    expect(await money(desk, customer)).toEqual({ owed: 0, credit: 5000 });
    const refund = await desk.send('POST', `/v1/payments/${payment.id}/refund`, { method: 'cash' });
    expect(refund.body, JSON.stringify(refund.body)).toMatchObject({ status: 'refunded' });
    expect(await money(desk, customer)).toEqual({ owed: 0, credit: 0 });
    expect((await desk.send('DELETE', `/v1/contracts/${contract.id}`)).status).toBe(200);
    expect(await incomeOf(desk)).toEqual({ income: 0, tax: 0 });
  });

  it('a payment that comes back afterwards takes its credit with it, and nothing is owed for what was credited', async () => {
    const { desk, contract, customer } = await memberOfClub(engine, '2026-01-01');
    const { id } = await instalment(desk, contract, 1);
    const cheque = { paid_on: '2026-01-01', method: 'cheque' };
    const payment = await desk.post(`/v1/instalments/${id}/payments`, cheque);
    const invoice = await desk.post('/v1/invoices', { contract: contract.id });
    await credit(desk, invoice, { amount: 2000 });
    await desk.post(`/v1/payments/${payment.id}/rejection`, { fee_amount: 0 });
    expect(await money(desk, customer)).toEqual({ owed: 3000, credit: 0 });
    expect((await instalment(desk, contract, 1)).status).toBe('rejected');
    const rest = await credit(desk, invoice);
    expect(rest.document.totals.gross_amount).toBe(3000);
    expect(await money(desk, customer)).toEqual({ owed: 0, credit: 0 });
    const { body } = await desk.get(`/v1/customers/${customer.id}/ledger`);
    expect(
      body.lines.filter((line: Json) => !line.paid),
      'nothing is asked for any more',
    ).toEqual([]);
  });

  it('whose money was given back and then came back all the same leaves what was given back owed', async () => {
    const { desk, contract, customer } = await memberOfClub(engine, '2026-01-01');
    const { id } = await instalment(desk, contract, 1);
    const cheque = { paid_on: '2026-01-01', method: 'cheque' };
    const payment = await desk.post(`/v1/instalments/${id}/payments`, cheque);
    const invoice = await desk.post('/v1/invoices', { contract: contract.id });
    await credit(desk, invoice, { amount: 2000 });
    await desk.post(`/v1/payments/${payment.id}/refund`, { method: 'cash', amount: 2000 });
    await desk.post(`/v1/payments/${payment.id}/rejection`, { fee_amount: 0 });
    expect(await money(desk, customer)).toEqual({ owed: 5000, credit: 0 });
  });

  it('is told to the accountant under its own number, and every file still sums to the ledger', async () => {
    const { desk, contract } = await memberOfClub(engine, '2026-01-01', { contract: { starts_on: '2025-12-01' } });
    const cents = (text: string) => Math.round(Number(text.replace(',', '.')) * 100);
    await pay(desk, contract, 1, '2026-01-01');
    const [, second] = await instalmentIds(desk, contract);
    const invoice = await desk.post('/v1/invoices', { contract: contract.id });
    const wrong = await desk.post('/v1/invoices', { contract: contract.id, instalments: [second] });
    const note = await credit(desk, invoice, { amount: 1000 });
    const corrected = await credit(desk, wrong, { still_owed: true });
    const right = await desk.post('/v1/invoices', { contract: contract.id, instalments: [second] });
    const { body } = await desk.get('/v1/exports/fec?from_on=2025-01-01&to_on=2026-12-31');
    const lines = String(body)
      .split('\r\n')
      .slice(1, -1)
      .map((line) => line.split('\t'));
    const sales = (piece: string) =>
      lines
        .filter((line) => line[0] === 'VE' && line[8] === piece && line[4] === '411000')
        .map((line) => [cents(line[11] as string), cents(line[12] as string)]);
    expect(sales(invoice.number)).toEqual([[5000, 0]]);
    expect(sales(note.number)).toEqual([[0, 1000]]);
    expect(sales(wrong.number)).toEqual([[5000, 0]]);
    expect(sales(corrected.number)).toEqual([[0, 5000]]);
    expect(sales(right.number)).toEqual([[5000, 0]]);
    const total = (column: number) => lines.reduce((sum, line) => sum + cents(line[column] as string), 0);
    const { rows } = await engine.database.raw(
      'select sum(amount_cents)::int as total from posting where organization_id = ?',
      [desk.organization.id],
    );
    expect([total(11), total(12)]).toEqual([rows[0].total, rows[0].total]);
  });
});

describe('a credit note for a wrong document', () => {
  it('leaves what is paid paid and what is owed owed, and lets it be invoiced again', async () => {
    const { desk, contract, customer } = await memberOfClub(engine, '2026-02-01', {
      contract: { starts_on: '2026-01-01' },
    });
    await pay(desk, contract, 1, '2026-02-01');
    const ids = await instalmentIds(desk, contract);
    const invoice = await desk.post('/v1/invoices', { contract: contract.id, instalments: ids.slice(0, 2) });
    const note = await credit(desk, invoice, { still_owed: true });
    expect(note.document.remainder).toEqual({ how: 'invoiced_again' });
    expect(await money(desk, customer)).toEqual({ owed: 5000, credit: 0 });
    expect(await incomeOf(desk)).toEqual({ income: 8334, tax: 1666 });
    const again = await desk.post('/v1/invoices', { contract: contract.id, instalments: ids.slice(0, 2) });
    expect(again).toMatchObject({ number: 'F2026-00002', paid_amount: 5000, due_amount: 5000 });
    await credit(desk, again, { amount: 100 });
    const path = `/v1/invoices/${again.id}/cancellation`;
    const part = { still_owed: true, reason: 'x' };
    await refused(desk, 'POST', path, { ...part, lines: [{ line: 2, amount: 100 }] }, 'credit_still_owed_in_part');
    await refused(desk, 'POST', path, part, 'credit_still_owed_in_part');
    await credit(desk, again, { still_owed: true, lines: [{ line: 2 }] });
    expect(await money(desk, customer)).toEqual({ owed: 5000, credit: 100 });
  });
});

it('whatever was credited, the rules about money, documents and schedules hold', async () => {
  const found = await examine(engine.database, [...moneyInvariants, ...documentInvariants, ...scheduleInvariants]);
  expect(found.filter(({ violations }) => violations.length > 0)).toEqual([]);
});
