/**
 * A payment of which a part was given back, and which then comes back whole: the bank takes all of it, so what was
 * given back was given for nothing, and the customer owes that, too.
 *
 * 59.00 collected, 20.00 refunded (the instalment is owed 20.00 again), then the bank takes 59.00 back: the instalment is
 * owed 59.00, and the 20.00 that the customer has had twice are a claim of their own.
 *
 * Always true:
 * - what is owed because of the return is what the bank took, to the cent: the rest of each claim, and what was given back;
 * - the claim for the money given back is nobody's income, and the reversal of the return takes it back with the rest.
 */

import type { Day } from '../day.ts';
import { type Posting, post, reverse } from '../ledger/posting.ts';
import type { Allocation } from '../ledger/settlements.ts';
import { type Cents, cents, sum } from '../money.ts';

export interface RefundedPart {
  /** What of the claims is still settled by the payment. */
  left: Allocation[];
  /** What was given back, of claims and of credit. */
  amount: Cents;
}

const GIVEN_BACK = 'refund:';

/** @param postings those of the payment @param allocations what it settled at first */
export function refundedPart(postings: readonly Posting[], allocations: readonly Allocation[]): RefundedPart {
  const back = postings.filter((posting) => posting.entry.startsWith(GIVEN_BACK));
  const ofClaim = (claim: string) => sum(back.filter((one) => one.claim === claim).map((one) => one.amount));
  return {
    left: allocations.flatMap(({ claim, amount }) => {
      const left = amount - ofClaim(claim);
      return left > 0 ? [{ claim, amount: cents(left) }] : [];
    }),
    amount: sum(back.map((posting) => posting.amount)),
  };
}

/** As `reopened`, for a payment of which a part was given back. */
export function reopenedBeyondRefund(
  settling: readonly Posting[],
  part: RefundedPart & { claim: string },
  back: { payment: string; nth: number; on: Day; customer: string; credit: Cents },
): Posting[] {
  const entry = `reopened:${back.payment}:${back.nth}`;
  const left = new Map(part.left.map(({ claim, amount }) => [claim, amount]));
  const postings = settling.flatMap((posting) => {
    const amount = posting.claim === null ? back.credit : (left.get(posting.claim) ?? 0);
    if (amount === 0) return [];
    return [
      reverse(posting, { cause: `${entry}:${posting.claim ?? 'credit'}`, entry, on: back.on, amount: cents(amount) }),
    ];
  });
  const first = settling[0];
  if (!first) return postings;
  const money = first.debit;
  return [
    ...postings,
    post({
      cause: `${entry}:${part.claim}`,
      entry,
      debit: 'receivable',
      credit: money,
      amount: part.amount,
      effective_on: postings.reduce(
        (day, posting) => (posting.effective_on > day ? posting.effective_on : day),
        back.on,
      ),
      customer: back.customer,
      claim: part.claim,
      payment: back.payment,
    }),
  ];
}
