/** Extending a contract by days as a gesture: its end moves, no instalment is added, the renewal follows. */
import { Refusal } from '../../errors/refusal.ts';
import { type ChangeState, conclude, type Decision, type NewId, type RenewalChoice, subject } from './decision.ts';
import { checkNotCancelled } from './running.ts';

export function decideExtend(
  state: ChangeState,
  input: { days: number; reason: string } & RenewalChoice,
  newId: NewId,
): Decision {
  const { schedule } = subject(state);
  const { days, reason } = input;
  if (!Number.isSafeInteger(days) || days < 1) throw new Refusal('days_not_positive', {}, { pointer: '/days' });
  checkNotCancelled(schedule, '/days');
  if (schedule.ends_on === null) throw new Refusal('contract_open_ended', {}, { pointer: '/days' });
  return conclude(state, { id: newId('chg'), kind: 'extended', days, reason }, input, newId);
}
