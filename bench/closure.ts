/**
 * A closure of 14 days over many contracts, end to end (job, worker, batches, events), against a bare loop of one Knex
 * transaction of two statements each over the same rows.
 *
 * Two kinds of contracts: open-ended ones, whose instalments stay in so short a closure, and ones of a year, whose end
 * and eleven open instalments move. `BENCH_CONTRACTS` says how many (100,000). Run: npm run bench closure
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { writeContext } from '../src/context.ts';
import { newId } from '../src/ids.ts';
import { enqueue } from '../src/jobs/enqueue.ts';
import { createLog } from '../src/log.ts';
import { connectDatabase, type Database, queryOne } from '../src/store/database.ts';
import { findOrganization } from '../src/store/organizations.ts';
import { startWorkers } from '../workers/start.ts';
import { loadContracts } from './contracts.ts';
import type { BenchEnvironment } from './environment.ts';
import { type BenchResult, perSecond } from './ratio.ts';

const DAYS = { starts_on: '2026-08-01', ends_on: '2026-08-14', reason: 'bench' };
/** What may be held on to between the first tenth and the end, whatever the number of contracts. */
const MOST_GROWTH_MB = 48;
const BARE_PART = 10;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

interface Job {
  state: string;
  progress_done: number | null;
  progress_total: number | null;
  result: { totals: { suspended: number } };
}

async function close(environment: BenchEnvironment, database: Database, organizationId: string, count: number) {
  const organization = await findOrganization(database, organizationId);
  if (!organization) throw new Error('the organization is not there');
  const id = await database.transaction((trx) =>
    enqueue(writeContext(trx, organization, 'bench', new Date()), 'open-closure', {
      input: { closure: DAYS as never, new_closure: newId('clo') },
    }),
  );
  await database.raw('analyze');
  const started = performance.now();
  const workers = await startWorkers({
    databaseUrl: environment.databaseUrl,
    redisUrl: undefined,
    log: createLog('error', 'bench'),
  });
  const heap: number[] = [];
  let seen = 0;
  for (;;) {
    const job = await queryOne<Job>(database, 'select state, progress_done, result from job where id = ?', [id]);
    if (job?.state === 'done') {
      if (job.result.totals.suspended !== count) throw new Error(`${job.result.totals.suspended} were suspended`);
      break;
    }
    if (job?.state === 'failed') throw new Error('the closure failed');
    if ((job?.progress_done ?? 0) > seen) {
      seen = job?.progress_done ?? 0;
      if (seen > count / 10) {
        collectGarbage();
        heap.push(process.memoryUsage().heapUsed / 2 ** 20);
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const rate = perSecond(count, started);
  await workers.stop();
  const growth = heap.length === 0 ? 0 : Math.max(0, Math.max(...heap) - (heap[0] as number));
  return { rate, growth, seen: heap.length };
}

async function bare(database: Database, organization: string, part: readonly string[]): Promise<number> {
  const started = performance.now();
  for (const contract of part) {
    await database.transaction(async (trx) => {
      await trx.raw('update contract set version = version + 1 where id = ?', [contract]);
      await trx.raw(
        `insert into contract_change (id, organization_id, contract_id, kind, data, actor, recorded_on, recorded_at)
         values (?, ?, ?, 'noted', '{}', 'bench', '2026-07-12', now())`,
        [newId('chg'), organization, contract],
      );
    });
  }
  return perSecond(part.length, started);
}

export async function benchClosure(
  environment: BenchEnvironment,
  count = Number(process.env.BENCH_CONTRACTS ?? 100_000),
): Promise<BenchResult[]> {
  const database = connectDatabase(environment.databaseUrl, { max: 4, application: 'bench' });
  const results: BenchResult[] = [];
  try {
    for (const [kind, months] of [
      ['open-ended', null],
      ['of a year, 11 instalments moved', 12],
    ] as const) {
      const { organization, contracts } = await loadContracts(database, count, kind, months);
      const part = Math.max(1, Math.floor(contracts.length / BARE_PART));
      const before = await bare(database, organization, contracts.slice(0, part));
      const { rate, growth, seen } = await close(environment, database, organization, count);
      // Measured on both sides of it, so that a slow minute of the machine hits both.
      const after = await bare(database, organization, contracts.slice(-part));
      const loop = (before + after) / 2;
      results.push({
        name: `closure over ${count} contracts ${kind}`,
        ratio: rate / loop,
        target: 1,
        detail: `${rate.toFixed(0)} contracts/s; bare loop ${before.toFixed(0)}/s before, ${after.toFixed(0)}/s after`,
      });
      results.push({
        name: `closure memory, contracts ${kind}`,
        ratio: MOST_GROWTH_MB / Math.max(growth, 1),
        target: 1,
        detail: `heap grew ${growth.toFixed(0)} MB after the first tenth (limit ${MOST_GROWTH_MB}), ${seen} looks`,
      });
    }
  } finally {
    await database.destroy();
  }
  return results;
}
