/** Starts the workers, the relay and the recurring tick in this process. */
import type { Worker } from 'bullmq';
import { type MailRoadOptions, openMailRoad } from '../src/gateways/mail-road.ts';
import { lanes } from '../src/jobs/declaration.ts';
import type { Log } from '../src/log.ts';
import { lockReleases, noticeRestore } from '../src/services/after-restore.ts';
import { openDueDays } from '../src/services/open-due-days.ts';
import { reviewOvertaken } from '../src/services/review-overtaken.ts';
import { connectDatabase, type Database } from '../src/store/database.ts';
import { startDatabaseClock } from '../src/store/database-clock.ts';
import { askWitness } from '../src/store/restore-witness.ts';
import { forgetOldAttempts } from '../src/store/sign-in-attempts.ts';
import { linkTrail } from '../src/store/trail-chain.ts';
import type { WorkerDeps } from './processor.ts';
import { backendOf, Doorbell, listen, type QueueAddress, type RingJob } from './queue.ts';
import { Relay } from './relay.ts';
import { runRing } from './run-ring.ts';

export interface WorkersOptions extends QueueAddress {
  log: Log;
  concurrency?: number;
  databasePool?: number;
  /** The business clock. BullMQ's own clock is never touched. */
  now?: () => Date;
  /** Which parts run here; all of them unless told. */
  parts?: readonly ('workers' | 'relay')[];
  lostAfterMs?: number;
  mail?: MailRoadOptions;
  /** See `restore-witness.ts`. */
  witnessFile?: string | undefined;
}

export interface Workers {
  poke(): void;
  /** Ends the jobs under way, takes no new ones, closes every connection. */
  stop(): Promise<void>;
}

const TICK_EVERY_MS = 15_000;

export async function startWorkers(options: WorkersOptions): Promise<Workers> {
  const parts = options.parts ?? ['workers', 'relay'];
  const { log } = options;
  const database = connectDatabase(options.databaseUrl, {
    max: options.databasePool ?? 16,
    application: 'echeance-workers',
  });
  const clock = await startDatabaseClock(database);
  const now = options.now ?? clock.now;
  let lastQueueTrouble = 0;
  const queueTrouble = (err: unknown) => {
    if (Date.now() - lastQueueTrouble < 5000) return;
    lastQueueTrouble = Date.now();
    log.warn({ err }, 'the queue does not answer; what is due stays in the database and is rung later');
  };
  const doorbell = new Doorbell(options, queueTrouble);
  const relay = new Relay({
    database,
    doorbell,
    queueInPostgres: backendOf(options) === 'postgres',
    onError: queueTrouble,
    ...(options.lostAfterMs === undefined ? {} : { lostAfterMs: options.lostAfterMs }),
  });
  const mail = openMailRoad(options.mail ?? {});
  const deps: WorkerDeps = { database, log, now, mail, poke: () => relay.poke() };
  let isVouched = false;
  const vouch = async () => {
    await noticeRestores(database, options.witnessFile, now());
    isVouched = true;
  };
  const tick = async () => {
    await vouch();
    await database.transaction((trx) => openDueDays(trx, now()));
    await database.transaction((trx) => reviewOvertaken(trx, now()));
    relay.poke();
    // Apart from the work, and no reason for it to stop.
    await keepHouse(database).catch((err: unknown) => log.warn({ err }, 'the trail is not linked now; it will be'));
  };
  const answer = async (job: RingJob) => {
    if (job.data.tick) return tick();
    if (!isVouched) await vouch();
    await runRing(deps, job.data, job.stalledCounter > 0 || job.attemptsMade > 0);
  };
  let workers: Worker[] = [];
  let ticking: NodeJS.Timeout | undefined;
  if (parts.includes('relay')) relay.start();
  if (parts.includes('workers')) {
    const concurrency = options.concurrency ?? 10;
    workers = lanes.map((lane) =>
      listen(
        options,
        lane,
        lane === 'work' ? concurrency : Math.max(2, Math.ceil(concurrency / 2)),
        answer,
        queueTrouble,
      ),
    );
    ticking = keepTicking(doorbell, queueTrouble);
    // Workers that never live as long as a tick takes to come must open days all the same.
    tick().catch(queueTrouble);
  }
  return {
    poke: () => relay.poke(),
    async stop() {
      clearInterval(ticking);
      clock.stop();
      await Promise.all(workers.map((worker) => worker.close()));
      mail.close();
      await relay.stop();
      await doorbell.close();
      await database.destroy();
    },
  };
}

/** A database that came from a backup must not go on by itself: asked before any work, and at each tick. */
async function noticeRestores(database: Database, witnessFile: string | undefined, now: Date): Promise<void> {
  await database.transaction(async (trx) => {
    await noticeRestore(trx, now);
    if (witnessFile === undefined) return;
    const testimony = await askWitness(trx, witnessFile);
    if (testimony !== 'vouched') await lockReleases(trx, now, testimony);
  });
}

/** What nobody waits for: the trail's chain, and sign-in attempts that say nothing any more. */
async function keepHouse(database: Database): Promise<void> {
  await linkTrail(database);
  await forgetOldAttempts(database);
}

/**
 * The queue's store may be emptied at any moment, and the tick's schedule with it; or a host whose clock is wrong may
 * have put the next tick far away. Every worker looks, and sets it right.
 */
function keepTicking(doorbell: Doorbell, onError: (error: unknown) => void): NodeJS.Timeout {
  const look = () => void scheduleTick(doorbell).catch(onError);
  look();
  return setInterval(look, TICK_EVERY_MS);
}

async function scheduleTick(doorbell: Doorbell): Promise<void> {
  const queue = doorbell.queues.work;
  doorbell.requireQueue();
  const next = (await queue.getJobScheduler('tick'))?.next;
  if (next !== undefined && Math.abs(next - Date.now()) < 3 * TICK_EVERY_MS) return;
  await queue.upsertJobScheduler(
    'tick',
    { every: TICK_EVERY_MS },
    {
      name: 'tick',
      data: { ids: [], tick: true },
      opts: { attempts: 1, removeOnComplete: { count: 20 }, removeOnFail: { count: 20 } },
    },
  );
}
