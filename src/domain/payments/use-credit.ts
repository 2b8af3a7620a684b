/**
 * The customer's credit pays what falls due, oldest first, before anything is asked of them.
 *
 * Always true: no more credit is used than there is, nothing is paid before it is due, and what was asked for shrinks.
 */
import type { Day } from '../day.ts';
import type { Allocation } from '../ledger/settlements.ts';
import type { Cents } from '../money.ts';
import { allocate } from './allocation.ts';
import { earliestAsked, type ShrunkPayment, shrinkAsked } from './asked.ts';
import { type ClaimStanding, type OpenPayment, openAmount } from './claims.ts';

export function useCredit(
  credit: Cents,
  claims: readonly ClaimStanding[],
  payments: readonly OpenPayment[],
  today: Day,
): { allocations: Allocation[]; asked: ShrunkPayment[] } {
  const open = claims.map((claim) => ({ ...claim, open_amount: openAmount(claim, payments) }));
  const { allocations } = allocate(credit, open, [], today);
  return { allocations, asked: shrinkAsked(earliestAsked(payments), open, allocations) };
}
