/** Parties and treatments that the tests of documents share. */
import type { Day } from '../../../src/domain/day.ts';
import type { Buyer, InvoiceDocument, Seller, TaxTreatment } from '../../../src/domain/invoices/document.ts';
import { type DraftLine, type InvoiceDraft, issueInvoice } from '../../../src/domain/invoices/issue-invoice.ts';
import { cents } from '../../../src/domain/money.ts';

export const on = (text: string) => text as Day;

export const taxed = (rate_bps: number): TaxTreatment => ({
  category: 'S',
  rate_bps,
  exemption_reason: null,
  exemption_code: null,
});
export const untaxed = (category: 'Z' | 'E' | 'O'): TaxTreatment => ({ ...taxed(0), category });

export const club: Seller = {
  name: 'Aquaforme SAS',
  trade_name: 'Aquaforme',
  legal_form: 'SAS au capital de 50 000 €',
  register_entry: 'RCS Lyon 552 100 554',
  siren: '552100554',
  siret: '55210055400013',
  vat_number: 'FR79552100554',
  tax_number: null,
  address: { lines: ['12 quai des Étroits'], postal_code: '69005', city: 'Lyon', country: 'FR' },
  email: 'bonjour@aquaforme.example',
  phone: '+33 4 78 00 00 00',
  website: 'aquaforme.example',
  iban: 'FR7630006000011234567890189',
  bic: 'AGRIFRPP',
  creditor_identifier: 'FR72ZZZ123456',
};

export const member: Buyer = {
  kind: 'consumer',
  name: 'Zoé Lefèvre-Müller',
  attention: null,
  customer_number: 'C-00042',
  siren: null,
  vat_number: null,
  address: { lines: ['8 rue de la République', 'Bâtiment C'], postal_code: '69002', city: 'Lyon', country: 'FR' },
  email: 'zoe@example.org',
};

export const company: Buyer = {
  ...member,
  kind: 'business',
  name: 'Dupont & Fils SARL',
  siren: '732829320',
  vat_number: 'FR44732829320',
};

export function draft(lines: readonly DraftLine[], more: Partial<InvoiceDraft> = {}): InvoiceDraft {
  return { language: 'fr', currency: 'EUR', seller: club, buyer: member, lines, ...more };
}

export const firstIssue = { series: 'F', number: 'F2026-00001', issued_on: on('2026-07-05') };
export const creditIssue = { series: 'A', number: 'A2026-00001', issued_on: on('2026-08-01') };

export const monthly: DraftLine = {
  label: 'Abonnement Aqua Premium',
  detail: 'Échéance 7 sur 12',
  amount: cents(5900),
  tax: taxed(2000),
  period: { from_on: on('2026-07-05'), to_on: on('2026-08-04') },
};

export function invoiceOf(lines: readonly DraftLine[], more: Partial<InvoiceDraft> = {}): InvoiceDocument {
  return issueInvoice(draft(lines, more), firstIssue);
}
