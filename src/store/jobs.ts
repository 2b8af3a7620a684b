/**
 * The rows of `job`: claimed, finished, failed, rung.
 *
 * Always true: only a transaction that holds a job's row lock (or its lease) may finish it, so a job that two
 * workers were told of has one effect. All instants are the database's, so a worker's clock decides nothing.
 */
import type { Organization } from '../context.ts';
import type { RefusalParams } from '../errors/refusal.ts';
import { type Database, query, type Reader, type Trx } from './database.ts';
import { type OrganizationRow, organizationFrom, organizationJson } from './organizations.ts';

export interface ClaimedJob {
  id: string;
  name: string;
  payload: unknown;
  attempts: number;
  starts_unfinished: number;
  actor: string;
  request_id: string | null;
  organization: Organization;
}

/** Takes the row locks of those that are still to be done; the others are somebody else's or finished. */
export async function claimJobs(trx: Trx, ids: readonly string[]): Promise<ClaimedJob[]> {
  const rows = await query<Omit<ClaimedJob, 'organization'> & { organization: OrganizationRow }>(
    trx,
    `select job.id, job.name, job.payload, job.attempts, job.starts_unfinished, job.actor, job.request_id,
            ${organizationJson} as organization
     from job join organization on organization.id = job.organization_id
     where job.id = any(?::text[]) and job.state = 'queued' and job.due_at <= clock_timestamp()
     order by job.id
     for update of job skip locked`,
    [ids],
    'claim-jobs',
  );
  return rows.map((row) => ({ ...row, organization: organizationFrom(row.organization) }));
}

export type JobOutcome =
  | { id: string; kind: 'done'; result: unknown }
  | { id: string; kind: 'failed'; code: string; params: RefusalParams }
  | { id: string; kind: 'again'; code: string; params: RefusalParams; in_ms: number };

/** Writes the ends of several jobs in one statement. Needs their row locks. */
export async function recordOutcomes(trx: Trx, outcomes: readonly JobOutcome[]): Promise<void> {
  if (outcomes.length === 0) return;
  const rows = outcomes.map((outcome) =>
    outcome.kind === 'done'
      ? { id: outcome.id, state: 'done', result: outcome.result ?? null, code: null, params: null, in_ms: null }
      : {
          id: outcome.id,
          state: outcome.kind === 'failed' ? 'failed' : 'queued',
          result: null,
          code: outcome.code,
          params: outcome.params,
          in_ms: outcome.kind === 'again' ? outcome.in_ms : null,
        },
  );
  await trx
    .raw(
      `update job set
         state = row.state,
         -- Standing in another's way, or waiting for it, is no attempt.
         attempts = job.attempts + (row.code is distinct from 'contention' and row.code is distinct from 'not_yet')::int,
         -- It ended, well or badly, and its worker lived.
         starts_unfinished = 0,
         result = row.result,
         reason_code = row.code,
         reason_params = row.params,
         started_at = coalesce(job.started_at, clock_timestamp()),
         finished_at = case when row.state = 'queued' then null else clock_timestamp() end,
         due_at = case when row.state = 'queued' then clock_timestamp() + row.in_ms * interval '1 ms' else job.due_at end,
         rung_at = case when row.state = 'queued' then null else job.rung_at end,
         lease_token = null,
         lease_until = null
       from jsonb_to_recordset(?::jsonb)
         as row (id text, state text, result jsonb, code text, params jsonb, in_ms integer)
       where job.id = row.id`,
      [JSON.stringify(rows)],
    )
    .options({ name: 'record-outcomes' });
}

/**
 * Counts a start after a ring that came back (its worker died, or the ring was lost). @returns the count, or
 * null when the job is no longer waiting.
 */
export async function countDoubtfulStart(database: Database, id: string): Promise<number | null> {
  const [row] = await query<{ starts_unfinished: number }>(
    database,
    `update job set starts_unfinished = starts_unfinished + 1 where id = ? and state = 'queued' returning starts_unfinished`,
    [id],
  );
  return row?.starts_unfinished ?? null;
}

/** Takes a job that runs in several steps: from now on only the holder of `token` may write for it. */
export async function leaseJob(trx: Trx, id: string, token: string, leaseMs: number): Promise<ClaimedJob | null> {
  const [job] = await claimJobs(trx, [id]);
  if (!job) return null;
  await trx.raw(
    `update job set state = 'running', lease_token = ?, lease_until = clock_timestamp() + ? * interval '1 ms',
       started_at = coalesce(started_at, clock_timestamp()) where id = ?`,
    [token, leaseMs, id],
  );
  return job;
}

/** Locks the job's row and says whether the lease is still ours: false for a worker that was thought dead. */
export async function holdLease(trx: Trx, id: string, token: string, leaseMs: number): Promise<Organization | null> {
  const [row] = await query<{ organization: OrganizationRow }>(
    trx,
    `with held as (
       update job set lease_until = clock_timestamp() + ? * interval '1 ms'
       where id = ? and state = 'running' and lease_token = ? returning organization_id)
     select ${organizationJson} as organization from organization join held on held.organization_id = organization.id`,
    [leaseMs, id, token],
    'hold-lease',
  );
  return row ? organizationFrom(row.organization) : null;
}

