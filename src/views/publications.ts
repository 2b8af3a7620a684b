/** Publications and their issues. */
import { z } from 'zod';
import type { ReadContext } from '../context.ts';
import type { Day } from '../domain/day.ts';
import { Refusal } from '../errors/refusal.ts';
import { dayField } from '../schemas/fields.ts';
import { issueNumberField } from '../schemas/issues.ts';
import { query, queryOne } from '../store/database.ts';
import { type Page, pageOf } from './page.ts';

export const publicationSchema = z
  .object({
    id: z.string(),
    object: z.literal('publication'),
    name: z.string(),
    last_published: issueNumberField.nullable().meta({ description: 'The last issue that is out.' }),
    next_issue: issueNumberField.nullable().meta({ description: 'The next one that is planned.' }),
    next_on: dayField.nullable(),
    last_planned: issueNumberField.nullable(),
    version: z.int(),
    created_at: z.string(),
  })
  .meta({ id: 'Publication' });

export const issueSchema = z
  .object({
    object: z.literal('issue'),
    publication: z.string(),
    number: issueNumberField,
    published_on: dayField,
    published: z.boolean(),
  })
  .meta({ id: 'Issue' });

interface PublicationRow {
  id: string;
  name: string;
  last_published: number | null;
  next_issue: number | null;
  next_on: Day | null;
  last_planned: number | null;
  version: number;
  created_at: Date;
}

const select = `
  select publication.id, publication.name, publication.version, publication.created_at, issues.*
  from publication cross join lateral (
    select max(number) filter (where published_on <= ?) as last_published, max(number) as last_planned,
      min(number) filter (where published_on > ?) as next_issue, min(published_on) filter (where published_on > ?) as next_on
    from publication_issue where publication_id = publication.id) issues
  where publication.organization_id = ?`;

const show = (row: PublicationRow) => ({
  ...row,
  object: 'publication' as const,
  created_at: row.created_at.toISOString(),
});

function bindings({ today, organization }: ReadContext) {
  return [today, today, today, organization.id];
}

/** @throws Refusal `not_found`. */
export async function findPublication(ctx: ReadContext, id: string) {
  const row = await queryOne<PublicationRow>(ctx.reader, `${select} and publication.id = ?`, [...bindings(ctx), id]);
  if (!row) throw new Refusal('not_found');
  return show(row);
}

export async function listPublications(
  ctx: ReadContext,
  { limit, cursor = null }: { limit: number; cursor?: string | undefined | null },
): Promise<Page<ReturnType<typeof show>>> {
  const rows = await query<PublicationRow>(
    ctx.reader,
    `${select} and (?::text is null or publication.id < ?) order by publication.id desc limit ?`,
    [...bindings(ctx), cursor, cursor, limit + 1],
  );
  return pageOf(rows, limit, show);
}

export function showIssue(ctx: ReadContext, publication: string, issue: { number: number; published_on: Day }) {
  return { object: 'issue' as const, publication, ...issue, published: issue.published_on <= ctx.today };
}

/** By number, from one on. */
export async function listIssues(ctx: ReadContext, publication: string, from: number, limit: number) {
  await findPublication(ctx, publication);
  const rows = await query<{ number: number; published_on: Day }>(
    ctx.reader,
    `select number, published_on from publication_issue where publication_id = ? and number >= ?
     order by number limit ?`,
    [publication, from, limit + 1],
  );
  const next = rows[limit]?.number ?? null;
  return {
    object: 'list' as const,
    data: rows.slice(0, limit).map((issue) => showIssue(ctx, publication, issue)),
    has_more: next !== null,
    next_number: next,
  };
}
