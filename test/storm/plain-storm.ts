/** Kills the worker of plain BullMQ while it works, and counts effects that are there twice or not at all. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createPostgresBackend, Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { connectDatabase, queryOne } from '../../src/store/database.ts';
import { QUEUE_SCHEMA } from '../../src/store/migrate.ts';
import { bundledPrograms } from './programs.ts';
import { until } from './until.ts';

export interface PlainResult {
  jobs: number;
  doubled: number;
  lost: number;
}

const JOBS_PER_KILL = 15;

export async function runPlainStorm(
  databaseUrl: string,
  redisUrl: string | undefined,
  kills: number,
): Promise<PlainResult> {
  const { plain } = await bundledPrograms();
  const database = connectDatabase(databaseUrl, { max: 2 });
  await database.raw(`create table plain_effect (n integer not null);
    create table plain_counter (id integer primary key, total integer not null);
    insert into plain_counter select n, 0 from generate_series(0, 49) n`);
  const redis = redisUrl ? new Redis(redisUrl, { maxRetriesPerRequest: null }) : null;
  const queue = redis
    ? new Queue('plain', { connection: redis as never })
    : new Queue(
        'plain',
        { connection: { connectionString: databaseUrl, schema: QUEUE_SCHEMA, max: 2 } as never } as never,
        createPostgresBackend as never,
      );
  queue.on('error', () => undefined);
  const effects = async () =>
    (await queryOne<{ n: number }>(database, 'select count(*) as n from plain_effect'))?.n ?? 0;
  let worker: ChildProcess | null = null;
  const begin = () => {
    worker = spawn(process.execPath, [plain], {
      env: { PATH: process.env.PATH, DATABASE_URL: databaseUrl, REDIS_URL: redisUrl ?? '' },
      stdio: 'ignore',
    });
  };
  const end = async () => {
    const child = worker as ChildProcess;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  };
  begin();
  let added = 0;
  try {
    for (let at = 0; at < kills; at += 1) {
      await queue.addBulk(
        Array.from({ length: JOBS_PER_KILL }, () => {
          added += 1;
          return { name: 'plain', data: { n: added }, opts: { removeOnComplete: true } };
        }),
      );
      const mark = await effects();
      await until('plain work is done', async () => (await effects()) > mark, 60_000, 2);
      await end();
      begin();
    }
    await until(
      'plain work has ended',
      async () => Object.values(await queue.getJobCounts('wait', 'active', 'delayed')).every((count) => count === 0),
      120_000,
      200,
    );
    const row = await queryOne<{ doubled: number; distinct: number }>(
      database,
      'select count(*) - count(distinct n) as doubled, count(distinct n) as distinct from plain_effect',
    );
    return { jobs: added, doubled: row?.doubled ?? 0, lost: added - (row?.distinct ?? 0) };
  } finally {
    await end();
    await queue.close();
    redis?.disconnect();
    await database.destroy();
  }
}
