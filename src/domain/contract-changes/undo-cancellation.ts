/** Undoing a cancellation, until it took effect. */
import { Refusal } from '../../errors/refusal.ts';
import { type ChangeState, conclude, type Decision, type NewId, type RenewalChoice, subject } from './decision.ts';

export function decideUndoCancellation(state: ChangeState, input: RenewalChoice, newId: NewId): Decision {
  const { contract, schedule } = subject(state);
  const last = contract.changes.findLast(({ kind }) => kind === 'cancelled' || kind === 'cancellation_undone');
  if (last?.kind !== 'cancelled') throw new Refusal('not_cancelled');
  const on = schedule.cancelled_on!;
  if (on < state.today) throw new Refusal('cancellation_took_effect', { on });
  return conclude(state, { id: newId('chg'), kind: 'cancellation_undone' }, input, newId);
}
