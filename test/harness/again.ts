/** Starting what may fail to start once. */
import { setTimeout as pause } from 'node:timers/promises';

/** A server that comes back to its port may find it taken for a moment: whoever connects on this machine is given one. */
export async function againAndAgain<Result>(start: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await start();
    } catch (error) {
      if (tries === 30) throw error;
      await pause(500);
    }
  }
}
