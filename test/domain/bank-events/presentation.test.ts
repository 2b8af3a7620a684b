import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { postingsOfBankEffect } from '../../../src/domain/bank-events/bank-postings.ts';
import { latenessOf } from '../../../src/domain/bank-events/lateness.ts';
import {
  type BankEvent,
  bankEventKinds,
  newEffects,
  presentationState,
} from '../../../src/domain/bank-events/presentation.ts';
import { addDays, day } from '../../../src/domain/day.ts';
import { balanceOf, type Posting } from '../../../src/domain/ledger/posting.ts';
import { sold } from '../../../src/domain/ledger/sales.ts';
import { presented } from '../../../src/domain/ledger/settlements.ts';
import { cents } from '../../../src/domain/money.ts';
import { readTables } from '../../golden/read-table.ts';

const AUGUST_5 = day('2010-08-05');

function told(kind: BankEvent['kind'], on: string, reason_code: string | null = null): BankEvent {
  return { kind, on: day(on), reason_code };
}

/** A presentation's whole possible life, and the same failure told by three messages. */
const alphabet: BankEvent[] = [
  told('accepted', '2010-08-03'),
  told('rejected', '2010-08-04', 'AM04'),
  told('presumed_settled', '2010-08-19'),
  told('settled', '2010-08-05'),
  told('returned', '2010-08-09', 'AM04'),
  told('returned', '2010-08-10'),
  told('reversed', '2010-08-12'),
  told('refunded', '2010-09-20', 'MD06'),
  told('reversed', '2010-09-23'),
];

const sale = sold(
  { claim: 'ins_1', customer: 'cus_1', kind: 'instalment', amount: cents(5900), due_on: AUGUST_5, tax_rate_bps: 0 },
  AUGUST_5,
);

/** Carries out the effects of the messages one by one, in the order in which they come, as the engine does. */
function books(events: readonly BankEvent[]): { postings: Posting[]; done: Set<string> } {
  const handedOver = presented({
    payment: 'pay_1',
    customer: 'cus_1',
    on: day('2010-08-02'),
    allocations: [{ claim: 'ins_1', amount: cents(5900) }],
  });
  const postings = [...sale, ...handedOver];
  const done = new Set<string>();
  events.forEach((_, at) => {
    for (const effect of newEffects(presentationState(events.slice(0, at + 1)), done)) {
      const settling = effect.nth === 1 ? 'presented:pay_1' : `closed:pay_1:${effect.nth - 1}`;
      const turned = effect.kind === 'reopen' ? settling : `reopened:pay_1:${effect.nth}`;
      const turns = postings.filter((posting) => posting.entry === turned);
      postings.push(...postingsOfBankEffect(effect, { payment: 'pay_1', amount: cents(5900), turns }));
      done.add(effect.key);
    }
  });
  return { postings, done };
}

describe('what the bank tells about one presentation', () => {
  test.each(readTables('bank-events.md').find((table) => table.title === 'One presentation')?.rows ?? [])(
    '$case',
    (row) => {
      const events = (row.told ?? '').split(';').map((text) => {
        const [kind, on, reason] = text.trim().split(' ');
        return told(kind as BankEvent['kind'], on ?? '', reason ?? null);
      });
      const outcome = presentationState(events);
      const { postings } = books(events);
      expect({
        case: row.case,
        told: row.told,
        state: outcome.state,
        failure: outcome.failure ? `${outcome.failure.kind} ${outcome.failure.reason_code ?? 'without reason'}` : '',
        effects: outcome.effects.map((effect) => effect.key).join(' '),
        doubts: outcome.doubts.join(' '),
        owed: String(balanceOf(postings, 'receivable') / 100),
        bank: String(balanceOf(postings, 'bank') / 100),
      }).toEqual(row);
    },
  );

  test('every sequence of up to six messages out of nine, repeated or not: one final state, each effect once', () => {
    const byMessages = new Map<number, string>();
    let sequences = 0;
    const walk = (events: BankEvent[], mask: number, done: readonly string[]): void => {
      const outcome = presentationState(events);
      const keys = outcome.effects.map((effect) => effect.key);
      sequences += 1;
      const lost = done.find((key) => !keys.includes(key));
      if (lost) expect.fail(`${JSON.stringify(events)} took the effect ${lost} back`);
      const seen = JSON.stringify(outcome);
      const before = byMessages.get(mask);
      if (before === undefined) byMessages.set(mask, seen);
      else if (before !== seen) expect.fail(`${JSON.stringify(events)} gives ${seen}, in another order ${before}`);
      if (events.length === 6) return;
      alphabet.forEach((event, at) => {
        walk([...events, event], mask | (1 << at), keys);
      });
    };
    walk([], 0, []);
    expect(sequences).toBe((9 ** 7 - 1) / 8);
    expect(byMessages.size).toBe(466);
  });

  test('any messages at all, in any order and repeated: the same state, and effects are only added', () => {
    const message = fc.record({
      kind: fc.constantFrom(...bankEventKinds),
      on: fc.integer({ min: 0, max: 8 }).map((days) => addDays(AUGUST_5, days)),
      reason_code: fc.constantFrom(null, 'AM04', 'MD06'),
    });
    fc.assert(
      fc.property(fc.array(message, { maxLength: 12 }), fc.infiniteStream(fc.nat()), (events, random) => {
        const shuffled = [...events, ...events.slice(0, 3)]
          .map((event) => ({ event, at: random.next().value as number }))
          .sort((a, b) => a.at - b.at)
          .map(({ event }) => event);
        expect(presentationState(shuffled)).toEqual(presentationState(events));
        let done: string[] = [];
        shuffled.forEach((_, at) => {
          const keys = presentationState(shuffled.slice(0, at + 1)).effects.map((effect) => effect.key);
          expect(keys).toEqual(expect.arrayContaining(done));
          expect(new Set(keys).size).toBe(keys.length);
          done = keys;
        });
      }),
      { numRuns: 2000 },
    );
  });

  test('in whatever order the messages come, the books close: debt, bank and clearing account', () => {
    fc.assert(
      fc.property(fc.subarray(alphabet), fc.infiniteStream(fc.nat()), (events, random) => {
        const shuffled = events
          .map((event) => ({ event, at: random.next().value as number }))
          .sort((a, b) => a.at - b.at)
          .map(({ event }) => event);
        const { state } = presentationState(events);
        const { postings } = books(shuffled);
        expect(new Set(postings.map((posting) => posting.cause)).size).toBe(postings.length);
        expect(balanceOf(postings, 'receivable')).toBe(state === 'failed' ? 5900 : 0);
        expect(balanceOf(postings, 'bank')).toBe(state === 'settled' ? 5900 : 0);
        expect(balanceOf(postings, 'in_flight')).toBe(state === 'in_flight' ? 5900 : 0);
      }),
      { numRuns: 2000 },
    );
  });

  test.each(readTables('bank-events.md').find((table) => table.title === 'How late')?.rows ?? [])(
    'a debit collected on $collected that comes back on $back is a $lateness',
    (row) => {
      const collected = day(row.collected ?? '');
      expect(latenessOf(collected, day(row.back ?? ''), day(row['last return day'] ?? ''))).toBe(row.lateness);
    },
  );
});
