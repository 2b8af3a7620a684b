/**
 * When a person may be forgotten, and what the law keeps. Whoever still has a contract, owes or is owed money, or whose
 * direct debits can still be disputed, is needed; their data are erased once nothing of that is left. Invoices, the
 * ledger and bank files are kept for ten years after the end of the year that they belong to (code de commerce, art.
 * L123-22; Abgabenordnung § 147), under the invoice's own name and address.
 */
import { addMonths, type Day, day } from './day.ts';

/** A debit without a valid mandate can be disputed for thirteen months (PSD2, art. 71). */
const DISPUTE_MONTHS = 13;
const BOOK_YEARS = 10;

export type Obstacle = 'running_contract' | 'owed' | 'credit' | 'in_flight' | 'open_work' | 'debit_disputable';

export interface ErasureQuestion {
  running_contract: boolean;
  owed: boolean;
  credit: boolean;
  in_flight: boolean;
  open_work: boolean;
  /** The last day on which a direct debit of theirs was collected. */
  last_collected_on: Day | null;
}

/** What stands in the way, each with the day from which it does not, where that is known. */
export function obstaclesOf(question: ErasureQuestion, today: Day): { code: Obstacle; until_on: Day | null }[] {
  const found: { code: Obstacle; until_on: Day | null }[] = [];
  for (const code of ['running_contract', 'owed', 'credit', 'in_flight', 'open_work'] as const) {
    if (question[code]) found.push({ code, until_on: null });
  }
  if (question.last_collected_on !== null) {
    const until_on = addMonths(question.last_collected_on, DISPUTE_MONTHS);
    if (until_on >= today) found.push({ code: 'debit_disputable', until_on: until_on });
  }
  return found;
}

/** The last day on which the books have to be there; null where they say nothing of the customer. */
export function booksKeptUntil(last_booked_on: Day | null): Day | null {
  return last_booked_on === null ? null : day(`${Number(last_booked_on.slice(0, 4)) + BOOK_YEARS}-12-31`);
}
