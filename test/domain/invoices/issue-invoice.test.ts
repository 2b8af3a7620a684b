import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { issueInvoice } from '../../../src/domain/invoices/issue-invoice.ts';
import { frenchFranchise } from '../../../src/domain/invoices/mentions.ts';
import { unitPrice } from '../../../src/domain/invoices/unit-price.ts';
import { cents, sum } from '../../../src/domain/money.ts';
import { club, company, draft, firstIssue, invoiceOf, member, monthly, on, taxed, untaxed } from './samples.ts';

describe('an invoice', () => {
  it('asks for exactly what was sold and tells the tax inside', () => {
    const invoice = invoiceOf([monthly]);
    expect(invoice.totals).toEqual({
      net_amount: 4917,
      tax_amount: 983,
      gross_amount: 5900,
      paid_amount: 0,
      due_amount: 5900,
    });
    expect(invoice.supply).toEqual({ from_on: '2026-07-05', to_on: '2026-08-04' });
    expect(invoice.remainder).toEqual({ how: 'payment', due_on: '2026-07-05', method: null });
  });

  it('sums to what was asked for and closes, for arbitrary lines, rates and discounts', () => {
    const line = fc
      .record({
        amount: fc.integer({ min: 0, max: 200_000 }),
        share: fc.integer({ min: 0, max: 100 }),
        quantity: fc.integer({ min: 1, max: 400 }),
        bps: fc.constantFrom(0, 210, 550, 1000, 2000),
      })
      .map(({ amount, share, quantity, bps }) => ({
        label: 'x',
        quantity,
        amount: cents(amount),
        discount: share > 50 ? { label: 'y', amount: cents(Math.floor((amount * (share - 50)) / 50)) } : null,
        tax: taxed(bps),
      }));
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 40 }), (lines) => {
        const invoice = invoiceOf(lines);
        const asked = sum(lines.map((each) => each.amount - (each.discount?.amount ?? 0)));
        expect(invoice.totals.gross_amount).toBe(asked);
        expect(sum(invoice.lines.map((each) => each.net_amount))).toBe(invoice.totals.net_amount);
        expect(invoice.totals.net_amount + invoice.totals.tax_amount).toBe(asked);
        for (const each of invoice.lines) {
          const beforeDiscount = each.net_amount + (each.discount?.net_amount ?? 0);
          expect(Math.round(Number(unitPrice(each)) * each.quantity * 100)).toBe(beforeDiscount);
        }
      }),
    );
  });

  it('knows what is paid and how the rest will be', () => {
    const paid = invoiceOf([monthly], {
      settlements: [{ on: on('2026-07-05'), amount: cents(5900), method: 'card' }],
      remainder: { how: 'payment', due_on: on('2026-07-05'), method: null },
    });
    expect(paid.totals.due_amount).toBe(0);
    expect(paid.remainder).toBeNull();
    expect(() =>
      invoiceOf([monthly], { settlements: [{ on: on('2026-07-05'), amount: cents(5901), method: 'card' }] }),
    ).toThrow('the settlements exceed the total');
  });

  it('may give money back on a line, never in total', () => {
    const back = { label: 'Geste commercial', amount: cents(-1000), tax: taxed(2000) };
    const invoice = invoiceOf([monthly, back]);
    expect(invoice.totals.gross_amount).toBe(4900);
    expect(invoice.lines[1]).toMatchObject({ quantity: -1, gross_amount: -1000 });
    expect(() => invoiceOf([back])).toThrow('never negative');
    expect(() => invoiceOf([])).toThrow('invoice_without_lines');
    expect(() => invoiceOf(new Array(1001).fill(monthly))).toThrow('invoice_too_long');
  });

  it('tells a fee outside the scope of the tax as exempt beside taxed lines, and as outside where it is alone', () => {
    const fee = { label: 'Frais de rejet', amount: cents(1000), tax: untaxed('O') };
    expect(invoiceOf([monthly, fee]).lines[1]!.tax).toMatchObject({
      category: 'E',
      exemption_reason: 'Hors champ d’application de la TVA',
    });
    expect(invoiceOf([fee]).lines[0]!.tax.category).toBe('O');
  });

  it('refuses a seller the law would not let invoice', () => {
    const anonymous = { ...club, vat_number: null, siren: null };
    expect(() => invoiceOf([monthly], { seller: anonymous })).toThrow('invoice_seller_incomplete');
    expect(() => invoiceOf([monthly], { seller: { ...club, name: ' \u0000 ' } })).toThrow('invoice_seller_incomplete');
    expect(() => invoiceOf([monthly], { seller: { ...club, address: { ...club.address, country: '' } } })).toThrow(
      'invoice_seller_incomplete',
    );
  });

  it('holds clean, bounded text whatever is typed', () => {
    const invoice = issueInvoice(
      draft([{ ...monthly, label: `\u0007a\tb\n\ud800${'x'.repeat(200_000)}` }], {
        buyer: { ...member, name: '\u202e\u0000', address: { ...member.address, country: '??' } },
        note: '  ',
      }),
      firstIssue,
    );
    expect(invoice.lines[0]!.label).toMatch(/^a b �x{294}…$/);
    expect(invoice.buyer.name).toBe('—');
    expect(invoice.buyer.address.country).toBe('FR');
    expect(invoice.note).toBeNull();
  });
});

describe('the mentions of the law', () => {
  const subjects = (invoice: { mentions: { subject: string | null }[] }) =>
    invoice.mentions.map((mention) => mention.subject);

  it('name the recovery charge to a business and never to a consumer', () => {
    const business = invoiceOf([monthly], { buyer: company });
    expect(business.mentions.find((mention) => mention.subject === 'PMT')?.text).toContain('40 €');
    expect(subjects(invoiceOf([monthly]))).not.toContain('PMT');
  });

  it('state the category of operation and the option for debits', () => {
    const texts = invoiceOf([monthly, { ...monthly, nature: 'goods' }], { vat_on_debits: true }).mentions.map(
      (mention) => mention.text,
    );
    expect(texts).toContain('Catégorie de l’opération : livraison de biens et prestation de services.');
    expect(texts).toContain('Option pour le paiement de la taxe d’après les débits.');
  });

  it('keep the legal French phrase of the exempt small seller in every language', () => {
    const exempt = { ...monthly, tax: { ...untaxed('E'), ...frenchFranchise } };
    expect(invoiceOf([exempt]).taxes[0]!.tax.exemption_reason).toBe('TVA non applicable, art. 293 B du CGI');
    expect(invoiceOf([exempt], { language: 'de' }).taxes[0]!.tax.exemption_reason).toBe(
      'TVA non applicable, art. 293 B du CGI (keine Umsatzsteuer)',
    );
  });

  it('take the organization’s own terms where it has some, and leave French law to French sellers', () => {
    const terms = { late_penalty: 'Pénalités : 12 %.', early_payment_discount: null };
    expect(invoiceOf([monthly], { terms }).mentions.map((mention) => mention.text)).toContain('Pénalités : 12 %.');
    const german = { ...club, vat_number: 'DE123456789', address: { ...club.address, country: 'DE' } };
    expect(invoiceOf([monthly], { seller: german }).mentions).toEqual([]);
  });
});
