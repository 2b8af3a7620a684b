import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addDays,
  addMonths,
  type Day,
  dateOf,
  daysInMonth,
  monthOf,
  spanDays,
  yearOf,
} from '../../../src/domain/day.ts';
import { cents, sum } from '../../../src/domain/money.ts';
import { suspensionOn } from '../../../src/domain/schedule/access.ts';
import { scheduleChain } from '../../../src/domain/schedule/chain.ts';
import type { Change, SuspensionTerms } from '../../../src/domain/schedule/changes.ts';
import { compareSchedules, isUnchanged } from '../../../src/domain/schedule/compare.ts';
import type { Instalment, Schedule } from '../../../src/domain/schedule/instalment.ts';
import { schedule } from '../../../src/domain/schedule/schedule.ts';
import {
  anyChanges,
  anyPlainChanges,
  anyStories,
  anySuspensionTerms,
  anyTerms,
  interleave,
  payChosen,
  seen,
  until,
} from './arbitraries.ts';

const runs = { numRuns: 200 };
const withoutStatus = (instalments: readonly Instalment[]) => instalments.map(({ status: _, ...rest }) => rest);
const choices = fc.array(fc.boolean(), { minLength: 70, maxLength: 70 });

/** A suspension without end, and the same in two parts that touch. */
function splitUnlimited(long: SuspensionTerms, at: number): { one: Change[]; two: Change[]; cut: Day } {
  const cut = addDays(long.starts_on, 1 + at);
  const whole = { ...long, ends_on: null };
  return {
    cut,
    one: [{ id: 'o-a', kind: 'suspension_added', suspension: 'o', ...whole }],
    two: [
      { id: 'o-a', kind: 'suspension_added', suspension: 'o', ...whole, ends_on: addDays(cut, -1) },
      { id: 'q-a', kind: 'suspension_added', suspension: 'q', ...whole, starts_on: cut },
    ],
  };
}

/** What a customer sees, but for the names of the parts. */
function moneyAndDays(result: Schedule) {
  const { suspended_periods: _, held_by, ...rest } = seen(result);
  return { ...rest, held: held_by !== null };
}

describe('computing a schedule again changes nothing', () => {
  test('after any of its instalments were paid as they stood', () => {
    fc.assert(
      fc.property(anyTerms, anyChanges, choices, choices, (terms, changes, paidFirst, paidThen) => {
        const first = schedule(terms, changes, [], until);
        const facts = payChosen(first.instalments, paidFirst);
        const second = schedule(terms, changes, facts, until);
        expect(withoutStatus(second.instalments)).toEqual(withoutStatus(first.instalments));
        const more = [...facts, ...payChosen(second.instalments, paidThen)];
        const third = schedule(terms, changes, more, until);
        expect(withoutStatus(third.instalments)).toEqual(withoutStatus(first.instalments));
        expect(third.ends_on).toBe(first.ends_on);
        expect(third.credit_left).toBe(first.credit_left);
      }),
      runs,
    );
  });

  test('after facts that a suspension credits or passes over', () => {
    fc.assert(
      fc.property(
        anyTerms,
        anyChanges,
        anySuspensionTerms,
        choices,
        choices,
        (terms, before, stop, paidFirst, paidThen) => {
          const facts = payChosen(schedule(terms, before, [], until).instalments, paidFirst);
          const credited = facts.map(({ number }) => number);
          const changes: Change[] = [
            ...before,
            { id: 's9-a', kind: 'suspension_added', suspension: 's9', ...stop, credited },
          ];
          const first = schedule(terms, changes, facts, until);
          const more = [...facts, ...payChosen(first.instalments, paidThen)];
          const second = schedule(terms, changes, more, until);
          expect(withoutStatus(second.instalments)).toEqual(withoutStatus(first.instalments));
          expect(second.credit_left).toBe(first.credit_left);
        },
      ),
      runs,
    );
  });
});

describe('the order in which changes are recorded', () => {
  test('does not matter where they do not conflict', () => {
    fc.assert(
      fc.property(anyTerms, anyStories, fc.array(fc.nat(), { maxLength: 20 }), (terms, stories, turns) => {
        const told = schedule(terms, stories.flat(), [], until);
        const mixed = schedule(terms, interleave(stories, turns), [], until);
        expect(seen(mixed)).toEqual(seen(told));
      }),
      runs,
    );
  });
});

