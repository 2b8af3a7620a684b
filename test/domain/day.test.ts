import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import {
  addDays,
  addMonths,
  day,
  daysBetween,
  isDay,
  spanDays,
  weekdayOf,
  wholeMonthsBetween,
} from '../../src/domain/day.ts';

const anyDay = fc
  .record({
    year: fc.integer({ min: 1900, max: 2400 }),
    month: fc.integer({ min: 1, max: 12 }),
    date: fc.integer({ min: 1, max: 31 }),
  })
  .map(({ year, month, date }) => Temporal.PlainDate.from({ year, month, day: date }).toString())
  .map(day);

describe('a civil day', () => {
  test('exists in the calendar', () => {
    for (const text of [
      '2023-02-29',
      '1900-02-29',
      '2010-04-31',
      '2010-00-10',
      '2010-13-01',
      '10-01-01',
      '2010-1-1',
      '',
    ])
      expect(isDay(text)).toBe(false);
    for (const text of ['2024-02-29', '2000-02-29', '2010-12-31', '9999-12-31']) expect(isDay(text)).toBe(true);
  });

  test('counts days and months as the calendar does', () => {
    fc.assert(
      fc.property(
        anyDay,
        fc.integer({ min: -3000, max: 3000 }),
        fc.integer({ min: -300, max: 300 }),
        (on, days, months) => {
          const theirs = Temporal.PlainDate.from(on);
          expect(addDays(on, days)).toBe(theirs.add({ days }).toString());
          expect(addMonths(on, months)).toBe(theirs.add({ months }).toString());
          expect(weekdayOf(on)).toBe(theirs.dayOfWeek);
        },
      ),
    );
  });

  test('measures spans inclusively and months whole', () => {
    fc.assert(
      fc.property(anyDay, anyDay, (a, b) => {
        const [from, to] = a < b ? [a, b] : [b, a];
        expect(daysBetween(from, to)).toBe(Temporal.PlainDate.from(from).until(to).days);
        expect(spanDays(from, to)).toBe(daysBetween(from, to) + 1);
        const months = wholeMonthsBetween(from, to);
        expect(addMonths(from, months) <= to).toBe(true);
        expect(addMonths(from, months + 1) > to).toBe(true);
      }),
    );
  });
});
