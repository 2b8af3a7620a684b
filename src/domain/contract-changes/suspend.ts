/** Suspending a contract: bounded or unlimited, checked against the contract, its plan and the customer's debt. */
import type { Warning } from '../../errors/warnings.ts';
import type { Cents } from '../money.ts';
import type { Change, SuspensionTerms } from '../schedule/changes.ts';
import type { Schedule } from '../schedule/instalment.ts';
import { covers } from '../schedule/suspended-days.ts';
import {
  checkChosenInstalments,
  checkDebt,
  checkLocks,
  checkMaximum,
  checkMinimum,
  checkPlace,
} from './check-suspension.ts';
import {
  type ChangeState,
  conclude,
  type Decision,
  type NewId,
  type RenewalChoice,
  subject,
  withChange,
} from './decision.ts';
import { overriddenSettings, type SuspensionInput, suspensionTerms } from './suspension-input.ts';

/** @param owed what the customer owes today: overdue and open. */
export function decideSuspend(
  state: ChangeState & { owed: Cents },
  input: SuspensionInput & RenewalChoice,
  newId: NewId,
): Decision {
  const { contract, schedule, began_on } = subject(state);
  const { freeze } = contract.terms;
  const stated = suspensionTerms(input);
  checkLocks(overriddenSettings(input), freeze);
  checkPlace(stated, schedule);
  checkChosenInstalments(stated, schedule);
  if (stated.closure === null) checkDebt(state.owed, freeze);
  if (!input.beyond_limits) {
    checkMinimum(stated, freeze, input.days === null ? '/ends_on' : '/days');
    checkMaximum(stated, schedule.suspensions, began_on, freeze);
  }
  const suspension = newId('sus');
  const id = newId('chg');
  const added = (terms: SuspensionTerms): Change => ({ id, kind: 'suspension_added', suspension, ...terms });
  const credited = input.facts === 'credited' ? creditedFacts(state, added(stated), suspension) : [];
  const change = added({ ...stated, credited });
  const decision = conclude(state, change, input, newId, suspensionWarnings(stated, schedule, suspension));
  if (decision.contracts[0]!.comparison.instalments.length > 0) return decision;
  return { ...decision, warnings: [...decision.warnings, { code: 'no_instalment_suspended', params: {} }] };
}

/** The instalments whose unused days a suspension credits: the facts that it reaches back over. */
export function creditedFacts(state: ChangeState, change: Change, suspension: string): number[] {
  return subject(withChange(state, state.contract, change))
    .schedule.reached.filter(({ by, difference }) => by === suspension && difference > 0)
    .map(({ number }) => number);
}

/** @param schedule without the suspension. */
export function suspensionWarnings(terms: SuspensionTerms, schedule: Schedule, id: string): Warning[] {
  return schedule.suspensions
    .filter((other) => other.id !== id && (covers(other, terms.starts_on) || covers(terms, other.starts_on)))
    .map((other) => ({
      code: 'suspensions_overlap',
      params: { suspension: other.id, starts_on: other.starts_on, ends_on: other.ends_on ?? '' },
    }));
}
