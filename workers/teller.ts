/** Tells how far a step is while it is under way: one word at a time, of those that come meanwhile the last. */
import type { Log } from '../src/log.ts';
import type { Database } from '../src/store/database.ts';
import { tellProgress } from '../src/store/jobs.ts';
import type { Tell } from './processor.ts';

/** A word that cannot be written is only logged: the step does not depend on it. */
export function tellerOf(database: Database, id: string, log: Log): Tell {
  let next: readonly [number, number] | null = null;
  let telling = false;
  const tellAll = async () => {
    telling = true;
    while (next !== null) {
      const [done, total] = next;
      next = null;
      await tellProgress(database, id, done, total).catch((error: unknown) =>
        log.debug({ job: id, err: error }, 'progress not told'),
      );
    }
    telling = false;
  };
  return (done, total) => {
    next = [done, total];
    if (!telling) void tellAll();
  };
}
