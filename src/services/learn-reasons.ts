/**
 * A debit came back and nobody said why; a later message gives the reason. Then the policy of the reason does what it would
 * have done at once, so that it does not matter which message is read first. And whoever hears of a death, in whichever
 * message, writes no more.
 *
 * Always true: only what still waits for a person is settled by a reason learned later; a decision made stays.
 */
import type { Context } from '../context.ts';
import { policyFor, type ReasonPolicy } from '../domain/return-reasons.ts';
import type { ReturnedPayment } from '../store/returned-payments.ts';
import { moveMandatesOf, stopReminders } from './apply-returns.ts';
import type { ReturnPlan } from './plan-return.ts';
import { type Said, settleAfterwards } from './settle-afterwards.ts';

export interface Learned {
  returned: ReturnedPayment;
  reason_code: string;
  policy: ReasonPolicy;
}

/** The reason that words about a debit give of a failure that was booked without one; null: nothing new. */
export function learnedFrom(ctx: Pick<Context, 'organization'>, plan: ReturnPlan): Learned | null {
  const { returned, reason_code } = plan;
  const { payment } = returned;
  const waits = payment.state === 'rejected' && payment.needs_person && payment.reason_code === null;
  if (!waits || plan.rejection || plan.doubts.length > 0 || plan.state !== 'rejected' || reason_code === null)
    return null;
  return { returned, reason_code, policy: reasonPolicy(ctx, reason_code) };
}

/** Does any of the reasons told stop every reminder? */
export function tellsOfDeath(ctx: Pick<Context, 'organization'>, reasons: readonly (string | null)[]): boolean {
  return reasons.some((reason) => reason !== null && reasonPolicy(ctx, reason).stop_reminders);
}

export function reasonPolicy(ctx: Pick<Context, 'organization'>, reasonCode: string | null): ReasonPolicy {
  const { reasons } = ctx.organization.settings.rejections;
  return policyFor(reasonCode, reasons as Parameters<typeof policyFor>[1]);
}

/** Needs the customers' locks. */
export async function learnReasons(ctx: Context, learned: readonly Learned[]): Promise<void> {
  if (learned.length === 0) return;
  await moveMandatesOf(
    ctx,
    learned.map(({ returned: { mandate, money, payment }, reason_code, policy }) => ({
      mandate,
      customer: money.customer,
      payment: payment.id,
      reason_code,
      move: policy.mandate,
    })),
  );
  await settleAfterwards(
    ctx,
    learned.map(({ returned, reason_code, policy }) => ({
      returned: afterTheMove(returned, policy),
      said: saidBy(reason_code, policy),
    })),
  );
}

function afterTheMove(returned: ReturnedPayment, { mandate: move }: ReasonPolicy): ReturnedPayment {
  const { mandate } = returned;
  return mandate && move !== 'keep' ? { ...returned, mandate: { ...mandate, usable: false } } : returned;
}

function saidBy(reason_code: string, policy: ReasonPolicy): Said {
  const { needs_person, represent, fee, max_representments } = policy;
  return { reason_code, needs_person, represent: represent && !needs_person, fee, max_representments };
}

/** A death told by a word that books nothing: of a failure that is known already. */
export async function hearOfDeaths(ctx: Context, heard: readonly ReturnedPayment[]): Promise<void> {
  if (heard.length === 0) return;
  await moveMandatesOf(
    ctx,
    heard.map(({ mandate, money, payment }) => ({
      mandate,
      customer: money.customer,
      payment: payment.id,
      reason_code: 'MD07',
      move: 'close' as const,
    })),
  );
  await stopReminders(
    ctx,
    heard.map(({ money }) => money.customer),
  );
}
