import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { creditInvoice } from '../../src/domain/invoices/credit-note.ts';
import type { InvoiceDocument, Remainder } from '../../src/domain/invoices/document.ts';
import type { DraftLine } from '../../src/domain/invoices/issue-invoice.ts';
import { frenchFranchise } from '../../src/domain/invoices/mentions.ts';
import { cents } from '../../src/domain/money.ts';
import { facturX } from '../../src/formats/factur-x.ts';
import {
  club,
  company,
  creditIssue,
  invoiceOf,
  member,
  monthly,
  on,
  taxed,
  untaxed,
} from '../domain/invoices/samples.ts';
import { factorXChecksPresent, schemaErrors, schematronErrors } from './factur-x-checks.ts';

const debit: Remainder = {
  how: 'direct_debit',
  on: on('2026-08-05'),
  account_ending: '0189',
  mandate_reference: 'RUM-1',
};
const exempt: DraftLine = { ...monthly, tax: { ...untaxed('E'), ...frenchFranchise } };
const discounted: DraftLine = { ...monthly, quantity: 3, discount: { label: 'Fidélité', amount: cents(1000) } };
const fee: DraftLine = { label: 'Frais de rejet', amount: cents(1000), tax: untaxed('O') };

const invoices: Record<string, InvoiceDocument> = {
  'a month to be debited': invoiceOf([monthly], { remainder: debit }),
  'a month paid by card': invoiceOf([monthly], {
    settlements: [{ on: on('2026-07-05'), amount: cents(5900), method: 'card' }],
  }),
  'a month paid in part, the rest by transfer': invoiceOf([monthly], {
    settlements: [{ on: on('2026-07-05'), amount: cents(2000), method: 'cash' }],
    remainder: { how: 'payment', due_on: on('2026-07-31'), method: 'transfer' },
  }),
  'a transfer without an account': invoiceOf([monthly], {
    seller: { ...club, iban: null },
    remainder: { how: 'payment', due_on: on('2026-07-31'), method: 'transfer' },
  }),
  'several rates, a discount, a fee, money back': invoiceOf([
    discounted,
    { label: 'Boisson', nature: 'goods', quantity: 7, amount: cents(1999), tax: taxed(550) },
    fee,
    { label: 'Geste', amount: cents(-700), tax: taxed(2000) },
    { label: 'Offert', amount: cents(0), tax: taxed(2000) },
    { label: 'Livre exporté', amount: cents(2500), tax: untaxed('Z') },
  ]),
  'the exempt small seller': invoiceOf([exempt], { seller: { ...club, vat_number: null } }),
  'a fee alone, outside the scope': invoiceOf([fee]),
  'a business': invoiceOf([monthly], { buyer: company, vat_on_debits: true, note: 'Merci & à bientôt <3' }),
  'a month for nothing': invoiceOf([{ ...monthly, amount: cents(0) }]),
  'a gross amount that no base × rate gives': invoiceOf([{ ...monthly, amount: cents(3) }]),
  'German words': invoiceOf([discounted, exempt, fee], { language: 'de', remainder: debit }),
};
invoices['a credit note for the whole'] = creditInvoice(invoices['a business']!, [], 'all', creditIssue, {
  reason: 'Résiliation',
  remainder: { how: 'refund', on: on('2026-08-03'), method: 'transfer' },
});
const two = invoiceOf([{ label: 'Stage', quantity: 2, amount: cents(16_399), tax: taxed(2000) }]);
const first = creditInvoice(two, [], [{ line: 1, quantity: 1 }], creditIssue);
invoices['a credit note for a part'] = first;
invoices['the last part, which absorbs the cent'] = creditInvoice(two, [first], 'all', creditIssue);
invoices['a credit note for a fee outside the scope'] = creditInvoice(
  invoices['a fee alone, outside the scope']!,
  [],
  'all',
  creditIssue,
);

