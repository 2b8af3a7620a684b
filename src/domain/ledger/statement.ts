/**
 * The customer's statement: sales on one side, settlements on the other, in order of day, with what is owed.
 *
 * Always true:
 * - a line is one entry of the ledger as the customer sees it, or a payment that is asked for and not yet paid;
 * - `paid` lines are those that count in the balance; the balance is sales less paid settlements;
 * - `owed_amount` less `credit_amount` is the balance of the last line; there is no credit below zero, on no day: what was
 *   given or taken back as of a day before it was used is owed in between;
 * - what moves between the bank and the clearing account, or from the customer's credit to a claim, is no line.
 */
import type { Day } from '../day.ts';
import { type Cents, cents, sum, ZERO } from '../money.ts';
import type { PaymentMethod } from '../payment-method.ts';
import { type Account, accounts } from './accounts.ts';
import type { Posting } from './posting.ts';

/** A payment that is asked for: it has a day and a method, and nothing in the ledger yet. */
export interface AskedPayment {
  id: string;
  amount: Cents;
  due_on: Day;
  method: PaymentMethod;
}

export interface StatementLine {
  on: Day;
  kind: 'sale' | 'settlement';
  amount: Cents;
  /** Counts in the balance. */
  paid: boolean;
  /** Running balance after this line: positive is owed, negative is the customer's credit. */
  balance_amount: Cents;
  /** The ledger entry behind the line; null for a payment that is only asked for. */
  entry: string | null;
  payment: string | null;
  claims: readonly string[];
}

export interface Statement {
  lines: StatementLine[];
  owed_amount: Cents;
  credit_amount: Cents;
}

function isPersonal(account: Account): boolean {
  return accounts[account].per_customer;
}

/** What a posting adds to what the customer owes in all. */
function owes(posting: Posting): number {
  return (isPersonal(posting.debit) ? posting.amount : 0) - (isPersonal(posting.credit) ? posting.amount : 0);
}

function isSale(posting: Posting): boolean {
  const other = isPersonal(posting.debit) ? posting.credit : posting.debit;
  return other === 'tax' || accounts[other].kind === 'income';
}

/**
 * @param postings those of one customer, in the order they were recorded
 * @param asked the customer's payments that are pending
 * @param asOf nothing that takes effect later is shown, except what is asked for
 */
export function statement(postings: readonly Posting[], asked: readonly AskedPayment[], asOf: Day): Statement {
  const entries = new Map<string, Posting[]>();
  for (const posting of postings) {
    if (posting.effective_on > asOf) continue;
    const entry = entries.get(posting.entry);
    if (entry) entry.push(posting);
    else entries.set(posting.entry, [posting]);
  }
  const lines: Omit<StatementLine, 'balance_amount'>[] = [];
  for (const [entry, parts] of entries) {
    const owed = sum(parts.map(owes));
    const first = parts[0] as Posting;
    if (owed === 0) continue;
    const sale = isSale(first);
    lines.push({
      on: first.effective_on,
      kind: sale ? 'sale' : 'settlement',
      amount: sale ? owed : cents(-owed),
      paid: true,
      entry,
      payment: first.payment,
      claims: [...new Set(parts.flatMap((part) => part.claim ?? []))],
    });
  }
  for (const payment of asked)
    lines.push({
      on: payment.due_on,
      kind: 'settlement',
      amount: payment.amount,
      paid: false,
      entry: null,
      payment: payment.id,
      claims: [],
    });
  let balance = ZERO;
  const ordered = lines
    .map((line, at) => ({ line, at }))
    .sort((a, b) => (a.line.on === b.line.on ? a.at - b.at : a.line.on < b.line.on ? -1 : 1))
    .map(({ line }) => {
      const counts = line.kind === 'sale' ? line.amount : line.paid ? -line.amount : 0;
      balance = sum([balance, counts]);
      return { ...line, balance_amount: balance };
    });
  return { lines: ordered, ...standing(postings, asOf) };
}

/** What the customer owes, and what is kept for them, at the end of a day. */
export function standing(postings: Iterable<Posting>, asOf: Day): { owed_amount: Cents; credit_amount: Cents } {
  let owed = 0;
  let credit = 0;
  for (const posting of postings) {
    if (posting.effective_on > asOf) continue;
    if (posting.debit === 'receivable') owed += posting.amount;
    if (posting.credit === 'receivable') owed -= posting.amount;
    if (posting.credit === 'customer_credit') credit += posting.amount;
    if (posting.debit === 'customer_credit') credit -= posting.amount;
  }
  const short = Math.max(0, -credit);
  return { owed_amount: cents(owed + short), credit_amount: cents(credit + short) };
}
