/**
 * Deciding a change to a contract: the records to append, and the schedules of its chain before and after them.
 *
 * Always true:
 * - a preview and a commit are the same decision; nothing but the records is written, the rest follows from them;
 * - a renewal that has facts is not moved silently: refused, or moved because the caller said so, with a compensation
 *   where the caller grants one. Its facts stay where they are and count for the same numbers as before.
 */
import { Refusal } from '../../errors/refusal.ts';
import type { Warning, WarningCode } from '../../errors/warnings.ts';
import type { Day } from '../day.ts';
import { type Cents, decimal } from '../money.ts';
import { type ContractState, scheduleChain } from '../schedule/chain.ts';
import type { Change } from '../schedule/changes.ts';
import { compareSchedules, isUnchanged, type ScheduleComparison } from '../schedule/compare.ts';
import type { Schedule } from '../schedule/instalment.ts';
import { moveDay } from '../schedule/shift.ts';

/** What every decision is made from. */
export interface ChangeState {
  /** The contracts of one chain in the order they follow one another. */
  chain: readonly ContractState[];
  /** The id of the one that is changed. */
  contract: string;
  today: Day;
  /** The last due day to compute for a contract without end. */
  until: Day;
}

/** What to do with renewals signed ahead that already have facts. */
export interface RenewalChoice {
  renewals: 'refuse' | 'move';
  /** Taken off the next open instalments of the first renewal that is moved with its facts. */
  compensation: Cents | null;
}

export const refuseRenewals: RenewalChoice = { renewals: 'refuse', compensation: null };

export type NewId = (prefix: 'chg' | 'sus') => string;

export interface DecidedContract {
  id: string;
  before: Schedule;
  after: Schedule;
  comparison: ScheduleComparison;
}

export interface Decision {
  /** To append, in this order. */
  changes: readonly { contract: string; change: Change }[];
  /** The changed contract and those after it in its chain. */
  contracts: readonly DecidedContract[];
  warnings: readonly Warning[];
}

export interface Subject {
  contract: ContractState;
  /** Its place in the chain. */
  at: number;
  schedule: Schedule;
  /** Its first day as sold, moved by the contracts before it but not by its own suspensions. */
  began_on: Day;
}

/** The contract that is changed, and its schedule as it stands. */
export function subject(state: ChangeState): Subject {
  const at = placeOf(state);
  const contract = state.chain[at]!;
  const schedules = scheduleChain(state.chain.slice(0, at + 1), state.until);
  const began_on = moveDay(contract.terms.starts_on, schedules[at - 1]?.passed_on.steps ?? []);
  return { contract, at, schedule: schedules[at]!, began_on };
}

function placeOf({ chain, contract }: ChangeState): number {
  const at = chain.findIndex(({ id }) => id === contract);
  if (at === -1) throw new Refusal('not_found');
  return at;
}

/** The chain with a change appended to one of its contracts. */
export function withChange(state: ChangeState, id: string, change: Change): ChangeState {
  const chain = state.chain.map((contract) =>
    contract.id === id ? { ...contract, changes: [...contract.changes, change] } : contract,
  );
  return { ...state, chain };
}

/** Appends a change, follows it through the chain, and says what differs. */
export function conclude(
  state: ChangeState,
  change: Change,
  choice: RenewalChoice,
  newId: NewId,
  warnings: readonly Warning[] = [],
): Decision {
  const at = placeOf(state);
  const changes = [{ contract: state.contract, change }];
  const before = scheduleChain(state.chain, state.until);
  let after = withChange(state, state.contract, change);
  let schedules = scheduleChain(after.chain, state.until);
  const moved = state.chain.filter(
    ({ facts }, index) =>
      index > at && facts.length > 0 && !isUnchanged(compareSchedules(before[index]!, schedules[index]!)),
  );
  const first = moved[0];
  if (first && choice.renewals === 'refuse')
    throw new Refusal('renewal_has_facts', { contract: first.id, instalments: numbersOf(first) });
  if (first && choice.compensation) {
    const credit: Change = {
      id: newId('chg'),
      kind: 'credit_granted',
      from_on: state.today,
      amount: choice.compensation,
      reason: 'renewal_moved',
    };
    changes.push({ contract: first.id, change: credit });
    after = withChange(after, first.id, credit);
    schedules = scheduleChain(after.chain, state.until);
  }
  const contracts = state.chain.slice(at).map(({ id }, index) => {
    const was = before[at + index]!;
    const is = schedules[at + index]!;
    return { id, before: was, after: is, comparison: compareSchedules(was, is) };
  });
  return { changes, contracts, warnings: [...warnings, ...warningsOf(contracts, moved)] };
}

function numbersOf({ facts }: ContractState): string {
  return facts.map(({ number }) => number).join(', ');
}

/** What a desk should know before it says yes. */
function warningsOf(contracts: readonly DecidedContract[], movedWithFacts: readonly ContractState[]): Warning[] {
  const warnings: Warning[] = [];
  const [changed, ...renewals] = contracts;
  const { after, before, comparison } = changed!;
  const list = (credited: boolean) =>
    comparison.reached.filter(({ credit, difference }) => credit > 0 === credited && difference > 0);
  const kept = list(false);
  const credited = list(true);
  const numbers = (facts: typeof kept) => [...new Set(facts.map(({ number }) => number))].join(', ');
  if (kept.length > 0) warnings.push({ code: 'facts_kept', params: { instalments: numbers(kept) } });
  if (credited.length > 0)
    warnings.push({
      code: 'facts_credited',
      params: {
        instalments: numbers(credited),
        amount: decimal(credited.reduce((all, { credit }) => all + credit, 0)),
      },
    });
  if (credited.length > 0 && comparison.ends_on?.after && (comparison.ends_on.before ?? '') < comparison.ends_on.after)
    warnings.push({ code: 'days_given_back_too', params: { ends_on: comparison.ends_on.after } });
  if (after.credit_left > before.credit_left)
    warnings.push({ code: 'credit_left', params: { amount: decimal(after.credit_left) } });
  if (after.held_by !== null && before.held_by === null) warnings.push({ code: 'end_held', params: {} });
  for (const renewal of renewals) {
    if (isUnchanged(renewal.comparison)) continue;
    warnings.push({
      code: whatBecomesOf(renewal),
      params: { contract: renewal.id, starts_on: renewal.after.starts_on },
    });
  }
  for (const contract of movedWithFacts)
    warnings.push({
      code: 'renewal_facts_stay',
      params: { contract: contract.id, instalments: numbersOf(contract) },
    });
  return warnings;
}

function whatBecomesOf({ before, after }: DecidedContract): WarningCode {
  if (after.cancelled_on !== null && before.cancelled_on === null) return 'renewal_cancelled';
  return after.held_by !== null && before.held_by === null ? 'renewal_held' : 'renewal_moved';
}
