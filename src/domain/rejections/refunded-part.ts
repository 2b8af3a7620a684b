/**
 * A payment of which a part was given back, and which then comes back whole: the bank takes all of it, so what was
 * given back was given for nothing, and the customer owes that, too.
 *
 * 59.00 collected, 20.00 refunded (the instalment is owed 20.00 again), then the bank takes 59.00 back: the instalment is
 * owed 59.00, and the 20.00 that the customer has had twice are a claim of their own.
 *
 * Always true:
 * - what is owed because of the return is what the bank took, to the cent: the rest of each claim, and what was given back;
 * - the claim for the money given back is nobody's income, and the reversal of the return takes it back with the rest;
 * - what others had settled of that claim by then settles nothing: the money is credit of the payment that brought it,
 *   credit that was used is there again, and what was written off is no loss.
 */

import type { Day } from '../day.ts';
import type { FreedMoney } from '../ledger/credit-notes.ts';
import { type Posting, post, reverse } from '../ledger/posting.ts';
import { type Allocation, FREED_ENTRY, turnedToCredit } from '../ledger/settlements.ts';
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

/** What others have settled of the claim for money given back, set free, because the return is taken back and the claim with it. */
export function repaidSetFree(
  postings: readonly Posting[],
  claim: { id: string; customer: string },
  back: { payment: string; nth: number; on: Day },
): { postings: Posting[]; freed: FreedMoney[] } {
  const turn = `${back.payment}:${back.nth}`;
  const held = new Map<string, number>();
  for (const { payment, credit, amount } of postings)
    if (payment !== null && payment !== back.payment)
      held.set(payment, (held.get(payment) ?? 0) + (credit === 'receivable' ? amount : -amount));
  const paid = [...held].flatMap(([payment, amount]) =>
    amount > 0 ? [{ claim: claim.id, payment, amount: cents(amount) }] : [],
  );
  const left = (posting: Posting) =>
    cents(posting.amount - sum(postings.filter((one) => one.reverses === posting.cause).map((one) => one.amount)));
  const standing = (debit: Posting['debit']) =>
    postings.flatMap((posting) =>
      posting.debit === debit && posting.credit === 'receivable' && left(posting) > 0
        ? [{ posting, amount: left(posting) }]
        : [],
    );
  const used = standing('customer_credit');
  return {
    postings: [
      ...paid.map(({ payment, amount }) =>
        turnedToCredit({ ...claim, claim: claim.id, id: `${payment}:${turn}`, payment, amount, on: back.on }),
      ),
      ...used.map(({ posting, amount }) => {
        const entry = `${FREED_ENTRY}${turn}`;
        return reverse(posting, { cause: `${entry}:${posting.cause}`, entry, on: back.on, amount });
      }),
      ...standing('write_off').map(({ posting, amount }) =>
        reverse(posting, { cause: `again:${posting.cause}`, entry: `again:${posting.entry}`, on: back.on, amount }),
      ),
    ],
    freed: [...paid, ...used.map(({ amount }) => ({ claim: claim.id, payment: null, amount }))],
  };
}
