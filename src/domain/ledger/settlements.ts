/**
 * Settlements: what makes a customer owe less, and what takes that back.
 *
 * Always true:
 * - money received by hand goes straight to the account of its method; a direct debit goes through `in_flight`;
 * - what the bank tells about a debit is two separate things: the debt (reopened or closed again) and the money (in or
 *   out). Each is posted by itself, so the order in which they are told does not matter;
 * - the n-th time that the same thing happens to a payment has its own cause, so none is posted twice.
 */
import assert from 'node:assert';
import type { Day } from '../day.ts';
import { type Cents, sum } from '../money.ts';
import type { PaymentMethod } from '../payment-method.ts';
import { moneyAccount } from './accounts.ts';
import { type Posting, post, reverse } from './posting.ts';

/** A part of a payment, spent on one claim. */
export interface Allocation {
  claim: string;
  amount: Cents;
}

export interface ReceivedMoney {
  payment: string;
  customer: string;
  method: PaymentMethod;
  on: Day;
  allocations: readonly Allocation[];
  /** What was paid beyond the claims: kept for the customer. */
  credit: Cents;
}

/** Money received by hand. */
export function received(money: ReceivedMoney): Posting[] {
  const common = {
    entry: `received:${money.payment}`,
    debit: moneyAccount[money.method],
    effective_on: money.on,
    customer: money.customer,
    payment: money.payment,
  };
  const postings = money.allocations.map(({ claim, amount }) =>
    post({ ...common, cause: `received:${money.payment}:${claim}`, credit: 'receivable', amount, claim }),
  );
  if (money.credit > 0)
    postings.push(
      post({ ...common, cause: `received:${money.payment}:credit`, credit: 'customer_credit', amount: money.credit }),
    );
  return postings;
}

/** A direct debit handed to the bank: no longer owed, not yet money. */
export function presented(debit: {
  payment: string;
  customer: string;
  on: Day;
  allocations: readonly Allocation[];
}): Posting[] {
  return debit.allocations.map(({ claim, amount }) =>
    post({
      cause: `presented:${debit.payment}:${claim}`,
      entry: `presented:${debit.payment}`,
      debit: 'in_flight',
      credit: 'receivable',
      amount,
      effective_on: debit.on,
      customer: debit.customer,
      claim,
      payment: debit.payment,
    }),
  );
}

/** The bank pays a debit, for the n-th time (a second one follows the reversal of a return). */
export function bankIn(money: { payment: string; nth: number; amount: Cents; on: Day }): Posting {
  const cause = `bank_in:${money.payment}:${money.nth}`;
  return post({
    cause,
    entry: cause,
    debit: 'bank',
    credit: 'in_flight',
    amount: money.amount,
    effective_on: money.on,
    payment: money.payment,
  });
}

/** The bank takes a paid debit back, for the n-th time. */
export function bankOut(money: { payment: string; nth: number; amount: Cents; on: Day }): Posting {
  const cause = `bank_out:${money.payment}:${money.nth}`;
  return post({
    cause,
    entry: cause,
    debit: 'in_flight',
    credit: 'bank',
    amount: money.amount,
    effective_on: money.on,
    payment: money.payment,
  });
}

/** What the bank keeps for a return: another amount than the debit, and the organization's expense. */
export function bankCharge(charge: { payment: string; nth: number; amount: Cents; on: Day }): Posting {
  const cause = `bank_charge:${charge.payment}:${charge.nth}`;
  return post({
    cause,
    entry: cause,
    debit: 'bank_charges',
    credit: 'bank',
    amount: charge.amount,
    effective_on: charge.on,
    payment: charge.payment,
  });
}

/**
 * A payment came back, for the n-th time: its claims are owed again. `settling` are the postings that settled them
 * (received, presented, or closed again after the last time).
 */
export function reopened(settling: readonly Posting[], back: { payment: string; nth: number; on: Day }): Posting[] {
  return turned('reopened', settling, back);
}

/** The return itself was taken back: the claims are settled again. */
export function closedAgain(reopening: readonly Posting[], back: { payment: string; nth: number; on: Day }): Posting[] {
  return turned('closed', reopening, back);
}

function turned(
  verb: 'reopened' | 'closed',
  postings: readonly Posting[],
  back: { payment: string; nth: number; on: Day },
): Posting[] {
  const entry = `${verb}:${back.payment}:${back.nth}`;
  return postings.map((posting) => {
    assert(posting.payment === back.payment, `${entry} turns a posting of another payment`);
    return reverse(posting, { cause: `${entry}:${posting.claim ?? 'credit'}`, entry, on: back.on });
  });
}

/** Credit that the customer has is used on claims. */
export function creditUsed(use: {
  id: string;
  customer: string;
  on: Day;
  allocations: readonly Allocation[];
}): Posting[] {
  return use.allocations.map(({ claim, amount }) =>
    post({
      cause: `credit_used:${use.id}:${claim}`,
      entry: `credit_used:${use.id}`,
      debit: 'customer_credit',
      credit: 'receivable',
      amount,
      effective_on: use.on,
      customer: use.customer,
      claim,
    }),
  );
}

/** Credit was used that did not exist after all, because the payment that made it came back. */
export function creditUseTakenBack(
  use: Posting,
  back: { payment: string; nth: number; amount: Cents; on: Day },
): Posting {
  const entry = `reopened:${back.payment}:${back.nth}:credit_used`;
  return reverse(use, { cause: `${entry}:${use.cause}`, entry, on: back.on, amount: back.amount });
}

/**
 * Money given back to the customer: out of their credit, and where it had settled claims, these are owed again
 * (a claim that should not be is waived first, which turns its money into credit).
 */
export function refunded(refund: {
  id: string;
  payment: string | null;
  customer: string;
  method: PaymentMethod;
  on: Day;
  allocations: readonly Allocation[];
  credit: Cents;
}): Posting[] {
  const common = {
    entry: `refund:${refund.id}`,
    credit: moneyAccount[refund.method],
    effective_on: refund.on,
    customer: refund.customer,
    payment: refund.payment,
  };
  const postings = refund.allocations.map(({ claim, amount }) =>
    post({ ...common, cause: `refund:${refund.id}:${claim}`, debit: 'receivable', amount, claim }),
  );
  if (refund.credit > 0)
    postings.push(
      post({ ...common, cause: `refund:${refund.id}:credit`, debit: 'customer_credit', amount: refund.credit }),
    );
  return postings;
}

/** How the entry of money that a restored payment no longer settles a claim with opens. */
export const FREED_ENTRY = 'credit_from:';

/** A claim that is settled a second time holds money that nobody asked for: it becomes credit that this payment made. */
export function turnedToCredit(freed: {
  id: string;
  payment: string;
  customer: string;
  claim: string;
  amount: Cents;
  on: Day;
}): Posting {
  return post({
    cause: `${FREED_ENTRY}${freed.id}:${freed.claim}`,
    entry: `${FREED_ENTRY}${freed.id}`,
    debit: 'receivable',
    credit: 'customer_credit',
    amount: freed.amount,
    effective_on: freed.on,
    customer: freed.customer,
    claim: freed.claim,
    payment: freed.payment,
  });
}

/** The whole of a list of allocations. */
export function allocated(allocations: readonly Allocation[]): Cents {
  return sum(allocations.map(({ amount }) => amount));
}
