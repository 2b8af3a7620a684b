/** Why an instalment is what it is: the changes that made it so, its own contract's and those of the contracts before. */
import type { ContractState } from '../schedule/chain.ts';
import type { Change } from '../schedule/changes.ts';

export interface Explanation {
  /** The contract that the change was recorded on. */
  contract: string;
  change: Change;
}

/** @param explains the ids that the instalment carries. */
export function explain(explains: readonly string[], chain: readonly ContractState[]): Explanation[] {
  const ids = new Set(explains);
  return chain.flatMap(({ id, changes }) =>
    changes.filter((change) => ids.has(change.id)).map((change) => ({ contract: id, change })),
  );
}