describe('Factur-X', () => {
  it('says what the document says', () => {
    const xml = facturX(invoices['several rates, a discount, a fee, money back']!);
    expect(xml).toContain('<ram:TypeCode>380</ram:TypeCode>');
    expect(xml).toContain('<ram:GrandTotalAmount>96.99</ram:GrandTotalAmount>');
  });

  it('names the invoice that a credit note corrects', () => {
    const xml = facturX(invoices['a credit note for a part']!);
    expect(xml).toContain('<ram:TypeCode>381</ram:TypeCode>');
    expect(xml).toMatch(/<ram:InvoiceReferencedDocument><ram:IssuerAssignedID>F2026-00001<.*20260705/);
    expect(xml).toContain('<ram:GrandTotalAmount>82.00</ram:GrandTotalAmount>');
  });

  it('carries the mandate and creditor identifier of a direct debit, and never the payer’s account', () => {
    const xml = facturX(invoices['a month to be debited']!);
    expect(xml).toContain('<ram:DirectDebitMandateID>RUM-1</ram:DirectDebitMandateID>');
    expect(xml).toContain('<ram:CreditorReferenceID>FR72ZZZ123456</ram:CreditorReferenceID>');
    expect(xml).not.toContain('IBANID');
  });
});

describe.skipIf(!factorXChecksPresent)('the official checks of Factur-X', () => {
  it.each(Object.entries(invoices))('accept %s', { timeout: 600_000 }, async (_, document) => {
    const xml = facturX(document);
    expect(schemaErrors(xml)).toEqual([]);
    expect(await schematronErrors(xml)).toEqual([]);
  });

  it('would notice a wrong sum, a wrong element, a wrong rate', { timeout: 600_000 }, async () => {
    const xml = facturX(invoices['a month to be debited']!);
    const sums = await schematronErrors(xml.replace('<ram:DuePayableAmount>59.00', '<ram:DuePayableAmount>58.00'));
    expect(sums.join()).toContain('BR-CO-16');
    expect(schemaErrors(xml.replaceAll('ram:DuePayableAmount', 'ram:Due'))).toHaveLength(1);
    const rate = await schematronErrors(xml.replace('<ram:CalculatedAmount>9.83', '<ram:CalculatedAmount>15.83'));
    expect(rate.join()).toContain('BR-S-09');
  });

  it('accept whatever people type', { timeout: 600_000 }, async () => {
    const hostile = '<b>&amp;"\'\u0000\u0008\u001f\ufffe\ud800 é 漢 🏊 مرحبا \u202e]]>';
    const address = { lines: [hostile, hostile, hostile, hostile], postal_code: hostile, city: hostile, country: 'zz' };
    const document = invoiceOf(
      [{ ...monthly, label: hostile, detail: hostile, discount: { label: hostile, amount: cents(1) } }],
      {
        seller: {
          ...club,
          name: hostile,
          trade_name: hostile,
          legal_form: hostile,
          register_entry: hostile,
          email: hostile,
          address: { ...address, country: 'FR' },
        },
        buyer: {
          ...member,
          name: hostile,
          attention: hostile,
          customer_number: hostile,
          vat_number: hostile,
          email: hostile,
          address,
        },
        contract_reference: hostile,
        note: hostile,
        remainder: { ...debit, mandate_reference: hostile },
      },
    );
    const note = creditInvoice(document, [], 'all', creditIssue, { reason: hostile });
    for (const each of [document, note]) {
      expect(schemaErrors(facturX(each))).toEqual([]);
      expect(await schematronErrors(facturX(each))).toEqual([]);
    }
  });

  it('are met by arbitrary text in any field of a frozen document, cleaned or not', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        const document = structuredClone(invoices['a month to be debited']!);
        document.seller.name = `x${text}`;
        document.lines[0]!.label = `x${text}`;
        document.note = text;
        expect(schemaErrors(facturX(document))).toEqual([]);
      }),
    );
  });
});
