/**
 * The recurring tick: finds live organizations whose civil day has begun and enqueues the opening of the next
 * day that is not open yet. Midnight is each organization's own, decided in SQL from its timezone, so neither
 * daylight saving nor the server's timezone can skip or repeat a day.
 *
 * Always true: a day is opened by one job. One that failed stands there with its reason, and is tried again from time
 * to time as the same job, because no later day can open before it.
 */

import { writeContext } from '../context.ts';
import type { Day } from '../domain/day.ts';
import { enqueue } from '../jobs/enqueue.ts';
import { query, type Trx } from '../store/database.ts';
import { queueAgain } from '../store/jobs.ts';
import { type OrganizationRow, organizationFrom, organizationJson } from '../store/organizations.ts';

const AT_MOST = 500;
const FAILED_STANDS_FOR_MINUTES = 10;

/** @returns how many openings were enqueued. */
export async function openDueDays(trx: Trx, now: Date): Promise<number> {
  const due = await query<{ organization: OrganizationRow; on_day: Day; failed_job: string | null }>(
    trx,
    `select ${organizationJson} as organization, next.on_day, failed.id as failed_job
     from organization
     cross join lateral (select coalesce(opened_on + 1, (created_at at time zone timezone)::date) as on_day) next
     left join lateral (
       select id, finished_at from job
       where job.organization_id = organization.id and state = 'failed'
         and name = 'open-day' and payload ->> 'on' = next.on_day::text
       order by id desc limit 1) failed on true
     where test_today is null
       and next.on_day <= (?::timestamptz at time zone timezone)::date
       and not exists (select 1 from job where job.organization_id = organization.id
                       and job.unique_key = 'open-day' and job.state in ('queued', 'running'))
       and (failed.id is null or failed.finished_at < clock_timestamp() - interval '${FAILED_STANDS_FOR_MINUTES} minutes')
     order by organization.id
     limit ?`,
    [now, AT_MOST],
  );
  for (const { organization, on_day, failed_job } of due) {
    const ctx = writeContext(trx, organizationFrom(organization), 'calendar', now);
    if (failed_job === null) await enqueue(ctx, 'open-day', { on: on_day }, { unique_key: 'open-day' });
    else await queueAgain(trx, failed_job);
  }
  return due.length;
}
