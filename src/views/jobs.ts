/** Jobs as people see them. */
import { z } from 'zod';
import type { ReadContext } from '../context.ts';
import { sayJobReason } from '../errors/job-reasons.ts';
import type { Language } from '../errors/language.ts';
import { Refusal, type RefusalParams } from '../errors/refusal.ts';
import { query, queryOne } from '../store/database.ts';
import { type Page, pageOf } from './page.ts';

export const jobStates = ['queued', 'running', 'done', 'failed', 'discarded'] as const;

export const jobSchema = z
  .object({
    id: z.string(),
    object: z.literal('job'),
    name: z.string(),
    state: z.enum(jobStates),
    concerns: z.string().nullable(),
    attempts: z.int(),
    reason: z
      .object({ code: z.string(), detail: z.string(), params: z.record(z.string(), z.unknown()) })
      .nullable()
      .meta({ description: 'Why it failed, or why it waits for another attempt.' }),
    result: z.unknown().meta({ description: 'What it made, once done.' }),
    progress: z.object({ done: z.int(), total: z.int().nullable() }).nullable(),
    actor: z.string(),
    queued_at: z.string(),
    due_at: z.string(),
    started_at: z.string().nullable(),
    finished_at: z.string().nullable(),
  })
  .meta({ id: 'Job' });

interface JobRow {
  id: string;
  name: string;
  state: (typeof jobStates)[number];
  concerns: string | null;
  attempts: number;
  reason_code: string | null;
  reason_params: RefusalParams | null;
  result: unknown;
  progress_done: number | null;
  progress_total: number | null;
  actor: string;
  queued_at: Date;
  due_at: Date;
  started_at: Date | null;
  finished_at: Date | null;
}

const columns = `id, name, state, concerns, attempts, reason_code, reason_params, result, progress_done, progress_total,
  actor, queued_at, due_at, started_at, finished_at`;

function show(row: JobRow, language: Language) {
  return {
    id: row.id,
    object: 'job' as const,
    name: row.name,
    state: row.state,
    concerns: row.concerns,
    attempts: row.attempts,
    reason: row.reason_code
      ? {
          code: row.reason_code,
          detail: sayJobReason(row.reason_code, row.reason_params ?? {}, language),
          params: row.reason_params ?? {},
        }
      : null,
    result: row.result ?? null,
    progress: row.progress_done === null ? null : { done: row.progress_done, total: row.progress_total },
    actor: row.actor,
    queued_at: row.queued_at.toISOString(),
    due_at: row.due_at.toISOString(),
    started_at: row.started_at?.toISOString() ?? null,
    finished_at: row.finished_at?.toISOString() ?? null,
  };
}

export type JobView = ReturnType<typeof show>;

export async function findJob(ctx: ReadContext, id: string, language: Language): Promise<JobView> {
  const row = await queryOne<JobRow>(
    ctx.reader,
    `select ${columns} from job where id = ? and organization_id = ?`,
    [id, ctx.organization.id],
    'find-job',
  );
  if (!row) throw new Refusal('not_found');
  return show(row, language);
}

export interface JobFilter {
  state?: (typeof jobStates)[number] | undefined;
  name?: string | undefined;
  concerns?: string | undefined;
  reason?: string | undefined;
}

/** The WHERE of a filter, shared by the list and by "retry many". */
export function jobWhere(organizationId: string, filter: JobFilter): { sql: string; bindings: string[] } {
  const parts = ['organization_id = ?'];
  const bindings = [organizationId];
  for (const [column, value] of [
    ['state', filter.state],
    ['name', filter.name],
    ['concerns', filter.concerns],
    ['reason_code', filter.reason],
  ] as const) {
    if (value === undefined) continue;
    parts.push(`${column} = ?`);
    bindings.push(value);
  }
  return { sql: parts.join(' and '), bindings };
}

export async function listJobs(
  ctx: ReadContext,
  filter: JobFilter & { limit: number; cursor?: string | undefined },
  language: Language,
): Promise<Page<JobView>> {
  const where = jobWhere(ctx.organization.id, filter);
  const rows = await query<JobRow>(
    ctx.reader,
    `select ${columns} from job where ${where.sql} and (?::text is null or id < ?) order by id desc limit ?`,
    [...where.bindings, filter.cursor ?? null, filter.cursor ?? null, filter.limit + 1],
  );
  return pageOf(rows, filter.limit, (row) => show(row, language));
}
