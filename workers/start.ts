/** Starts the workers, the relay and the recurring tick in this process. */
import type { Worker } from 'bullmq';
import { lanes } from '../src/jobs/declaration.ts';
import type { Log } from '../src/log.ts';
import { openDueDays } from '../src/services/open-due-days.ts';
import { connectDatabase } from '../src/store/database.ts';
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
}

export interface Workers {
  poke(): void;
  /** Ends the jobs under way, takes no new ones, closes every connection. */
  stop(): Promise<void>;
}

const TICK_EVERY_MS = 15_000;

export async function startWorkers(options: WorkersOptions): Promise<Workers> {
  const parts = options.parts ?? ['workers', 'relay'];
  const now = options.now ?? (() => new Date());
  const { log } = options;
  const database = connectDatabase(options.databaseUrl, {
    max: options.databasePool ?? 16,
    application: 'echeance-workers',
  });
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
  const deps: WorkerDeps = { database, log, now, poke: () => relay.poke() };
  const answer = async (job: RingJob) => {
    if (job.data.tick) {
      await database.transaction((trx) => openDueDays(trx, now()));
      relay.poke();
      return;
    }
    await runRing(deps, job.data, job.stalledCounter > 0 || job.attemptsMade > 0);
  };
  let workers: Worker[] = [];
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
    void scheduleTick(doorbell, queueTrouble);
  }
  return {
    poke: () => relay.poke(),
    async stop() {
      await Promise.all(workers.map((worker) => worker.close()));
      await relay.stop();
      await doorbell.close();
      await database.destroy();
    },
  };
}

/** Several workers may start at once, and concurrent first upserts of one scheduler may be refused: try again. */
async function scheduleTick(doorbell: Doorbell, onError: (error: unknown) => void): Promise<void> {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    try {
      await doorbell.queues.work.upsertJobScheduler(
        'tick',
        { every: TICK_EVERY_MS },
        {
          name: 'tick',
          data: { ids: [], tick: true },
          opts: { attempts: 1, removeOnComplete: { count: 20 }, removeOnFail: { count: 20 } },
        },
      );
      return;
    } catch (error) {
      onError(error);
      await new Promise((resolve) => setTimeout(resolve, 200 + attempt * 200));
    }
  }
}
