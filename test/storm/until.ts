/** Waits for a condition, with a limit. */
import { setTimeout as pause } from 'node:timers/promises';

export async function until(
  what: string,
  condition: () => Promise<boolean> | boolean,
  limitMs = 60_000,
  everyMs = 50,
): Promise<void> {
  const end = performance.now() + limitMs;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`waited ${limitMs} ms in vain: ${what}`);
    await pause(everyMs);
  }
}
