/**
 * Outages while work runs: the queue emptied, killed, restarted or full; a worker frozen past its lease; a worker whose
 * clock is an hour off; connections cut at COMMIT. After each, work goes on within half a minute and every rule holds.
 */
import { connectDatabase, type Database, queryOne } from '../../src/store/database.ts';
import type { RedisServer } from '../harness/redis-server.ts';
import { CuttingProxy } from './cutting-proxy.ts';
import { Fleet } from './fleet.ts';
import { Load } from './load.ts';
import { type Random, random } from './random.ts';
import { until } from './until.ts';
import { countRows, type Findings, rulesBroken, verify } from './verify.ts';
import { makeWorld } from './world.ts';

export interface OutageOptions {
  databaseUrl: string;
  redis: RedisServer | null;
  seed: number;
  say?: (line: string) => void;
}

export interface OutageResult extends Findings {
  /** Name of the outage, and the time from its end until new work was done. */
  resumedInMs: Record<string, number>;
  cuts: number;
}

const RESUMES_WITHIN_MS = 30_000;

export async function runOutages(options: OutageOptions): Promise<OutageResult> {
  const { databaseUrl, redis, say = () => undefined } = options;
  const database = connectDatabase(databaseUrl, { max: 4, application: 'storm' });
  const proxy = await CuttingProxy.start(databaseUrl);
  const fleet = await Fleet.start({
    databaseUrl: proxy.url,
    redisUrl: redis?.url,
    counts: { worker: 2, relay: 1, api: 2 },
    instead: { worker: 'faults' },
    environmentOf: (member) =>
      member.part === 'worker' && member.place === 1 ? { STORM_CLOCK_OFF_MS: '3600000' } : {},
  });
  const resumedInMs: Record<string, number> = {};
  try {
    const chance = random(options.seed);
    const world = await makeWorld(database, fleet.urls(), chance.fork(), 10);
    const before = await countRows(database);
    const load = new Load(fleet.urls(), world, database);
    load.start(chance.fork(), 3);
    const strike = async (name: string, outage: () => Promise<void>) => {
      await work(database, load, chance, `work before ${name}`);
      await outage();
      const began = performance.now();
      await work(database, load, chance, `work after ${name}`);
      resumedInMs[name] = Math.round(performance.now() - began);
      say(`${name}: work went on after ${resumedInMs[name]} ms`);
    };
    for (const [name, outage] of outages(fleet, redis, proxy)) await strike(name, outage);
    await load.finish();
    await until('no work is left', async () => (await open(database)) === 0, 90_000, 100);
    const findings = await verify(database, world, load.result, before);
    if (findings.wrong.length > 0) say(fleet.errors().join('\n'));
    return { ...findings, resumedInMs, cuts: proxy.cuts };
  } catch (error) {
    say(fleet.lastWords());
    say(`rules broken: ${(await rulesBroken(database).catch(() => [])).join('; ')}`);
    throw error;
  } finally {
    await fleet.stop();
    await proxy.stop();
    await database.destroy();
  }
}

/** Ten more jobs end. */
async function work(database: Database, load: Load, chance: Random, what: string): Promise<void> {
  const ended = async () =>
    (await queryOne<{ n: number }>(database, 'select count(*) as n from job where finished_at is not null'))?.n ?? 0;
  const mark = await ended();
  await load.enqueue(chance, 12);
  load.allow(20);
  await until(what, async () => (await ended()) >= mark + 10, RESUMES_WITHIN_MS, 20);
}

async function open(database: Database): Promise<number> {
  const row = await queryOne<{ n: number }>(
    database,
    `select count(*) as n from job where state in ('queued', 'running') and name <> 'open-day'`,
  );
  return row?.n ?? 0;
}

function outages(fleet: Fleet, redis: RedisServer | null, proxy: CuttingProxy): [string, () => Promise<void>][] {
  const onRedis: [string, () => Promise<void>][] = redis
    ? [
        ['the queue emptied', () => redis.flush()],
        [
          'the queue killed and started again',
          async () => {
            await redis.kill();
            await redis.restart();
          },
        ],
        [
          'the queue out of memory',
          async () => {
            await redis.command('config', 'set', 'maxmemory', '1');
            await proxy.some(200);
            await redis.command('config', 'set', 'maxmemory', '0');
          },
        ],
      ]
    : [['the queue emptied', () => proxy.emptyQueue()]];
  return [
    ...onRedis,
    ['connections cut at COMMIT', () => proxy.cut(12)],
    ['every connection cut at once', () => proxy.cutAll()],
    [
      'a worker frozen past its lease',
      async () => {
        const [worker] = fleet.of('worker');
        worker?.child.kill('SIGSTOP');
        await proxy.some(22_000);
        worker?.child.kill('SIGCONT');
      },
    ],
  ];
}
