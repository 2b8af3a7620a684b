/**
 * The ledger as an accountant reads it: entries of lines, each line one account's debit or credit.
 *
 * Always true:
 * - the lines of an entry balance, and so do those of any period: both sides sum to the postings of the ledger;
 * - the postings of one business event on one day are one entry.
 */
import type { Day } from '../day.ts';
import { type Cents, cents } from '../money.ts';
import { type Account, accounts } from './accounts.ts';
import type { Posting } from './posting.ts';

export type Journal = 'sales' | 'settlements';

export interface JournalPosting extends Posting {
  recorded_on: Day;
}

export interface JournalLine {
  account: Account;
  customer: string | null;
  /** Whose receivable it is: what a sale makes owed and what settles it are matched by it. */
  claim: string | null;
  debit: Cents;
  credit: Cents;
}

export interface JournalEntry {
  journal: Journal;
  entry: string;
  on: Day;
  recorded_on: Day;
  payment: string | null;
  claims: string[];
  lines: JournalLine[];
}

const ZERO = cents(0);

function journalOf({ debit, credit }: Posting): Journal {
  const other = [debit, credit].find((account) => account !== 'receivable') ?? debit;
  return other === 'tax' || accounts[other].kind === 'income' ? 'sales' : 'settlements';
}

/** @param postings of one day, in the order recorded */
export function journalEntries(postings: readonly JournalPosting[]): JournalEntry[] {
  const entries = new Map<string, JournalEntry>();
  for (const posting of postings) {
    const journal = journalOf(posting);
    const key = `${journal} ${posting.entry}`;
    const entry = entries.get(key) ?? {
      journal,
      entry: posting.entry,
      on: posting.effective_on,
      recorded_on: posting.recorded_on,
      payment: posting.payment,
      claims: [],
      lines: [],
    };
    entries.set(key, entry);
    if (posting.claim !== null && !entry.claims.includes(posting.claim)) entry.claims.push(posting.claim);
    addLine(entry.lines, posting.debit, posting, posting.amount, ZERO);
    addLine(entry.lines, posting.credit, posting, ZERO, posting.amount);
  }
  return [...entries.values()];
}

/** The same side of the same account is one line; a receivable, one for each claim. */
function addLine(lines: JournalLine[], account: Account, of: Posting, debit: Cents, credit: Cents): void {
  const customer = accounts[account].per_customer ? of.customer : null;
  const claim = account === 'receivable' ? of.claim : null;
  const same = lines.find(
    (line) =>
      line.account === account && line.customer === customer && line.claim === claim && line.debit > 0 === debit > 0,
  );
  if (same) {
    same.debit = cents(same.debit + debit);
    same.credit = cents(same.credit + credit);
  } else lines.push({ account, customer, claim, debit, credit });
}
