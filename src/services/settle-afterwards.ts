/**
 * What becomes of payments that came back and waited: a person has decided, or the bank has told the reason since.
 *
 * Always true: what is asked for and sold is what `decideAfterwards` says; all that belongs to one payment is written in one
 * transaction, under the lock of its customer.
 */
import type { Context } from '../context.ts';
import type { Day } from '../domain/day.ts';
import type { Posting } from '../domain/ledger/posting.ts';
import { sold } from '../domain/ledger/sales.ts';
import { type Allocation, creditUsed } from '../domain/ledger/settlements.ts';
import { cents } from '../domain/money.ts';
import { leftAmount } from '../domain/payments/claims.ts';
import { type Afterwards, decideAfterwards } from '../domain/rejections/decide-afterwards.ts';
import { newId } from '../ids.ts';
import { type DecidedPayment, markDecided } from '../store/bank-decisions.ts';
import { openPayments } from '../store/customer-money.ts';
import { insertFees } from '../store/fees.ts';
import { post } from '../store/ledger.ts';
import { insertPayments, refreshInstalments } from '../store/payments.ts';
import type { ReturnedPayment } from '../store/returned-payments.ts';
import { announce } from './announce.ts';
import { feePolicyOf } from './plan-return.ts';
import { refreshAccess } from './refresh-access.ts';
import { rejectionFee } from './rejection-fee.ts';

/** What was said of one payment. */
export interface Said extends Omit<DecidedPayment, 'payment'> {
  represent: boolean;
  fee: boolean;
  due_on?: Day | undefined;
  max_representments: number;
}

interface Settled {
  returned: ReturnedPayment;
  said: Said;
  afterwards: Afterwards;
  new_payment: string;
}

/** @returns how many are asked for again. No two of one customer at a time. Needs the customers' locks. */
export async function settleAfterwards(
  ctx: Context,
  payments: readonly { returned: ReturnedPayment; said: Said }[],
): Promise<number> {
  if (payments.length === 0) return 0;
  const settled = payments.map(({ returned, said }) => ({
    returned,
    said,
    afterwards: afterwardsOf(ctx, returned, said),
    new_payment: newId('pay'),
  }));
  await save(ctx, settled);
  return settled.filter(({ afterwards }) => afterwards.representments.length > 0).length;
}

function afterwardsOf(ctx: Context, returned: ReturnedPayment, said: Said): Afterwards {
  const { payment, money, mandate, fee, earlier_rejections, next_collection_on } = returned;
  return decideAfterwards(
    {
      payment: { ...payment, reason_code: said.reason_code },
      owed: stillOwed(returned),
      credit_available: cents(Math.max(0, money.credit)),
      has_fee: fee !== null,
      fee_claim: newId('fee'),
      fee_policy: feePolicyOf(ctx),
      earlier_rejections,
      mandate,
      max_representments: said.max_representments,
      next_collection_on,
    },
    said,
    ctx.today,
  );
}

/** What the payment was for, as far as it is owed and no other payment asks for it, and the fees of its return. */
function stillOwed({ payment, money, refund_claim, fee }: ReturnedPayment): Allocation[] {
  const open = openPayments(money);
  const touched = [
    ...payment.allocations.map(({ claim }) => claim),
    ...(refund_claim ? [refund_claim] : []),
    ...(fee ? [fee.claim] : []),
  ];
  return touched.flatMap((id) => {
    const claim = money.claims.find((one) => one.id === id);
    if (!claim?.sold || claim.status === 'cancelled' || claim.status === 'waived') return [];
    const left = leftAmount(claim, open);
    const most = payment.allocations.find((part) => part.claim === id)?.amount ?? left;
    return left > 0 ? [{ claim: id, amount: cents(Math.min(left, most)) }] : [];
  });
}

async function save(ctx: Context, decided: readonly Settled[]): Promise<void> {
  await insertFees(
    ctx,
    decided.flatMap(({ returned, afterwards: { fee } }) => {
      if (!fee) return [];
      const { customer } = returned.money;
      const { id: payment } = returned.payment;
      return [rejectionFee(ctx, fee, { customer, due_on: ctx.today, follows: firstInstalment(returned), payment })];
    }),
  );
  await post(
    ctx,
    decided.flatMap((one) => postingsOf(ctx, one)),
  );
  await insertPayments(
    ctx,
    decided.flatMap(({ returned, afterwards, new_payment }) =>
      afterwards.representments.map((part) => ({
        ...part,
        id: new_payment,
        customer: returned.money.customer,
        state: 'pending' as const,
        credit: cents(0),
        paid_on: null,
      })),
    ),
  );
  await markDecided(
    ctx,
    decided.map(({ returned, said: { reason_code, needs_person } }) => ({
      payment: returned.payment.id,
      reason_code,
      needs_person,
    })),
  );
  await refreshInstalments(ctx, [
    ...new Set(decided.flatMap(({ returned }) => returned.payment.allocations.map(({ claim }) => claim))),
  ]);
  await refreshAccess(
    ctx,
    decided.map(({ returned }) => returned.money.customer),
  );
  await announce(
    ctx,
    ...decided.map(({ returned, afterwards, new_payment }) => ({
      type: 'payment.decided',
      subjects: [
        returned.payment.id,
        returned.money.customer,
        ...(afterwards.representments.length > 0 ? [new_payment] : []),
      ],
      data: {
        fee: afterwards.fee?.amount ?? 0,
        representments: afterwards.representments.map(({ due_on, amount }) => ({ due_on, amount })),
        not_represented: afterwards.not_represented,
      },
    })),
  );
}

function firstInstalment({ payment, money }: ReturnedPayment): string | null {
  const ids = new Set(payment.allocations.map(({ claim }) => claim));
  return money.claims.find(({ id, kind }) => kind === 'instalment' && ids.has(id))?.id ?? null;
}

function postingsOf(ctx: Context, { returned, afterwards }: Settled): Posting[] {
  const { fee, credit_used } = afterwards;
  if (!fee) return [];
  const { customer } = returned.money;
  const sale = { claim: fee.claim, customer, kind: 'fee' as const, amount: fee.amount, due_on: ctx.today };
  const postings = sold({ ...sale, tax_rate_bps: fee.tax_rate_bps }, ctx.today);
  if (credit_used.length > 0)
    postings.push(
      ...creditUsed({
        id: `afterwards:${returned.payment.id}:${returned.payment.rejections}`,
        customer,
        on: ctx.today,
        allocations: credit_used,
      }),
    );
  return postings;
}
