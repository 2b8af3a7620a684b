/** Random contracts, and random things that happen to them, for the schedule's properties. */
import fc from 'fast-check';
import { addDays, addMonths, type Day, day } from '../../../src/domain/day.ts';
import { type Cents, cents } from '../../../src/domain/money.ts';
import type { Change, SuspensionTerms } from '../../../src/domain/schedule/changes.ts';
import { plainSuspension } from '../../../src/domain/schedule/changes.ts';
import type { Fact } from '../../../src/domain/schedule/facts.ts';
import type { Instalment, Schedule } from '../../../src/domain/schedule/instalment.ts';
import {
  type FreezePolicy,
  instalmentRules,
  noFreezePolicy,
  shiftUnits,
  type Terms,
} from '../../../src/domain/schedule/terms.ts';

const epoch = day('2012-01-01');
export const until = day('2016-12-31');

export const anyDay = (from = 0, to = 1000): fc.Arbitrary<Day> =>
  fc.integer({ min: from, max: to }).map((days) => addDays(epoch, days));
export const anyAmount: fc.Arbitrary<Cents> = fc.integer({ min: 0, max: 9999 }).map(cents);
const orNull = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });

export const anyPolicy: fc.Arbitrary<FreezePolicy> = fc
  .record({
    active: fc.boolean(),
    shift_end: fc.boolean(),
    shift_instalments: fc.boolean(),
    discount: fc.oneof(
      fc.constant({}),
      fc.integer({ min: 1, max: 10_000 }).map((discount_bps) => ({ discount_bps })),
      anyAmount.map((discount_amount) => ({ discount_amount })),
    ),
    amount: orNull(anyAmount),
    instalment_rule: fc.constantFrom(...instalmentRules),
  })
  .map(({ discount, ...rest }) => ({ ...noFreezePolicy, ...rest, ...discount }));

export const anyTerms: fc.Arbitrary<Terms> = fc
  .record({
    starts_on: anyDay(0, 400),
    months: orNull(fc.integer({ min: 1, max: 24 })),
    first_due: fc.integer({ min: 0, max: 40 }),
    interval_months: fc.constantFrom(1, 1, 1, 3),
    amount: fc.integer({ min: 1, max: 9999 }).map(cents),
    shift_unit: fc.constantFrom(...shiftUnits),
    freeze: anyPolicy,
  })
  .map(({ starts_on, months, first_due, ...rest }) => ({
    ...rest,
    starts_on,
    ends_on: months === null ? null : addDays(addMonths(starts_on, months), -1),
    first_due_on: addDays(starts_on, first_due),
    instalments: null,
    method: 'direct_debit',
    notice_days: 0,
  }));

export const anySuspensionTerms: fc.Arbitrary<SuspensionTerms> = fc
  .record({
    starts_on: anyDay(-30, 1000),
    length: orNull(fc.oneof(fc.integer({ min: 1, max: 120 }), fc.constantFrom(28, 29, 30, 31, 59, 61, 92))),
    amount: orNull(anyAmount),
    first_instalment: fc.option(fc.integer({ min: 1, max: 12 }), { nil: null, freq: 8 }),
    last_instalment: fc.option(fc.integer({ min: 1, max: 24 }), { nil: null, freq: 8 }),
  })
  .map(({ starts_on, length, amount, ...chosen }) => ({
    ...plainSuspension(starts_on, length === null ? null : addDays(starts_on, length - 1), 'ill'),
    amount,
    first_instalment: chosen.first_instalment === null ? null : chosen.first_instalment,
    last_instalment: chosen.last_instalment === null ? null : chosen.last_instalment,
  }));

/** Everything that happens to one suspension, in its order. */
export const anySuspensionStory = (id: string): fc.Arbitrary<Change[]> =>
  fc
    .record({
      added: anySuspensionTerms,
      edited: orNull(anySuspensionTerms),
      stop: orNull(fc.integer({ min: 1, max: 200 })),
      removed: fc.boolean(),
    })
    .map(({ added, edited, stop, removed }) => {
      const story: Change[] = [{ id: `${id}-a`, kind: 'suspension_added', suspension: id, ...added }];
      if (edited) story.push({ id: `${id}-e`, kind: 'suspension_edited', suspension: id, ...edited });
      const now = edited ?? added;
      if (stop) {
        const on = addDays(now.starts_on, stop);
        story.push({ id: `${id}-s`, kind: 'suspension_stopped', suspension: id, on, amount: null });
      }
      if (removed && stop !== null && stop % 3 === 0)
        story.push({ id: `${id}-r`, kind: 'suspension_removed', suspension: id });
      return story;
    });

