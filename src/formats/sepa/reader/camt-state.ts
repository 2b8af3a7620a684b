/** What is gathered of one booking and of one transaction in it while they are read. */
import type { Day } from '../../../domain/day.ts';
import type { Cents } from '../../../domain/money.ts';
import type { Charges } from './camt-amount.ts';
import { type BankCode, noBankCode } from './camt-kind.ts';
import { noReason, type Reason } from './reason.ts';

export type Direction = 'debit' | 'credit';

/** A batch as the bank names it; shared by the transactions that stand beside it. */
export interface Batch {
  message_id: string | null;
  payment_information_id: string | null;
  count: number | null;
  total: Cents | null;
  listed: number;
  sum: number;
}

export interface Transaction {
  at: number;
  message_id: string | null;
  payment_information_id: string | null;
  instruction_id: string | null;
  end_to_end_id: string | null;
  transaction_id: string | null;
  mandate_reference: string | null;
  account_servicer_reference: string | null;
  amount: Cents | null;
  detailAmount: Cents | null;
  instructed: Cents | null;
  currency: string | null;
  direction: Direction | null;
  code: BankCode;
  charges: Charges;
  debtor_name: string | null;
  debtor_iban: string | null;
  remittance: string | null;
  returned: boolean;
  reason: Reason;
  text: string | null;
  batch: Batch;
}

export interface Booking {
  path: string;
  amount: Cents | null;
  currency: string | null;
  detailAmount: Cents | null;
  instructed: Cents | null;
  direction: Direction | null;
  reversal: boolean;
  status: string | null;
  booked_on: Day | null;
  value_on: Day | null;
  reference: string | null;
  account_servicer_reference: string | null;
  code: BankCode;
  charges: Charges;
  text: string | null;
  batches: Batch[];
  /** Transactions read and not yet told. */
  waiting: Transaction[];
  /** Transactions in all, and the sum of their own amounts as the booking goes (null once one has none). */
  transactions: number;
  sum: number | null;
}

export interface Statement {
  path: string;
  iban: string | null;
  bookings: { count: number; credits: number; debits: number; creditSum: number; debitSum: number };
  declared: Partial<Record<'count' | 'sum' | 'credits' | 'creditSum' | 'debits' | 'debitSum', number>>;
}

export function noCharges(): Charges {
  return { amount: null, included: null };
}

export function newBatch(): Batch {
  return { message_id: null, payment_information_id: null, count: null, total: null, listed: 0, sum: 0 };
}

export function newTransaction(at: number, batch: Batch): Transaction {
  return {
    at,
    message_id: null,
    payment_information_id: null,
    instruction_id: null,
    end_to_end_id: null,
    transaction_id: null,
    mandate_reference: null,
    account_servicer_reference: null,
    amount: null,
    detailAmount: null,
    instructed: null,
    currency: null,
    direction: null,
    code: noBankCode(),
    charges: noCharges(),
    debtor_name: null,
    debtor_iban: null,
    remittance: null,
    returned: false,
    reason: noReason(),
    text: null,
    batch,
  };
}

export function newBooking(path: string): Booking {
  return {
    path,
    amount: null,
    currency: null,
    detailAmount: null,
    instructed: null,
    direction: null,
    reversal: false,
    status: null,
    booked_on: null,
    value_on: null,
    reference: null,
    account_servicer_reference: null,
    code: noBankCode(),
    charges: noCharges(),
    text: null,
    batches: [],
    waiting: [],
    transactions: 0,
    sum: 0,
  };
}

export function newStatement(path: string): Statement {
  return { path, iban: null, bookings: { count: 0, credits: 0, debits: 0, creditSum: 0, debitSum: 0 }, declared: {} };
}
