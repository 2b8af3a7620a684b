/** Kills workers, relays and APIs in turn, without warning, while work runs; then looks at what is there. */
import { connectDatabase, type Database, query, queryOne } from '../../src/store/database.ts';
import { closing } from './closing.ts';
import { Fleet, type Part } from './fleet.ts';
import { type Kind, Load, type LoadResult } from './load.ts';
import { startMailServer } from './mail-server.ts';
import { random } from './random.ts';
import { settle } from './settle.ts';
import { until } from './until.ts';
import { countRows, type Findings, isAccepted, verify } from './verify.ts';
import { makeWorld } from './world.ts';

export interface StormOptions {
  databaseUrl: string;
  redisUrl?: string | undefined;
  kills: number;
  seed: number;
  say?: (line: string) => void;
  /** Of each of these groups something must have been accepted before the last kill. */
  kinds?: readonly (readonly Kind[])[];
  /** Done with the database before the storm begins. */
  before?: (database: Database) => Promise<void>;
}

export interface StormResult extends Findings {
  kills: Record<Part, number>;
  requests: number;
  accepted: number;
  /** Of the requests. */
  acceptedByKind: Record<string, number>;
  mails: number;
  resent: number;
  jobs: number;
  failed: number;
  /** Jobs that were stopped because their worker died several times, tried again by a person. */
  retried: number;
  /** From the last kill until no work was left. */
  settledInMs: number;
  tookMs: number;
}

/** Jobs written and requests allowed before each kill. */
const BATCH = 16;
const REQUESTS = 14;
/** Work that must have ended between one kill and the next. */
const JOBS_BETWEEN = 8;

/** How long a machine that is busy with other things may take to start a program, or to do some jobs. */
const PATIENCE_MS = 180_000;

export const runKillStorm = (options: StormOptions): Promise<StormResult> =>
  closing((closes) => killStormOf(options, closes));

async function killStormOf(
  options: StormOptions,
  closes: (step: () => Promise<unknown>) => void,
): Promise<StormResult> {
  const { databaseUrl, redisUrl, seed, say = () => undefined } = options;
  const began = performance.now();
  const database = connectDatabase(databaseUrl, { max: 4, application: 'storm' });
  closes(() => database.destroy());
  await options.before?.(database);
  const mails = await startMailServer();
  closes(() => mails.close());
  const fleet = await Fleet.start({
    databaseUrl,
    redisUrl,
    smtpUrl: mails.url,
    counts: { worker: 2, relay: 2, api: 2 },
  });
  closes(() => fleet.stop());
  const kills: Record<Part, number> = { worker: 0, relay: 0, api: 0 };
  try {
    const chance = random(seed);
    const world = await makeWorld(database, fleet.urls(), chance.fork(), 16);
    const before = await countRows(database);
    const load = new Load(fleet.urls(), world, database);
    closes(() => load.giveUp());
    load.start(chance.fork(), 4);
    const ended = async () =>
      (await queryOne<{ n: number }>(database, 'select count(*) as n from job where finished_at is not null'))?.n ?? 0;
    for (let at = 0; at < options.kills; at += 1) {
      const part = (['worker', 'relay', 'api'] as const)[at % 3] as Part;
      const mark = await ended();
      await load.enqueue(chance, BATCH);
      load.allow(REQUESTS);
      const ready = () => fleet.of(part).filter((member) => member.isReady);
      // The other one lives, so that work goes on, and this one has something under way.
      await until(`two of ${part} run`, () => ready().length === fleet.of(part).length, PATIENCE_MS, 20);
      await until('work is done between kills', async () => (await ended()) >= mark + JOBS_BETWEEN, PATIENCE_MS, 20);
      if (at === options.kills - 1) await everyKind(load, options.kinds ?? []);
      await fleet.kill(chance.pick(ready()));
      kills[part] += 1;
      if ((at + 1) % 30 === 0) say(`${at + 1} kills, ${await ended()} jobs ended`);
    }
    const last = performance.now();
    await load.finish();
    const retried = await settle(database);
    const settledInMs = Math.round(performance.now() - last);
    const findings = await verify(database, world, load.result, before, mails.heard);
    if (findings.lost.length + findings.wrong.length > 0) say(fleet.errors().join('\n'));
    const [counts] = await query<{ jobs: number; failed: number }>(
      database,
      `select count(*) as jobs, count(*) filter (where state = 'failed') as failed from job`,
    );
    return {
      ...findings,
      kills,
      requests: load.result.settled.length,
      acceptedByKind: byKind(load.result),
      mails: mails.heard.size,
      accepted: load.result.settled.filter(isAccepted).length + load.result.enqueued.length,
      resent: load.result.settled.reduce((sum, { outcome }) => sum + outcome.sends - 1, 0),
      jobs: counts?.jobs ?? 0,
      failed: counts?.failed ?? 0,
      retried,
      settledInMs,
      tookMs: Math.round(performance.now() - began),
    };
  } catch (error) {
    say(fleet.lastWords());
    throw error;
  }
}

/** Which kinds are drawn and accepted is chance: clerks go on until each was. */
async function everyKind(load: Load, kinds: readonly (readonly Kind[])[]): Promise<void> {
  const isThere = (group: readonly Kind[]) =>
    load.result.settled.some((one) => group.includes(one.kind) && isAccepted(one));
  const missing = () => kinds.filter((group) => !isThere(group));
  const all = () => {
    if (missing().length > 0) load.keepBusy();
    return missing().length === 0;
  };
  await until('something of every kind is accepted', all, 2 * PATIENCE_MS, 50);
}

function byKind({ settled }: LoadResult): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const one of settled) if (isAccepted(one)) counts[one.kind] = (counts[one.kind] ?? 0) + 1;
  return counts;
}
