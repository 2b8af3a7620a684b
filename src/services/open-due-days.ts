/**
 * The recurring tick: finds live organizations whose civil day has begun and enqueues the opening of the next
 * day that is not open yet. Midnight is each organization's own, decided in SQL from its timezone, so neither
 * daylight saving nor the server's timezone can skip or repeat a day.
 */

import { writeContext } from '../context.ts';
import type { Day } from '../domain/day.ts';
import { enqueue } from '../jobs/enqueue.ts';
import { query, type Trx } from '../store/database.ts';
import { type OrganizationRow, organizationFrom, organizationJson } from '../store/organizations.ts';

const AT_MOST = 500;

export async function openDueDays(trx: Trx, now: Date): Promise<number> {
  const due = await query<{ organization: OrganizationRow; on_day: Day }>(
    trx,
    `select ${organizationJson} as organization,
            coalesce(opened_on + 1, (created_at at time zone timezone)::date) as on_day
     from organization
     where test_today is null
       and coalesce(opened_on + 1, (created_at at time zone timezone)::date) <= (?::timestamptz at time zone timezone)::date
       and not exists (select 1 from job where job.organization_id = organization.id
                       and job.unique_key = 'open-day' and job.state in ('queued', 'running'))
     order by organization.id
     limit ?`,
    [now, AT_MOST],
  );
  for (const { organization, on_day } of due) {
    const ctx = writeContext(trx, organizationFrom(organization), 'calendar', now);
    await enqueue(ctx, 'open-day', { on: on_day }, { unique_key: 'open-day' });
  }
  return due.length;
}
