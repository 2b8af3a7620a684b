/**
 * Closing and undoing, in steps. Begun once (the row of the closure says so), then batch by batch until nothing is left;
 * each batch commits its place with its work.
 *
 * Two batches overlap, so that one is decided while the other is written. Always true: they commit in order, and one
 * takes its locks only when the one before it has all of its own, so the first never waits for the second.
 */

import { Refusal } from '../../src/errors/refusal.ts';
import { changeChains, concludeStep, type Doing, endClosure, takeChains } from '../../src/services/closure-steps.ts';
import { openClosure } from '../../src/services/open-closure.ts';
import type { Preconditions } from '../../src/services/operation.ts';
import { commitOperation } from '../../src/services/operation.ts';
import { undoClosure } from '../../src/services/undo-closure.ts';
import { loadClosure } from '../../src/store/closures.ts';
import { findClosure } from '../../src/views/closures.ts';
import type { Processor, Steps } from '../processor.ts';

async function work(steps: Steps, id: string, doing: Doing): Promise<object> {
  let { cursor } = await steps.transaction((ctx) => loadClosure(ctx, id, false));
  let before: Promise<void> = Promise.resolve();
  for (;;) {
    const step = overlap(steps, id, doing, cursor, before);
    const taken = await step.taken;
    await before;
    before = step.committed;
    if (taken === null) break;
    cursor = taken;
  }
  await before;
  await steps.transaction((ctx) => endClosure(ctx, id, doing));
  return steps.transaction((ctx) => findClosure(ctx, id));
}

/** Begins a step. `taken`: the last chain it has locked, null when none is left. */
function overlap(steps: Steps, id: string, doing: Doing, after: string, before: Promise<void>) {
  let tell: { taken: (last: string | null) => void; failed: (error: unknown) => void };
  const taken = new Promise<string | null>((resolve, reject) => {
    tell = { taken: resolve, failed: reject };
  });
  const committed = steps
    .overlapping(async (ctx) => {
      const chains = await takeChains(ctx, id, doing, after);
      tell.taken(chains?.last ?? null);
      if (chains === null) return null;
      const changed = await changeChains(ctx, chains, doing);
      await before;
      return concludeStep(ctx, doing, after, chains, changed);
    })
    .then(async (came) => {
      if (came) await steps.progress(came.done, came.total);
    });
  committed.catch((error: unknown) => tell.failed(error));
  return { taken, committed };
}

export const openingClosure: Processor<'open-closure'> = {
  kind: 'steps',
  async run(steps, { input, ...expected }) {
    await steps.transaction(async (ctx) => {
      const begun = await loadClosure(ctx, input.new_closure, true).catch(unlessNotFound);
      if (!begun) await commitOperation(ctx, 'open-closure', openClosure, input, expected as Preconditions);
    });
    return work(steps, input.new_closure, 'closing');
  },
};

export const undoingClosure: Processor<'undo-closure'> = {
  kind: 'steps',
  async run(steps, { input, ...expected }) {
    await steps.transaction(async (ctx) => {
      const { state } = await loadClosure(ctx, input.closure, true);
      if (state !== 'undoing')
        await commitOperation(ctx, 'undo-closure', undoClosure, input, expected as Preconditions);
    });
    return work(steps, input.closure, 'undoing');
  },
};

function unlessNotFound(error: unknown): null {
  if (error instanceof Refusal && error.code === 'not_found') return null;
  throw error;
}
