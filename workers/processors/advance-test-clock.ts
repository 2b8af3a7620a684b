/**
 * Advancing a test clock: each day's daily work runs as on a live day, and its jobs are done by the same workers,
 * before the next day begins.
 */
import { daysBetween } from '../../src/domain/day.ts';
import { beginTestDay } from '../../src/services/begin-test-day.ts';
import { recordProgress } from '../../src/store/jobs.ts';
import { instantNow, openJobsAskedBy } from '../../src/views/open-jobs.ts';
import type { Processor, Steps } from '../processor.ts';

/** A day whose jobs have not ended by then is left to the next attempt. */
const DRAIN_LIMIT_MS = 600_000;

export const advanceTestClock: Processor<'advance-test-clock'> = {
  kind: 'steps',
  async run(steps, { from, to }) {
    const total = daysBetween(from, to);
    for (;;) {
      await drain(steps);
      const today = await steps.transaction(async (ctx) => {
        const begun = await beginTestDay(ctx, to);
        if (begun !== null) await recordProgress(ctx.trx, ctx.job.id, daysBetween(from, begun), total);
        return begun;
      });
      if (today === null) break;
      steps.deps.poke();
    }
    return { object: 'test_clock', today: to, days_passed: total };
  },
};

/** Waits until nothing can run now of what was asked for so far. What clients ask for meanwhile belongs to the next day. */
async function drain(steps: Steps): Promise<void> {
  const until = await steps.transaction((ctx) => instantNow(ctx.trx));
  let waited = 0;
  for (let pause = 2; ; pause = Math.min(pause * 2, 50)) {
    const open = await steps.transaction((ctx) => openJobsAskedBy(ctx, until, steps.job.id));
    if (open === 0) return;
    if (waited > DRAIN_LIMIT_MS) throw new Error('the jobs of this day do not end');
    steps.deps.poke();
    await steps.pause(pause);
    waited += pause;
  }
}
