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
  const fault = seriesFault(series);
  if (fault) throw fault;
  return series;
}

/** What is wrong with a series, or null. */
export function seriesFault(series: NumberSeries): Refusal | null {
  const tokens = [...series.pattern.matchAll(TOKEN)].map((match) => match[1]!);
  const counters = tokens.filter((token) => token.startsWith('N'));
  const dated = tokens.some((token) => token.startsWith('Y'));
  const rest = series.pattern.replace(TOKEN, '');
  const good =
    counters.length === 1 &&
    /^[A-Za-z0-9\-_/.]*$/.test(rest) &&
    formatNumber(series, 9999, 12, 10 ** MAX_COUNTER_DIGITS - 1).length <= MAX_LENGTH &&
    (series.restarts === 'never' || dated) &&
    // `{MM}{N}` or `{YY}{N}` side by side would let 1+11 and 11+1 read the same.
    !/(?:\d|\{(?:YYYY|YY|MM)\})\{N|\{N+\}(?:\d|\{)/.test(series.pattern);
  if (good) return null;
  return new Refusal('number_pattern_invalid', { pattern: series.pattern.slice(0, 60), example: 'F{YYYY}-{NNNNN}' });
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

/** A day's number around its counter, for the statement that counts: what stands before and after, and its digits. */
export interface NumberParts {
  before: string;
  digits: number;
  after: string;
}

export function numberParts(series: NumberSeries, issuedOn: Day): NumberParts {
  const counter = /\{(N{1,9})\}/.exec(series.pattern)!;
  const dated = (pattern: string) => fillDate(pattern, yearOf(issuedOn), monthOf(issuedOn));
  return {
    before: dated(series.pattern.slice(0, counter.index)),
    digits: counter[1]!.length,
    after: dated(series.pattern.slice(counter.index + counter[0].length)),
  };
}

/** What two patterns share whose numbers may be the same. */
export function patternKey(pattern: string): string {
  return pattern.replace(/\{N+\}/, '{N}');
}

function formatNumber(series: NumberSeries, year: number, month: number, counter: number): string {
  return fillDate(series.pattern, year, month).replace(/\{(N{1,9})\}/g, (_, digits: string) =>
    String(counter).padStart(digits.length, '0'),
  );
}

function fillDate(pattern: string, year: number, month: number): string {
  return pattern.replace(/\{(YYYY|YY|MM)\}/g, (_, token: string) => {
    if (token === 'YYYY') return String(year);
    if (token === 'YY') return String(year).slice(2);
    return String(month).padStart(2, '0');
  });
}
