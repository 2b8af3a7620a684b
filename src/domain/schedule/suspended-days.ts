/**
 * Suspended days: the union of a contract's suspensions.
 *
 * Always true:
 * - each suspended day counts once, however many suspensions cover it;
 * - two suspensions that touch (one begins the day after the other ends) are one run, like a single long one.
 */
import { addDays, type Day, earlier, later, spanDays } from '../day.ts';
import type { SuspendedPeriod, Suspension } from './instalment.ts';

/** Suspensions that overlap or touch, as one stretch of days. */
export interface Run {
  starts_on: Day;
  /** Null: unlimited. */
  ends_on: Day | null;
  members: Suspension[];
}

/** @param suspensions in the order of their first day. */
export function runsOf(suspensions: readonly Suspension[]): Run[] {
  const runs: Run[] = [];
  for (const suspension of suspensions) {
    const run = runs.at(-1);
    if (run && (run.ends_on === null || suspension.starts_on <= addDays(run.ends_on, 1))) {
      run.members.push(suspension);
      run.ends_on = run.ends_on === null || suspension.ends_on === null ? null : later(run.ends_on, suspension.ends_on);
    } else runs.push({ starts_on: suspension.starts_on, ends_on: suspension.ends_on, members: [suspension] });
  }
  return runs;
}

export function covers(span: { starts_on: Day; ends_on: Day | null }, on: Day): boolean {
  return span.starts_on <= on && (span.ends_on === null || on <= span.ends_on);
}

/** Disjoint periods, cut wherever a suspension begins or ends. @param suspensions in the order of their first day. */
export function suspendedPeriods(suspensions: readonly Suspension[]): SuspendedPeriod[] {
  if (suspensions.length === 0) return [];
  if (suspensions.length === 1) {
    const { starts_on, ends_on, id } = suspensions[0]!;
    return [{ starts_on, ends_on, suspensions: [id] }];
  }
  const cuts = new Set<Day>();
  for (const { starts_on, ends_on } of suspensions) {
    cuts.add(starts_on);
    if (ends_on !== null) cuts.add(addDays(ends_on, 1));
  }
  const days = [...cuts].sort();
  const periods: SuspendedPeriod[] = [];
  days.forEach((starts_on, at) => {
    const covering = suspensions.filter((suspension) => covers(suspension, starts_on));
    if (covering.length === 0) return;
    const next = days[at + 1];
    periods.push({ starts_on, ends_on: next ? addDays(next, -1) : null, suspensions: covering.map(({ id }) => id) });
  });
  return periods;
}

/** Days of an inclusive span that fall in another. */
export function sharedDays(span: { starts_on: Day; ends_on: Day | null }, first: Day, last: Day): number {
  const from = later(span.starts_on, first);
  const to = span.ends_on === null ? last : earlier(span.ends_on, last);
  return from <= to ? spanDays(from, to) : 0;
}
