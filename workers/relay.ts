/**
 * The relay rings the queue for every job row that is due, after the commit that wrote it, and again for those
 * whose ring was lost.
 *
 * Always true: losing a ring loses nothing (the row is rung again), ringing twice does nothing twice (the row is
 * locked by whoever works on it). Several relays may run at once.
 */
import type { Lane } from '../src/jobs/declaration.ts';
import { lanes } from '../src/jobs/declaration.ts';
import type { Database } from '../src/store/database.ts';
import {
  nextDueInMs,
  type RingRow,
  releaseExpiredLeases,
  takeLostRings,
  takeUnrung,
  unring,
} from '../src/store/jobs.ts';
import type { Doorbell, Ring } from './queue.ts';

export interface RelayOptions {
  database: Database;
  doorbell: Doorbell;
  /** The queue is kept in PostgreSQL: its table must be analysed after a burst, or its plans stay those of an empty one. */
  queueInPostgres: boolean;
  /** Pause between looks when nobody pokes. */
  idleMs?: number;
  /** A ring older than this, and older by this than all that wait in its lane, was lost. */
  lostAfterMs?: number;
  onError: (error: unknown) => void;
}

/** Rows taken in one pass, and job rows that one ring may carry when there is a backlog. */
const PASS = 2000;
const MOST_PER_RING = 25;
const SWEEP_EVERY_MS = 2000;
/** Whatever waits in the lane, a row that was rung this long ago is rung again. */
const LOST_FOR_SURE_MS = 600_000;

export class Relay {
  private readonly options: RelayOptions;
  private running = false;
  private loop: Promise<void> = Promise.resolve();
  private wake: (() => void) | null = null;
  private poked = false;
  private lastSweep = 0;
  private rungSinceAnalyze = 0;

  constructor(options: RelayOptions) {
    this.options = options;
  }

  start(): void {
    if (this.running) return;
    this.running = true;
    this.loop = this.run();
  }

  /** Something was just committed: look now. */
  poke(): void {
    this.poked = true;
    this.wake?.();
  }

  async stop(): Promise<void> {
    this.running = false;
    this.wake?.();
    await this.loop;
  }

  private async run(): Promise<void> {
    let trouble = 0;
    while (this.running) {
      this.poked = false;
      let pause = this.options.idleMs ?? 250;
      try {
        const rung = await this.pass();
        trouble = 0;
        if (performance.now() - this.lastSweep >= SWEEP_EVERY_MS) await this.sweep();
        if (rung >= PASS) continue;
        const next = await nextDueInMs(this.options.database);
        if (next !== null) pause = Math.max(1, Math.min(pause, next));
      } catch (error) {
        trouble += 1;
        pause = Math.min(5000, 100 * 2 ** Math.min(trouble, 6));
        this.options.onError(error);
      }
      if (!this.poked && this.running) await this.sleep(pause);
    }
  }

  /** Rings for what is due. @returns how many rows. */
  async pass(): Promise<number> {
    const rows = await takeUnrung(this.options.database, PASS);
    await this.ring(rows);
    return rows.length;
  }

  /** Finds what was lost: leases that ran out, rings that the queue no longer has. */
  async sweep(): Promise<void> {
    this.lastSweep = performance.now();
    await releaseExpiredLeases(this.options.database);
    for (const lane of lanes) {
      const waiting = await this.options.doorbell.longestWaiting(lane);
      const olderThanMs = this.options.lostAfterMs ?? 10_000;
      const surelyAfterMs = Math.max(LOST_FOR_SURE_MS, olderThanMs);
      const lost = { lane, waiting, olderThanMs, surelyAfterMs, limit: PASS };
      await this.ring(await takeLostRings(this.options.database, lost));
    }
  }

  /** Rings for them, lane by lane: one lane's trouble must not keep the others' from being rung. */
  private async ring(rows: readonly RingRow[]): Promise<void> {
    const troubles: unknown[] = [];
    for (const lane of lanes) {
      const inLane = rows.filter((row) => row.lane === lane);
      if (inLane.length === 0) continue;
      try {
        await this.options.doorbell.ring(lane, ringsFor(lane, inLane));
      } catch (error) {
        troubles.push(error);
        const ids = inLane.map((row) => row.id);
        await unring(this.options.database, ids).catch((inner: unknown) => troubles.push(inner));
      }
    }
    if (troubles.length > 0) throw troubles[0];
    await this.analyzeAfterBurst(rows.length);
  }

  private async analyzeAfterBurst(count: number): Promise<void> {
    this.rungSinceAnalyze += count;
    if (!this.options.queueInPostgres || this.rungSinceAnalyze < 1000) return;
    this.rungSinceAnalyze = 0;
    await this.options.database.raw('analyze bullmq.job');
  }

  private sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(done, ms);
      const self = this;
      function done() {
        clearTimeout(timer);
        self.wake = null;
        resolve();
      }
      this.wake = done;
    });
  }
}

/** One row a ring while there are few, many rows a ring in a backlog; long jobs and doubtful ones ring alone. */
export function ringsFor(lane: Lane, rows: readonly RingRow[]): Ring[] {
  const doubtful = rows.filter((row) => row.doubtful).map((row) => ({ ids: [row.id], doubtful: true }));
  const sound = rows.filter((row) => !row.doubtful).map((row) => row.id);
  const size = lane === 'work' ? Math.max(1, Math.min(MOST_PER_RING, Math.ceil(sound.length / 20))) : 1;
  const rings: Ring[] = [];
  for (let at = 0; at < sound.length; at += size) rings.push({ ids: sound.slice(at, at + size) });
  return [...rings, ...doubtful];
}
