/** Moves a test organization's own clock to the next day and does that day's daily work. */
import type { Context } from '../context.ts';
import type { Day } from '../domain/day.ts';
import { openDay } from './open-day.ts';

export async function beginTestDay(ctx: Context, on: Day): Promise<void> {
  await ctx.trx.raw('update organization set test_today = ? where id = ?', [on, ctx.organization.id]);
  await openDay({ ...ctx, organization: { ...ctx.organization, test_today: on }, today: on }, on);
}
