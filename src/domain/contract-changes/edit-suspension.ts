/** Editing a suspension: stated anew as a whole, and the schedule is what it would be had it been so from the start. */
import { Refusal } from '../../errors/refusal.ts';
import type { Change, SuspensionTerms } from '../schedule/changes.ts';
import { checkChosenInstalments, checkLocks, checkMaximum, checkMinimum, checkPlace } from './check-suspension.ts';
import {
  type ChangeState,
  conclude,
  type Decision,
  type NewId,
  type RenewalChoice,
  subject,
  withChange,
} from './decision.ts';
import { creditedFacts, suspensionWarnings } from './suspend.ts';
import { overriddenSettings, type SuspensionInput, suspensionTerms } from './suspension-input.ts';

export interface EditSuspensionInput extends Omit<SuspensionInput, 'facts'> {
  suspension: string;
  /** Null leaves the facts as the suspension treats them now. */
  facts: SuspensionInput['facts'] | null;
}

export function decideEditSuspension(
  state: ChangeState,
  input: EditSuspensionInput & RenewalChoice,
  newId: NewId,
): Decision {
  const { contract, schedule, began_on } = subject(state);
  const current = schedule.suspensions.find(({ id }) => id === input.suspension);
  if (!current) throw new Refusal('not_found');
  const { freeze } = contract.terms;
  const stated = suspensionTerms({ ...input, facts: 'kept' });
  const without = withoutSuspension(state, input.suspension);
  checkLocks(overriddenSettings({ ...input, facts: 'kept' }), freeze);
  checkPlace(stated, without);
  checkChosenInstalments(stated, without);
  if (!input.beyond_limits) {
    checkMinimum(stated, freeze, input.days === null ? '/ends_on' : '/days');
    checkMaximum(stated, without.suspensions, began_on, freeze);
  }
  const id = newId('chg');
  const edited = (terms: SuspensionTerms): Change => ({
    id,
    kind: 'suspension_edited',
    suspension: input.suspension,
    ...terms,
  });
  const credited =
    input.facts === null
      ? current.credited
      : input.facts === 'credited'
        ? creditedFacts(state, edited(stated), input.suspension)
        : [];
  return conclude(
    state,
    edited({ ...stated, credited }),
    input,
    newId,
    suspensionWarnings(stated, without, input.suspension),
  );
}

function withoutSuspension(state: ChangeState, suspension: string) {
  const removed: Change = { id: '', kind: 'suspension_removed', suspension };
  return subject(withChange(state, state.contract, removed)).schedule;
}
