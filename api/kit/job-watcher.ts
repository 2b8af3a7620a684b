/** Waits for jobs to end, for `Prefer: wait`: one statement every few milliseconds for all who wait. */
import { type Database, query } from '../../src/store/database.ts';

interface Waiter {
  id: string;
  until: number;
  resolve: (ended: boolean) => void;
}

const EVERY_MS = 8;

export class JobWatcher {
  private readonly database: Database;
  private waiters: Waiter[] = [];
  private timer: NodeJS.Timeout | null = null;

  constructor(database: Database) {
    this.database = database;
  }

  /** @returns whether the job has ended (done, failed or discarded) within the time. */
  wait(id: string, ms: number): Promise<boolean> {
    return new Promise((resolve) => {
      this.waiters.push({ id, until: Date.now() + ms, resolve });
      this.timer ??= setTimeout(() => void this.look(), EVERY_MS);
    });
  }

  private async look(): Promise<void> {
    const ids = [...new Set(this.waiters.map((waiter) => waiter.id))];
    let ended = new Set<string>();
    try {
      const rows = await query<{ id: string }>(
        this.database,
        `select id from job where id = any(?::text[]) and finished_at is not null`,
        [ids],
        'watch-jobs',
      );
      ended = new Set(rows.map((row) => row.id));
    } catch {
      // The database does not answer: the waiters run out of time and get a 202, which is true.
    }
    const now = Date.now();
    const staying: Waiter[] = [];
    for (const waiter of this.waiters) {
      if (ended.has(waiter.id)) waiter.resolve(true);
      else if (waiter.until <= now) waiter.resolve(false);
      else staying.push(waiter);
    }
    this.waiters = staying;
    this.timer = staying.length > 0 ? setTimeout(() => void this.look(), EVERY_MS) : null;
  }
}
