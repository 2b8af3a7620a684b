/**
 * Money received by hand: what it settles, what becomes of the payments that were asked for, what is kept as credit.
 *
 * Always true:
 * - allocations and credit sum to the money received;
 * - what is in flight at the bank is not paid a second time by hand without being told so;
 * - a payment asked for is paid as itself when the money is exactly its amount; otherwise it shrinks to what is still
 *   owed of it, the earliest first, or is cancelled when nothing is.
 */
import { Refusal } from '../../errors/refusal.ts';
import { type Day, daysBetween } from '../day.ts';
import { type Allocation, allocated } from '../ledger/settlements.ts';
import { type Cents, cents, MAX_AMOUNT, sum } from '../money.ts';
import type { PaymentMethod } from '../payment-method.ts';
import { allocate, firstOf, merged, type OpenClaim, withTheirFees } from './allocation.ts';
import { earliestAsked, type ShrunkPayment, shrinkAsked } from './asked.ts';
import { type ClaimStanding, type OpenPayment, openAmount } from './claims.ts';

export interface ReceiptState {
  /** Every claim of the customer that is not fully settled, and those that the payer means. */
  claims: readonly ClaimStanding[];
  /** The customer's payments that are pending or collecting. */
  payments: readonly OpenPayment[];
}

export interface ReceiptInput {
  paid_on: Day;
  method: PaymentMethod;
  /** Left out: all that is open on what is meant. */
  amount?: Cents;
  /** The claims that the payer means, in order. */
  claims?: readonly string[];
  /** Or the payment asked for that is being paid. */
  payment?: string;
}

export interface Receipt {
  /** The payment asked for that this money pays exactly; null: a payment of its own. */
  pays: string | null;
  amount: Cents;
  method: PaymentMethod;
  paid_on: Day;
  allocations: Allocation[];
  credit: Cents;
  /** What becomes of the other payments asked for; no allocations left: cancelled. */
  asked: ShrunkPayment[];
}

/** The oldest day on which money may be said to have been received. */
export const OLDEST_RECEIPT_DAYS = 3660;

/** @throws Refusal `paid_in_the_future`, `payment_too_old`, `payment_not_asked`, `claim_in_flight`, `claim_settled`, `amount_out_of_range` */
export function decideReceipt(state: ReceiptState, input: ReceiptInput, today: Day): Receipt {
  if (input.paid_on > today) throw new Refusal('paid_in_the_future', { today }, { pointer: '/paid_on' });
  if (daysBetween(input.paid_on, today) > OLDEST_RECEIPT_DAYS)
    throw new Refusal('payment_too_old', { paid_on: input.paid_on }, { pointer: '/paid_on' });

  const open: OpenClaim[] = state.claims.map((claim) => ({ ...claim, open_amount: openAmount(claim, state.payments) }));
  const paying = findAsked(state.payments, input.payment);
  const meant = input.claims ?? paying?.allocations.map(({ claim }) => claim) ?? [];
  const asked = paying ? allocated(paying.allocations) : sum(withTheirFees(open, meant).map((c) => c.open_amount));
  refuseWhatIsNotOpen(state, open, meant, asked);

  const amount = input.amount ?? asked;
  if (amount <= 0 || amount > MAX_AMOUNT)
    throw new Refusal('amount_out_of_range', { min: 1, max: MAX_AMOUNT }, { pointer: '/amount' });

  const own = paying ? firstOf(paying.allocations, amount) : [];
  const taken = new Map(own.map((part) => [part.claim, part.amount]));
  const rest = allocate(
    cents(amount - allocated(own)),
    open.map((claim) => ({ ...claim, open_amount: cents(claim.open_amount - (taken.get(claim.id) ?? 0)) })),
    meant,
    input.paid_on,
  );
  const allocations = merged([...own, ...rest.allocations]);
  const asking = earliestAsked(state.payments);
  const shrunk = shrinkAsked(paying ? [paying, ...asking.filter((one) => one !== paying)] : asking, open, allocations);
  const pays = shrunk.find(({ payment, amount: left }) => {
    const before = asking.find((one) => one.id === payment);
    return left === 0 && before !== undefined && allocated(before.allocations) === amount;
  });
  return {
    pays: pays?.payment ?? null,
    amount,
    method: input.method,
    paid_on: input.paid_on,
    allocations,
    credit: rest.left,
    asked: shrunk.filter((one) => one !== pays),
  };
}

function findAsked(payments: readonly OpenPayment[], id: string | undefined): OpenPayment | null {
  if (id === undefined) return null;
  const payment = payments.find((candidate) => candidate.id === id);
  if (payment?.state === 'collecting') throw new Refusal('claim_in_flight', {});
  if (!payment) throw new Refusal('payment_not_asked', {});
  return payment;
}

function refuseWhatIsNotOpen(
  state: ReceiptState,
  open: readonly OpenClaim[],
  meant: readonly string[],
  asked: Cents,
): void {
  if (meant.length === 0 || asked > 0) return;
  const flying = state.payments.some(
    (payment) => payment.state === 'collecting' && payment.allocations.some(({ claim }) => meant.includes(claim)),
  );
  if (flying) throw new Refusal('claim_in_flight', {});
  if (withTheirFees(open, meant).every((claim) => claim.open_amount === 0)) throw new Refusal('claim_settled', {});
}
