/** Writes a line of the append-only trail, in the transaction of what it tells. */
import type { Context } from '../context.ts';
import { newId } from '../ids.ts';

export interface Announcement {
  /** `object.happening`, such as `suspension.added`. */
  type: string;
  /** Ids of what it is about. */
  subjects: string[];
  data: Record<string, unknown>;
}

export async function announce(ctx: Context, ...announcements: Announcement[]): Promise<void> {
  if (announcements.length === 0) return;
  const rows = announcements.map((announcement) => ({ id: newId('evt'), ...announcement }));
  await ctx.trx
    .raw(
      `insert into event (id, organization_id, type, subjects, data, actor, job_id, on_day, recorded_at)
       select row.id, ?, row.type, row.subjects, row.data, ?, ?, ?, ?
       from jsonb_to_recordset(?::jsonb) as row (id text, type text, subjects text[], data jsonb)`,
      [ctx.organization.id, ctx.actor, ctx.job?.id ?? null, ctx.today, ctx.now, JSON.stringify(rows)],
    )
    .options({ name: 'announce' });
}
