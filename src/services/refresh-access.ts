/**
 * Evaluates anew whether customers may enter, at once after what concerns them changed, and over midnight for those
 * whose answer may change by the passing of time.
 *
 * Always true: every change of the answer is told as an event, with the reason.
 */
import type { Context } from '../context.ts';
import { access } from '../domain/access.ts';
import { enqueue } from '../jobs/enqueue.ts';
import { accessFactsOf, accessRules, reviewDay, saveAccess } from '../store/access.ts';
import { lockForReview, reviewInOneStatement } from '../store/access-sql.ts';
import { announce } from './announce.ts';

/** @returns how many answers changed */
export async function refreshAccess(ctx: Context, customerIds: readonly string[]): Promise<number> {
  if (customerIds.length === 0) return 0;
  const rules = accessRules(ctx);
  const facts = await accessFactsOf(ctx, [...new Set(customerIds)].sort());
  const changes = await saveAccess(
    ctx,
    facts.map((one) => ({
      customer: one.customer,
      access: access(one, rules, ctx.today),
      review_on: reviewDay(ctx, one, ctx.today),
    })),
  );
  await announce(
    ctx,
    ...changes.map(({ customer, before, after }) => ({
      type: 'access.changed',
      subjects: [customer],
      data: { before: before.state, before_reason: before.reason, after: after.state, reason: after.reason },
    })),
  );
  return changes.length;
}

/** As `refreshAccess`, for thousands of customers at once. @returns how many answers changed */
export async function refreshAccessOfMany(ctx: Context, customerIds: readonly string[]): Promise<number> {
  if (customerIds.length === 0) return 0;
  return reviewInOneStatement(ctx, await lockForReview(ctx, customerIds));
}

/** The daily work: everybody whose answer may be another today. */
export async function reviewAccess(ctx: Context): Promise<{ reviewed: number; changed: number }> {
  const locked = await lockForReview(ctx, 'due');
  return { reviewed: locked.count, changed: locked.count === 0 ? 0 : await reviewInOneStatement(ctx, locked) };
}

/** Everybody's answer is asked for anew: doors compute it at once, and a job keeps it. */
export async function reviewEverybody(ctx: Context): Promise<void> {
  await ctx.trx.raw('update customer set access_review_on = ? where organization_id = ?', [
    ctx.today,
    ctx.organization.id,
  ]);
  await enqueue(ctx, 'review-access', {}, { unique_key: 'review-access' });
}
