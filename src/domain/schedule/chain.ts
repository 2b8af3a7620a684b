/**
 * Chains: a contract and the renewals signed ahead of its end.
 *
 * Always true:
 * - what moves the end of a contract moves the contracts after it by as much, with their instalments: derived each time,
 *   recorded nowhere;
 * - the terms of a chain never overlap, whatever was recorded and in whatever order;
 * - a renewal's own suspensions keep their days; facts of a renewal stay where they are.
 */
import type { Day } from '../day.ts';
import type { Cents } from '../money.ts';
import type { Change } from './changes.ts';
import type { Fact } from './facts.ts';
import type { ChainMove, Schedule } from './instalment.ts';
import { schedule } from './schedule.ts';
import { notMoved } from './term.ts';
import type { Terms } from './terms.ts';

/** What a contract's schedule is computed from. */
export interface ContractState {
  id: string;
  terms: Terms;
  /** In the order they were recorded. */
  changes: readonly Change[];
  facts: readonly Fact[];
  /** What credit notes took off its instalments for good, each on its day. Read for subscriptions to issues alone. */
  taken_back?: readonly { on: Day; amount: Cents }[];
}

/** The schedules of a chain. @param contracts in the order they follow one another. */
export function scheduleChain(contracts: readonly ContractState[], until: Day): Schedule[] {
  let before: ChainMove = notMoved;
  return contracts.map(({ terms, changes, facts }) => {
    const result = schedule(terms, changes, facts, until, before);
    before = result.passed_on;
    return result;
  });
}
