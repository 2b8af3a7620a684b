/**
 * Due dates: the anchor and the shifts that act on it.
 *
 * Always true:
 * - every due date is reckoned from an anchor, so month ends never drift (31 Jan, 28 Feb, 31 Mar);
 * - a shift by months keeps the anchor, a shift by days makes the first instalment it moves the new anchor;
 * - the dates are those of the instalments as if none were a fact: what is paid never changes where the others fall.
 */
import { addDays, addMonths, type Day, dateOf, dayInMonth, monthIndexOf } from '../day.ts';
import type { Step } from './shift.ts';
import type { Terms } from './terms.ts';

const NO_IDS: readonly string[] = [];

/** The instalments from number `first` on: due whole intervals after a month, on the anchor's day of the month. */
export interface Stretch {
  first: number;
  /** The instalment that is due in `month`. */
  origin: number;
  /** As in `monthIndexOf`: the anchor's month and the months it was shifted by. */
  month: number;
  /** The anchor's day of the month. */
  date: number;
  /** Ids of the changes that moved it. */
  explains: readonly string[];
  /** Ids of the changes that added the contract's own suspensions that moved it. */
  movers: readonly string[];
}

export function firstStretch(terms: Terms, moved: readonly Step[] = [], explains: readonly string[] = NO_IDS): Stretch {
  let anchor = terms.first_due_on;
  let months = 0;
  for (const step of moved) {
    if (step.days === 0) months += step.months;
    else {
      anchor = addDays(addMonths(anchor, months), step.days);
      months = 0;
    }
  }
  return { first: 1, origin: 1, month: monthIndexOf(anchor) + months, date: dateOf(anchor), explains, movers: NO_IDS };
}

export function dueOn(stretch: Stretch, number: number, interval: number): Day {
  return dayInMonth(stretch.month + (number - stretch.origin) * interval, stretch.date);
}

/** The stretch that an instalment belongs to. @param stretches in the order of their first instalment. */
export function stretchOf(stretches: readonly Stretch[], number: number): Stretch {
  let at = stretches.length - 1;
  while (at > 0 && stretches[at]!.first > number) at--;
  return stretches[at]!;
}

/** The first instalment due on or after a day. */
export function firstDueFrom(stretches: readonly Stretch[], on: Day, interval: number): number {
  for (let at = 0; at < stretches.length; at++) {
    const stretch = stretches[at]!;
    const next = stretches[at + 1];
    for (let number = stretch.first; !next || number < next.first; number++)
      if (dueOn(stretch, number, interval) >= on) return number;
  }
  return 1;
}

/** Moves the instalments due on or after `from` by a step: appends a stretch. */
export function shiftFrom(
  stretches: Stretch[],
  from: Day,
  step: Step,
  by: Pick<Stretch, 'explains' | 'movers'>,
  interval: number,
): void {
  const first = firstDueFrom(stretches, from, interval);
  const before = stretchOf(stretches, first);
  const moved = { explains: [...before.explains, ...by.explains], movers: [...before.movers, ...by.movers] };
  while (stretches.length > 0 && stretches.at(-1)!.first >= first) stretches.pop();
  if (step.days === 0) {
    stretches.push({ ...before, ...moved, first, month: before.month + step.months });
    return;
  }
  const anchor = addDays(dueOn(before, first, interval), step.days);
  stretches.push({ first, origin: first, month: monthIndexOf(anchor), date: dateOf(anchor), ...moved });
}
