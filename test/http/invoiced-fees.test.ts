/** Fees, packs and subscriptions on invoices; and what an invoice promises about a debit. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, type Json, startTestEngine, type TestEngine } from '../harness/engine.ts';
import { instalmentIds, memberOfClub } from './invoicing.ts';
import { instalment, pay, refused, sell } from './membership.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());

const fee = { article: 'REJ', label: 'Frais de rejet', amount: 1000, tax_rate_bps: 0 };

async function mandateOf(desk: Client, customer: Json): Promise<Json> {
  return desk.post(`/v1/customers/${customer.id}/mandates`, {
    iban: 'FR76 3000 6000 0112 3456 7890 189',
    signed_on: '2025-12-01',
  });
}

/** A cheque that bounced on 12 January, with a fee of 10.00. */
async function rejectedOnce() {
  const story = await memberOfClub(engine, '2026-01-12', { contract: { starts_on: '2026-01-01' } });
  const { desk, contract } = story;
  await desk.send('PATCH', '/v1/organization', { settings: { rejections: { fee } } });
  const first = await instalment(desk, contract, 1);
  const cheque = { paid_on: '2026-01-12', method: 'cheque' };
  const payment = await desk.post(`/v1/instalments/${first.id}/payments`, cheque);
  const rejection = await desk.post(`/v1/payments/${payment.id}/rejection`, {});
  return { ...story, first, fee: rejection.fee, representment: rejection.representments[0] };
}

describe('fees on invoices', () => {
  it('stand beside the instalment they came with, outside the scope of the tax, once', async () => {
    const { desk, contract, first, fee, representment } = await rejectedOnce();
    expect(fee.amount).toBe(1000);
    const asked = { contract: contract.id, instalments: [first.id], fees: [fee.id] };
    const preview = await desk.send('POST', '/v1/invoices?dry_run=true', asked);
    expect(preview.body.changes).toEqual([
      { instalment: first.id, invoiced_amount: 5000 },
      { fee: fee.id, invoiced_amount: 1000 },
    ]);
    const made = await desk.post(`/v1/invoices?preview_token=${preview.body.preview_token}`, asked);
    expect(made).toMatchObject({ gross_amount: 6000, due_amount: 6000, status: 'open' });
    expect(made.document.taxes.map((one: Json) => [one.tax.category, one.tax.rate_bps, one.tax_amount])).toEqual([
      ['S', 2000, 833],
      ['E', 0, 0],
    ]);
    expect(made.document.lines[1]).toMatchObject({
      label: 'Frais de rejet',
      detail: expect.stringMatching(/^Of 12.Jan.2026$/),
      tax: { exemption_reason: 'Outside the scope of VAT' },
      source: { kind: 'fee', id: fee.id },
    });
    expect(made.document.remainder).toMatchObject({ how: 'payment', method: 'cheque', due_on: '2026-01-12' });
    const again = { contract: contract.id, fees: [fee.id] };
    const refusal = await refused(desk, 'POST', '/v1/invoices', again, 'invoice_fee_invoiced');
    expect(refusal.detail).toContain(made.number);
    await desk.post(`/v1/payments/${representment.id}/settlement`, { paid_on: '2026-01-12', method: 'cash' });
    const { body } = await desk.get(`/v1/invoices/${made.id}`);
    expect(body).toMatchObject({ status: 'paid', paid_amount: 6000 });
  });

  it('that are paid are invoiced with the contract they came with; taken back, nothing is owed for them', async () => {
    const { desk, contract, customer, plan, fee, representment } = await rejectedOnce();
    await desk.post(`/v1/payments/${representment.id}/settlement`, { paid_on: '2026-01-12', method: 'cash' });
    const other = await sell(desk, customer, plan, { starts_on: '2026-01-12' });
    await pay(desk, other, 1, '2026-01-12');
    const another = await desk.post('/v1/invoices', { contract: other.id });
    expect(another.document.lines.map((line: Json) => line.source.kind)).toEqual(['instalment']);
    const made = await desk.post('/v1/invoices', { contract: contract.id });
    expect(made.document.lines.map((line: Json) => line.source.kind)).toEqual(['instalment', 'fee']);
    await desk.post(`/v1/invoices/${made.id}/cancellation`, { lines: [{ line: 2 }], reason: 'Geste' });
    const { body } = await desk.get(`/v1/customers/${customer.id}/ledger`);
    expect([body.owed_amount, body.credit_amount]).toEqual([0, 1000]);
    await refused(desk, 'POST', '/v1/invoices', { contract: contract.id, fees: [fee.id] }, 'invoice_fee_free');
    await refused(desk, 'POST', '/v1/invoices', { contract: contract.id, fees: [representment.id] }, 'invalid_input');
    const stranger = { contract: contract.id, fees: ['fee_01KAJ5M3T0F8Q2V7R9X4Y6Z1AB'] };
    await refused(desk, 'POST', '/v1/invoices', stranger, 'not_found');
  });

  it('a cancellation’s fee carries its contract’s tax, is not invoiced before it is due, and holds the cancellation', async () => {
    const { desk, contract } = await memberOfClub(engine, '2026-01-01');
    const path = `/v1/contracts/${contract.id}/cancellation`;
    await desk.post(path, { on: '2026-01-31', fee_amount: 3000, reason: 'Déménagement' });
    const { rows } = await engine.database.raw(
      `select id from fee where organization_id = ? and kind = 'cancellation'`,
      [desk.organization.id],
    );
    const asked = { contract: contract.id, fees: [rows[0].id] };
    await refused(desk, 'POST', '/v1/invoices', asked, 'invoice_fee_not_due');
    await desk.post('/v1/test_clock/advance', { to: '2026-01-31' });
    const made = await desk.post('/v1/invoices', asked);
    expect(made.document.taxes).toMatchObject([{ tax: { category: 'S', rate_bps: 2000 }, tax_amount: 500 }]);
    await refused(desk, 'DELETE', path, undefined, 'cancellation_fee_invoiced');
    await desk.post(`/v1/invoices/${made.id}/cancellation`, { reason: 'Geste' });
    expect((await desk.send('DELETE', path)).status).toBeLessThan(300);
  });
});

