import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Access,
  type AccessDebt,
  type AccessFacts,
  type AccessRules,
  access,
  blockedFrom,
} from '../../src/domain/access.ts';
import { addDays, type Day, day } from '../../src/domain/day.ts';
import { readTables } from '../golden/read-table.ts';

type Row = Record<string, string>;

const usual: AccessRules = { grace_days: 0, in_flight_days: 14, offline_days: 35 };

function list(cell: string | undefined): string[] {
  return (cell ?? '').split(',').filter((part) => part !== '');
}

function span(text: string): { starts_on: Day; ends_on: Day | null } {
  const [first, last] = text.split('…');
  return { starts_on: day(first ?? ''), ends_on: last ? day(last) : null };
}

function debt(text: string): AccessDebt {
  const [what, ...more] = text.split(' ');
  const [amount, due] = (what ?? '').split('@');
  const said = Object.fromEntries(more.map((word) => word.split('=')));
  const on = (name: string) => (said[name] ? day(said[name]) : null);
  return {
    amount: Number(amount) * 100,
    due_on: day(due ?? ''),
    in_flight_on: on('flight'),
    promised_until: on('promise'),
    stage_block_on: on('stage'),
  };
}

function factsOf(row: Row): AccessFacts {
  return {
    contracts: list(row.contract ?? '2010-01-01…').map((text, at) => ({ id: `ctr_${at}`, ...span(text) })),
    suspensions: list(row.stops).map((text) => ({ contract: null, reason: 'injury', ...span(text) })),
    debts: list(row.debts).map(debt),
  };
}

const someDay = fc.integer({ min: 0, max: 120 }).map((days) => addDays(day('2010-07-01'), days));
const maybeDay = fc.option(someDay);
const someDebt: fc.Arbitrary<AccessDebt> = fc.record({
  amount: fc.constantFrom(0, 1, 5900),
  due_on: someDay,
  in_flight_on: maybeDay,
  promised_until: maybeDay,
  stage_block_on: maybeDay,
});
const someSpan = fc
  .tuple(someDay, fc.option(fc.integer({ min: 0, max: 60 })))
  .map(([starts_on, days]) => ({ starts_on, ends_on: days === null ? null : addDays(starts_on, days) }));
const someFacts: fc.Arbitrary<AccessFacts> = fc.record({
  contracts: fc.array(
    fc.record({ id: fc.constantFrom('ctr_a', 'ctr_b'), span: someSpan }).map(({ id, span }) => ({ id, ...span })),
    { maxLength: 3 },
  ),
  suspensions: fc.array(
    fc
      .record({ contract: fc.constantFrom(null, 'ctr_a', 'ctr_b'), span: someSpan })
      .map(({ contract, span }) => ({ contract, reason: 'closed', ...span })),
    { maxLength: 3 },
  ),
  debts: fc.array(someDebt, { maxLength: 4 }),
});
const someRules: fc.Arbitrary<AccessRules> = fc.record({
  grace_days: fc.option(fc.integer({ min: 0, max: 30 })),
  in_flight_days: fc.integer({ min: 0, max: 20 }),
  offline_days: fc.integer({ min: 0, max: 40 }),
});

/** The rules page read again, day by day and without any arithmetic of spans. */
function naive(facts: AccessFacts, rules: AccessRules, today: Day): Access['state'] {
  for (const owed of facts.debts) {
    if (owed.amount === 0 || today <= owed.due_on) continue;
    if (owed.in_flight_on !== null && today <= addDays(owed.in_flight_on, rules.in_flight_days)) continue;
    if (owed.promised_until !== null && today <= owed.promised_until) continue;
    if (rules.grace_days !== null && addDays(owed.due_on, rules.grace_days) < today) return 'blocked';
    if (owed.stage_block_on !== null && owed.stage_block_on <= today) return 'blocked';
  }
  const on = (first: Day, last: Day | null) => first <= today && (last === null || today <= last);
  const running = facts.contracts.filter((contract) => on(contract.starts_on, contract.ends_on));
  if (running.length === 0) return 'blocked';
  const stopped = running.every((contract) =>
    facts.suspensions.some(
      (stop) => (stop.contract === null || stop.contract === contract.id) && on(stop.starts_on, stop.ends_on),
    ),
  );
  return stopped ? 'suspended' : 'active';
}

