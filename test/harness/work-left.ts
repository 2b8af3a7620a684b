/** How much work is left: jobs that have not ended, and customers for whose review the tick will find that a job is missing. */
import { type Database, queryOne } from '../../src/store/database.ts';

export async function workLeft(database: Database): Promise<number> {
  const row = await queryOne<{ jobs: number; reviews: number }>(
    database,
    `select (select count(*) from job where state in ('queued', 'running')) as jobs,
            (select count(*) from customer join organization on organization.id = customer.organization_id
             where access_review_on <= opened_on) as reviews`,
  );
  return Number(row?.jobs) + Number(row?.reviews);
}
