/**
 * What an entry of a bank's file means for the presentation it concerns (see domain/bank-events).
 *
 * Always true: only what the bank said plainly is an event. A reversal of our own, a booking that is not final, and
 * what cannot be told are none: null, for a person to look at or to leave.
 */
import type { BankEventKind } from '../../../domain/bank-events/presentation.ts';
import type { BankFileEntry, BankFileKind } from './entry.ts';

const eventOfKind: Readonly<Record<BankFileKind, BankEventKind | null>> = {
  rejected: 'rejected',
  returned: 'returned',
  refunded: 'refunded',
  return_reversed: 'reversed',
  collected: 'settled',
  accepted: 'accepted',
  collection_reversed: null,
  pending: null,
  other: null,
  unknown: null,
};

export function presentationEventOf(entry: Pick<BankFileEntry, 'kind'>): BankEventKind | null {
  return eventOfKind[entry.kind];
}
