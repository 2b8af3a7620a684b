/**
 * What an operator does with jobs: retry what failed, one or many, and discard what is not to be done.
 * Each act leaves a trace of who did it and why.
 */
import type { Context } from '../context.ts';
import { Refusal } from '../errors/refusal.ts';
import { query, queryOne, violatedConstraint } from '../store/database.ts';
import { type JobFilter, jobWhere } from '../views/jobs.ts';
import { announce } from './announce.ts';

async function lockJob(ctx: Context, id: string): Promise<{ state: string; name: string }> {
  const job = await queryOne<{ state: string; name: string }>(
    ctx.trx,
    'select state, name from job where id = ? and organization_id = ? for update',
    [id, ctx.organization.id],
  );
  if (!job) throw new Refusal('not_found');
  return job;
}

const requeue = `update job set state = 'queued', attempts = 0, starts_unfinished = 0, reason_code = null, reason_params = null,
  finished_at = null, due_at = clock_timestamp(), rung_at = null`;

/** @throws Refusal `not_found`, `job_not_failed`, `job_open_already`. */
export async function retryJob(ctx: Context, id: string): Promise<void> {
  const job = await lockJob(ctx, id);
  if (job.state !== 'failed') throw new Refusal('job_not_failed', { state: job.state });
  try {
    await ctx.trx.raw(`${requeue} where id = ?`, [id]);
  } catch (error) {
    if (violatedConstraint(error) === 'job_unique_key') throw new Refusal('job_open_already');
    throw error;
  }
  await announce(ctx, { type: 'job.retried', subjects: [id], data: { name: job.name } });
}

/** @throws Refusal `not_found`, `job_not_open`. */
export async function discardJob(ctx: Context, id: string, reason: string): Promise<void> {
  const job = await lockJob(ctx, id);
  if (job.state !== 'failed' && job.state !== 'queued') throw new Refusal('job_not_open', { state: job.state });
  await ctx.trx.raw(
    `update job set state = 'discarded', finished_at = clock_timestamp(), reason_code = 'job_discarded', reason_params = ? where id = ?`,
    [JSON.stringify({ reason }), id],
  );
  await announce(ctx, { type: 'job.discarded', subjects: [id], data: { name: job.name, reason } });
}

/** The failed jobs that fit; of those that would do the same, the newest, and none where such a one is open already. */
function retriable(organization: string, filter: JobFilter): { sql: string; bindings: unknown[] } {
  const where = jobWhere(organization, { ...filter, state: 'failed' });
  const sql = `select id from (
      select id, unique_key, row_number() over (partition by coalesce(unique_key, id) order by id desc) as place
      from job where ${where.sql}
    ) fits
    where place = 1 and (unique_key is null or not exists (
      select 1 from job open where open.organization_id = ? and open.unique_key = fits.unique_key
        and open.state in ('queued', 'running')))`;
  return { sql, bindings: [...where.bindings, organization] };
}

/** How many failed jobs fit the filter and can be retried together. */
export async function countFailed(ctx: Pick<Context, 'reader' | 'organization'>, filter: JobFilter): Promise<number> {
  const jobs = retriable(ctx.organization.id, filter);
  const row = await queryOne<{ count: number }>(
    ctx.reader,
    `select count(*) as count from (${jobs.sql}) fits`,
    jobs.bindings,
  );
  return row?.count ?? 0;
}

/**
 * Retries all failed jobs that fit, if they are as many as the operator was told.
 * @throws Refusal `count_changed`, `job_open_already` (one of them was asked for anew at this moment).
 */
export async function retryManyJobs(ctx: Context, filter: JobFilter, expected: number): Promise<number> {
  const jobs = retriable(ctx.organization.id, filter);
  const rows = await requeueMany(ctx, jobs);
  if (rows.length !== expected)
    throw new Refusal('count_changed', { count: rows.length, expected }, { pointer: '/count' });
  await announce(ctx, { type: 'jobs.retried', subjects: [], data: { filter: { ...filter }, count: rows.length } });
  return rows.length;
}

async function requeueMany(ctx: Context, jobs: { sql: string; bindings: unknown[] }): Promise<{ id: string }[]> {
  try {
    return await query(
      ctx.trx,
      `${requeue} where state = 'failed' and id in (${jobs.sql}) returning id`,
      jobs.bindings,
    );
  } catch (error) {
    if (violatedConstraint(error) === 'job_unique_key') throw new Refusal('job_open_already');
    throw error;
  }
}
