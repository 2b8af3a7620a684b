/**
 * Claims and what became of them: how much of an instalment or a fee is settled, in flight, asked for on another day,
 * or simply still owed.
 *
 * Always true:
 * - the parts of a claim sum to its amount: settled + in flight + asked for + left;
 * - a part that is asked for (a representment) is due on the day it is asked for, no longer on the claim's own day;
 * - a claim whose payment came back and that is not asked for again is due again on the day that was learned, so that
 *   nobody is blocked for it before the day after;
 * - a debt in flight is shown as such and is not unpaid.
 */
import assert from 'node:assert';
import { type Day, later } from '../day.ts';
import type { ClaimKind } from '../ledger/sales.ts';
import type { Allocation } from '../ledger/settlements.ts';
import { type Cents, cents, sum } from '../money.ts';

/** Something the customer owes, or will on its due day. */
export interface Claim {
  id: string;
  kind: ClaimKind;
  amount: Cents;
  due_on: Day;
  /** The day on which the payment that had settled it came back; null: none did. */
  reopened_on: Day | null;
  /** The claim that it follows: the fee of a rejected instalment is paid with it. */
  follows: string | null;
}

/** A payment that is asked for or in flight. */
export interface OpenPayment {
  id: string;
  state: 'pending' | 'collecting';
  due_on: Day;
  /** In flight: the day the bank is asked to collect on. */
  collection_on: Day | null;
  allocations: readonly Allocation[];
}

/** A claim with what has settled it so far: money received, credit, waiver, write-off. */
export interface ClaimStanding extends Claim {
  settled_amount: Cents;
}

/** An open part of what a customer owes, with the day it is (or was) to be paid. */
export interface Debt {
  claim: string;
  payment: string | null;
  amount: Cents;
  due_on: Day;
  /** In flight since being handed to the bank; the day of its collection. */
  in_flight_on: Day | null;
}

function allocatedTo(claim: string, payments: readonly OpenPayment[], state: OpenPayment['state']): Cents {
  return sum(
    payments
      .filter((payment) => payment.state === state)
      .flatMap((payment) => payment.allocations)
      .filter((allocation) => allocation.claim === claim)
      .map((allocation) => allocation.amount),
  );
}

/** What of a claim money received now could settle: neither settled nor in flight. */
export function openAmount(claim: ClaimStanding, payments: readonly OpenPayment[]): Cents {
  return cents(claim.amount - claim.settled_amount - allocatedTo(claim.id, payments, 'collecting'));
}

/** What of a claim is open and asked for by no payment: what a collection of the claim itself may ask for. */
export function leftAmount(claim: ClaimStanding, payments: readonly OpenPayment[]): Cents {
  const left = openAmount(claim, payments) - allocatedTo(claim.id, payments, 'pending');
  assert(left >= 0, `claim ${claim.id} is asked for more than is open`);
  return cents(left);
}

/** The day on which the rest of a claim is (or was) to be paid. */
function dueAgain(claim: Claim): Day {
  return claim.reopened_on === null ? claim.due_on : later(claim.due_on, claim.reopened_on);
}

/** The open parts of what is owed, each with its own day, earliest first. */
export function debtsOf(claims: readonly ClaimStanding[], payments: readonly OpenPayment[]): Debt[] {
  const debts: Debt[] = [];
  for (const payment of payments)
    for (const { claim, amount } of payment.allocations)
      debts.push({
        claim,
        payment: payment.id,
        amount,
        due_on: payment.due_on,
        in_flight_on: payment.state === 'collecting' ? (payment.collection_on ?? payment.due_on) : null,
      });
  for (const claim of claims) {
    const amount = leftAmount(claim, payments);
    debts.push({ claim: claim.id, payment: null, amount, due_on: dueAgain(claim), in_flight_on: null });
  }
  return debts
    .filter((debt) => debt.amount > 0)
    .sort((a, b) => (a.due_on < b.due_on ? -1 : a.due_on > b.due_on ? 1 : a.claim < b.claim ? -1 : 1));
}
