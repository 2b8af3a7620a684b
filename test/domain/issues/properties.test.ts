/** What holds for every subscription, whatever happens to it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays, type Day, day, later } from '../../../src/domain/day.ts';
import { type EntitledIssue, entitlement } from '../../../src/domain/issues/entitlement.ts';
import { revenueOn } from '../../../src/domain/issues/revenue.ts';
import { sum } from '../../../src/domain/money.ts';
import { type Change, plainSuspension } from '../../../src/domain/schedule/changes.ts';
import { calendar, subscribed } from './subscriptions.ts';

const began = day('2025-12-20');
const dayArb = fc.integer({ min: 0, max: 800 }).map((days) => addDays(began, days));
const spanArb = fc.tuple(dayArb, fc.integer({ min: 0, max: 120 })).map(([from, days]) => [from, addDays(from, days)]);
const soldArb = fc
  .record({ count: fc.integer({ min: 1, max: 16 }), amount: fc.integer({ min: 0, max: 20_000 }) })
  .map(({ count, amount }) => subscribed(count, amount));

type Make = (id: string, recorded_on: Day) => Change;
const incidentArb = spanArb.map(
  ([from_on, to_on]): Make =>
    (id, recorded_on) => ({
      id,
      kind: 'incident_recorded',
      incident: id,
      from_on: from_on!,
      to_on: to_on!,
      reason: 'lost',
      recorded_on,
    }),
);
const extensionArb = fc.integer({ min: 1, max: 5 }).map(
  (issues): Make =>
    (id, recorded_on) => ({ id, kind: 'issues_extended', issues, reason: 'x', recorded_on }),
);
const suspensionArb = fc.tuple(spanArb, fc.boolean()).map(
  ([[from, to], unlimited]): Make =>
    (id, recorded_on) => ({
      id,
      kind: 'suspension_added',
      suspension: id,
      ...plainSuspension(from!, unlimited ? null : to!, 'away'),
      recorded_on,
    }),
);
const makeArb = fc.oneof(incidentArb, extensionArb, suspensionArb);

/** Changes in the order they were recorded. */
const changesArb = fc
  .array(fc.tuple(makeArb, dayArb), { maxLength: 7 })
  .map((list) => list.sort(([, a], [, b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([make, on], at) => make(`c${at}`, on)));

const cancelled = (on: Day, recorded_on: Day): Change => ({
  id: 'end',
  kind: 'cancelled',
  on,
  last_period: 'whole',
  reason: 'x',
  recorded_on,
});

const figures = (issues: readonly EntitledIssue[]) => issues.map(({ explains: _, ...rest }) => rest);
const lastOf = (changes: readonly Change[]) => changes.reduce((last, one) => later(last, one.recorded_on!), began);

describe('every subscription', () => {
  test('is worth its price to the cent, on any day, and compensation is free', () => {
    fc.assert(
      fc.property(soldArb, changesArb, dayArb, fc.option(dayArb), (sold, changes, on, ends_on) => {
        const all = ends_on === null ? changes : [...changes, cancelled(ends_on, lastOf(changes))];
        const { issues, price } = entitlement(sold, all, calendar, on);
        expect(price).toBe(sold.amount);
        expect(sum(issues.map(({ revenue_amount }) => revenue_amount))).toBe(price);
        const { recognised, deferred, cancelled: taken } = revenueOn(issues, on);
        expect(recognised + deferred + taken).toBe(price);
        expect(issues.every(({ revenue_amount }) => revenue_amount >= 0)).toBe(true);
        expect(issues.filter(({ free, revenue_amount }) => free && revenue_amount !== 0)).toEqual([]);
      }),
    );
  });

  test('entitles to the issues sold and granted, and to one more for each that was not served', () => {
    fc.assert(
      fc.property(soldArb, changesArb, dayArb, (sold, changes, on) => {
        const { issues } = entitlement(sold, changes, calendar, on);
        const granted = changes.map((one) => (one.kind === 'issues_extended' ? one.issues : 0));
        const claims = issues.filter(({ status }) => status !== 'suspended');
        const missed = claims.filter(({ status }) => status === 'not_served').length;
        expect(claims.filter(({ free }) => !free)).toHaveLength(sold.issues.count + sum(granted));
        expect(claims.filter(({ free }) => free)).toHaveLength(missed);
        const numbers = issues.map(({ number }) => number);
        expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
      }),
    );
  });

  test('keeps what is out as it is: nothing entered later changes the revenue of an issue published before', () => {
    fc.assert(
      fc.property(soldArb, changesArb, makeArb, fc.integer({ min: 0, max: 200 }), (sold, changes, make, days) => {
        const on = addDays(lastOf(changes), days);
        const before = entitlement(sold, changes, calendar, on);
        const after = entitlement(sold, [...changes, make('late', on)], calendar, on);
        const out = (issues: readonly EntitledIssue[]) =>
          issues
            .filter(({ published_on }) => published_on !== null && published_on <= on)
            .map(({ number, revenue_amount, free }) => ({ number, revenue_amount, free }));
        expect(out(after.issues)).toEqual(out(before.issues));
        expect(after.last_issue! >= before.last_issue!).toBe(true);
      }),
    );
  });

  test('comes to the same whatever the order in which the same things were entered', () => {
    fc.assert(
      fc.property(
        soldArb,
        changesArb.chain((changes) =>
          fc.tuple(fc.constant(changes), fc.shuffledSubarray(changes, { minLength: changes.length })),
        ),
        dayArb,
        (sold, [changes, shuffled], on) => {
          const [a, b] = [entitlement(sold, changes, calendar, on), entitlement(sold, shuffled, calendar, on)];
          expect(figures(b.issues)).toEqual(figures(a.issues));
        },
      ),
    );
  });

  test('is as if it had never been, once an incident or a suspension is removed', () => {
    fc.assert(
      fc.property(
        soldArb,
        changesArb,
        fc.oneof(incidentArb, suspensionArb),
        fc.integer({ min: 0, max: 200 }),
        dayArb,
        (sold, changes, make, days, on) => {
          const recorded_on = lastOf(changes);
          const added = make('extra', recorded_on);
          const removed: Change =
            added.kind === 'incident_recorded'
              ? { id: 'gone', kind: 'incident_removed', incident: 'extra', recorded_on: addDays(recorded_on, days) }
              : {
                  id: 'gone',
                  kind: 'suspension_removed',
                  suspension: 'extra',
                  recorded_on: addDays(recorded_on, days),
                };
          expect(entitlement(sold, [...changes, added, removed], calendar, on)).toEqual(
            entitlement(sold, changes, calendar, on),
          );
        },
      ),
    );
  });

  test('is the same contract on every day: time only turns what is owed into what was served', () => {
    fc.assert(
      fc.property(soldArb, changesArb, dayArb, dayArb, (sold, changes, one, other) => {
        const [a, b] = [entitlement(sold, changes, calendar, one), entitlement(sold, changes, calendar, other)];
        const worth = (issues: readonly EntitledIssue[]) =>
          issues.map(({ number, revenue_amount, free }) => ({ number, revenue_amount, free }));
        expect(worth(b.issues)).toEqual(worth(a.issues));
        expect(b.served + b.owed).toBe(a.served + a.owed);
      }),
    );
  });
});
