import { setTimeout as pause } from 'node:timers/promises';

/** Waits for a condition, for a minute at most. */
export async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const limit = performance.now() + 60_000;
  while (!(await condition())) {
    if (performance.now() > limit) throw new Error(`waited in vain until ${what}`);
    await pause(25);
  }
}
