/**
 * A posting: one amount that moves from one account to another on a day, and why.
 *
 * Always true:
 * - the amount is positive and both accounts differ, so every posting balances by construction;
 * - the cause is unique per organization: the same event told twice posts once;
 * - nothing is changed afterwards: a mistake is taken back by a posting with both accounts exchanged that names what
 *   it reverses, on the same day or later, of the same amount or (where only a part is taken back) less.
 */
import assert from 'node:assert';
import type { Day } from '../day.ts';
import { type Cents, sum } from '../money.ts';
import { type Account, accounts } from './accounts.ts';

export interface Posting {
  /** Unique natural key, such as `sale:ins_1:1` or `received:pay_1:ins_1`. */
  cause: string;
  /** The business event it belongs to: the postings of one entry are recorded together and shown as one line. */
  entry: string;
  debit: Account;
  credit: Account;
  amount: Cents;
  effective_on: Day;
  /** Whose receivable or credit it touches; null for the bank's side of a payment alone. */
  customer: string | null;
  /** The claim (instalment, fee, product) whose receivable it touches. */
  claim: string | null;
  payment: string | null;
  /** Cause of the posting that it takes back. */
  reverses: string | null;
}

export type PostingDraft = Omit<Posting, 'customer' | 'claim' | 'payment' | 'reverses'> &
  Partial<Pick<Posting, 'customer' | 'claim' | 'payment' | 'reverses'>>;

/** Makes a posting. A broken one is a bug of the caller. */
export function post(draft: PostingDraft): Posting {
  const posting = { customer: null, claim: null, payment: null, reverses: null, ...draft };
  assert(Number.isSafeInteger(posting.amount) && posting.amount > 0, `posting ${posting.cause}: amount not positive`);
  assert(posting.debit !== posting.credit, `posting ${posting.cause}: one account on both sides`);
  const personal = accounts[posting.debit].per_customer || accounts[posting.credit].per_customer;
  assert(!personal || posting.customer !== null, `posting ${posting.cause}: no customer`);
  const ofClaim = posting.debit === 'receivable' || posting.credit === 'receivable';
  assert(ofClaim === (posting.claim !== null), `posting ${posting.cause}: a receivable is that of a claim`);
  return posting;
}

/** How the cause of a sum opens: several postings that are taken back by one, which then names none of them. */
export const SUM_OF = 'sum_of:';

/** Takes a posting back, whole or in part, never earlier than it was posted. */
export function reverse(
  posting: Posting,
  by: { cause: string; entry: string; on: Day; amount?: Cents; payment?: string },
): Posting {
  const amount = by.amount ?? posting.amount;
  assert(amount <= posting.amount, `${by.cause} takes back more than ${posting.cause} posted`);
  return post({
    ...posting,
    cause: by.cause,
    entry: by.entry,
    debit: posting.credit,
    credit: posting.debit,
    amount,
    effective_on: by.on >= posting.effective_on ? by.on : posting.effective_on,
    payment: by.payment ?? posting.payment,
    reverses: posting.cause.startsWith(SUM_OF) ? null : posting.cause,
  });
}

/** Debits less credits of an account, over the postings given. */
export function balanceOf(postings: Iterable<Posting>, account: Account): Cents {
  let balance = 0;
  for (const posting of postings) {
    if (posting.debit === account) balance += posting.amount;
    if (posting.credit === account) balance -= posting.amount;
  }
  return sum([balance]);
}

/** What stands on the receivable for each claim; claims without a posting are absent. */
export function openByClaim(postings: Iterable<Posting>): Map<string, Cents> {
  const open = new Map<string, Cents>();
  for (const posting of postings) {
    if (posting.claim === null) continue;
    const sign = posting.debit === 'receivable' ? 1 : -1;
    open.set(posting.claim, sum([open.get(posting.claim) ?? 0, sign * posting.amount]));
  }
  return open;
}
