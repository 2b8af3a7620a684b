/** How many other jobs of the organization could be worked on right now. */
import type { ReadContext } from '../context.ts';
import { queryOne } from '../store/database.ts';

export async function openJobsDueNow(ctx: ReadContext, butNot: string): Promise<number> {
  const row = await queryOne<{ open: number }>(
    ctx.reader,
    `select count(*) as open from job
     where organization_id = ? and id <> ?
       and (state = 'running' or (state = 'queued' and due_at <= clock_timestamp() + interval '1 second'))
       and name <> 'advance-test-clock'`,
    [ctx.organization.id, butNot],
    'open-jobs',
  );
  return row?.open ?? 0;
}
