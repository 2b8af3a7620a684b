/**
 * Moves a test organization's own clock to its next day and does that day's daily work.
 *
 * Always true: the clock never goes back, however many move it at once; each day is opened once.
 */
import type { Context } from '../context.ts';
import { addDays, type Day } from '../domain/day.ts';
import { Refusal } from '../errors/refusal.ts';
import { lockOrganization } from '../store/organizations.ts';
import { openDay } from './open-day.ts';

/** @returns the day that began; null where the clock shows `to` or a later day. */
export async function beginTestDay(ctx: Context, to: Day): Promise<Day | null> {
  // Read under the lock: another who moves the same clock may have come further since.
  const organization = await lockOrganization(ctx.trx, ctx.organization.id);
  if (organization.test_today === null) throw new Refusal('test_mode_only');
  if (organization.test_today >= to) return null;
  const today = addDays(organization.test_today, 1);
  await ctx.trx.raw('update organization set test_today = ? where id = ?', [today, organization.id]);
  await openDay({ ...ctx, organization: { ...organization, test_today: today }, today }, today);
  return today;
}
