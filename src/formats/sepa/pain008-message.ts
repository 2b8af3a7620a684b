/**
 * What a direct debit file says: its header, its groups (one per creditor account, scheme, sequence type and day)
 * and its rows (one per collection). Flat, so that a row can come from a database cursor as it is.
 */
import type { Day } from '../../domain/day.ts';
import type { Cents } from '../../domain/money.ts';

export const pain008Versions = ['pain.008.001.08', 'pain.008.001.02'] as const;
export type Pain008Version = (typeof pain008Versions)[number];

export const sddSchemes = ['CORE', 'B2B'] as const;
export type SddScheme = (typeof sddSchemes)[number];

/** Recurrent from the first collection on (FRST has been optional since 2016), one-off, and the two legacy ones. */
export const sequenceTypes = ['RCUR', 'OOFF', 'FRST', 'FNAL'] as const;
export type SequenceType = (typeof sequenceTypes)[number];

/** Structured, or hybrid: town and country always, at most two free lines. Unstructured ones are forbidden. */
export interface SepaAddress {
  street?: string | null;
  building?: string | null;
  postcode?: string | null;
  town: string;
  /** ISO 3166-1 alpha-2. */
  country: string;
  lines?: readonly string[] | null;
}

export interface Pain008Header {
  version: Pain008Version;
  /** Unique for ever, 30 characters at most (see `paymentInformationId`). */
  message_id: string;
  created_at: Date;
  initiator: { name: string; identifier?: string | null };
  /** Rows in the whole file, and their sum. */
  count: number;
  total: Cents;
}

export interface Pain008Group {
  /** PmtInfId. */
  id: string;
  scheme: SddScheme;
  sequence: SequenceType;
  /** A TARGET day. */
  collected_on: Day;
  /** One booking for the whole group on the creditor's account, or one each; the bank's habit where left out. */
  batch_booking?: boolean | null;
  creditor: { name: string; iban: string; bic?: string | null; identifier: string; address?: SepaAddress | null };
  count: number;
  total: Cents;
}

/** What changed on the mandate since its last collection; told with the next one. */
export interface MandateAmendment {
  /** The debtor's account changed: the file says `SMNDA` (same mandate, new debtor account). */
  account_changed?: boolean | null;
  /** The creditor's former identifier. */
  former_creditor_identifier?: string | null;
  /** The creditor's former name, where that changed. */
  former_creditor_name?: string | null;
  /** The mandate's former reference. */
  former_reference?: string | null;
}

export interface Pain008Row {
  /** `id` of its group; rows come group by group, in the order of the groups. */
  group: string;
  end_to_end_id: string;
  instruction_id?: string | null;
  amount: Cents;
  mandate_reference: string;
  mandate_signed_on: Day;
  amendment?: MandateAmendment | null;
  debtor_name: string;
  debtor_iban: string;
  debtor_bic?: string | null;
  /** Needed where the debtor's bank is outside the EEA; left out of the file elsewhere. */
  debtor_address?: SepaAddress | null;
  /** The member, where somebody else pays. */
  ultimate_debtor_name?: string | null;
  remittance?: string | null;
}

/** Rows as a cursor gives them: one by one or by the armful. */
export type Pain008Rows =
  | AsyncIterable<Pain008Row | readonly Pain008Row[]>
  | Iterable<Pain008Row | readonly Pain008Row[]>;

/** The identifier of the nth group (from 1) of a message. */
export function paymentInformationId(messageId: string, n: number): string {
  return `${messageId}-${n}`;
}

/** What makes two groups one: a file holds each of these once. */
export function groupKey(group: Pain008Group): string {
  return `${group.creditor.iban} ${group.creditor.identifier} ${group.scheme} ${group.sequence} ${group.collected_on}`;
}