describe('a suspension', () => {
  test('that is removed never was', () => {
    fc.assert(
      fc.property(anyTerms, anyChanges, anySuspensionTerms, (terms, changes, stop) => {
        const removed: Change[] = [
          ...changes,
          { id: 'r-a', kind: 'suspension_added', suspension: 'r', ...stop },
          { id: 'r-s', kind: 'suspension_stopped', suspension: 'r', on: addDays(stop.starts_on, 9), amount: cents(7) },
          { id: 'r-r', kind: 'suspension_removed', suspension: 'r' },
        ];
        const without = schedule(terms, changes, [], until);
        const result = schedule(terms, removed, [], until);
        expect(result.instalments).toEqual(without.instalments);
        expect(seen(result)).toEqual(seen(without));
        expect(isUnchanged(compareSchedules(without, result))).toBe(true);
      }),
      runs,
    );
  });

  test('that is edited is what it would be had it been entered so at first', () => {
    fc.assert(
      fc.property(anyTerms, anyChanges, anySuspensionTerms, anySuspensionTerms, (terms, changes, wrong, right) => {
        const edited: Change[] = [
          { id: 'e-a', kind: 'suspension_added', suspension: 'e', ...wrong },
          ...changes,
          { id: 'e-e', kind: 'suspension_edited', suspension: 'e', ...right },
        ];
        const entered: Change[] = [{ id: 'e-a', kind: 'suspension_added', suspension: 'e', ...right }, ...changes];
        expect(seen(schedule(terms, edited, [], until))).toEqual(seen(schedule(terms, entered, [], until)));
      }),
      runs,
    );
  });

  test('ended early is what it would be with that end', () => {
    fc.assert(
      fc.property(
        anyTerms,
        anyChanges,
        anySuspensionTerms,
        fc.integer({ min: 1, max: 60 }),
        (terms, changes, stop, days) => {
          const ends_on = addDays(stop.starts_on, days - 1);
          fc.pre(stop.ends_on !== null && ends_on < stop.ends_on);
          const stopped: Change[] = [
            ...changes,
            { id: 'k-a', kind: 'suspension_added', suspension: 'k', ...stop },
            { id: 'k-s', kind: 'suspension_stopped', suspension: 'k', on: addDays(ends_on, 1), amount: null },
          ];
          const entered: Change[] = [
            ...changes,
            { id: 'k-a', kind: 'suspension_added', suspension: 'k', ...stop, ends_on },
          ];
          expect(seen(schedule(terms, stopped, [], until))).toEqual(seen(schedule(terms, entered, [], until)));
        },
      ),
      runs,
    );
  });

  test('split in two that touch is the one', () => {
    fc.assert(
      fc.property(anyTerms, anyChanges, anySuspensionTerms, fc.nat(), choices, (terms, changes, long, at, paid) => {
        fc.pre(long.first_instalment === null && long.last_instalment === null);
        // Of an unlimited one nobody knows yet how far it moves the contract; its first part alone is known.
        fc.pre(long.ends_on !== null && long.starts_on < long.ends_on);
        const days = spanDays(long.starts_on, long.ends_on!);
        const cut = addDays(long.starts_on, 1 + (at % (days - 1)));
        const facts = payChosen(schedule(terms, [], [], until).instalments, paid);
        const one: Change[] = [...changes, { id: 'o-a', kind: 'suspension_added', suspension: 'o', ...long }];
        const two: Change[] = [
          ...changes,
          { id: 'o-a', kind: 'suspension_added', suspension: 'o', ...long, ends_on: addDays(cut, -1) },
          { id: 'q-a', kind: 'suspension_added', suspension: 'q', ...long, starts_on: cut },
        ];
        const onceSeen = seen(schedule(terms, one, facts, until));
        const twiceSeen = seen(schedule(terms, two, facts, until));
        const named = ({ suspended_periods: _, held_by, ...rest }: typeof onceSeen) => ({
          ...rest,
          held: held_by !== null,
        });
        expect(named(twiceSeen)).toEqual(named(onceSeen));
      }),
      runs,
    );
  });

  // Not known while it lasts, where it moves the contract: the first part alone has a last day, so it moves by that.
  test('without end split in two is the one, wherever it moves neither the end nor instalments', () => {
    fc.assert(
      fc.property(anyTerms, anyChanges, anySuspensionTerms, fc.nat(200), choices, (sold, changes, long, at, paid) => {
        fc.pre(long.first_instalment === null && long.last_instalment === null);
        const amount = long.amount ?? cents(200);
        const terms = { ...sold, freeze: { ...sold.freeze, active: true, shift_end: false, amount: null } };
        const { one, two } = splitUnlimited({ ...long, amount }, at);
        const facts = payChosen(schedule(terms, changes, [], until).instalments, paid);
        const once = schedule(terms, [...changes, ...one], facts, until);
        const twice = schedule(terms, [...changes, ...two], facts, until);
        expect(moneyAndDays(twice)).toEqual(moneyAndDays(once));
      }),
      runs,
    );
  });

  // Of one that was without end the instalments before the stop are charged, of a bounded part as many as whole months:
  // so by whole months the parts differ from the whole, and there the property does not hold.
  test('without end split in two and stopped is the one stopped, where instalments are not counted by whole months', () => {
    fc.assert(
      fc.property(
        anyTerms,
        anyPlainChanges,
        anySuspensionTerms,
        fc.nat(200),
        fc.integer({ min: 1, max: 200 }),
        (sold, changes, long, at, more) => {
          fc.pre(long.first_instalment === null && long.last_instalment === null);
          const rule = sold.freeze.instalment_rule === 'whole_months' ? 'due_inside' : sold.freeze.instalment_rule;
          const terms = { ...sold, freeze: { ...sold.freeze, instalment_rule: rule } };
          const { one, two, cut } = splitUnlimited(long, at);
          const back = (suspension: string): Change => ({
            id: `${suspension}-s`,
            kind: 'suspension_stopped',
            suspension,
            on: addDays(cut, more),
            amount: null,
          });
          const once = schedule(terms, [...changes, ...one, back('o')], [], until);
          const twice = schedule(terms, [...changes, ...two, back('q')], [], until);
          expect(moneyAndDays(twice)).toEqual(moneyAndDays(once));
        },
      ),
      runs,
    );
  });

  test('suspends exactly its days, each once', () => {
    fc.assert(
      fc.property(anyTerms, anyChanges, fc.integer({ min: -60, max: 1300 }), (terms, changes, offset) => {
        const result = schedule(terms, changes, [], until);
        const on = addDays(terms.starts_on, offset);
        const covering = result.suspensions.filter(
          ({ starts_on, ends_on }) => starts_on <= on && (ends_on === null || on <= ends_on),
        );
        const suspended = suspensionOn(result, on);
        expect(suspended?.suspensions.map(({ id }) => id) ?? []).toEqual(covering.map(({ id }) => id));
        if (suspended?.until_on) expect(suspensionOn(result, addDays(suspended.until_on, 1))).toBeNull();
        if (suspended) expect(suspensionOn(result, addDays(suspended.since_on, -1))).toBeNull();
      }),
      runs,
    );
  });
});

