/** Writes a line of the append-only trail, in the transaction of what it tells. */
import type { Context } from '../context.ts';
import { maskAccountNumbers } from '../domain/iban.ts';
import { newId } from '../ids.ts';

export interface Announcement {
  /** Given where rows of the same transaction name the event. */
  id?: string;
  /** `object.happening`, such as `suspension.added`. */
  type: string;
  /** Ids of what it is about. */
  subjects: string[];
  data: Record<string, unknown>;
  /** The job that did it, where several jobs are told of together. */
  job_id?: string;
}

export async function announce(ctx: Context, ...announcements: Announcement[]): Promise<void> {
  if (announcements.length === 0) return;
  const rows = announcements.map((announcement) => ({
    id: newId('evt'),
    job_id: ctx.job?.id ?? null,
    ...announcement,
  }));
  await ctx.trx
    .raw(
      `insert into event (id, organization_id, type, subjects, data, actor, job_id, on_day, recorded_at)
       select row.id, ?, row.type, row.subjects, row.data, ?, row.job_id, ?, ?
       from jsonb_to_recordset(?::jsonb) as row (id text, type text, subjects text[], data jsonb, job_id text)`,
      [ctx.organization.id, ctx.actor, ctx.today, ctx.now, maskAccountNumbers(JSON.stringify(rows))],
    )
    .options({ name: 'announce' });
}
