/** What a change does, seen by the desk: the schedule before and after, and only what differs. */
import type { Day } from '../day.ts';
import type { Instalment, ReachedFact, Schedule, SuspendedPeriod } from './instalment.ts';

export interface Differs<T> {
  before: T;
  after: T;
}

export interface ScheduleComparison {
  /** In the order of their numbers; null where it is not there on that side. */
  instalments: ({ number: number } & Differs<Instalment | null>)[];
  starts_on: Differs<Day> | null;
  ends_on: Differs<Day | null> | null;
  cancelled_on: Differs<Day | null> | null;
  suspended_periods: Differs<readonly SuspendedPeriod[]> | null;
  /** Facts newly reached back over, or reached otherwise. */
  reached: readonly ReachedFact[];
}

export function compareSchedules(before: Schedule, after: Schedule): ScheduleComparison {
  const known = new Set(before.reached.map((each) => JSON.stringify(each)));
  const samePeriods = JSON.stringify(before.suspended_periods) === JSON.stringify(after.suspended_periods);
  return {
    instalments: differingInstalments(before.instalments, after.instalments),
    starts_on: differ(before.starts_on, after.starts_on),
    ends_on: differ(before.ends_on, after.ends_on),
    cancelled_on: differ(before.cancelled_on, after.cancelled_on),
    suspended_periods: samePeriods ? null : { before: before.suspended_periods, after: after.suspended_periods },
    reached: after.reached.filter((each) => !known.has(JSON.stringify(each))),
  };
}

/** Does anything differ? */
export function isUnchanged(comparison: ScheduleComparison): boolean {
  const { instalments, starts_on, ends_on, cancelled_on, suspended_periods } = comparison;
  return instalments.length === 0 && !starts_on && !ends_on && !cancelled_on && !suspended_periods;
}

function differ<T>(before: T, after: T): Differs<T> | null {
  return before === after ? null : { before, after };
}

function differingInstalments(
  before: readonly Instalment[],
  after: readonly Instalment[],
): ScheduleComparison['instalments'] {
  const differing: ScheduleComparison['instalments'] = [];
  for (let at = 0; at < Math.max(before.length, after.length); at++) {
    const was = before[at] ?? null;
    const is = after[at] ?? null;
    if (was && is && sameInstalment(was, is)) continue;
    differing.push({ number: (was ?? is)!.number, before: was, after: is });
  }
  return differing;
}

/** Alike in what the customer sees; which changes explain it may differ. */
function sameInstalment(a: Instalment, b: Instalment): boolean {
  return (
    a.due_on === b.due_on &&
    a.amount === b.amount &&
    a.status === b.status &&
    a.method === b.method &&
    a.credited === b.credited
  );
}
