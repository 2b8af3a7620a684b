/** Publications and the calendars of their issues. */
import type { ReadContext } from '../context.ts';
import type { Issue } from '../domain/issues/calendar.ts';
import { query, queryOne, type Trx } from './database.ts';

export interface Publication {
  id: string;
  name: string;
  version: number;
  /** By number. */
  issues: Issue[];
}

/**
 * Null for an id that is unknown or another organization's.
 * @param locking `read` keeps the calendar as it is until the transaction ends; `write` keeps others from reading it so.
 */
export async function loadPublication(
  ctx: ReadContext,
  id: string,
  locking: 'none' | 'read' | 'write' = 'none',
): Promise<Publication | null> {
  const lock = { none: '', read: ' for share', write: ' for update' }[locking];
  const row = await queryOne<Omit<Publication, 'issues'>>(
    ctx.reader,
    `select id, name, version from publication where id = ? and organization_id = ?${lock}`,
    [id, ctx.organization.id],
    `load-publication-${locking}`,
  );
  if (!row) return null;
  const issues = await query<Issue>(
    ctx.reader,
    'select number, published_on from publication_issue where publication_id = ? order by number',
    [id],
    'load-calendar',
  );
  return { ...row, issues };
}

/** Writes down the issues that are new or have another day. */
export async function saveIssues(trx: Trx, organizationId: string, publication: string, issues: readonly Issue[]) {
  // Two issues may trade days, so the old days are taken away before the new ones are put down.
  const given = JSON.stringify(issues);
  await trx.raw(
    `delete from publication_issue
     where publication_id = ? and number in (select number from jsonb_to_recordset(?::jsonb) as row (number int))`,
    [publication, given],
  );
  await trx.raw(
    `insert into publication_issue (publication_id, number, organization_id, published_on)
     select ?, number, ?, published_on from jsonb_to_recordset(?::jsonb) as row (number int, published_on date)`,
    [publication, organizationId, given],
  );
  await trx.raw('update publication set version = version + 1 where id = ?', [publication]);
}
