/**
 * A recalculation job end to end against a bare BullMQ worker whose handler runs one Knex transaction of two
 * statements, on the same backend, ten at once.
 *
 * Ours: jobs written beforehand (suspensions of as many contracts); measured from the start of the workers to the
 * last job done: ring, claim, load, decide, schedule, write, event, done. Bare: jobs added beforehand, measured likewise.
 */
import { createPostgresBackend, Queue, type QueueOptions, Worker, type WorkerOptions } from 'bullmq';
import { Redis } from 'ioredis';
import { writeContext } from '../src/context.ts';
import { newId } from '../src/ids.ts';
import { enqueueMany } from '../src/jobs/enqueue.ts';
import { createLog } from '../src/log.ts';
import { connectDatabase, type Database, queryOne } from '../src/store/database.ts';
import { QUEUE_SCHEMA } from '../src/store/migrate.ts';
import { findOrganization } from '../src/store/organizations.ts';
import { startWorkers } from '../workers/start.ts';
import { type LoadedContracts, loadContracts } from './contracts.ts';
import type { BenchEnvironment } from './environment.ts';
import { type BenchResult, median, perSecond } from './ratio.ts';

const AT_ONCE = 10;

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (;;) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function ours(
  environment: BenchEnvironment,
  database: Database,
  redisUrl: string | undefined,
  count: number,
): Promise<number> {
  return suspendAll(environment, database, redisUrl, await loadContracts(database, count, 'bench'));
}

/** Suspends each of these contracts by a job of its own. @returns jobs per second. */
async function suspendAll(
  environment: BenchEnvironment,
  database: Database,
  redisUrl: string | undefined,
  { organization: id, contracts }: LoadedContracts,
): Promise<number> {
  const count = contracts.length;
  await database.transaction(async (trx) => {
    const organization = await findOrganization(trx, id);
    if (!organization) throw new Error('the organization is not there');
    const ctx = writeContext(trx, organization, 'bench', new Date());
    for (let at = 0; at < contracts.length; at += 1000) {
      const payloads = contracts.slice(at, at + 1000).map((contract) => ({
        input: {
          contract,
          suspension: { starts_on: ctx.today, days: 45, amount: 200, reason: 'bench' },
          new_ids: { chg: [newId('chg')], sus: [newId('sus')] },
        },
      }));
      await enqueueMany(ctx, 'suspend-contract', payloads);
    }
  });
  await database.raw('analyze');
  const started = performance.now();
  const workers = await startWorkers({
    databaseUrl: environment.databaseUrl,
    redisUrl,
    log: createLog('error', 'bench'),
    concurrency: AT_ONCE,
  });
  await until(async () => {
    const open = await queryOne(database, `select 1 from job where organization_id = ? and state = 'queued' limit 1`, [
      id,
    ]);
    return open === null;
  });
  const rate = perSecond(count, started);
  const failed = await queryOne<{ n: number }>(
    database,
    `select count(*) as n from job where organization_id = ? and state <> 'done'`,
    [id],
  );
  await workers.stop();
  if (failed?.n !== 0) throw new Error(`${failed?.n} jobs were not done`);
  return rate;
}

async function bare(
  environment: BenchEnvironment,
  database: Database,
  redisUrl: string | undefined,
  count: number,
): Promise<number> {
  const name = `bare-${newId('x')}`;
  await database.raw('create table if not exists bare_row (id integer primary key, count integer not null)');
  await database.raw('create table if not exists bare_log (id bigserial primary key, row_id integer not null)');
  await database.raw('truncate bare_row, bare_log');
  await database.raw('insert into bare_row select n, 0 from generate_series(1, ?) n', [count]);
  const connect = (max: number) =>
    redisUrl
      ? { connection: new Redis(redisUrl, { maxRetriesPerRequest: null }) as never }
      : { connection: { connectionString: environment.databaseUrl, schema: QUEUE_SCHEMA, max } as never };
  const factory = redisUrl ? undefined : (createPostgresBackend as never);
  const queue = new Queue(name, connect(4) as QueueOptions, factory as never);
  for (let at = 1; at <= count; at += 1000) {
    await queue.addBulk(
      Array.from({ length: Math.min(1000, count - at + 1) }, (_, n) => ({
        name: 'bare',
        data: { row: at + n },
        opts: { removeOnComplete: true },
      })),
    );
  }
  if (!redisUrl) await database.raw('analyze bullmq.job');
  let done = 0;
  const started = performance.now();
  const worker = new Worker(
    name,
    async (job) => {
      await database.transaction(async (trx) => {
        await trx.raw('update bare_row set count = count + 1 where id = ?', [job.data.row]);
        await trx.raw('insert into bare_log (row_id) values (?)', [job.data.row]);
      });
      done += 1;
    },
    { ...connect(AT_ONCE), concurrency: AT_ONCE } as WorkerOptions,
    factory as never,
  );
  await until(async () => done >= count);
  const rate = perSecond(count, started);
  await worker.close();
  await queue.close();
  return rate;
}

export async function benchRecalculation(
  environment: BenchEnvironment,
  count = 5000,
  rounds = 3,
): Promise<BenchResult[]> {
  const database = connectDatabase(environment.databaseUrl, { max: 16, application: 'bench' });
  const results: BenchResult[] = [];
  try {
    const backends: [string, string | undefined][] = [['PostgreSQL', undefined]];
    if (environment.redisUrl) backends.push(['Redis', environment.redisUrl]);
    for (const [name, redisUrl] of backends) {
      const rates: { ours: number; bare: number }[] = [];
      for (let round = 0; round < rounds; round += 1) {
        rates.push({
          bare: await bare(environment, database, redisUrl, count),
          ours: await ours(environment, database, redisUrl, count),
        });
      }
      const middle = (side: 'ours' | 'bare') => median(rates.map((one) => one[side]));
      results.push({
        name: `recalculation jobs on ${name} against a bare worker`,
        ratio: middle('ours') / middle('bare'),
        target: 0.8,
        detail: `${Math.round(middle('ours'))} jobs/s against ${Math.round(middle('bare'))}, medians of ${rounds} of ${count}`,
      });
    }
  } finally {
    await database.destroy();
  }
  return results;
}

/** The cost of a job must not grow with how many contracts there are: the same work among 1,000 and among 100,000. */
export async function benchFlatCost(
  environment: BenchEnvironment,
  many = 100_000,
  count = 1000,
): Promise<BenchResult[]> {
  const database = connectDatabase(environment.databaseUrl, { max: 16, application: 'bench' });
  try {
    const rate = async () => suspendAll(environment, database, undefined, await loadContracts(database, count, 'flat'));
    await rate();
    const among = { few: await rate(), many: 0 };
    for (let loaded = 0; loaded < many; loaded += 10_000)
      await loadContracts(database, Math.min(10_000, many - loaded), 'many');
    await database.raw('vacuum analyze');
    among.many = await rate();
    return [
      {
        name: `recalculation jobs among ${many} contracts against the same among ${count}`,
        ratio: among.many / among.few,
        target: 0.7,
        detail: `${Math.round(among.many)} jobs/s against ${Math.round(among.few)}`,
      },
    ];
  } finally {
    await database.destroy();
  }
}
