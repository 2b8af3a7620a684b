/**
 * Evaluates anew whether customers may enter, at once after what concerns them changed, and over midnight for those
 * whose answer may change by the passing of time.
 *
 * Always true:
 * - every change of the answer is told as an event, with the reason;
 * - the answer is that of the settings as they are once the customers' rows are locked, not as they were when the
 *   request came in: whoever changes them marks every customer, and a later answer by the old ones would stay.
 */
import type { Context } from '../context.ts';
import { access } from '../domain/access.ts';
import { enqueue } from '../jobs/enqueue.ts';
import { accessFactsOf, accessRules, reviewDay, saveAccess } from '../store/access.ts';
import { lockForReview, reviewInOneStatement } from '../store/access-sql.ts';
import { findOrganization } from '../store/organizations.ts';
import { announce } from './announce.ts';

/** With the settings of now. The customers' rows are locked by then. */
export async function bySettingsOfNow(ctx: Context): Promise<Context> {
  const organization = await findOrganization(ctx.trx, ctx.organization.id);
  return organization ? { ...ctx, organization } : ctx;
}

/** The customers' rows are locked by the caller, who changed what concerns them. @returns how many answers changed */
export async function refreshAccess(ctx: Context, customerIds: readonly string[]): Promise<number> {
  if (customerIds.length === 0) return 0;
  return refreshAccessBy(await bySettingsOfNow(ctx), customerIds);
}

/** As `refreshAccess`, by settings that were read once the customers' rows were locked. */
export async function refreshAccessBy(ctx: Context, customerIds: readonly string[]): Promise<number> {
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
  const locked = await lockForReview(ctx, customerIds);
  return reviewInOneStatement(await bySettingsOfNow(ctx), locked);
}

/** The daily work: everybody whose answer may be another today. */
export async function reviewAccess(ctx: Context): Promise<{ reviewed: number; changed: number }> {
  const locked = await lockForReview(ctx, 'due');
  if (locked.count === 0) return { reviewed: 0, changed: 0 };
  return { reviewed: locked.count, changed: await reviewInOneStatement(await bySettingsOfNow(ctx), locked) };
}

/**
 * Everybody's answer is asked for anew: doors compute it at once, and a job keeps it. The rows are locked in the order
 * that everybody takes them in, or a clerk with two customers would stand in the way for ever.
 */
export async function reviewEverybody(ctx: Context): Promise<void> {
  await ctx.trx.raw(
    `with everybody as materialized (select id from customer where organization_id = ? order by id for no key update)
     update customer set access_review_on = ? from everybody where customer.id = everybody.id`,
    [ctx.organization.id, ctx.today],
  );
  await enqueue(ctx, 'review-access', {}, { unique_key: 'review-access' });
}
