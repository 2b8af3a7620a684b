/**
 * A desk books a payment that came back. For a direct debit that the engine handed to the bank this is a word about its
 * presentation like the bank's own, so the bank's message that tells the same later has no second effect.
 */
import type { ReadContext } from '../context.ts';
import type { Day } from '../domain/day.ts';
import { cents } from '../domain/money.ts';
import type { PaymentMethod } from '../domain/payment-method.ts';
import type { RejectionInput } from '../domain/rejections/decide-rejection.ts';
import { policyFor } from '../domain/return-reasons.ts';
import { Refusal } from '../errors/refusal.ts';
import { recordHandEntry } from '../store/bank-entries.ts';
import { loadReturnedPayments, type ReturnedPayment } from '../store/returned-payments.ts';
import { findPayment, findPayments } from '../views/payments.ts';
import { applyReturns } from './apply-returns.ts';
import type { DecisionContext, Operation } from './operation.ts';
import { planReturn, type ReturnPlan } from './plan-return.ts';
import { showMoney } from './show-money.ts';

export interface RejectPaymentInput {
  payment: string;
  received_on?: Day | undefined;
  reason_code?: string | undefined;
  fee_amount?: number | undefined;
  bank_charge_amount?: number | undefined;
  representments?:
    | readonly { due_on: Day; method: PaymentMethod; label?: string | undefined; amount?: number | undefined }[]
    | undefined;
  new_fee: string;
  new_refund_claim: string;
  /** As many as there are representments, one at least. */
  new_payments: readonly string[];
}

type Kind = 'rejected' | 'returned';

interface Decision {
  plan: ReturnPlan;
  kind: Kind;
  received_on: Day;
}

export const rejectPayment: Operation<RejectPaymentInput, ReturnedPayment, Decision> = {
  async load(ctx, input, locking) {
    const [returned] = await loadReturnedPayments(ctx, [input.payment], locking);
    if (!returned) throw new Refusal('not_found');
    return returned;
  },
  decide(returned, input, ctx) {
    const { payment, presentation } = returned;
    if (payment.state === 'rejected') throw new Refusal('payment_already_rejected');
    const received_on = input.received_on ?? ctx.today;
    const kind: Kind = payment.state === 'settled' ? 'returned' : 'rejected';
    const reason_code = input.reason_code ?? null;
    if (presentation && received_on > ctx.today)
      throw new Refusal('rejection_in_future', { received_on }, { pointer: '/received_on' });
    if (presentation && payment.paid_on !== null && received_on < payment.paid_on)
      throw new Refusal('rejection_before_payment', { paid_on: payment.paid_on }, { pointer: '/received_on' });
    const plan = planReturn(ctx, returned, {
      events: presentation ? [{ kind, on: received_on, reason_code }] : [],
      input: () => rejectionInput(input, received_on, ctx),
      new_fee: input.new_fee,
      new_refund_claim: input.new_refund_claim,
    });
    if (!plan.rejection) throw new Refusal('payment_already_rejected');
    return { plan, kind, received_on };
  },
  show: ({ money }, { plan }) => showMoney(money, plan.rejection ? { rejected: plan.rejection } : {}),
  reads: (returned) => [JSON.stringify(returned)],
  version: (returned) => returned.payment.version,
  async save(ctx, returned, { plan, kind, received_on }, input) {
    if (returned.presentation)
      await recordHandEntry(ctx, {
        line: returned.presentation.line,
        kind,
        on: received_on,
        reason_code: input.reason_code ?? null,
        amount: returned.payment.amount,
        booked: plan.booked.flat(),
      });
    await applyReturns(ctx, [{ ...plan, new_payments: input.new_payments }]);
    return rejectionAnswer(ctx, plan, input);
  },
};

function rejectionInput(input: RejectPaymentInput, receivedOn: Day, ctx: DecisionContext): RejectionInput {
  const reason_code = input.reason_code ?? null;
  const reasons = ctx.organization.settings.rejections.reasons as Parameters<typeof policyFor>[1];
  return {
    received_on: receivedOn,
    reason_code,
    told_by: 'hand',
    policy: reason_code === null ? null : policyFor(reason_code, reasons),
    ...(input.fee_amount === undefined ? {} : { fee_amount: cents(input.fee_amount) }),
    ...(input.bank_charge_amount === undefined ? {} : { bank_charge_amount: cents(input.bank_charge_amount) }),
    ...(input.representments === undefined
      ? {}
      : {
          representments: input.representments.map(({ due_on, method, label, amount }) => ({
            due_on,
            method,
            ...(label === undefined ? {} : { label }),
            ...(amount === undefined ? {} : { amount: cents(amount) }),
          })),
        }),
  };
}

async function rejectionAnswer(ctx: ReadContext, plan: ReturnPlan, input: RejectPaymentInput): Promise<object> {
  const { rejection } = plan;
  const made = input.new_payments.slice(0, rejection?.representments.length ?? 0);
  return {
    object: 'rejection',
    payment: await findPayment(ctx, input.payment),
    fee:
      rejection && rejection.fee.amount > 0
        ? { id: rejection.fee.claim, amount: rejection.fee.amount, label: rejection.fee.label }
        : null,
    fee_why: rejection?.fee.why ?? null,
    owed_amount: rejection?.owed_amount ?? 0,
    not_represented: rejection?.not_represented ?? null,
    representments: await findPayments(ctx, made),
  };
}
