/**
 * Answers a ring: does the jobs that it names.
 *
 * Always true: the work of a job and the mark that it is done are committed together; a job that another worker
 * holds is passed over; a failed job is rolled back to before its first statement, alone. Jobs of one ring share
 * a transaction and its commit, each behind its own savepoint.
 */
import { type Context, writeContext } from '../src/context.ts';
import { declarationOf, isJobName } from '../src/jobs/catalogue.ts';
import { isConnectionTrouble, type Trx } from '../src/store/database.ts';
import { type ClaimedJob, claimJobs, countDoubtfulStart, type JobOutcome, recordOutcomes } from '../src/store/jobs.ts';
import { MOST_UNFINISHED_STARTS, outcomeOfFailure } from './failure.ts';
import type { AnyProcessor, JobContext, WorkerDeps } from './processor.ts';
import { processors } from './processors/index.ts';
import type { Ring } from './queue.ts';
import { runInSteps } from './run-steps.ts';

export function processorOf(name: string): AnyProcessor | null {
  return isJobName(name) ? (processors[name] as unknown as AnyProcessor) : null;
}

export function jobContext(ctx: Context, job: Pick<ClaimedJob, 'id' | 'attempts' | 'request_id'>): JobContext {
  return { ...ctx, job: { id: job.id, attempts: job.attempts, request_id: job.request_id } };
}

/** Checks a payload read back from its row. A row that an older release wrote may no longer fit: that is a bug to show. */
export function readPayload(job: Pick<ClaimedJob, 'name' | 'payload'>): unknown {
  if (!isJobName(job.name)) throw new Error(`no job is named ${job.name}`);
  return declarationOf(job.name).payload.parse(job.payload);
}

export async function runRing(deps: WorkerDeps, ring: Ring, cameBack: boolean): Promise<void> {
  if (ring.doubtful || cameBack) {
    for (const id of ring.ids) await runDoubtful(deps, id);
  } else {
    await runTogether(deps, ring.ids);
  }
  deps.poke();
}

/** One whose last ring was lost, perhaps with its worker: counted before it is started, so that it cannot kill for ever. */
async function runDoubtful(deps: WorkerDeps, id: string): Promise<void> {
  const starts = await countDoubtfulStart(deps.database, id);
  if (starts === null) return;
  if (starts > MOST_UNFINISHED_STARTS) {
    await deps.database.transaction(async (trx) => {
      if ((await claimJobs(trx, [id])).length > 0) {
        await recordOutcomes(trx, [{ id, kind: 'failed', code: 'keeps_dying', params: {} }]);
      }
    });
    return;
  }
  await runTogether(deps, [id]);
}

async function runTogether(deps: WorkerDeps, ids: readonly string[]): Promise<void> {
  const inSteps: ClaimedJob[] = [];
  await deps.database.transaction(async (trx) => {
    const jobs = await claimJobs(trx, ids);
    const outcomes: JobOutcome[] = [];
    for (const group of alike(jobs)) {
      const [first] = group as [ClaimedJob];
      if (processorOf(first.name)?.kind === 'steps') {
        inSteps.push(...group);
        continue;
      }
      const ended = await runGroup(deps, trx, group);
      outcomes.push(...ended.values());
      for (const job of group) if (!ended.has(job.id)) outcomes.push(await runOne(deps, trx, job));
    }
    await recordOutcomes(trx, outcomes);
  });
  for (const job of inSteps) await runInSteps(deps, job.id);
}

/** Jobs of the same name, organization and author. */
function alike(jobs: readonly ClaimedJob[]): ClaimedJob[][] {
  const groups = new Map<string, ClaimedJob[]>();
  for (const job of jobs) {
    const key = `${job.name} ${job.organization.id} ${job.actor}`;
    const group = groups.get(key);
    if (group) group.push(job);
    else groups.set(key, [job]);
  }
  return [...groups.values()];
}

/** Does what can be done in the statements of one. @returns the ends of those that have ended; the others go by themselves. */
async function runGroup(deps: WorkerDeps, trx: Trx, group: readonly ClaimedJob[]): Promise<Map<string, JobOutcome>> {
  const ended = new Map<string, JobOutcome>();
  const [first] = group as [ClaimedJob];
  const processor = processorOf(first.name);
  if (group.length < 2 || processor?.kind !== 'transaction' || !processor.runTogether) return ended;
  await trx.raw('savepoint jobs');
  try {
    const ctx = writeContext(trx, first.organization, first.actor, deps.now());
    const items = group.map((job) => ({ job_id: job.id, payload: readPayload(job) }));
    const results = await processor.runTogether(ctx, items);
    await trx.raw('set constraints all immediate; set constraints all deferred; release savepoint jobs');
    for (const [at, job] of group.entries()) {
      const result = results[at];
      if (result === null || result === undefined) continue;
      const isFailure = result instanceof Error;
      ended.set(job.id, isFailure ? outcomeOfFailure(job, result, deps.log) : { id: job.id, kind: 'done', result });
    }
  } catch (error) {
    if (isConnectionTrouble(error)) throw error;
    // One of them spoiled it for all: each by itself finds which.
    await trx.raw('rollback to savepoint jobs; release savepoint jobs');
    ended.clear();
  }
  return ended;
}

async function runOne(deps: WorkerDeps, trx: Trx, job: ClaimedJob): Promise<JobOutcome> {
  await trx.raw('savepoint job');
  try {
    const processor = processorOf(job.name);
    if (processor?.kind !== 'transaction') throw new Error(`no job is named ${job.name}`);
    const ctx = jobContext(writeContext(trx, job.organization, job.actor, deps.now()), job);
    const result = await processor.run(ctx, readPayload(job));
    // Deferred constraints speak here, while this job alone is to blame, and not at the commit of all.
    await trx.raw('set constraints all immediate; set constraints all deferred; release savepoint job');
    return { id: job.id, kind: 'done', result };
  } catch (error) {
    if (isConnectionTrouble(error)) throw error;
    await trx.raw('rollback to savepoint job; release savepoint job');
    return outcomeOfFailure(job, error, deps.log);
  }
}
