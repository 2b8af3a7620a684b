/**
 * Books payments that came back. The one road for what a desk enters, what a bank's file tells and what a waiting time
 * presumes; many at once, because a bank's file holds thousands.
 *
 * Always true: all that belongs to one payment is written in one transaction, under the lock of its customer; of two
 * payments of one customer the second is decided on what the first has left.
 */
import type { Context } from '../context.ts';
import type { Day } from '../domain/day.ts';
import { type MandateEvent, mandateLifecycle, type SuspendedFor } from '../domain/mandates.ts';
import { cents } from '../domain/money.ts';
import { reasonOf } from '../domain/return-reasons.ts';
import { insertFees } from '../store/fees.ts';
import { post } from '../store/ledger.ts';
import { moveMandate } from '../store/mandates.ts';
import { insertPayments, markReopened, refreshInstalments, shrinkPayments, updateReturned } from '../store/payments.ts';
import { type Announcement, announce } from './announce.ts';
import type { ReturnPlan } from './plan-return.ts';
import { refreshAccess } from './refresh-access.ts';

/** A plan with the ids of what it makes. */
export interface PlannedReturn extends ReturnPlan {
  /** As many as the decision has representments. */
  new_payments: readonly string[];
}

export async function applyReturns(ctx: Context, plans: readonly PlannedReturn[]): Promise<void> {
  await insertFees(
    ctx,
    plans.flatMap((plan) => newFee(ctx, plan)),
  );
  await post(
    ctx,
    plans.flatMap((plan) => plan.postings),
  );
  for (const plan of plans) if (plan.restoration) await shrinkPayments(ctx, plan.restoration.asked);
  await insertPayments(
    ctx,
    plans.flatMap((plan) => newPayments(plan)),
  );
  await updateReturned(
    ctx,
    plans.map((plan) => ({
      id: plan.returned.payment.id,
      state: plan.state,
      rejections: plan.rejections,
      rejected_on: plan.rejection?.received_on ?? (plan.state === 'settled' ? null : plan.returned.payment.rejected_on),
      reason_code: plan.rejection?.reason_code ?? (plan.state === 'settled' ? null : plan.returned.payment.reason_code),
      needs_person: needsPerson(plan),
      line: plan.returned.presentation?.line ?? null,
      line_state: plan.line,
    })),
  );
  await markClaims(ctx, plans);
  for (const plan of plans) await moveMandateOf(ctx, plan);
  await stopReminders(ctx, plans);
  const claims = [...new Set(plans.flatMap((plan) => plan.claims))].sort();
  await refreshInstalments(ctx, claims);
  await refreshAccess(
    ctx,
    plans.map((plan) => plan.returned.money.customer),
  );
  await announce(ctx, ...plans.flatMap(announcementsOf));
}

function needsPerson(plan: ReturnPlan): boolean {
  return plan.rejection?.needs_person === true || plan.restoration?.needs_person === true || plan.doubts.length > 0;
}

function newFee(ctx: Context, { returned, rejection }: ReturnPlan) {
  if (!rejection || rejection.fee.amount === 0) return [];
  const { fee } = rejection;
  const instalment = returned.money.claims.find((claim) => claim.id === fee.follows && claim.kind === 'instalment');
  const before = returned.money.claims.find((claim) => claim.id === fee.follows);
  return [
    {
      id: fee.claim,
      customer: returned.money.customer,
      kind: 'rejection' as const,
      article: fee.article,
      label:
        fee.label ?? { fr: 'Frais de rejet', en: 'Rejection fee', de: 'Rückweisungsgebühr' }[ctx.organization.locale],
      amount: fee.amount,
      tax_rate_bps: fee.tax_rate_bps,
      due_on: rejection.received_on,
      follows: instalment?.id ?? before?.follows ?? null,
      payment: rejection.payment,
    },
  ];
}

function newPayments({ returned, rejection, new_payments }: PlannedReturn) {
  return (rejection?.representments ?? []).map((part, at) => ({
    id: new_payments[at] as string,
    customer: returned.money.customer,
    state: 'pending' as const,
    amount: part.amount,
    credit: cents(0),
    method: part.method,
    label: part.label,
    due_on: part.due_on,
    paid_on: null,
    mandate: part.mandate,
    attempt: part.attempt,
    first_attempt: part.first_attempt,
    allocations: part.allocations,
  }));
}

async function markClaims(ctx: Context, plans: readonly ReturnPlan[]): Promise<void> {
  const byDay = new Map<Day | null, string[]>();
  for (const { rejection, restoration } of plans) {
    const back = rejection ? [...rejection.reopened, ...rejection.credit_uses_taken_back] : [];
    if (rejection)
      byDay.set(rejection.received_on, [...(byDay.get(rejection.received_on) ?? []), ...back.map((one) => one.claim)]);
    if (restoration) byDay.set(null, [...(byDay.get(null) ?? []), ...restoration.closed.map((one) => one.claim)]);
  }
  for (const [on, claims] of byDay) await markReopened(ctx, claims, on);
}

const waitsFor: Readonly<Record<string, SuspendedFor>> = {
  NEW_ACCOUNT: 'account',
  NEW_MANDATE: 'signature',
  FIX_MANDATE: 'signature',
};

async function moveMandateOf(ctx: Context, { returned, rejection }: ReturnPlan): Promise<void> {
  const { mandate } = returned;
  if (!rejection || rejection.mandate === 'keep' || !mandate) return;
  const event: MandateEvent = rejection.mandate === 'close' ? 'revoke' : 'suspend';
  const state = mandateLifecycle[mandate.state][event];
  if (state === undefined) return;
  const suspendedFor = state === 'suspended' ? (waitsFor[reasonOf(rejection.reason_code).class] ?? 'person') : null;
  await moveMandate(ctx, mandate.id, { state, suspended_for: suspendedFor });
  await announce(ctx, {
    type: `mandate.${state}`,
    subjects: [mandate.id, returned.money.customer, rejection.payment],
    data: { reason_code: rejection.reason_code },
  });
}

/** Nothing more is collected from, or written to, a customer whose bank told of a death. */
async function stopReminders(ctx: Context, plans: readonly ReturnPlan[]): Promise<void> {
  const customers = plans.filter((plan) => plan.rejection?.stop_reminders).map((plan) => plan.returned.money.customer);
  if (customers.length === 0) return;
  await ctx.trx.raw('update customer set deceased_on = ? where id = any(?::text[]) and deceased_on is null', [
    ctx.today,
    customers,
  ]);
}

function announcementsOf(plan: PlannedReturn): Announcement[] {
  const { returned, rejection, restoration } = plan;
  const subjects = [
    returned.payment.id,
    returned.money.customer,
    ...plan.claims,
    ...plan.new_payments.slice(0, rejection?.representments.length ?? 0),
  ];
  if (rejection)
    return [
      {
        type: 'payment.rejected',
        subjects,
        data: {
          amount: returned.payment.amount,
          received_on: rejection.received_on,
          reason_code: rejection.reason_code,
          fee: rejection.fee.amount,
          fee_why: rejection.fee.why,
          representments: rejection.representments.map(({ due_on, method, amount }) => ({ due_on, method, amount })),
          not_represented: rejection.not_represented,
        },
      },
    ];
  if (restoration)
    return [
      {
        type: 'payment.restored',
        subjects,
        data: {
          amount: returned.payment.amount,
          fee_waived: restoration.fee_waived,
          needs_person: restoration.needs_person,
        },
      },
    ];
  if (plan.state === 'settled' && returned.payment.state === 'collecting')
    return [{ type: 'payment.settled', subjects, data: { amount: returned.payment.amount } }];
  return [];
}
