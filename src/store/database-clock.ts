/**
 * The business clock of a process: the database's, so that hosts whose own clocks are wrong agree on the day.
 *
 * Always true: between two readings it goes on by this machine's steady clock, which nobody sets.
 */
import { type Database, queryOne } from './database.ts';

export interface DatabaseClock {
  now(): Date;
  stop(): void;
}

const READ_EVERY_MS = 60_000;

/** Until the database has answered once, the machine's own clock has to do. */
export async function startDatabaseClock(database: Database): Promise<DatabaseClock> {
  let offset: number | null = null;
  const read = async (): Promise<void> => {
    const asked = performance.now();
    const row = await queryOne<{ now: Date }>(database, 'select clock_timestamp() as now').catch(() => null);
    if (row) offset = row.now.getTime() - (asked + performance.now()) / 2;
  };
  await read();
  const timer = setInterval(() => void read(), READ_EVERY_MS);
  timer.unref();
  return {
    now: () => (offset === null ? new Date() : new Date(performance.now() + offset)),
    stop: () => clearInterval(timer),
  };
}
