/**
 * The numbers of invoices and credit notes: a pattern per series, filled with the year of issue and a counter.
 * The counter itself is a row locked in the issuing transaction; this only says how it reads.
 *
 * Always true:
 * - two counters of one series never give the same number: the counter is always in it, and the year too
 *   where the counter starts again every year;
 * - a number is at most 35 letters, digits, `-`, `_`, `/` or `.`, as tax offices and banks take it.
 */
import { Refusal } from '../../errors/refusal.ts';
import { type Day, monthOf, yearOf } from '../day.ts';

export interface NumberSeries {
  code: string;
  /** `F{YYYY}-{NNNNN}`: `{YYYY}` or `{YY}`, `{MM}`, and `{N…}` with as many digits at least. */
  pattern: string;
  restarts: 'never' | 'yearly';
}

const TOKEN = /\{(YYYY|YY|MM|N{1,9})\}/g;
const MAX_COUNTER_DIGITS = 10;
const MAX_LENGTH = 35;

/** @throws Refusal `number_pattern_invalid` */
export function checkSeries(series: NumberSeries): NumberSeries {
  const tokens = [...series.pattern.matchAll(TOKEN)].map((match) => match[1]!);
  const counters = tokens.filter((token) => token.startsWith('N'));
  const dated = tokens.some((token) => token.startsWith('Y'));
  const rest = series.pattern.replace(TOKEN, '');
  const longest = formatNumber(series, 9999, 12, 10 ** MAX_COUNTER_DIGITS - 1).length;
  const good =
    counters.length === 1 &&
    /^[A-Za-z0-9\-_/.]*$/.test(rest) &&
    longest <= MAX_LENGTH &&
    (series.restarts === 'never' || dated) &&
    // `{MM}{N}` or `{YY}{N}` side by side would let 1+11 and 11+1 read the same.
    !/(?:\d|\{(?:YYYY|YY|MM)\})\{N|\{N+\}(?:\d|\{)/.test(series.pattern);
  if (!good)
    throw new Refusal('number_pattern_invalid', {
      pattern: series.pattern.slice(0, 60),
      example: 'F{YYYY}-{NNNNN}',
    });
  return series;
}

/** Which counter of the series a day counts in: `2026`, or `` where it never starts again. */
export function counterPeriod(series: NumberSeries, issuedOn: Day): string {
  return series.restarts === 'yearly' ? String(yearOf(issuedOn)) : '';
}

/** `F{YYYY}-{NNNNN}`, 2026-07-05, 1 → `F2026-00001`. */
export function documentNumber(series: NumberSeries, issuedOn: Day, counter: number): string {
  if (!Number.isSafeInteger(counter) || counter < 1 || counter >= 10 ** MAX_COUNTER_DIGITS)
    throw new RangeError(`not a counter: ${counter}`);
  return formatNumber(series, yearOf(issuedOn), monthOf(issuedOn), counter);
}

function formatNumber(series: NumberSeries, year: number, month: number, counter: number): string {
  return series.pattern.replace(TOKEN, (_, token: string) => {
    if (token === 'YYYY') return String(year);
    if (token === 'YY') return String(year).slice(2);
    if (token === 'MM') return String(month).padStart(2, '0');
    return String(counter).padStart(token.length, '0');
  });
}
