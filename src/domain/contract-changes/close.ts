/**
 * A closure, seen from one chain: every contract of it that runs on a closed day is suspended, as one decision; and undone
 * as one.
 *
 * Always true:
 * - contracts are taken in the order they follow one another, so one that its predecessor moved out of the closed days is
 *   left alone;
 * - a contract that refuses is left out and says why; the others of its chain are suspended all the same;
 * - no limit or lock of a plan binds a closure: it is not the customer's choice, nor the desk's.
 */
import { Refusal, type RefusalParams } from '../../errors/refusal.ts';
import type { Warning } from '../../errors/warnings.ts';
import type { Day } from '../day.ts';
import { ZERO } from '../money.ts';
import { scheduleChain } from '../schedule/chain.ts';
import { compareSchedules } from '../schedule/compare.ts';
import type { Schedule } from '../schedule/instalment.ts';
import { type ChangeState, type Decision, type NewId, type RenewalChoice, withChange } from './decision.ts';
import { decideRemoveSuspension } from './remove-suspension.ts';
import { decideSuspend } from './suspend.ts';
import type { SuspensionInput } from './suspension-input.ts';

export interface LeftOut {
  contract: string;
  code: string;
  params: RefusalParams;
}

export interface ClosureDecision extends Decision {
  left_out: LeftOut[];
  /** The contracts that are suspended, or no longer are. */
  done: string[];
}

type ChainState = Omit<ChangeState, 'contract'>;

/** @param concerned the ids of the contracts that the closure is about. */
export function decideClosing(
  given: ChainState,
  concerned: ReadonlySet<string>,
  suspension: Omit<SuspensionInput, 'beyond_limits'> & { ends_on: Day; closure: string },
  choice: RenewalChoice,
  newId: NewId,
): ClosureDecision {
  const unlocked = given.chain.map((one) =>
    one.terms.freeze.locked.length === 0
      ? one
      : { ...one, terms: { ...one.terms, freeze: { ...one.terms.freeze, locked: [] } } },
  );
  const state = { ...given, chain: unlocked };
  return decideEach(state, concerned, (now, contract, schedule) =>
    runsWithin(schedule, suspension.starts_on, suspension.ends_on)
      ? decideSuspend({ ...now, contract, owed: ZERO }, { ...suspension, beyond_limits: false, ...choice }, newId)
      : null,
  );
}

/** Takes a closure back from each contract that it still suspends. */
export function decideReopening(
  state: ChainState,
  closure: string,
  choice: RenewalChoice,
  newId: NewId,
): ClosureDecision {
  const all = new Set(state.chain.map(({ id }) => id));
  return decideEach(state, all, (now, contract, schedule) => {
    const own = schedule.suspensions.find((one) => one.closure === closure);
    return own ? decideRemoveSuspension({ ...now, contract }, { suspension: own.id, ...choice }, newId) : null;
  });
}

function runsWithin({ starts_on, ends_on }: Schedule, first: Day, last: Day): boolean {
  return starts_on <= last && (ends_on === null || (ends_on >= first && ends_on >= starts_on));
}

function decideEach(
  given: ChainState,
  concerned: ReadonlySet<string>,
  decide: (now: ChainState, contract: string, schedule: Schedule) => Decision | null,
): ClosureDecision {
  const before = scheduleChain(given.chain, given.until);
  const changes: Decision['changes'][number][] = [];
  const warnings: Warning[] = [];
  const left_out: LeftOut[] = [];
  const done: string[] = [];
  let now = given;
  let schedules = before;
  given.chain.forEach(({ id }, at) => {
    if (!concerned.has(id)) return;
    try {
      const decision = decide(now, id, schedules[at]!);
      if (!decision) return;
      for (const one of decision.changes)
        now = { ...now, chain: withChange({ ...now, contract: id }, one.contract, one.change).chain };
      changes.push(...decision.changes);
      warnings.push(...decision.warnings);
      done.push(id);
      schedules = schedules.slice(0, at).concat(decision.contracts.map(({ after }) => after));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      left_out.push({ contract: id, code: error.code, params: error.params });
    }
  });
  const contracts = given.chain.map(({ id }, at) => ({
    id,
    before: before[at]!,
    after: schedules[at]!,
    comparison: compareSchedules(before[at]!, schedules[at]!),
  }));
  return { changes, contracts, warnings, left_out, done };
}
