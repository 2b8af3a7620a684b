/**
 * The ledger lines of what the bank told about a presentation.
 *
 * Always true: for every set of messages, once all effects are carried out, nothing is left on `in_flight` unless the
 * presentation is still in flight, and the money stands on `bank` exactly when it is settled.
 */
import type { Posting } from '../ledger/posting.ts';
import { bankIn, bankOut, closedAgain, reopened } from '../ledger/settlements.ts';
import type { Cents } from '../money.ts';
import type { BankEffect } from './presentation.ts';

export interface PresentationBooks {
  payment: string;
  amount: Cents;
  /** The postings that an effect turns: for `reopen` those that settled the claims, for `close_again` the reopening. */
  turns: readonly Posting[];
}

export function postingsOfBankEffect(effect: BankEffect, books: PresentationBooks): Posting[] {
  const when = { payment: books.payment, nth: effect.nth, on: effect.on };
  switch (effect.kind) {
    case 'reopen':
      return reopened(books.turns, when);
    case 'close_again':
      return closedAgain(books.turns, when);
    case 'bank_in':
      return [bankIn({ ...when, amount: books.amount })];
    case 'bank_out':
      return [bankOut({ ...when, amount: books.amount })];
  }
}
