/**
 * Giving money back.
 *
 * Always true:
 * - never more than was received and not yet given back, and of credit never more than the customer has;
 * - credit goes first; then the claims that the payment settled, the last first, which are owed again;
 * - a payment of which nothing is left is `refunded`.
 */
import { Refusal } from '../../errors/refusal.ts';
import type { Day } from '../day.ts';
import { type Allocation, allocated } from '../ledger/settlements.ts';
import { type Cents, cents } from '../money.ts';
import type { PaymentMethod } from '../payment-method.ts';
import { firstOf } from './allocation.ts';
import { nextPaymentState, type PaymentState } from './lifecycle.ts';

export interface RefundablePayment {
  state: PaymentState;
  paid_on: Day;
  /** What of the payment is still there, after earlier refunds. */
  allocations: readonly Allocation[];
  credit: Cents;
}

export interface Refund {
  amount: Cents;
  method: PaymentMethod;
  on: Day;
  allocations: Allocation[];
  credit: Cents;
  /** The payment's state afterwards. */
  state: PaymentState;
}

/** @throws Refusal `payment_state_forbids`, `refund_before_payment`, `refund_in_future`, `refund_too_large` */
export function decideRefund(
  payment: RefundablePayment,
  customerCredit: Cents,
  input: { amount?: Cents; method: PaymentMethod; on: Day },
  today: Day,
): Refund {
  const whenAllIsBack = nextPaymentState(payment.state, 'refund');
  if (input.on > today) throw new Refusal('refund_in_future', { on: input.on }, { pointer: '/on' });
  if (input.on < payment.paid_on) throw new Refusal('refund_before_payment', { on: input.on }, { pointer: '/on' });
  const credit = Math.min(payment.credit, customerCredit);
  const most = allocated(payment.allocations) + credit;
  const amount = input.amount ?? cents(most);
  if (amount <= 0 || amount > most) throw new Refusal('refund_too_large', { most }, { pointer: '/amount' });
  const fromCredit = cents(Math.min(amount, credit));
  const allocations = firstOf([...payment.allocations].reverse(), cents(amount - fromCredit));
  const all = amount === allocated(payment.allocations) + payment.credit;
  return {
    amount,
    method: input.method,
    on: input.on,
    allocations,
    credit: fromCredit,
    state: all ? whenAllIsBack : payment.state,
  };
}