describe('products on invoices', () => {
  it('a pack says how many sessions and until when; a subscription which issues, as goods', async () => {
    const { desk, customer } = await memberOfClub(engine, '2026-01-01');
    const ten = { name: 'Carnet', kind: 'credits', amount: 9000, credits: 10, validity_days: 90, tax_rate_bps: 2000 };
    const pack = await sell(desk, customer, await desk.post('/v1/plans', ten), { starts_on: '2026-01-01' });
    await pay(desk, pack, 1, '2026-01-01');
    await desk.post(`/v1/contracts/${pack.id}/credits`, { delta: -1, reason: 'Visite' });
    const { document } = await desk.post('/v1/invoices', { contract: pack.id });
    expect(document.lines).toMatchObject([{ label: 'Carnet', detail: '10 sessions', nature: 'services' }]);
    expect(document.supply).toEqual({ from_on: '2026-01-01', to_on: '2026-03-31' });

    const publication = await desk.post('/v1/publications', { name: 'Revue' });
    const rhythm = { first_on: '2026-01-10', count: 12, every_months: 1, first_number: 101 };
    await desk.post(`/v1/publications/${publication.id}/issues`, { rhythm });
    const review = { name: 'Revue', kind: 'issues', amount: 6000, issues: 6, publication: publication.id };
    const plan = await desk.post('/v1/plans', { ...review, tax_rate_bps: 210 });
    const subscription = await sell(desk, customer, plan, { starts_on: '2026-01-01' });
    await pay(desk, subscription, 1, '2026-01-01');
    const issued = await desk.post('/v1/invoices', { contract: subscription.id });
    expect(issued.document.lines).toMatchObject([{ label: 'Revue', detail: 'Issues 101 to 106', nature: 'goods' }]);
    expect(issued.document.taxes).toMatchObject([{ tax: { rate_bps: 210 }, tax_amount: 123, gross_amount: 6000 }]);
    expect(issued.document.mentions[0].text).toContain('supply of goods');
  });

  it('a business is named with its SIREN and VAT number and told of the recovery charge', async () => {
    const { desk, contract, customer } = await memberOfClub(engine, '2026-01-01');
    const business = { siren: '732829320', vat_number: 'FR44732829320', attention: 'Service comptable' };
    const edited = await desk.send('PATCH', `/v1/customers/${customer.id}`, { business });
    expect(edited.body.business).toEqual(business);
    await pay(desk, contract, 1, '2026-01-01');
    const { document } = await desk.post('/v1/invoices', { contract: contract.id });
    expect(document.buyer).toMatchObject({ kind: 'business', ...business });
    expect(document.mentions.map((mention: Json) => mention.text).join(' ')).toContain('€40');
  });
});

describe('what an invoice promises of a debit', () => {
  const debited = { contract: { method: 'direct_debit', starts_on: '2026-01-03' } };

  it('is the day on which the bank will be asked: one that TARGET works, and that a file of today can ask for', async () => {
    const { desk, contract, customer } = await memberOfClub(engine, '2026-01-01', debited);
    await mandateOf(desk, customer);
    await desk.post('/v1/test_clock/advance', { to: '2026-01-03' });
    const [first] = await instalmentIds(desk, contract);
    const made = await desk.post('/v1/invoices', { contract: contract.id, instalments: [first] });
    expect(made.document.remainder, 'due on a Saturday, asked for two TARGET days later').toMatchObject({
      how: 'direct_debit',
      on: '2026-01-06',
      account_ending: '0189',
    });
  });

  it('is none without a mandate: the document says so and asks for a transfer', async () => {
    const { desk, contract } = await memberOfClub(engine, '2026-01-03', debited);
    const [first] = await instalmentIds(desk, contract);
    const made = await desk.post('/v1/invoices', { contract: contract.id, instalments: [first] });
    expect(made.document.remainder).toMatchObject({
      how: 'payment',
      no_debit: 'no_mandate',
      method: null,
      debit: null,
    });
  });
});
