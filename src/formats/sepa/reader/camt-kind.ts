/**
 * What a movement on our account is, by the bank transaction code and what else the bank says of it.
 *
 * Always true:
 * - a booking that is not final yet is `pending`, whatever it will be;
 * - return information or the code UPDD makes a return of a debit on our account; the same as a credit is a return
 *   that is taken back; a debtor's own demand (MD06, or "refund" in words) makes it a refund;
 * - a movement that is plainly something else (transfer, card, fee) is `other`; one that may be a return, but
 *   cannot be told, is `unknown`.
 *
 * Codes: ISO 20022 external bank transaction codes. IDDT and RDDT are direct debits issued and received; UPDD a
 * return, PRDD a reversal, RCDD a cancellation; PMDD, ESDD, BBDD and the like collections.
 */
import type { BankFileKind } from './entry.ts';

export interface BankCode {
  domain: string | null;
  family: string | null;
  sub_family: string | null;
  proprietary: string | null;
}

export function noBankCode(): BankCode {
  return { domain: null, family: null, sub_family: null, proprietary: null };
}

export function isCoded(code: BankCode): boolean {
  return code.domain !== null || code.family !== null || code.proprietary !== null;
}

export function sayBankCode(code: BankCode): string | null {
  const parts = [code.domain, code.family, code.sub_family].filter((part) => part !== null);
  return parts.length > 0 ? parts.join('/') : code.proprietary;
}

export interface Movement {
  code: BankCode;
  direction: 'debit' | 'credit' | null;
  /** The bank marks the booking as the reversal of an earlier one. */
  reversal: boolean;
  status: string | null;
  /** Is there return information (`RtrInf`)? */
  returned: boolean;
  reason_code: string | null;
  /** All free text about it. */
  text: string;
  /** Does it name a mandate? */
  mandated: boolean;
}

const NOT_FINAL = new Set(['PDNG', 'FUTR']);
const COLLECTION = new Set(['PMDD', 'ESDD', 'BBDD', 'FIDD', 'OODD', 'PADD', 'URDD', 'XBDD']);
const FEES = new Set(['CHRG', 'FEES', 'COMM', 'COME', 'COMI', 'COMT', 'INTR', 'TAXE']);
/** Families that have returns of their own, which are not ours: transfers, cards, cheques, cash, drafts. */
const OTHER_PAYMENTS = new Set('ICDT RCDT ICHQ RCHQ CCRD MCRD CNTR MCOP DRFT IRCT RRCT LBOX'.split(' '));
const REFUND_WORDS = /\b(?:refund|rembours|erstattung)/i;
const DEBIT_WORDS =
  /impay|rejet|retour|\bprlv|pr[eé]l[eè]v|lastschrift|r[uü]ck(?:gabe|last|bel)|\bsdd\b|direct debit|unpaid|\breturn/i;

function kindOfReturn(movement: Movement): BankFileKind {
  if (movement.direction === 'credit') return movement.code.family === 'RDDT' ? 'other' : 'return_reversed';
  const refund = movement.reason_code === 'MD06' || REFUND_WORDS.test(movement.text);
  return refund ? 'refunded' : 'returned';
}

function kindOfDebitCode(movement: Movement, received: boolean): BankFileKind {
  const subFamily = movement.code.sub_family ?? '';
  const { direction, reversal } = movement;
  if (subFamily === 'PRDD' || subFamily === 'RCDD') return direction === 'credit' ? 'unknown' : 'collection_reversed';
  if (FEES.has(subFamily)) return 'other';
  // A debit that somebody else collected from us.
  if (received && direction === 'debit' && !reversal) return 'other';
  if (!COLLECTION.has(subFamily)) return 'unknown';
  if (direction === 'credit') return reversal ? 'unknown' : 'collected';
  return reversal ? 'collection_reversed' : 'unknown';
}

export function kindOfMovement(movement: Movement): BankFileKind {
  const { code, status } = movement;
  if (status !== null && NOT_FINAL.has(status)) return 'pending';
  const { family } = code;
  if (family !== null && OTHER_PAYMENTS.has(family)) return 'other';
  const debitCode = family === 'IDDT' || family === 'RDDT';
  if (movement.returned || (debitCode && code.sub_family === 'UPDD')) return kindOfReturn(movement);
  if (debitCode) return kindOfDebitCode(movement, family === 'RDDT');
  // Only the bank's own code, or one that says nothing: a debit with a trace of direct debit is for a person.
  const vague = family === null || family === 'OTHR' || family === 'NTAV';
  const trace = movement.mandated || DEBIT_WORDS.test(movement.text);
  return vague && trace && movement.direction !== 'credit' ? 'unknown' : 'other';
}
