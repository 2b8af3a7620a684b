/**
 * Suspended days: the union of a contract's suspensions.
 *
 * Always true:
 * - each suspended day counts once, however many suspensions cover it;
 * - two suspensions that touch (one begins the day after the other ends) are one run, like a single long one.
 */
import { addDays, type Day, earlier, later, spanDays } from '../day.ts';
import type { SuspendedPeriod } from './instalment.ts';

/** Days from a first to a last one, both included; null: without end. */
export interface Span {
  starts_on: Day;
  ends_on: Day | null;
}

/** Spans that overlap or touch, as one stretch of days. */
export interface Run<T extends Span> extends Span {
  members: T[];
}

/** @param spans in the order of their first day. */
export function runsOf<T extends Span>(spans: readonly T[]): Run<T>[] {
  const runs: Run<T>[] = [];
  let run: Run<T> | null = null;
  for (const span of spans) {
    if (run !== null && (run.ends_on === null || span.starts_on <= addDays(run.ends_on, 1))) {
      run.members.push(span);
      run.ends_on = run.ends_on === null || span.ends_on === null ? null : later(run.ends_on, span.ends_on);
    } else {
      run = { starts_on: span.starts_on, ends_on: span.ends_on, members: [span] };
      runs.push(run);
    }
  }
  return runs;
}

/**
 * The days of a run that none of these others suspends, stretch by stretch.
 * @param others in the order of their first day.
 */
export function daysBeside<T extends Span>(run: Run<T>, others: readonly Span[]): Run<T>[] {
  const stretches: Run<T>[] = [];
  let from: Day = run.starts_on;
  for (const { starts_on, ends_on } of runsOf(others)) {
    if (run.ends_on !== null && starts_on > run.ends_on) break;
    if (ends_on !== null && ends_on < from) continue;
    if (starts_on > from) stretches.push({ ...run, starts_on: from, ends_on: addDays(starts_on, -1) });
    if (ends_on === null) return stretches;
    from = addDays(ends_on, 1);
  }
  if (run.ends_on === null || from <= run.ends_on) stretches.push({ ...run, starts_on: from });
  return stretches;
}

export function covers(span: Span, on: Day): boolean {
  return span.starts_on <= on && (span.ends_on === null || on <= span.ends_on);
}

/** Disjoint periods, cut wherever a suspension begins or ends. @param suspensions in the order of their first day. */
export function suspendedPeriods(suspensions: readonly (Span & { id: string })[]): SuspendedPeriod[] {
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
export function sharedDays(span: Span, first: Day, last: Day): number {
  const from = later(span.starts_on, first);
  const to = span.ends_on === null ? last : earlier(span.ends_on, last);
  return from <= to ? spanDays(from, to) : 0;
}
