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
import { type ReasonPolicy, reasonOf } from '../domain/return-reasons.ts';
import type { CustomerMoney } from '../store/customer-money.ts';
import { insertFees, raiseFees } from '../store/fees.ts';
import { post } from '../store/ledger.ts';
import { moveMandates, noteTaken } from '../store/mandates.ts';
import {
  insertPayments,
  keepAsCredit,
  markReopened,
  refreshInstalments,
  shrinkPayments,
  updatePayment,
  updateReturned,
} from '../store/payments.ts';
import type { ReturnedPayment } from '../store/returned-payments.ts';
import { type Announcement, announce } from './announce.ts';
import { creditInvoicedFee } from './credit-invoiced-fee.ts';
import { afterRestoration, type ReturnPlan } from './plan-return.ts';
import { refreshAccess } from './refresh-access.ts';
import { rejectionFee } from './rejection-fee.ts';

/** A plan with the ids of what it makes. */
export interface PlannedReturn extends ReturnPlan {
  /** As many as the decision has representments. */
  new_payments: readonly string[];
}

export async function applyReturns(ctx: Context, plans: readonly PlannedReturn[]): Promise<void> {
  await insertFees(
    ctx,
    plans.flatMap((plan) => [...newFee(ctx, plan), ...newRefundClaim(ctx, plan)]),
  );
  await raiseFees(
    ctx,
    plans.flatMap(({ returned, rejection }) =>
      rejection?.given_back && returned.refund_claim
        ? [{ id: returned.refund_claim, amount: rejection.given_back.amount }]
        : [],
    ),
  );
  await post(
    ctx,
    plans.flatMap((plan) => plan.postings),
  );
  for (const { returned, restoration, freed } of plans) {
    if (!restoration) continue;
    await shrinkPayments(ctx, restoration.asked);
    await keepAsCredit(ctx, returned.money.payments, freed);
    if (restoration.to_credit.length === 0) continue;
    const { id, credit, allocations } = afterRestoration(returned, restoration, freed).payment;
    await updatePayment(ctx, id, { credit }, allocations);
  }
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
  await moveMandatesOf(ctx, mandatesToMove(plans));
  await noteTaken(
    ctx,
    plans.flatMap(({ line, returned }) =>
      line === 'settled' && returned.presentation ? [returned.presentation.line] : [],
    ),
  );
  await stopReminders(
    ctx,
    plans.filter((plan) => plan.rejection?.stop_reminders).map((plan) => plan.returned.money.customer),
  );
  const claims = [...new Set(plans.flatMap((plan) => plan.claims))].sort();
  await refreshInstalments(ctx, claims);
  await refreshAccess(
    ctx,
    plans.map((plan) => plan.returned.money.customer),
  );
  await announce(ctx, ...plans.flatMap(announcementsOf));
  for (const plan of plans) await creditInvoicedFee(ctx, plan);
}

function needsPerson({ returned, rejection, restoration, doubts, state }: ReturnPlan): boolean {
  if (doubts.length > 0) return true;
  const decided = rejection ?? restoration;
  return decided ? decided.needs_person : returned.payment.needs_person && state === 'rejected';
}

function newFee(ctx: Context, { returned, rejection }: ReturnPlan) {
  if (!rejection || rejection.fee.amount === 0) return [];
  const { fee, payment, received_on: due_on } = rejection;
  const { money } = returned;
  return [rejectionFee(ctx, fee, { customer: money.customer, due_on, follows: followed(money, fee.follows), payment })];
}

/** The instalment that something sold because of a claim is paid with: that claim, or the one that a fee follows itself. */
function followed({ claims }: CustomerMoney, claim: string | null): string | null {
  const before = claims.find(({ id }) => id === claim);
  return before?.kind === 'instalment' ? before.id : (before?.follows ?? null);
}

/** What was given back of a payment that then came back whole, as a claim. */
function newRefundClaim(ctx: Context, { returned, rejection }: ReturnPlan) {
  if (!rejection?.given_back || returned.refund_claim !== null) return [];
  return [
    {
      id: rejection.given_back.claim,
      customer: returned.money.customer,
      kind: 'refund' as const,
      article: null,
      label: { fr: 'Remboursement repris', en: 'Refund owed again', de: 'Erstattung zurückgefordert' }[
        ctx.organization.locale
      ],
      amount: rejection.given_back.amount,
      tax_rate_bps: 0,
      due_on: rejection.received_on,
      follows: followed(returned.money, rejection.fee.follows),
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
  // What is closed goes first: where one word takes a return back and shows the next, that one holds.
  const byDay = new Map<Day | null, string[]>([[null, []]]);
  for (const { rejection, restoration } of plans) {
    const again = rejection?.given_back ? [rejection.given_back] : [];
    const back = rejection ? [...rejection.reopened, ...again, ...rejection.credit_uses_taken_back] : [];
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

export interface MandateToMove {
  mandate: ReturnedPayment['mandate'];
  customer: string;
  payment: string;
  reason_code: string | null;
  move: ReasonPolicy['mandate'];
}

function mandatesToMove(plans: readonly ReturnPlan[]): MandateToMove[] {
  return plans.flatMap(({ returned, rejection }) => {
    if (!rejection) return [];
    const { payment, reason_code, mandate: move } = rejection;
    return [{ mandate: returned.mandate, customer: returned.money.customer, payment, reason_code, move }];
  });
}

/** Closes or suspends mandates as the policies of the reasons say. */
export async function moveMandatesOf(ctx: Context, toMove: readonly MandateToMove[]): Promise<void> {
  const moves = toMove.flatMap(({ mandate, customer, payment, reason_code, move }) => {
    if (move === 'keep' || !mandate) return [];
    const event: MandateEvent = move === 'close' ? 'revoke' : 'suspend';
    const state = mandateLifecycle[mandate.state][event];
    if (state === undefined) return [];
    const suspended_for = state === 'suspended' ? (waitsFor[reasonOf(reason_code).class] ?? 'person') : null;
    return [{ id: mandate.id, state, suspended_for, subjects: [mandate.id, customer, payment], reason_code }];
  });
  await moveMandates(ctx, moves);
  await announce(
    ctx,
    ...moves.map(({ state, subjects, reason_code }) => ({ type: `mandate.${state}`, subjects, data: { reason_code } })),
  );
}

/**
 * Nothing more is collected from, or written to, customers whose bank told of a death. Of whom was forgotten it is not
 * noted either.
 */
export async function stopReminders(ctx: Context, customers: readonly string[]): Promise<void> {
  if (customers.length === 0) return;
  await ctx.trx.raw(
    'update customer set deceased_on = ? where id = any(?::text[]) and deceased_on is null and erased_at is null',
    [ctx.today, [...customers]],
  );
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
          fee_credited: restoration.fee_credited,
          needs_person: restoration.needs_person,
        },
      },
    ];
  if (plan.state === 'settled' && returned.payment.state === 'collecting')
    return [{ type: 'payment.settled', subjects, data: { amount: returned.payment.amount } }];
  return [];
}
