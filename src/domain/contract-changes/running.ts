/** Whether a contract still runs on a day that a change names. */
import { Refusal } from '../../errors/refusal.ts';
import type { Day } from '../day.ts';
import type { Schedule } from '../schedule/instalment.ts';

/** A change from a day on needs a contract that still runs on it. */
export function checkRunning(schedule: Schedule, on: Day, pointer: string): void {
  const { cancelled_on, ends_on } = schedule;
  if (cancelled_on !== null && on > cancelled_on)
    throw new Refusal('contract_cancelled', { on: cancelled_on }, { pointer });
  if (ends_on !== null && on > ends_on) throw new Refusal('contract_ended', { ends_on }, { pointer });
}

/** A change of the end needs a contract that is not cancelled. */
export function checkNotCancelled({ cancelled_on }: Schedule, pointer?: string): void {
  if (cancelled_on !== null)
    throw new Refusal('contract_cancelled', { on: cancelled_on }, pointer === undefined ? {} : { pointer });
}
