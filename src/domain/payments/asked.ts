/**
 * What becomes of payments that are asked for when their claims are settled another way.
 *
 * Always true: what is asked for on a claim is never more than what is open on it; it shrinks only as far as it must.
 */
import { type Allocation, allocated } from '../ledger/settlements.ts';
import { type Cents, sum } from '../money.ts';
import { type OpenClaim, without } from './allocation.ts';
import type { OpenPayment } from './claims.ts';

/** A payment asked for that is now smaller; no allocations left: cancelled. */
export interface ShrunkPayment {
  payment: string;
  amount: Cents;
  allocations: Allocation[];
}

/**
 * @param pending the payments asked for, those that shrink first in front
 * @param open the claims as they were before `settled`
 */
export function shrinkAsked(
  pending: readonly OpenPayment[],
  open: readonly Pick<OpenClaim, 'id' | 'open_amount'>[],
  settled: readonly Allocation[],
): ShrunkPayment[] {
  const excess = new Map<string, number>();
  for (const { claim, amount } of settled) {
    const openBefore = open.find((candidate) => candidate.id === claim)?.open_amount ?? 0;
    const asked = pending.flatMap((payment) => payment.allocations).filter((part) => part.claim === claim);
    const over = sum(asked.map((part) => part.amount)) - (openBefore - amount);
    if (over > 0) excess.set(claim, over);
  }
  return pending.flatMap((payment) => {
    const left = without(payment.allocations, excess);
    if (allocated(left) === allocated(payment.allocations)) return [];
    for (const { claim, amount } of payment.allocations) {
      const now = left.find((part) => part.claim === claim)?.amount ?? 0;
      excess.set(claim, (excess.get(claim) ?? 0) - (amount - now));
    }
    return [{ payment: payment.id, amount: allocated(left), allocations: left }];
  });
}

/** The payments asked for, the earliest due first. */
export function earliestAsked(payments: readonly OpenPayment[]): OpenPayment[] {
  return payments
    .filter((payment) => payment.state === 'pending')
    .sort((a, b) => (a.due_on < b.due_on ? -1 : a.due_on > b.due_on ? 1 : a.id < b.id ? -1 : 1));
}
