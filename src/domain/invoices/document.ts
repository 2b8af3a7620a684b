/**
 * An issued document: an invoice, or the credit note that cancels one in whole or in part. Everything a reader,
 * a tax inspector or a renderer needs is frozen inside: who sold, who pays, the legal mentions of that day.
 *
 * Always true:
 * - it never changes once issued; what the organization or the customer become later does not touch it;
 * - amounts of a credit note are positive: its kind says which way they go;
 * - the nets of the lines sum to the net total, the tax of the rates to the tax total, net plus tax is gross,
 *   and gross is the sum of what the customer was asked for, to the cent.
 */
import type { Language } from '../../errors/language.ts';
import type { Day } from '../day.ts';
import type { Cents } from '../money.ts';
import type { PaymentMethod } from '../payment-method.ts';

export type DocumentKind = 'invoice' | 'credit_note';

/** UNCL5305: S taxed, Z taxed at zero, E exempt, O outside the scope of the tax. */
export type TaxCategory = 'S' | 'Z' | 'E' | 'O';

export interface TaxTreatment {
  category: TaxCategory;
  /** Basis points, 0 unless the category is S. */
  rate_bps: number;
  /** Why nothing is charged; wanted for E and O. */
  exemption_reason: string | null;
  /** The reason's code in the VATEX list, where it has one. */
  exemption_code: string | null;
}

export interface Address {
  /** Street, building, door: at most three lines. */
  lines: string[];
  postal_code: string;
  city: string;
  /** ISO 3166-1 alpha-2. */
  country: string;
}

export interface Seller {
  name: string;
  /** The name over the door, where it is not the legal one. */
  trade_name: string | null;
  /** `SAS au capital de 10 000 €`, `Association loi 1901`. */
  legal_form: string | null;
  /** `RCS Paris 123 456 789`, `Amtsgericht München HRB 1234`. */
  register_entry: string | null;
  siren: string | null;
  siret: string | null;
  vat_number: string | null;
  /** What the tax office knows the seller by where it has no VAT number. */
  tax_number: string | null;
  address: Address;
  email: string | null;
  phone: string | null;
  website: string | null;
  /** Where a transfer goes. */
  iban: string | null;
  bic: string | null;
  /** SEPA creditor identifier, beside which direct debits stand. */
  creditor_identifier: string | null;
}

export interface Buyer {
  /** A business has mentions of its own (recovery charge, SIREN); a consumer none. */
  kind: 'consumer' | 'business';
  name: string;
  /** The person at the business, or the member that the payer pays for. */
  attention: string | null;
  /** The organization's number for this customer. */
  customer_number: string | null;
  siren: string | null;
  vat_number: string | null;
  address: Address;
  email: string | null;
}

export interface Period {
  from_on: Day;
  to_on: Day;
}

export interface LineDiscount {
  label: string;
  gross_amount: Cents;
  net_amount: Cents;
}

export interface DocumentLine {
  /** From 1, in order. */
  position: number;
  label: string;
  /** A second, quieter line of text. */
  detail: string | null;
  nature: 'goods' | 'services';
  /** Whole, never 0; negative where the line gives money back. */
  quantity: number;
  /** What the line costs, tax included, after its discount. */
  gross_amount: Cents;
  /** The same without tax. */
  net_amount: Cents;
  discount: LineDiscount | null;
  tax: TaxTreatment;
  period: Period | null;
  /** What made the line: an instalment, a fee, a product. */
  source: { kind: string; id: string } | null;
  /** On a credit note: the invoice's line, and how many of its units this takes back (0 for a mere amount). */
  credits: { position: number; quantity: number } | null;
}

/** The tax of one category and rate over the whole document. */
export interface TaxTotal {
  tax: TaxTreatment;
  net_amount: Cents;
  tax_amount: Cents;
  gross_amount: Cents;
}

export interface Totals {
  net_amount: Cents;
  tax_amount: Cents;
  gross_amount: Cents;
  /** Received, or on a credit note paid back, by the day of issue. */
  paid_amount: Cents;
  due_amount: Cents;
}

export interface Settlement {
  on: Day;
  amount: Cents;
  /** Null: by credit that the customer had. */
  method: PaymentMethod | null;
}

/** A debit that the bank will be asked for. */
export interface ComingDebit {
  /** A day on which TARGET works. */
  on: Day;
  account_ending: string;
  mandate_reference: string;
}

/** How what is still owed will be settled. */
export type Remainder =
  | ({ how: 'direct_debit' } & ComingDebit)
  | {
      how: 'payment';
      due_on: Day;
      method: PaymentMethod | null;
      /** Why no debit takes it, where one was agreed. */
      no_debit?: 'no_mandate' | 'rejected' | null;
      /** The part of it that is debited all the same. */
      debit?: (ComingDebit & { amount: Cents }) | null;
    }
  /** Credit notes: paid back on a day. */
  | { how: 'refund'; on: Day; method: PaymentMethod }
  /** Credit notes: what had been paid is kept on the customer's account, what had not is no longer owed. */
  | { how: 'offset'; kept_amount: Cents }
  /** Credit notes: only the document was wrong, what it was for is still owed or paid, and is invoiced again. */
  | { how: 'invoiced_again' };

export interface Mention {
  /** UNTDID 4451 subject (`PMT`, `PMD`, `AAB`, `REG` …) or null for a plain note. */
  subject: string | null;
  text: string;
}

export interface InvoiceDocument {
  kind: DocumentKind;
  series: string;
  number: string;
  issued_on: Day;
  language: Language;
  /** ISO 4217, two decimals. */
  currency: string;
  seller: Seller;
  buyer: Buyer;
  /** The contract this is about, as people call it. */
  contract_reference: string | null;
  /** The first and last day of what was supplied; the same day for a sale. */
  supply: Period;
  lines: DocumentLine[];
  taxes: TaxTotal[];
  totals: Totals;
  settlements: Settlement[];
  remainder: Remainder | null;
  mentions: Mention[];
  /** The seller chose to owe the tax when it invoices, not when it is paid. */
  vat_on_debits: boolean;
  /** Free text of the organization under the totals. */
  note: string | null;
  /** On a credit note: the invoice that it cancels, and why. */
  corrects: { number: string; issued_on: Day; reason: string | null } | null;
}
