/**
 * Outages while work runs: the queue emptied, killed, restarted, set back or full; PostgreSQL stopped immediately; a worker
 * frozen past its lease; a worker whose clock is an hour off; connections cut at COMMIT; a mail server that lies. After each, work goes on within half a minute and every rule holds.
 */
import { connectDatabase, type Database, queryOne } from '../../src/store/database.ts';
import type { RedisServer } from '../harness/redis-server.ts';
import { closing } from './closing.ts';
import { CuttingProxy } from './cutting-proxy.ts';
import { Errands } from './errands.ts';
import { Fleet } from './fleet.ts';
import { Load } from './load.ts';
import { type Manner, type StormMailServer, startMailServer } from './mail-server.ts';
import type { PostgresServer } from './postgres-server.ts';
import { type Random, random } from './random.ts';
import { settle } from './settle.ts';
import { until } from './until.ts';
import { countRows, type Findings, rulesBroken, verify } from './verify.ts';
import { makeWorld } from './world.ts';

export interface OutageOptions {
  postgres: PostgresServer;
  redis: RedisServer | null;
  seed: number;
  say?: (line: string) => void;
}

export interface OutageResult extends Findings {
  /** Name of the outage, and the time from its end until new work was done. */
  resumedInMs: Record<string, number>;
  cuts: number;
}

/** On a machine of its own work goes on within half a minute; one that is busy with other things may be some times as slow. */
const RESUMES_WITHIN_MS = 120_000;

export const runOutages = (options: OutageOptions): Promise<OutageResult> =>
  closing((closes) => outagesOf(options, closes));

async function outagesOf(
  options: OutageOptions,
  closes: (step: () => Promise<unknown>) => void,
): Promise<OutageResult> {
  const { postgres, redis, say = () => undefined } = options;
  const databaseUrl = postgres.url;
  const database = connectDatabase(databaseUrl, { max: 4, application: 'storm' });
  closes(() => database.destroy());
  const proxy = await CuttingProxy.start(databaseUrl);
  closes(() => proxy.stop());
  const mails = await startMailServer();
  closes(() => mails.close());
  const fleet = await Fleet.start({
    smtpUrl: mails.url,
    databaseUrl: proxy.url,
    redisUrl: redis?.url,
    counts: { worker: 2, relay: 1, api: 2 },
    instead: { worker: 'faults' },
    environmentOf: (member) =>
      member.part === 'worker' && member.place === 1 ? { STORM_CLOCK_OFF_MS: '3600000' } : {},
  });
  closes(() => fleet.stop());
  const resumedInMs: Record<string, number> = {};
  try {
    const chance = random(options.seed);
    const world = await makeWorld(database, fleet.urls(), chance.fork(), 10);
    const before = await countRows(database);
    const load = new Load(fleet.urls(), world, database);
    closes(() => load.giveUp());
    load.start(chance.fork(), 3);
    const errands = new Errands(fleet.urls(), world);
    const strike = async (name: string, outage: () => Promise<void>) => {
      await work(database, load, chance, `work before ${name}`);
      await outage();
      const began = performance.now();
      await work(database, load, chance, `work after ${name}`);
      resumedInMs[name] = Math.round(performance.now() - began);
      say(`${name}: work went on after ${resumedInMs[name]} ms`);
    };
    redis?.keepSnapshot();
    for (const [name, outage] of outages({ fleet, postgres, redis, proxy, mails, errands, load }))
      await strike(name, outage);
    await load.finish();
    load.result.settled.push(...errands.result.settled);
    load.result.wrong.push(...errands.result.wrong);
    await settle(database);
    const findings = await verify(database, world, load.result, before, mails.heard);
    if (findings.wrong.length > 0) say(fleet.errors().join('\n'));
    return { ...findings, resumedInMs, cuts: proxy.cuts };
  } catch (error) {
    say(fleet.lastWords());
    say(`rules broken: ${(await rulesBroken(database).catch(() => [])).join('; ')}`);
    throw error;
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

interface Breakable {
  fleet: Fleet;
  postgres: PostgresServer;
  redis: RedisServer | null;
  proxy: CuttingProxy;
  mails: StormMailServer;
  errands: Errands;
  load: Load;
}

type Outage = [name: string, outage: () => Promise<void>];

function outages({ fleet, postgres, redis, proxy, mails, errands, load }: Breakable): Outage[] {
  return [
    ...(redis ? ofRedis(redis, proxy) : ([['the queue emptied', () => proxy.emptyQueue()]] as Outage[])),
    [
      'connections cut at COMMIT',
      async () => {
        load.allow(40);
        await proxy.cut(12);
      },
    ],
    ['every connection cut at once', () => proxy.cutAll()],
    [
      'PostgreSQL stopped immediately and started again',
      async () => {
        await postgres.stopImmediately();
        await postgres.startAgain();
      },
    ],
    ...(['drops', 'denies', 'hangs_up'] as const).map(
      (manner): Outage => [`a mail server that ${manner.replace('_', ' ')}`, () => lying(mails, manner, errands)],
    ),
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

function ofRedis(redis: RedisServer, proxy: CuttingProxy): Outage[] {
  return [
    ['the queue emptied', () => redis.flush()],
    [
      'the queue killed and started again',
      async () => {
        await redis.kill();
        await redis.restart();
      },
    ],
    ['the queue started again from an old copy', () => redis.restartFromSnapshot()],
    [
      'the queue out of memory',
      async () => {
        await redis.command('config', 'set', 'maxmemory', '1');
        await proxy.some(200);
        await redis.command('config', 'set', 'maxmemory', '0');
      },
    ],
  ];
}

/** Until it has treated a mail so. */
async function lying(mails: StormMailServer, manner: Manner, errands: Errands): Promise<void> {
  const before = mails.come;
  mails.manner = manner;
  await errands.run('remind');
  await until(`a mail comes to a server that ${manner}`, () => mails.come > before, 120_000, 20);
  mails.manner = 'sound';
}
