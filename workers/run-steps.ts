/**
 * Runs a job of several steps under a lease. A worker that freezes loses the lease; what it then tries to write
 * is refused, because each step's transaction begins by holding the lease, or ends so.
 */
import { randomUUID } from 'node:crypto';
import { writeContext } from '../src/context.ts';
import { holdLease, leaseJob, organizationOfLease, recordOutcomes, recordProgress } from '../src/store/jobs.ts';
import { outcomeOfFailure } from './failure.ts';
import type { Steps, WorkerDeps } from './processor.ts';
import { jobContext, processorOf, readPayload } from './run-ring.ts';
import { tellerOf } from './teller.ts';

const LEASE_MS = 20_000;

/** Another worker has this job now. */
export class LeaseLost extends Error {}

export async function runInSteps(deps: WorkerDeps, id: string): Promise<void> {
  const token = randomUUID();
  const job = await deps.database.transaction((trx) => leaseJob(trx, id, token, LEASE_MS));
  if (!job) return;
  const renewal = setInterval(() => {
    deps.database.transaction((trx) => holdLease(trx, id, token, LEASE_MS)).catch(() => undefined);
  }, LEASE_MS / 4);
  const tell = tellerOf(deps.database, id, deps.log);
  const steps: Steps = {
    job: { id, attempts: job.attempts },
    deps,
    transaction: (work) =>
      deps.database.transaction(async (trx) => {
        const organization = await holdLease(trx, id, token, LEASE_MS);
        if (!organization) throw new LeaseLost();
        return work(jobContext(writeContext(trx, organization, job.actor, deps.now()), job));
      }),
    overlapping: (work) =>
      deps.database.transaction(async (trx) => {
        const organization = await organizationOfLease(trx, id, token);
        if (!organization) throw new LeaseLost();
        const result = await work(jobContext(writeContext(trx, organization, job.actor, deps.now()), job), tell);
        if (!(await holdLease(trx, id, token, LEASE_MS))) throw new LeaseLost();
        return result;
      }),
    progress: (done, total) => recordProgress(deps.database, id, done, total),
    pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  };
  try {
    const processor = processorOf(job.name);
    if (processor?.kind !== 'steps') throw new Error(`${job.name} does not run in steps`);
    const result = await processor.run(steps, readPayload(job));
    await steps.transaction((ctx) => recordOutcomes(ctx.trx, [{ id, kind: 'done', result }]));
  } catch (error) {
    if (error instanceof LeaseLost) return;
    const outcome = outcomeOfFailure(job, error, deps.log);
    await steps
      .transaction((ctx) => recordOutcomes(ctx.trx, [outcome]))
      .catch((inner: unknown) => {
        if (!(inner instanceof LeaseLost)) throw inner;
      });
  } finally {
    clearInterval(renewal);
  }
}
