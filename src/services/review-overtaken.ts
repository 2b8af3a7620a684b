/**
 * A write of the evening may be under way while the next day is opened: the night does not see its customer yet, and the
 * write does not know of the new day. What it leaves, somebody whose day of review has passed, the tick finds.
 *
 * Always true: who waits for a review has a job that does it, at most one tick later.
 */
import { writeContext } from '../context.ts';
import { enqueue } from '../jobs/enqueue.ts';
import { query, type Trx } from '../store/database.ts';
import { type OrganizationRow, organizationFrom, organizationJson } from '../store/organizations.ts';

const AT_MOST = 500;

/** @returns how many reviews were enqueued. */
export async function reviewOvertaken(trx: Trx, now: Date): Promise<number> {
  const waiting = await query<{ organization: OrganizationRow }>(
    trx,
    `select ${organizationJson} as organization from organization
     where exists (select from customer where customer.organization_id = organization.id
                   and customer.access_review_on <= organization.opened_on)
       and not exists (select from job where job.organization_id = organization.id
                       and job.unique_key = 'review-access' and job.state in ('queued', 'running'))
     order by organization.id
     limit ?`,
    [AT_MOST],
  );
  for (const { organization } of waiting)
    await enqueue(
      writeContext(trx, organizationFrom(organization), 'calendar', now),
      'review-access',
      {},
      { unique_key: 'review-access' },
    );
  return waiting.length;
}