const single = (change: fc.Arbitrary<Change>): fc.Arbitrary<Change[]> => change.map((each) => [each]);

/** Stories that do not conflict: each is in its order, between them any order goes. */
export const anyStories: fc.Arbitrary<Change[][]> = fc
  .record({
    suspensions: fc.tuple(anySuspensionStory('s1'), anySuspensionStory('s2'), anySuspensionStory('s3')),
    take: fc.integer({ min: 0, max: 3 }),
    price: fc.option(
      single(
        fc.record({
          id: fc.constant('p'),
          kind: fc.constant('price_changed' as const),
          from_on: anyDay(),
          amount: anyAmount,
          credited: fc.constant([]),
        }),
      ),
      { nil: null },
    ),
    method: fc.option(
      single(
        fc.record({
          id: fc.constant('m'),
          kind: fc.constant('method_changed' as const),
          from_on: anyDay(),
          method: fc.constant('card' as const),
        }),
      ),
      { nil: null },
    ),
    extended: fc.option(
      single(
        fc.record({
          id: fc.constant('x'),
          kind: fc.constant('extended' as const),
          days: fc.integer({ min: 1, max: 60 }),
          reason: fc.constant('gesture'),
        }),
      ),
      { nil: null },
    ),
    cancelled: fc.option(
      single(
        fc.record({
          id: fc.constant('c'),
          kind: fc.constant('cancelled' as const),
          on: anyDay(),
          last_period: fc.constantFrom('whole' as const, 'prorated' as const),
          reason: fc.constant('moved away'),
        }),
      ),
      { nil: null },
    ),
    credit: fc.option(
      single(
        fc.record({
          id: fc.constant('g'),
          kind: fc.constant('credit_granted' as const),
          from_on: anyDay(),
          amount: anyAmount,
          reason: fc.constant('gesture'),
        }),
      ),
      { nil: null },
    ),
  })
  .map(({ suspensions, take, price, method, extended, cancelled, credit }) =>
    [...suspensions.slice(0, take), price, method, extended, cancelled, credit].filter((story) => story !== null),
  );

/** Things stated outright, which hold given what was recorded before them. */
const anyStatement: fc.Arbitrary<Change> = fc.oneof(
  fc.record({
    id: fc.uuid(),
    kind: fc.constant('instalment_edited' as const),
    number: fc.integer({ min: 1, max: 15 }),
    amount: orNull(anyAmount),
    due_on: orNull(anyDay()),
    start_was: fc.constant(day('2012-01-01')),
  }),
  fc.record({
    id: fc.uuid(),
    kind: fc.constant('expiry_changed' as const),
    ends_on: anyDay(400, 1200),
    instalments: fc.integer({ min: 1, max: 30 }),
    start_was: fc.constant(day('2012-01-01')),
  }),
);

/** Stories told one after the other. */
export const anyPlainChanges: fc.Arbitrary<Change[]> = anyStories.map((stories) => stories.flat());

/** Stories, and statements made between them. */
export const anyChanges: fc.Arbitrary<Change[]> = fc
  .tuple(anyPlainChanges, fc.array(fc.tuple(fc.nat(20), anyStatement), { maxLength: 3 }))
  .map(([changes, statements]) => {
    const told = [...changes];
    for (const [at, statement] of statements) told.splice(at, 0, statement);
    return told;
  });

/** Stories interleaved by a list of random choices. */
export function interleave(stories: readonly Change[][], choices: readonly number[]): Change[] {
  const rest = stories.map((story) => [...story]);
  const told: Change[] = [];
  for (let turn = 0; rest.some((story) => story.length > 0); turn++) {
    const open = rest.filter((story) => story.length > 0);
    told.push(open[(choices[turn] ?? 0) % open.length]!.shift()!);
  }
  return told;
}

/** Some of the instalments become facts as they stand. */
export function payChosen(instalments: readonly Instalment[], choices: readonly boolean[]): Fact[] {
  return instalments.flatMap((each, at) =>
    choices[at] && each.status === 'scheduled' ? [{ ...each, status: 'paid' as const }] : [],
  );
}

/** What a customer sees of a schedule. */
export function seen({
  starts_on,
  ends_on,
  cancelled_on,
  held_by,
  instalments,
  suspended_periods,
  credit_left,
}: Schedule) {
  return {
    starts_on,
    ends_on,
    cancelled_on,
    held_by,
    credit_left,
    suspended_periods: suspended_periods.map(({ starts_on, ends_on }) => [starts_on, ends_on]),
    instalments: instalments.map(({ explains: _, ...rest }) => rest),
  };
}
