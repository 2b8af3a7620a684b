/** Gives money of a payment back to the customer. */

import type { Day } from '../domain/day.ts';
import { refunded } from '../domain/ledger/settlements.ts';
import { cents } from '../domain/money.ts';
import type { PaymentMethod } from '../domain/payment-method.ts';
import { firstOf } from '../domain/payments/allocation.ts';
import { decideRefund, type Refund } from '../domain/payments/refund.ts';
import { Refusal } from '../errors/refusal.ts';
import { type CustomerMoney, loadMoney, ownerOfPayment, type StoredPayment } from '../store/customer-money.ts';
import { post } from '../store/ledger.ts';
import { markReopened, refreshInstalments, updatePayment } from '../store/payments.ts';
import { findPayment } from '../views/payments.ts';
import { announce } from './announce.ts';
import type { Operation } from './operation.ts';
import { refreshAccess } from './refresh-access.ts';
import { showMoney } from './show-money.ts';

export interface RefundPaymentInput {
  payment: string;
  amount?: number | undefined;
  method: PaymentMethod;
  on?: Day | undefined;
  reason?: string | undefined;
  new_refund: string;
}

interface State {
  money: CustomerMoney;
  payment: StoredPayment;
}

export const refundPayment: Operation<RefundPaymentInput, State, Refund> = {
  async load(ctx, input, locking) {
    const owner = await ownerOfPayment(ctx, input.payment);
    const money = await loadMoney(ctx, owner.customer, locking, {
      payments: [input.payment],
      claims: owner.allocations,
    });
    const payment = money.payments.find((one) => one.id === input.payment);
    if (!payment) throw new Refusal('not_found');
    return { money, payment };
  },
  decide({ money, payment }, input, ctx) {
    return decideRefund(
      { ...whatIsLeft(payment), state: payment.state, paid_on: payment.paid_on ?? payment.due_on },
      money.credit,
      {
        method: input.method,
        on: input.on ?? ctx.today,
        ...(input.amount === undefined ? {} : { amount: cents(input.amount) }),
      },
      ctx.today,
    );
  },
  show: ({ money }, refund) => showMoney(money, { refunded: refund }),
  reads: (state) => [JSON.stringify(state)],
  version: ({ payment }) => payment.version,
  async save(ctx, { money, payment }, refund, input) {
    const claims = refund.allocations.map(({ claim }) => claim);
    const entry = { ...refund, id: input.new_refund, payment: payment.id, customer: money.customer };
    await post(ctx, refunded(entry));
    await updatePayment(ctx, payment.id, {
      state: refund.state,
      refunded: cents(payment.refunded + refund.amount),
      credit: cents(payment.credit - refund.credit),
    });
    await markReopened(ctx, claims, refund.on);
    await refreshInstalments(ctx, claims);
    await refreshAccess(ctx, [money.customer]);
    await announce(ctx, {
      type: 'payment.refunded',
      subjects: [payment.id, money.customer, ...claims],
      data: { refund: input.new_refund, amount: refund.amount, method: refund.method, reason: input.reason ?? null },
    });
    return findPayment(ctx, payment.id);
  },
};

/** What earlier refunds have left of a payment: they took its credit first, then its claims, the last first. */
function whatIsLeft(payment: StoredPayment) {
  const total = payment.amount - payment.credit - payment.refunded;
  const allocations = firstOf(payment.allocations, cents(Math.max(0, total)));
  return { allocations, credit: payment.credit };
}
