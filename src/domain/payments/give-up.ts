/**
 * Giving up what a customer owes: a debt is written off (a loss, the sale stays), or a fee is waived (the sale shrinks).
 *
 * Always true:
 * - never more than is open: what is paid is refunded, what is with the bank is waited for;
 * - what is given up is asked for no more: payments asked for shrink, those that nothing is left of are cancelled;
 * - it can be taken back, once: the claim is then owed as its contract has it.
 */
import { Refusal } from '../../errors/refusal.ts';
import { type Cents, cents } from '../money.ts';
import { earliestAsked, type ShrunkPayment, shrinkAsked } from './asked.ts';
import { type ClaimStanding, type OpenPayment, openAmount } from './claims.ts';

export interface GiftQuestion {
  claim: ClaimStanding & { sold: boolean };
  payments: readonly OpenPayment[];
  /** All that is open unless given. */
  amount: Cents | undefined;
}

export interface Gift {
  claim: string;
  amount: Cents;
  /** What was open on the claim before. */
  open: Cents;
  asked: ShrunkPayment[];
}

/** @throws Refusal `claim_not_sold_yet`, `claim_in_flight`, `claim_settled`, `amount_out_of_range` */
export function decideGift({ claim, payments, amount }: GiftQuestion): Gift {
  if (!claim.sold) throw new Refusal('claim_not_sold_yet', { due_on: claim.due_on });
  const open = openAmount(claim, payments);
  const flying = payments.some(
    (payment) => payment.state === 'collecting' && payment.allocations.some((part) => part.claim === claim.id),
  );
  if (open <= 0) throw new Refusal(flying ? 'claim_in_flight' : 'claim_settled');
  const given = amount ?? open;
  if (given <= 0 || given > open)
    throw new Refusal('amount_out_of_range', { min: 1, max: open }, { pointer: '/amount' });
  const asked = shrinkAsked(
    earliestAsked(payments).toReversed(),
    [{ id: claim.id, open_amount: open }],
    [{ claim: claim.id, amount: cents(given) }],
  );
  return { claim: claim.id, amount: cents(given), open, asked };
}
