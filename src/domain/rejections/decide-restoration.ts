/**
 * The bank takes a return back: the debit was good after all. What was reopened is settled again.
 *
 * Always true:
 * - what was asked for because of the return is no longer asked for, as far as it is not in flight or paid;
 * - where the customer has paid in the meantime, or a representment is in flight, that money becomes credit: nothing
 *   is collected twice and kept; of money that paid what was given back of the debit it is whoever paid it who has it;
 * - the fee was sold for a return that never was: what is still open of it is taken back, what was paid of it is
 *   left to a person;
 * - a fee on an invoice is taken off by a credit note, and only where nothing of it is paid or in flight.
 */
import { type Allocation, allocated } from '../ledger/settlements.ts';
import { type Cents, cents } from '../money.ts';
import { nextPaymentState, type PaymentState } from '../payments/lifecycle.ts';

export interface RestorationState {
  payment: { id: string; state: PaymentState; allocations: readonly Allocation[] };
  /** What stands open on the receivable of each claim now: neither settled nor in flight. */
  open: ReadonlyMap<string, Cents>;
  /** The fee that the return brought; null: none. */
  fee: { claim: string; amount: Cents; invoiced: boolean } | null;
  /** The claim for what was given back of the payment, which goes with the return; null: none. */
  refund_claim?: string | null;
  /** The payments still asked for (pending) on these claims and on the fee. */
  asked: readonly { payment: string; allocations: readonly Allocation[] }[];
}

export interface Restoration {
  payment: string;
  state: PaymentState;
  closed: Allocation[];
  /** Claims that hold more money than they ask for. */
  to_credit: Allocation[];
  /** What others have settled of the claim for what was given back. */
  repaid: Cents;
  fee_waived: Cents;
  /** What a credit note takes off the invoice that the fee stands on. */
  fee_credited: Cents;
  fee_paid: Cents;
  /** What is left of the payments asked for; no allocations: cancelled. */
  asked: { payment: string; amount: Cents; allocations: Allocation[] }[];
  needs_person: boolean;
}

/** @throws Refusal `payment_state_forbids` */
export function decideRestoration(state: RestorationState): Restoration {
  const open = new Map<string, number>(state.open);
  const toCredit: Allocation[] = [];
  let repaid = 0;
  for (const { claim, amount } of state.payment.allocations) {
    const left = (open.get(claim) ?? 0) - amount;
    if (left < 0 && claim === state.refund_claim) repaid = -left;
    else if (left < 0) toCredit.push({ claim, amount: cents(-left) });
    open.set(claim, Math.max(0, left));
  }
  const feeOpen = state.fee ? Math.min(state.fee.amount, open.get(state.fee.claim) ?? 0) : 0;
  const toPerson = state.fee?.invoiced === true && feeOpen < state.fee.amount;
  if (state.fee && !toPerson) open.set(state.fee.claim, 0);
  const asked = state.asked.map(({ payment, allocations }) => {
    const left = allocations.flatMap(({ claim, amount }) => {
      const part = Math.min(amount, open.get(claim) ?? 0);
      open.set(claim, (open.get(claim) ?? 0) - part);
      return part > 0 ? [{ claim, amount: cents(part) }] : [];
    });
    return { payment, amount: allocated(left), allocations: left };
  });
  const feePaid = cents((state.fee?.amount ?? 0) - feeOpen);
  return {
    payment: state.payment.id,
    state: nextPaymentState(state.payment.state, 'restore'),
    closed: [...state.payment.allocations],
    to_credit: toCredit,
    repaid: cents(repaid),
    fee_waived: cents(state.fee?.invoiced ? 0 : feeOpen),
    fee_credited: cents(state.fee?.invoiced && !toPerson ? feeOpen : 0),
    fee_paid: feePaid,
    asked: asked.filter(({ payment, amount }) => {
      const before = state.asked.find((candidate) => candidate.payment === payment);
      return before !== undefined && allocated(before.allocations) !== amount;
    }),
    needs_person: feePaid > 0 || toCredit.length > 0 || repaid > 0,
  };
}
