/**
 * The days on which the euro area's settlement system (TARGET) works: a direct debit can be collected on no other.
 *
 * Always true:
 * - closed are Saturday, Sunday, 1 January, Good Friday, Easter Monday, 1 May, 25 and 26 December, and nothing
 *   else: a national holiday closes branches, not TARGET;
 * - Easter is computed (Gregorian computus, Meeus/Jones/Butcher), so no list of years can run out;
 * - an instalment's own due date never moves: only the day on which the bank is asked to collect it does.
 */
import { addDays, type Day, dateOf, dayOf, fromEpochDays, later, monthOf, toEpochDays, yearOf } from './day.ts';

/** A bank wants the file this many TARGET days ahead unless its own setting says otherwise (the scheme itself: one). */
export const DEFAULT_LEAD_DAYS = 2;

/** Calendar days between telling the debtor and collecting, unless agreed otherwise. */
export const PRE_NOTIFICATION_DAYS = 14;

const easterByYear = new Map<number, number>();

/** Easter Sunday in days since 1970-01-01. */
function easterEpochDays(year: number): number {
  const known = easterByYear.get(year);
  if (known !== undefined) return known;
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const e = b % 4;
  const g = Math.floor((8 * b + 13) / 25);
  const h = (19 * a + b - Math.floor(b / 4) - g + 15) % 30;
  const l = (32 + 2 * e + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const monthAndDate = h + l - 7 * m + 114;
  const easter = toEpochDays(dayOf(year, Math.floor(monthAndDate / 31), (monthAndDate % 31) + 1));
  easterByYear.set(year, easter);
  return easter;
}

/** Easter Sunday of a year. */
export function easterSunday(year: number): Day {
  return fromEpochDays(easterEpochDays(year));
}

/** Does TARGET work on this day? */
export function isTargetDay(on: Day): boolean {
  const epoch = toEpochDays(on);
  const weekday = (((epoch + 3) % 7) + 7) % 7; // 0 Monday … 6 Sunday
  if (weekday >= 5) return false;
  const month = monthOf(on);
  const date = dateOf(on);
  if (month === 1) return date !== 1;
  if (month === 12) return date !== 25 && date !== 26;
  if (month === 5) return date !== 1;
  if (month > 5) return true;
  const easter = easterEpochDays(yearOf(on));
  return epoch !== easter - 2 && epoch !== easter + 1;
}

/** The first TARGET day on or after `from`. */
export function nextTargetDay(from: Day): Day {
  let on = from;
  while (!isTargetDay(on)) on = addDays(on, 1);
  return on;
}

/**
 * The day `count` TARGET days after `from` (before it, when negative). With 0: `from` itself where it is a TARGET
 * day, else the next one. A day that is no TARGET day is not counted: two TARGET days after a Saturday is Tuesday.
 */
export function addTargetDays(from: Day, count: number): Day {
  if (count === 0) return nextTargetDay(from);
  const step = count < 0 ? -1 : 1;
  let on = from;
  for (let left = Math.abs(count); left > 0; ) {
    on = addDays(on, step);
    if (isTargetDay(on)) left -= 1;
  }
  return on;
}

/** The first day that a file handed over on `today` can still ask for. */
export function earliestCollection(today: Day, leadDays: number = DEFAULT_LEAD_DAYS): Day {
  return addTargetDays(today, leadDays);
}

/**
 * The day on which the bank is asked to collect an instalment: its due date or, where TARGET is closed, the next
 * day that it works; never before `earliest` (see `earliestCollection`).
 */
export function collectionDay(dueOn: Day, earliest: Day = dueOn): Day {
  return nextTargetDay(later(dueOn, earliest));
}

/** The last day on which the debtor must be told of a collection. */
export function preNotificationDay(collectedOn: Day, days: number = PRE_NOTIFICATION_DAYS): Day {
  return addDays(collectedOn, -days);
}
