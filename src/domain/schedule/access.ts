/** Whether a day is suspended: what the door asks. */
import { addDays, type Day } from '../day.ts';
import type { Schedule, SuspendedPeriod, Suspension } from './instalment.ts';
import { covers } from './suspended-days.ts';

export interface SuspendedDay {
  /** The suspensions that cover the day, in the order of their first day. */
  suspensions: readonly Suspension[];
  /** First and last day of the uninterrupted stretch of suspended days around it; null: unlimited. */
  since_on: Day;
  until_on: Day | null;
}

/** Null when the day is not suspended. Says nothing of whether the contract runs or money is owed. */
export function suspensionOn(state: Pick<Schedule, 'suspensions' | 'suspended_periods'>, on: Day): SuspendedDay | null {
  const periods = state.suspended_periods;
  const at = periods.findIndex((period) => covers(period, on));
  if (at === -1) return null;
  let first = at;
  while (first > 0 && touches(periods[first - 1]!, periods[first]!)) first--;
  let last = at;
  while (last < periods.length - 1 && touches(periods[last]!, periods[last + 1]!)) last++;
  return {
    suspensions: state.suspensions.filter(({ id }) => periods[at]!.suspensions.includes(id)),
    since_on: periods[first]!.starts_on,
    until_on: periods[last]!.ends_on,
  };
}

function touches(a: SuspendedPeriod, b: SuspendedPeriod): boolean {
  return a.ends_on !== null && addDays(a.ends_on, 1) === b.starts_on;
}
