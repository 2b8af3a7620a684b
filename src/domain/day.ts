/**
 * A civil day, held and compared as the text `YYYY-MM-DD`.
 *
 * Always true:
 * - a Day names a day that exists in the Gregorian calendar (no 30 February), years 1900 to 9999;
 * - two Days compare as text (`a < b`), so they sort in SQL and in JavaScript alike;
 * - no function here reads a clock or a timezone, except `dayIn`, which is handed the instant.
 *
 * The arithmetic works on integers (days since 1970-01-01, algorithms of Howard Hinnant,
 * "chrono-compatible low-level date algorithms"), because schedules are made of millions of these.
 */
declare const dayBrand: unique symbol;
export type Day = string & { readonly [dayBrand]: true };

const TWO_DIGITS: readonly string[] = Array.from({ length: 100 }, (_, n) => (n < 10 ? `0${n}` : `${n}`));
/** A day is written by joining two prepared texts, `YYYY-` and `MM-DD`: twice as fast as joining its parts. */
const YEARS: readonly string[] = Array.from({ length: 10_000 }, (_, year) => `${String(year).padStart(4, '0')}-`);
const DATES: readonly string[] = Array.from(
  { length: 13 * 32 },
  (_, n) => `${TWO_DIGITS[n >> 5]}-${TWO_DIGITS[n & 31]}`,
);
const DAYS_IN_MONTH: readonly number[] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

export function isLeapYear(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

/** Days in a month; `month` counts from 1. */
export function daysInMonth(year: number, month: number): number {
  return month === 2 && isLeapYear(year) ? 29 : (DAYS_IN_MONTH[month - 1] as number);
}

/** Is this text a day that exists? */
export function isDay(text: unknown): text is Day {
  if (typeof text !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const year = yearOf(text as Day);
  const month = monthOf(text as Day);
  const date = dateOf(text as Day);
  return year >= 1900 && month >= 1 && month <= 12 && date >= 1 && date <= daysInMonth(year, month);
}

/** Reads a day. @throws RangeError when the text is not a day that exists. */
export function day(text: string): Day {
  if (!isDay(text)) throw new RangeError(`not a day: ${text.slice(0, 20)}`);
  return text;
}

function digit(text: string, at: number): number {
  return text.charCodeAt(at) - 48;
}

export function yearOf(on: Day): number {
  return digit(on, 0) * 1000 + digit(on, 1) * 100 + digit(on, 2) * 10 + digit(on, 3);
}

/** Month from 1 to 12. */
export function monthOf(on: Day): number {
  return digit(on, 5) * 10 + digit(on, 6);
}

/** Day of the month from 1 to 31. */
export function dateOf(on: Day): number {
  return digit(on, 8) * 10 + digit(on, 9);
}

export function dayOf(year: number, month: number, date: number): Day {
  return ((YEARS[year] as string) + DATES[(month << 5) | date]) as Day;
}

/** Days since 1970-01-01, negative before. */
export function toEpochDays(on: Day): number {
  const month = monthOf(on);
  const year = month <= 2 ? yearOf(on) - 1 : yearOf(on);
  const era = Math.floor(year / 400);
  const yearOfEra = year - era * 400;
  const dayOfYear = (((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) | 0) + dateOf(on) - 1;
  const dayOfEra = yearOfEra * 365 + ((yearOfEra / 4) | 0) - ((yearOfEra / 100) | 0) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

export function fromEpochDays(epochDays: number): Day {
  const shifted = epochDays + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra =
    ((dayOfEra - ((dayOfEra / 1460) | 0) + ((dayOfEra / 36_524) | 0) - ((dayOfEra / 146_096) | 0)) / 365) | 0;
  const dayOfYear = dayOfEra - (365 * yearOfEra + ((yearOfEra / 4) | 0) - ((yearOfEra / 100) | 0));
  const marchMonth = ((5 * dayOfYear + 2) / 153) | 0;
  const date = dayOfYear - (((153 * marchMonth + 2) / 5) | 0) + 1;
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  return dayOf(yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, date);
}

export function addDays(on: Day, days: number): Day {
  return fromEpochDays(toEpochDays(on) + days);
}

/**
 * The day `months` calendar months later, clamped to the month's last day. Always reckon from the
 * anchor (31 Jan + 2 months is 31 Mar), never from the last result (28 Feb + 1 month is 28 Mar).
 */
export function addMonths(anchor: Day, months: number): Day {
  return dayInMonth(monthIndexOf(anchor) + months, dateOf(anchor));
}

/** Months since the year 0: what calendar months are counted in. */
export function monthIndexOf(on: Day): number {
  return yearOf(on) * 12 + monthOf(on) - 1;
}

/** The day of a month with this date, or the month's last day where it has no such date. */
export function dayInMonth(monthIndex: number, date: number): Day {
  const year = Math.floor(monthIndex / 12);
  const month = monthIndex - year * 12 + 1;
  if (date <= 28) return dayOf(year, month, date);
  const last = daysInMonth(year, month);
  return dayOf(year, month, date < last ? date : last);
}

/** Days from `from` to `to`; negative when `to` is earlier. */
export function daysBetween(from: Day, to: Day): number {
  return toEpochDays(to) - toEpochDays(from);
}

/** Days of an inclusive span: 22 Jul to 4 Sep is 45. */
export function spanDays(first: Day, last: Day): number {
  return daysBetween(first, last) + 1;
}

/** Whole calendar months that fit from `first` up to, not including, `until`; 0 when none does. */
export function wholeMonthsBetween(first: Day, until: Day): number {
  const guess = (yearOf(until) - yearOf(first)) * 12 + (monthOf(until) - monthOf(first));
  const months = addMonths(first, guess) <= until ? guess : guess - 1;
  return months > 0 ? months : 0;
}

/** 1 Monday … 7 Sunday (ISO 8601). */
export function weekdayOf(on: Day): number {
  return ((((toEpochDays(on) + 3) % 7) + 7) % 7) + 1;
}

export function earlier(a: Day, b: Day): Day {
  return a <= b ? a : b;
}

export function later(a: Day, b: Day): Day {
  return a >= b ? a : b;
}

const civilFormats = new Map<string, Intl.DateTimeFormat>();

/** The civil day at an instant in an IANA timezone. */
export function dayIn(timezone: string, instant: Date): Day {
  let format = civilFormats.get(timezone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-CA', {
      timeZone: timezone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    });
    civilFormats.set(timezone, format);
  }
  return format.format(instant) as Day;
}

/** Is this a timezone name that the runtime knows? */
export function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
