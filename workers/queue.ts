/**
 * BullMQ on either of its backends: Redis when a URL is given, PostgreSQL otherwise. The queue carries rings, and
 * a ring carries ids of job rows and nothing else.
 */
import { type Job, Queue, type QueueOptions, Worker, type WorkerOptions } from 'bullmq';
import { Redis } from 'ioredis';
import { type Lane, lanes } from '../src/jobs/declaration.ts';
import { patientPostgresBackend, queuePool } from './postgres-queue.ts';

export interface Ring {
  /** Ids of job rows. */
  ids: string[];
  /** An earlier ring for these was lost, or its worker died. */
  doubtful?: boolean;
  /** The recurring tick: look whether a day is to be opened. */
  tick?: true;
}

export type RingJob = Job<Ring>;

export interface QueueAddress {
  databaseUrl: string;
  redisUrl?: string | undefined;
}

export const backendOf = (address: QueueAddress): 'redis' | 'postgres' => (address.redisUrl ? 'redis' : 'postgres');

/** Rings are cheap to repeat, so they are kept only to be looked at. */
const jobOptions = {
  removeOnComplete: { count: 500 },
  removeOnFail: { count: 500 },
  attempts: 5,
  backoff: { type: 'exponential', delay: 500 },
} as const;

function redisConnection(url: string): Redis {
  // Redis may be away when a program starts and come later, so nothing gives up on it.
  return new Redis(url, { maxRetriesPerRequest: null, retryStrategy: (times) => Math.min(times * 100, 2000) });
}

/** Rings looked at to tell how long the lane is. */
const OLDEST = 20;

const quiet = () => undefined;

/** The sending side, for relays and for the operators' dashboard. */
export class Doorbell {
  readonly queues: Record<Lane, Queue>;
  private readonly redis: Redis | null;
  private readonly onError: (error: Error) => void;

  constructor(address: QueueAddress, onError: (error: Error) => void = quiet) {
    this.onError = onError;
    this.redis = address.redisUrl ? redisConnection(address.redisUrl) : null;
    this.redis?.on('error', onError);
    const make = (lane: Lane): Queue => {
      const queue = this.redis
        ? new Queue(lane, {
            connection: this.redis as never,
            defaultJobOptions: jobOptions,
            skipWaitingForReady: true,
          } as QueueOptions)
        : (new Queue(
            lane,
            { connection: queuePool(address.databaseUrl, 2) as never, defaultJobOptions: jobOptions } as never,
            patientPostgresBackend,
          ) as Queue);
      queue.on('error', this.onError);
      return queue;
    };
    this.queues = Object.fromEntries(lanes.map((lane) => [lane, make(lane)])) as Record<Lane, Queue>;
  }

  /** @throws when the queue cannot be told now; the rows then stay to be rung. */
  async ring(lane: Lane, rings: readonly Ring[]): Promise<void> {
    this.requireQueue();
    await this.queues[lane].addBulk(rings.map((data) => ({ name: 'ring', data })));
  }

  /** How many rings wait in a lane, the tick's next one among them. */
  async waiting(lane: Lane): Promise<number> {
    this.requireQueue();
    const counts = await this.queues[lane].getJobCounts('wait', 'prioritized', 'delayed');
    return Object.values(counts).reduce((a, b) => a + b, 0);
  }

  /**
   * Jobs of the rings that have waited longest in a lane. Delayed ones are left out: the tick always has one there,
   * and a ring that failed and waits for its next try loses nothing by another.
   */
  async longestWaiting(lane: Lane): Promise<string[]> {
    this.requireQueue();
    const rings = await this.queues[lane].getJobs(['wait'], 0, OLDEST - 1, true);
    return rings.flatMap((ring) => (ring?.data as Ring | undefined)?.ids ?? []);
  }

  /** While Redis is away its client would keep commands and send them all on its return: say no at once instead. */
  requireQueue(): void {
    if (this.redis && this.redis.status !== 'ready') throw new Error(`Redis is ${this.redis.status}`);
  }

  async close(): Promise<void> {
    await Promise.all(lanes.map((lane) => this.queues[lane].close().catch(quiet)));
    this.redis?.disconnect();
  }
}

/** The receiving side of one lane. */
export function listen(
  address: QueueAddress,
  lane: Lane,
  concurrency: number,
  answer: (job: RingJob) => Promise<unknown>,
  onError: (error: Error) => void = quiet,
): Worker {
  const options: Partial<WorkerOptions> = {
    concurrency,
    // A ring whose worker died is answered by another within lockDuration + stalledInterval.
    lockDuration: 15_000,
    stalledInterval: 5_000,
    maxStalledCount: 1_000_000,
    drainDelay: 2,
    // After a failure to reach the queue.
    runRetryDelay: 1_000,
  };
  const redis = address.redisUrl ? redisConnection(address.redisUrl) : null;
  redis?.on('error', onError);
  const worker = redis
    ? new Worker<Ring>(lane, answer, { ...options, connection: redis as never } as WorkerOptions)
    : (new Worker<Ring>(
        lane,
        answer,
        {
          ...options,
          connection: queuePool(address.databaseUrl, Math.max(3, Math.ceil(concurrency / 2))) as never,
        } as never,
        patientPostgresBackend as never,
      ) as Worker);
  // BullMQ leaves open what it was given.
  worker.once('closed', () => redis?.disconnect());
  worker.on('error', onError);
  return worker;
}
