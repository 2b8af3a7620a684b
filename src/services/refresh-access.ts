/**
 * Evaluates anew whether customers may enter, at once after what concerns them changed, and over midnight for those
 * whose answer may change by the passing of time.
 *
 * Always true: every change of the answer is told as an event, with the reason.
 */
import type { Context } from '../context.ts';
import { access } from '../domain/access.ts';
import { accessFactsOf, accessRules, reviewDay, saveAccess } from '../store/access.ts';
import { query } from '../store/database.ts';
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

const CUSTOMERS_AT_ONCE = 1000;

/** The daily work: everybody whose answer may be another today. */
export async function reviewAccess(ctx: Context): Promise<{ reviewed: number; changed: number }> {
  let reviewed = 0;
  let changed = 0;
  for (;;) {
    const due = await query<{ id: string }>(
      ctx.trx,
      `select id from customer where organization_id = ? and access_review_on <= ? order by id limit ?`,
      [ctx.organization.id, ctx.today, CUSTOMERS_AT_ONCE],
    );
    if (due.length === 0) return { reviewed, changed };
    changed += await refreshAccess(
      ctx,
      due.map(({ id }) => id),
    );
    reviewed += due.length;
  }
}
