/**
 * What a bank's file says, message by message the same: one entry per thing told.
 *
 * Always true:
 * - nothing is guessed: what the bank did not say is null, what could not be read is null with a finding;
 * - nothing is dropped: every transaction, every entry told without transactions and every status of a group gives
 *   an entry, also those that are no return; `kind` says which they are;
 * - `amount` is what came back or was collected, without the bank's own charge, which stands apart.
 */
import type { Day } from '../../../domain/day.ts';
import type { Cents } from '../../../domain/money.ts';
import type { BankFileFinding } from './findings.ts';

/** `entry`: a booking told without its transactions; how many stand behind it may be known, which ones is not. */
export type BankFileLevel = 'group' | 'payment_information' | 'entry' | 'transaction';

/**
 * - `rejected`: refused before any money moved (pain.002);
 * - `returned`, `refunded`: money that came and went back, sent back by the debtor's bank or asked back by the debtor;
 * - `collection_reversed`: our side's own reversal of a collection; `return_reversed`: a return that is taken back;
 * - `collected`, `accepted`: good news, with and without money;
 * - `pending`: told too early to act upon; `other`: a movement that is no direct debit of ours;
 * - `unknown`: perhaps a return: a person must look.
 */
export const bankFileKinds = [
  'rejected',
  'returned',
  'refunded',
  'collection_reversed',
  'return_reversed',
  'collected',
  'accepted',
  'pending',
  'other',
  'unknown',
] as const;
export type BankFileKind = (typeof bankFileKinds)[number];

export interface BankFileEntry {
  level: BankFileLevel;
  kind: BankFileKind;
  /** The status as the bank wrote it: `RJCT`, `ACSC`, `BOOK` … */
  status: string | null;
  /** A rejected group told without transactions: every collection of it is concerned. */
  covers_all: boolean;
  /** The code, or the bank's own word where it gave no code. */
  reason_code: string | null;
  /** Where the reason stood. */
  reason_source: 'code' | 'proprietary' | 'text' | null;
  reason_text: string | null;
  /** A known code that the booking text alone names: to show to a person, never to act upon. */
  reason_hint: string | null;
  original_message_id: string | null;
  payment_information_id: string | null;
  instruction_id: string | null;
  /** Null also where the bank wrote NOTPROVIDED. */
  end_to_end_id: string | null;
  mandate_reference: string | null;
  transaction_id: string | null;
  amount: Cents | null;
  currency: string | null;
  /** What the bank takes for itself. */
  charge_amount: Cents | null;
  /** Was the charge inside the booked amount? Null where the bank does not say and the figures don't tell. */
  charge_included: boolean | null;
  direction: 'debit' | 'credit' | null;
  debtor_iban: string | null;
  debtor_name: string | null;
  /** The day of collection that was asked for (pain.002). */
  collection_on: Day | null;
  booked_on: Day | null;
  value_on: Day | null;
  account_servicer_reference: string | null;
  entry_reference: string | null;
  /** Our account on which it was booked. */
  account_iban: string | null;
  /** The bank transaction code: `PMNT/IDDT/UPDD`, or the bank's own. */
  bank_code: string | null;
  /** How many transactions the booking holds, where known. */
  transactions_in_entry: number | null;
  remittance: string | null;
  /** Where in the file: `Ntfctn[1]/Ntry[2]/TxDtls[3]`. */
  path: string;
}

export type BankMessage = 'pain.002' | 'camt.053' | 'camt.054';

export interface BankFileReport {
  message: BankMessage;
  /** `001.08`; null where the file does not say. */
  version: string | null;
  message_id: string | null;
  /** As written by the bank. */
  created_at: string | null;
  original_message_id: string | null;
  original_message_name: string | null;
  /** The accounts that the file reports on. */
  accounts: string[];
  /** What the file says of its own (camt) or of the original message's (pain.002) number and sum. */
  declared: { count: number | null; total: Cents | null };
  entries: number;
  entries_by_kind: Record<BankFileKind, number>;
  bytes: number;
  encoding: string;
  findings: BankFileFinding[];
  /** Findings in all; the list stops at its limit. */
  findings_count: number;
}

export const emptyEntry: Readonly<BankFileEntry> = {
  level: 'transaction',
  kind: 'unknown',
  status: null,
  covers_all: false,
  reason_code: null,
  reason_source: null,
  reason_text: null,
  reason_hint: null,
  original_message_id: null,
  payment_information_id: null,
  instruction_id: null,
  end_to_end_id: null,
  mandate_reference: null,
  transaction_id: null,
  amount: null,
  currency: null,
  charge_amount: null,
  charge_included: null,
  direction: null,
  debtor_iban: null,
  debtor_name: null,
  collection_on: null,
  booked_on: null,
  value_on: null,
  account_servicer_reference: null,
  entry_reference: null,
  account_iban: null,
  bank_code: null,
  transactions_in_entry: null,
  remittance: null,
  path: '',
};
