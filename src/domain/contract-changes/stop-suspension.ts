/**
 * Stopping a suspension on the day the customer is back: it ends the day before, and the normal price returns by itself,
 * or a new one given then.
 */
import { Refusal } from '../../errors/refusal.ts';
import { addDays, type Day } from '../day.ts';
import type { Cents } from '../money.ts';
import type { Change } from '../schedule/changes.ts';
import { checkLocks, checkMinimum } from './check-suspension.ts';
import { type ChangeState, conclude, type Decision, type NewId, type RenewalChoice, subject } from './decision.ts';

export interface StopInput {
  suspension: string;
  /** The first day back. */
  on: Day;
  /** The price from that day; null: as before. */
  amount: Cents | null;
  beyond_limits: boolean;
}

export function decideStopSuspension(state: ChangeState, input: StopInput & RenewalChoice, newId: NewId): Decision {
  const { contract, schedule } = subject(state);
  const current = schedule.suspensions.find(({ id }) => id === input.suspension);
  if (!current) throw new Refusal('not_found');
  const { starts_on, ends_on } = current;
  if (ends_on !== null && (ends_on < input.on || ends_on < state.today))
    throw new Refusal('suspension_over', { ends_on }, { pointer: '/on' });
  if (input.on <= starts_on) throw new Refusal('suspension_not_begun', { starts_on }, { pointer: '/on' });
  if (input.amount !== null && input.amount < 0) throw new Refusal('amount_negative', {}, { pointer: '/amount' });
  if (input.beyond_limits) checkLocks(new Map([['limits', '/beyond_limits']]), contract.terms.freeze);
  else checkMinimum({ ...current, ends_on: addDays(input.on, -1) }, contract.terms.freeze, '/on');
  const change: Change = {
    id: newId('chg'),
    kind: 'suspension_stopped',
    suspension: current.id,
    on: input.on,
    amount: input.amount,
  };
  return conclude(state, change, input, newId);
}
