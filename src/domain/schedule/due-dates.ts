/**
 * Due dates: the anchor and the shifts that act on it.
 *
 * Always true:
 * - every due date is reckoned from an anchor, so month ends never drift (31 Jan, 28 Feb, 31 Mar);
 * - a shift by months keeps the anchor, a shift by days makes the first instalment it moves the new anchor;
 * - the dates are those of the instalments as if none were a fact: what is paid never changes where the others fall.
 */
import { addDays, addMonths, type Day } from '../day.ts';
import type { Step } from './shift.ts';
import type { Terms } from './terms.ts';

const NO_IDS: readonly string[] = [];

/** The instalments from number `first` on: due `months` + whole intervals after the anchor, which is that of `origin`. */
export interface Stretch {
  first: number;
  origin: number;
  anchor: Day;
  months: number;
  /** Ids of the changes that moved it. */
  explains: readonly string[];
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
  return { first: 1, origin: 1, anchor, months, explains };
}

export function dueOn(stretch: Stretch, number: number, interval: number): Day {
  return addMonths(stretch.anchor, stretch.months + (number - stretch.origin) * interval);
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
  explains: readonly string[],
  interval: number,
): void {
  const first = firstDueFrom(stretches, from, interval);
  const before = stretchOf(stretches, first);
  const ids = [...before.explains, ...explains];
  while (stretches.length > 0 && stretches.at(-1)!.first >= first) stretches.pop();
  if (step.days === 0) stretches.push({ ...before, first, months: before.months + step.months, explains: ids });
  else
    stretches.push({
      first,
      origin: first,
      anchor: addDays(dueOn(before, first, interval), step.days),
      months: 0,
      explains: ids,
    });
}
