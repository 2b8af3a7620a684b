/** What a storm opens is closed when it ends, whatever it ended by: also what was opened before something else failed to. */

/** Closes what it is given, the last opened first; all of it, also where closing one fails. */
export async function closing<Result>(
  work: (closes: (step: () => Promise<unknown>) => void) => Promise<Result>,
): Promise<Result> {
  const steps: (() => Promise<unknown>)[] = [];
  try {
    return await work((step) => steps.unshift(step));
  } finally {
    for (const step of steps) {
      await step().catch((error: unknown) => process.stderr.write(`not closed: ${String(error)}\n`));
    }
  }
}

/** A promise that is waited for later: its failure is told then, and does not end the run meanwhile. */
export function later<Result>(promise: Promise<Result>): Promise<Result> {
  promise.catch(() => undefined);
  return promise;
}
