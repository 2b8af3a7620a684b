/**
 * Closing and undoing, in steps. Begun once (the row of the closure says so), then batch by batch until nothing is left;
 * each batch commits its place with its work.
 */

import { Refusal } from '../../src/errors/refusal.ts';
import { closureStep } from '../../src/services/closure-steps.ts';
import { openClosure } from '../../src/services/open-closure.ts';
import type { Preconditions } from '../../src/services/operation.ts';
import { commitOperation } from '../../src/services/operation.ts';
import { undoClosure } from '../../src/services/undo-closure.ts';
import { loadClosure } from '../../src/store/closures.ts';
import { findClosure } from '../../src/views/closures.ts';
import type { Processor, Steps } from '../processor.ts';

async function work(steps: Steps, id: string, doing: 'closing' | 'undoing'): Promise<object> {
  for (;;) {
    const { done, total, more } = await steps.transaction((ctx) => closureStep(ctx, id, doing));
    if (!more) break;
    await steps.progress(done, total);
  }
  return steps.transaction((ctx) => findClosure(ctx, id));
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
