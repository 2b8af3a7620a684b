/**
 * Opens one civil day of an organization: runs each kind of daily work of that day once, in order.
 *
 * Always true: days open in order and none is left out, so after an outage each missed day is made up for with
 * that day as today; a kind that has its row in `daily_run` is not run again for that day. The customers
 * of all its work are locked at once, in the order that everybody takes them in: one kind's after another's is no order.
 */
import type { Context } from '../context.ts';
import type { Day } from '../domain/day.ts';
import { lockCustomersIn } from '../store/customer-money.ts';
import { query } from '../store/database.ts';
import { dailyWork } from './daily-work.ts';

export async function openDay(given: Context, on: Day): Promise<{ on: Day; ran: string[] }> {
  const ctx: Context = { ...given, today: on };
  await ctx.trx.raw('select 1 from organization where id = ? for no key update', [ctx.organization.id]);
  const done = new Set(
    (
      await query<{ kind: string }>(ctx.trx, 'select kind from daily_run where organization_id = ? and on_day = ?', [
        ctx.organization.id,
        on,
      ])
    ).map((row) => row.kind),
  );
  const waiting = dailyWork.filter(({ kind }) => !done.has(kind));
  await lockCustomersIn(ctx, ...waiting.flatMap(({ customers }) => customers?.(ctx) ?? []));
  const ran: string[] = [];
  for (const work of waiting) {
    const result = await work.run(ctx);
    await ctx.trx.raw(
      'insert into daily_run (organization_id, on_day, kind, result, recorded_at) values (?, ?, ?, ?, ?)',
      [ctx.organization.id, on, work.kind, JSON.stringify(result), ctx.now],
    );
    ran.push(work.kind);
  }
  await ctx.trx.raw('update organization set opened_on = ? where id = ? and (opened_on is null or opened_on < ?)', [
    on,
    ctx.organization.id,
    on,
  ]);
  return { on, ran };
}