/** Whose a job is, while the lease is still ours; locks nothing. */
export async function organizationOfLease(trx: Trx, id: string, token: string): Promise<Organization | null> {
  const [row] = await query<{ organization: OrganizationRow }>(
    trx,
    `select ${organizationJson} as organization from organization join job on job.organization_id = organization.id
     where job.id = ? and job.state = 'running' and job.lease_token = ?`,
    [id, token],
    'organization-of-lease',
  );
  return row ? organizationFrom(row.organization) : null;
}

/** A job that got further than ever before is not one that dies at each start. */
export async function recordProgress(reader: Reader, id: string, done: number, total: number | null): Promise<void> {
  await reader.raw(
    `update job set progress_done = ?, progress_total = ?,
       starts_unfinished = case when ? > coalesce(progress_done, 0) then 0 else starts_unfinished end
     where id = ?`,
    [done, total, done, id],
  );
}

/** Shown while a step is under way, which may yet be taken back: it never goes back, and counts for nothing else. */
export async function tellProgress(reader: Reader, id: string, done: number, total: number): Promise<void> {
  await reader.raw(
    `update job set progress_done = ?, progress_total = ?
     where id = ? and state = 'running' and (progress_done is null or progress_total is distinct from ? or progress_done < ?)`,
    [done, total, id, total, done],
  );
}

export interface RingRow {
  id: string;
  lane: string;
  doubtful: boolean;
}

/** Marks jobs that the queue has not been told of as rung, and gives them: each is given to one relay. */
export async function takeUnrung(database: Database, limit: number): Promise<RingRow[]> {
  return query<RingRow>(
    database,
    `with due as (
       select id from job where state = 'queued' and rung_at is null and due_at <= clock_timestamp()
       order by lane, due_at, id limit ? for update skip locked)
     update job set rung_at = clock_timestamp() from due where job.id = due.id
     returning job.id, job.lane, job.starts_unfinished > 0 as doubtful`,
    [limit],
    'take-unrung',
  );
}

/** A job that failed is to be tried again: its attempts go on, and its reason stays in sight until the next end. */
export async function queueAgain(trx: Trx, id: string): Promise<void> {
  await trx.raw(
    `update job set state = 'queued', finished_at = null, due_at = clock_timestamp(), rung_at = null
     where id = ? and state = 'failed'`,
    [id],
  );
}

/** The queue could not be told: they are to be rung by the next pass. */
export async function unring(database: Database, ids: readonly string[]): Promise<void> {
  await database.raw(`update job set rung_at = null where id = any(?::text[]) and state = 'queued'`, [[...ids]]);
}

export interface LostRings {
  lane: string;
  /** Jobs of the rings that have waited longest in the lane. Rings are answered in turn: one rung well before these is gone. */
  waiting: readonly string[];
  /** The margin, and the age below which none is called lost. */
  olderThanMs: number;
  /** Whatever waits, one this old is called lost. */
  surelyAfterMs: number;
  limit: number;
}

/** Jobs whose ring must have been lost. Given again, marked as doubtful. Compares the database's instants alone. */
export async function takeLostRings(database: Database, lost: LostRings): Promise<RingRow[]> {
  return query<RingRow>(
    database,
    `with oldest as (
       select coalesce(min(rung_at), clock_timestamp()) as rung_at from job
       where id = any(?::text[]) and state = 'queued'),
     lost as (
       select job.id from job, oldest
       where state = 'queued' and lane = ? and due_at <= clock_timestamp()
         and job.rung_at < greatest(oldest.rung_at - ? * interval '1 ms', clock_timestamp() - ? * interval '1 ms')
       order by job.rung_at limit ? for update of job skip locked)
     update job set rung_at = clock_timestamp() from lost where job.id = lost.id
     returning job.id, job.lane, true as doubtful`,
    [[...lost.waiting], lost.lane, lost.olderThanMs, lost.surelyAfterMs, lost.limit],
  );
}

/** Gives back the jobs whose worker let its lease run out, to be rung as doubtful. @returns how many. */
export async function releaseExpiredLeases(database: Database): Promise<number> {
  const rows = await query(
    database,
    `update job set state = 'queued', lease_token = null, lease_until = null, rung_at = null,
       due_at = clock_timestamp(), starts_unfinished = greatest(starts_unfinished, 1)
     where id in (select id from job where state = 'running' and lease_until < clock_timestamp() for update skip locked)
     returning id`,
  );
  return rows.length;
}

/** When the next paused job becomes due, in milliseconds from now; null when none waits. */
export async function nextDueInMs(database: Database): Promise<number | null> {
  const [row] = await query<{ in_ms: number | null }>(
    database,
    `select (extract(epoch from min(due_at) - clock_timestamp()) * 1000)::int as in_ms
     from job where state = 'queued' and rung_at is null`,
    [],
    'next-due',
  );
  return row?.in_ms ?? null;
}
