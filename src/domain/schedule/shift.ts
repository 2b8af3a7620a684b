/**
 * A shift: how far days move, in whole months or in days.
 *
 * Always true:
 * - months are reckoned from the anchor, never from the last result, so that 31 Jan + 1 + 1 months is 31 Mar;
 * - the end of a contract moves as the day after it does: a year to 30 June moved by a month ends on 31 July, and the
 *   renewal that begins the day after keeps touching it;
 * - two days moved by the same shifts never change their order.
 */
import { addDays, addMonths, type Day, daysBetween, spanDays, wholeMonthsBetween } from '../day.ts';
import type { ShiftUnit } from './terms.ts';

export interface Step {
  months: number;
  days: number;
}

/** The days from one day to a later one, as whole months where they are and the unit allows it. Both exclusive-end. */
export function stepBetween(from: Day, to: Day, unit: ShiftUnit): Step {
  if (unit === 'months_else_days') {
    const months = wholeMonthsBetween(from, to);
    if (months > 0 && addMonths(from, months) === to) return { months, days: 0 };
  }
  return { months: 0, days: daysBetween(from, to) };
}

/** The length of an inclusive span as a shift. */
export function stepOfSpan(first: Day, last: Day, unit: ShiftUnit): Step {
  return unit === 'days' ? { months: 0, days: spanDays(first, last) } : stepBetween(first, addDays(last, 1), unit);
}

/** A day moved by several shifts, one after the other; months between shifts by days add up before they are reckoned. */
export function moveDay(on: Day, steps: readonly Step[]): Day {
  let anchor = on;
  let months = 0;
  for (const step of steps) {
    if (step.days === 0) months += step.months;
    else {
      anchor = addDays(addMonths(anchor, months), step.days);
      months = 0;
    }
  }
  return months === 0 ? anchor : addMonths(anchor, months);
}

/** A last day (included) moved by several shifts, as the day after it moves. */
export function moveEnd(lastDay: Day, steps: readonly Step[]): Day {
  return steps.length === 0 ? lastDay : addDays(moveDay(addDays(lastDay, 1), steps), -1);
}
