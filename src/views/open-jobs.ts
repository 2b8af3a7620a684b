/**
 * How many jobs of the organization could be worked on right now, of those that were asked for by an instant: what
 * clients ask for meanwhile is not among them, what those jobs ask for in turn is.
 */
import type { ReadContext } from '../context.ts';
import { queryOne, type Reader } from '../store/database.ts';

/** @param until an instant as the database writes it */
export async function openJobsAskedBy(ctx: ReadContext, until: string, butNot: string): Promise<number> {
  const row = await queryOne<{ open: number }>(
    ctx.reader,
    `select count(*) as open from job
     where organization_id = ? and id <> ?
       and (state = 'running' or (state = 'queued' and due_at <= clock_timestamp() + interval '1 second'))
       and coalesce(asked_at, queued_at) <= ?::timestamptz
       and name <> 'advance-test-clock'`,
    [ctx.organization.id, butNot, until],
    'open-jobs',
  );
  return row?.open ?? 0;
}

/** The database's instant, to the microsecond. */
export async function instantNow(reader: Reader): Promise<string> {
  const row = await queryOne<{ now: string }>(reader, 'select clock_timestamp()::text as now');
  return row?.now ?? 'infinity';
}