describe('access', () => {
  const tables = readTables('access.md');

  test.each(tables[0]?.rows ?? [])('$case', (row) => {
    const may = access(factsOf(row), usual, day(row.today ?? ''));
    expect({
      state: may.state,
      reason: may.reason ?? '',
      since: may.since_on ?? '',
      until: may.until_on ?? '',
      'allowed until': may.allowed_until ?? '',
    }).toEqual({
      state: row.state,
      reason: row.reason,
      since: row.since,
      until: row.until,
      'allowed until': row['allowed until'],
    });
  });

  test.each(tables[1]?.rows ?? [])('$case', (row) => {
    const rules = { ...usual, grace_days: row.grace === 'none' ? null : Number(row.grace) };
    const may = access(factsOf(row), rules, day(row.today ?? ''));
    expect([may.state, may.reason ?? '', may.state === 'blocked' ? may.since_on : '', may.allowed_until ?? '']).toEqual(
      [row.state, row.reason, row.since, row['allowed until']],
    );
  });

  test('a suspended customer who owes is blocked, and both are told', () => {
    const row = { stops: '2010-07-22…2010-09-04', debts: '59@2010-07-05' };
    const may = access(factsOf(row), usual, day('2010-07-25'));
    expect(may.causes.map((cause) => [cause.reason, cause.since_on, cause.until_on])).toEqual([
      ['debt', '2010-07-06', null],
      ['suspension', '2010-07-22', '2010-09-04'],
    ]);
  });

  test('of two contracts that run, one suspended leaves the other open; both suspended close', () => {
    const facts = {
      contracts: [
        { id: 'gym', starts_on: day('2010-01-01'), ends_on: null },
        { id: 'pool', starts_on: day('2010-01-01'), ends_on: null },
      ],
      debts: [],
    };
    const stop = (contract: string) => ({ contract, starts_on: day('2010-07-01'), ends_on: null, reason: 'injury' });
    expect(access({ ...facts, suspensions: [stop('gym')] }, usual, day('2010-07-12')).state).toBe('active');
    expect(access({ ...facts, suspensions: [stop('gym'), stop('pool')] }, usual, day('2010-07-12')).state).toBe(
      'suspended',
    );
  });

  test('agrees with the rules read day by day', () => {
    fc.assert(
      fc.property(someFacts, someRules, someDay, (facts, rules, today) => {
        expect(access(facts, rules, today).state).toBe(naive(facts, rules, today));
      }),
      { numRuns: 3000 },
    );
  });

  test('a debt never blocks on its due day and, in nothing else’s way, always on the day after its grace', () => {
    fc.assert(
      fc.property(someDay, fc.integer({ min: 0, max: 30 }), (due_on, grace_days) => {
        const owed = { amount: 1, due_on, in_flight_on: null, promised_until: null, stage_block_on: null };
        const rules = { ...usual, grace_days };
        expect(blockedFrom(owed, rules)).toEqual({ on: addDays(due_on, grace_days + 1), reason: 'debt' });
      }),
    );
  });

  test('one more debt never opens a door; a later grace day, a promise, money in flight never close one', () => {
    fc.assert(
      fc.property(someFacts, someRules, someDay, someDebt, (facts, rules, today, more) => {
        const now = access(facts, rules, today).state;
        const withMore = access({ ...facts, debts: [...facts.debts, more] }, rules, today).state;
        if (now === 'blocked') expect(withMore).toBe('blocked');
        if (now === 'blocked') return;
        const later = { ...rules, grace_days: rules.grace_days === null ? null : rules.grace_days + 1 };
        expect(access(facts, later, today).state).toBe(now);
        const promised = facts.debts.map((owed) => ({ ...owed, promised_until: today }));
        expect(access({ ...facts, debts: promised }, rules, today).state).toBe(now);
        const flying = facts.debts.map((owed) => ({ ...owed, in_flight_on: today }));
        expect(access({ ...facts, debts: flying }, rules, today).state).toBe(now);
      }),
      { numRuns: 1500 },
    );
  });

  test('on every day up to “allowed until” the door is open, if nothing happens', () => {
    fc.assert(
      fc.property(someFacts, someRules, someDay, (facts, rules, today) => {
        const may = access(facts, rules, today);
        expect(may.allowed_until === null).toBe(may.state !== 'active');
        if (may.allowed_until === null) return;
        for (let on = today; on <= may.allowed_until; on = addDays(on, 1))
          expect(access(facts, rules, on).state).toBe('active');
        expect(may.allowed_until <= addDays(today, rules.offline_days)).toBe(true);
      }),
      { numRuns: 1500 },
    );
  });

  test('since and until bound the cause: it holds on both, and no longer the day after', () => {
    fc.assert(
      fc.property(someFacts, someRules, someDay, (facts, rules, today) => {
        for (const cause of access(facts, rules, today).causes) {
          const holdsOn = (on: Day) => access(facts, rules, on).causes.some(({ reason }) => reason === cause.reason);
          if (cause.since_on !== null) {
            expect(cause.since_on <= today).toBe(true);
            expect(holdsOn(cause.since_on)).toBe(true);
            expect(holdsOn(addDays(cause.since_on, -1))).toBe(false);
          }
          if (cause.until_on === null) continue;
          expect(holdsOn(cause.until_on)).toBe(true);
          expect(holdsOn(addDays(cause.until_on, 1))).toBe(false);
        }
      }),
      { numRuns: 1500 },
    );
  });
});
