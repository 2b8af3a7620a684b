/** Undoes a closure as one: every contract that it still suspends goes on as if there had been none. */
import { Refusal } from '../errors/refusal.ts';
import { type Closure, countClosed, loadClosure, updateClosure } from '../store/closures.ts';
import { announce } from './announce.ts';
import type { Operation } from './operation.ts';

export interface UndoClosureInput {
  closure: string;
}

interface State {
  closure: Closure;
  contracts: number;
}

export const undoClosure: Operation<UndoClosureInput, State, Closure> = {
  load: async (ctx, input, locking) => ({
    closure: await loadClosure(ctx, input.closure, locking),
    contracts: await countClosed(ctx, input.closure),
  }),
  decide({ closure, contracts }) {
    if (closure.state === 'closing') throw new Refusal('closure_running');
    if (closure.state !== 'closed') throw new Refusal('closure_undone');
    const totals = { ...closure.totals, contracts, suspended: contracts };
    return { ...closure, state: 'undoing', cursor: '', totals, version: closure.version + 1 };
  },
  show: ({ contracts }) => ({
    before: { contracts_suspended: contracts },
    after: { contracts_suspended: 0 },
    changes: [],
    access: null,
    warnings: [],
  }),
  reads: ({ closure, contracts }) => [closure.id, closure.version, contracts],
  version: ({ closure }) => closure.version,
  async save(ctx, _state, decision) {
    await updateClosure(ctx, decision);
    await announce(ctx, { type: 'closure.reopening', subjects: [decision.id], data: {} });
    return { id: decision.id };
  },
};
