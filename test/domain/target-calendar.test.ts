import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays, day, daysBetween, fromEpochDays, toEpochDays, weekdayOf } from '../../src/domain/day.ts';
import {
  addTargetDays,
  collectionDay,
  earliestCollection,
  easterSunday,
  isTargetDay,
  nextTargetDay,
  preNotificationDay,
} from '../../src/domain/target-calendar.ts';

const anyDay = fc
  .integer({ min: toEpochDays(day('1999-01-01')), max: toEpochDays(day('2199-12-31')) })
  .map(fromEpochDays);

describe('the TARGET calendar', () => {
  test.each([
    [2008, '2008-03-23'],
    [2010, '2010-04-04'],
    [2024, '2024-03-31'],
    [2025, '2025-04-20'],
    [2026, '2026-04-05'],
    [2027, '2027-03-28'],
    [2038, '2038-04-25'],
    [2285, '2285-03-22'],
  ])('knows that Easter of %i is %s', (year, sunday) => {
    expect(easterSunday(year)).toBe(sunday);
    expect(weekdayOf(easterSunday(year))).toBe(7);
  });

  test('is closed in 2026 on weekends and on these days only', () => {
    const closed: string[] = [];
    for (let on = day('2026-01-01'); on <= '2026-12-31'; on = addDays(on, 1))
      if (weekdayOf(on) <= 5 && !isTargetDay(on)) closed.push(on);
    expect(closed).toEqual(['2026-01-01', '2026-04-03', '2026-04-06', '2026-05-01', '2026-12-25']);
  });

  test('works on French national holidays that are not its own', () => {
    for (const on of ['2026-05-08', '2026-05-14', '2026-07-14', '2026-11-11']) expect(isTargetDay(day(on))).toBe(true);
  });

  test('collects an instalment due on a closed day on the next open one', () => {
    expect(collectionDay(day('2026-04-03'))).toBe('2026-04-07'); // Good Friday, weekend, Easter Monday
    expect(collectionDay(day('2026-12-25'))).toBe('2026-12-28');
    expect(collectionDay(day('2026-11-05'))).toBe('2026-11-05');
  });

  test('collects no earlier than the bank takes', () => {
    expect(earliestCollection(day('2026-11-20'))).toBe('2026-11-24'); // Friday, two TARGET days on
    expect(earliestCollection(day('2026-11-21'), 2)).toBe('2026-11-24'); // Saturday
    expect(earliestCollection(day('2026-11-20'), 1)).toBe('2026-11-23');
    expect(collectionDay(day('2026-11-20'), day('2026-11-24'))).toBe('2026-11-24');
    expect(collectionDay(day('2026-11-27'), day('2026-11-24'))).toBe('2026-11-27');
  });

  test('counts TARGET days backwards too', () => {
    expect(addTargetDays(day('2026-04-07'), -1)).toBe('2026-04-02');
    expect(addTargetDays(day('2026-04-05'), 0)).toBe('2026-04-07');
  });

  test('announces fourteen calendar days before', () => {
    expect(preNotificationDay(day('2026-11-20'))).toBe('2026-11-06');
  });

  test('always finds an open day within five days, and adding days back and forth agrees', () => {
    fc.assert(
      fc.property(anyDay, fc.integer({ min: 1, max: 30 }), (on, count) => {
        const next = nextTargetDay(on);
        expect(isTargetDay(next)).toBe(true);
        expect(daysBetween(on, next)).toBeLessThanOrEqual(5);
        const later = addTargetDays(on, count);
        expect(isTargetDay(later)).toBe(true);
        expect(addTargetDays(addTargetDays(next, count), -count)).toBe(next);
      }),
    );
  });
});
