/** How long and how often the plan lets a member be away, counted day by day. No function of the engine. */
import { type Absence, FAR, isAway } from './naive-line.ts';
import { monthsAfter, wholeMonths } from './wall-calendar.ts';

export interface NaiveLimits {
  min_months: number | null;
  min_days: number | null;
  max_days_per_year: number | null;
  max_per_year: number | null;
}

type Away = Pick<Absence, 'from' | 'to'>;

export function isTooShort({ from, to }: Away, { min_months, min_days }: NaiveLimits): boolean {
  if (to === null) return false;
  return to < monthsAfter(from, min_months ?? 0) - 1 || to < from + (min_days ?? 0) - 1;
}

/** Too many days or too many times in one of the years that the contract counts from its first day. */
export function isTooMuch(one: Away, others: readonly Absence[], began: number, limits: NaiveLimits): boolean {
  const { max_per_year, max_days_per_year } = limits;
  const year = yearOf(began, one.from);
  const begun = others.filter(({ from, to }) => from <= (to ?? FAR) && yearOf(began, from) === year).length;
  if (max_per_year !== null && begun >= max_per_year) return true;
  if (max_days_per_year === null) return false;
  // Without an end, it fills the year that it begins in.
  for (let at = year; at <= yearOf(began, one.to ?? one.from); at += 1) {
    let [own, all] = [0, 0];
    for (let day = monthsAfter(began, at * 12); day < monthsAfter(began, (at + 1) * 12); day += 1) {
      const isAwayAnyway = others.some((other) => isAway(other, day));
      const isAwayNow = one.from <= day && (one.to ?? FAR) >= day;
      if (isAwayNow && !isAwayAnyway) own += 1;
      if (isAwayNow || isAwayAnyway) all += 1;
    }
    if (own > 0 && all > max_days_per_year) return true;
  }
  return false;
}

/** Days before the first year count as of it. */
function yearOf(began: number, day: number): number {
  return day < began ? 0 : Math.floor(wholeMonths(began, day) / 12);
}
