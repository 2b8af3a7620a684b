/**
 * Cancelling a contract on a date: its last day. The notice period counts from the day it is recorded. The fee is a sale
 * of its own, posted by who saves the decision.
 */
import { Refusal } from '../../errors/refusal.ts';
import { addDays, type Day } from '../day.ts';
import { type Cents, ZERO } from '../money.ts';
import type { Change } from '../schedule/changes.ts';
import { type ChangeState, conclude, type Decision, type NewId, type RenewalChoice, subject } from './decision.ts';

export interface CancelInput {
  /** The last day, included. */
  on: Day;
  last_period: 'whole' | 'prorated';
  reason: string;
  /** The organization lets the customer go before the notice period is over. */
  waive_notice: boolean;
  /** Null: the fee of the contract as it was sold. */
  fee?: Cents | null;
}

export function decideCancel(state: ChangeState, input: CancelInput & RenewalChoice, newId: NewId): Decision {
  const { contract, schedule } = subject(state);
  const { on, last_period, reason } = input;
  const { starts_on, ends_on, cancelled_on } = schedule;
  if (cancelled_on !== null) throw new Refusal('already_cancelled', { on: cancelled_on });
  if (ends_on !== null && on > ends_on) throw new Refusal('cancellation_after_end', { ends_on }, { pointer: '/on' });
  if (on < starts_on && state.today >= starts_on)
    throw new Refusal('cancellation_before_contract', { starts_on }, { pointer: '/on' });
  const { notice_days } = contract.terms;
  const earliest = addDays(state.today, notice_days);
  if (notice_days > 0 && !input.waive_notice && on < earliest && on !== ends_on)
    throw new Refusal('cancellation_notice', { days: notice_days, earliest_on: earliest }, { pointer: '/on' });
  const fee = input.fee ?? contract.terms.cancellation_amount ?? ZERO;
  const change: Change = { id: newId('chg'), kind: 'cancelled', on, last_period, reason, fee };
  return conclude(state, change, input, newId);
}