describe('amounts', () => {
  test('are conserved where suspensions move the instalments', () => {
    fc.assert(
      fc.property(anyTerms, fc.array(anySuspensionTerms, { maxLength: 3 }), (sold, stops) => {
        fc.pre(sold.ends_on !== null);
        const terms = { ...sold, freeze: { ...sold.freeze, active: false, amount: null } };
        const changes = stops.map((stop, at): Change => {
          const ends_on = stop.ends_on ?? addDays(stop.starts_on, 40);
          return { id: `a${at}`, kind: 'suspension_added', suspension: `s${at}`, ...stop, ends_on, amount: null };
        });
        const before = schedule(terms, [], [], until).instalments;
        const after = schedule(terms, changes, [], until).instalments;
        expect(after.map(({ amount, number }) => [number, amount])).toEqual(
          before.map(({ amount, number }) => [number, amount]),
        );
      }),
      runs,
    );
  });

  test('credited come off the instalments to the cent, and none falls below zero', () => {
    fc.assert(
      fc.property(anyTerms, anyChanges, fc.integer({ min: 1, max: 30_000 }), (terms, changes, amount) => {
        const granted: Change = {
          id: 'gg',
          kind: 'credit_granted',
          from_on: terms.starts_on,
          amount: cents(amount),
          reason: 'gesture',
        };
        const others = changes.filter(({ kind }) => kind !== 'credit_granted');
        const before = schedule(terms, others, [], until);
        const after = schedule(terms, [...others, granted], [], until);
        const off = sum(after.instalments.map(({ credited }) => credited));
        expect(sum([off, after.credit_left])).toBe(amount);
        expect(after.instalments.map(({ amount, credited }) => amount + credited)).toEqual(
          before.instalments.map(({ amount }) => amount),
        );
        expect(after.instalments.every((each) => each.amount >= 0)).toBe(true);
      }),
      runs,
    );
  });

  test('of zero are waived, and waived ones cost nothing', () => {
    fc.assert(
      fc.property(anyTerms, anyChanges, (terms, changes) => {
        for (const { amount, status } of schedule(terms, changes, [], until).instalments)
          if (status !== 'cancelled') expect(status).toBe(amount === 0 ? 'waived' : 'scheduled');
      }),
      runs,
    );
  });
});

