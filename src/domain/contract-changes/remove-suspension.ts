/** Removing a suspension: the schedule is what it would be had it never been entered. */
import { Refusal } from '../../errors/refusal.ts';
import { type ChangeState, conclude, type Decision, type NewId, type RenewalChoice, subject } from './decision.ts';

export function decideRemoveSuspension(
  state: ChangeState,
  input: { suspension: string } & RenewalChoice,
  newId: NewId,
): Decision {
  const { schedule } = subject(state);
  if (!schedule.suspensions.some(({ id }) => id === input.suspension)) throw new Refusal('not_found');
  return conclude(state, { id: newId('chg'), kind: 'suspension_removed', suspension: input.suspension }, input, newId);
}