describe('due dates', () => {
  const dateAt = (anchor: Day, due: Day) => Math.min(dateOf(anchor), daysInMonth(yearOf(due), monthOf(due)));

  test('hang on the anchor day without drift, also after shifts by months', () => {
    fc.assert(
      fc.property(anyTerms, fc.integer({ min: 0, max: 20 }), fc.integer({ min: 1, max: 3 }), (sold, at, months) => {
        const terms = { ...sold, shift_unit: 'months_else_days' as const };
        const starts_on = addMonths(terms.starts_on, at);
        const ends_on = addDays(addMonths(starts_on, months), -1);
        const stop: Change = {
          id: 'a',
          kind: 'suspension_added',
          suspension: 's',
          starts_on,
          ends_on,
          reason: 'ill',
          amount: null,
          first_instalment: null,
          last_instalment: null,
          freeze: null,
          credited: [],
          review_on: null,
          closure: null,
        };
        // A suspension from a clamped day on can be a month to the eye and days to the calendar.
        fc.pre(addMonths(starts_on, months) === addDays(ends_on, 1) && dateOf(terms.starts_on) <= 28);
        for (const { due_on } of schedule(terms, [stop], [], until).instalments)
          expect(dateOf(due_on)).toBe(dateAt(terms.first_due_on, due_on));
      }),
      runs,
    );
  });

  test('of later instalments are never earlier', () => {
    fc.assert(
      fc.property(anyTerms, anyPlainChanges, (terms, changes) => {
        const { instalments } = schedule(terms, changes, [], until);
        instalments.forEach(({ number, due_on }, at) => {
          expect(number).toBe(at + 1);
          if (at > 0) expect(due_on > instalments[at - 1]!.due_on).toBe(true);
        });
      }),
      runs,
    );
  });

  test('computed further ahead only add instalments', () => {
    fc.assert(
      fc.property(anyTerms, anyChanges, fc.integer({ min: 0, max: 500 }), (terms, changes, days) => {
        const near = schedule(terms, changes, [], addDays(until, -days)).instalments;
        const far = schedule(terms, changes, [], until).instalments;
        expect(far.slice(0, near.length)).toEqual(near);
      }),
      runs,
    );
  });
});

test('facts come back exactly as they are, whatever happens afterwards', () => {
  fc.assert(
    fc.property(anyTerms, anyChanges, choices, (terms, changes, paid) => {
      const facts = payChosen(schedule(terms, [], [], until).instalments, paid);
      const { instalments } = schedule(terms, changes, facts, until);
      for (const fact of facts) expect(instalments.find(({ number }) => number === fact.number)).toEqual(fact);
    }),
    runs,
  );
});

test('the days of a term that are not suspended are conserved by shifts of days', () => {
  fc.assert(
    fc.property(anyTerms, anyStories, (sold, stories) => {
      fc.pre(sold.ends_on !== null);
      const terms = { ...sold, shift_unit: 'days' as const, freeze: { ...sold.freeze, active: false } };
      const changes = stories.flat().filter(({ kind }) => kind.startsWith('suspension'));
      const result = schedule(terms, changes, [], until);
      fc.pre(result.suspensions.every(({ ends_on }) => ends_on !== null));
      let days = 0;
      for (let on = result.starts_on; on <= result.ends_on!; on = addDays(on, 1)) if (!suspensionOn(result, on)) days++;
      expect(days).toBe(spanDays(terms.starts_on, terms.ends_on!));
    }),
    { numRuns: 100 },
  );
});

test('no order of changes makes the terms of a chain overlap', () => {
  fc.assert(
    fc.property(
      anyTerms,
      fc.tuple(anyStories, anyStories, anyStories),
      fc.array(fc.nat(), { maxLength: 20 }),
      fc.integer({ min: 1, max: 12 }),
      choices,
      (sold, stories, turns, months, paid) => {
        fc.pre(sold.ends_on !== null);
        let starts_on = sold.starts_on;
        const contracts = stories.map((story, at) => {
          const ends_on = addDays(addMonths(starts_on, months + at), -1);
          const terms = { ...sold, starts_on, ends_on, first_due_on: starts_on };
          starts_on = addDays(ends_on, 1);
          const facts = at === 0 ? [] : payChosen(schedule(terms, [], [], until).instalments, paid);
          return { id: `c${at}`, terms, changes: interleave(story, turns), facts };
        });
        const chain = scheduleChain(contracts, until);
        chain.forEach(({ starts_on, ends_on }, at) => {
          expect(ends_on! >= addDays(starts_on, -1)).toBe(true);
          if (at > 0) expect(starts_on > chain[at - 1]!.ends_on!).toBe(true);
        });
      },
    ),
    runs,
  );
});
