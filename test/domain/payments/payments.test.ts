import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays, day } from '../../../src/domain/day.ts';
import { allocated } from '../../../src/domain/ledger/settlements.ts';
import { standing } from '../../../src/domain/ledger/statement.ts';
import { type Cents, cents, sum } from '../../../src/domain/money.ts';
import { allocate, dealOut, firstOf, type OpenClaim } from '../../../src/domain/payments/allocation.ts';
import { type ClaimStanding, debtsOf, type OpenPayment } from '../../../src/domain/payments/claims.ts';
import { decideReceipt, type ReceiptState } from '../../../src/domain/payments/receipt.ts';
import { decideRefund, type RefundablePayment } from '../../../src/domain/payments/refund.ts';
import { startStory } from '../rejections/story.ts';

const today = day('2010-07-20');

function claim(id: string, amount: number, due: string, more: Partial<ClaimStanding> = {}): ClaimStanding {
  return {
    id,
    kind: 'instalment',
    amount: cents(amount),
    due_on: day(due),
    reopened_on: null,
    follows: null,
    settled_amount: cents(0),
    ...more,
  };
}

function asked(id: string, due: string, parts: Record<string, number>, more: Partial<OpenPayment> = {}): OpenPayment {
  const allocations = Object.entries(parts).map(([name, amount]) => ({ claim: name, amount: cents(amount) }));
  return { id, state: 'pending', due_on: day(due), collection_on: null, allocations, ...more };
}

const fee = claim('fee_1', 1000, '2010-07-12', { kind: 'fee', follows: 'ins_1' });

describe('money received by hand', () => {
  test('without an amount pays the instalment with the fees that follow it', () => {
    const state = {
      claims: [claim('ins_1', 5900, '2010-07-05'), fee, claim('ins_2', 5900, '2010-08-05')],
      payments: [],
    };
    const receipt = decideReceipt(state, { paid_on: today, method: 'cash', claims: ['ins_1'] }, today);
    expect(receipt).toMatchObject({ amount: 6900, credit: 0, pays: null });
    expect(receipt.allocations).toEqual([
      { claim: 'ins_1', amount: 5900 },
      { claim: 'fee_1', amount: 1000 },
    ]);
  });

  test('pays several instalments at once, the ones meant first, then what is due, and keeps the rest as credit', () => {
    const state = {
      claims: [
        claim('ins_1', 5900, '2010-06-05'),
        claim('ins_2', 5900, '2010-07-05'),
        claim('ins_3', 5900, '2010-08-05'),
        claim('ins_4', 5900, '2010-09-05'),
      ],
      payments: [],
    };
    const receipt = decideReceipt(
      state,
      { paid_on: today, method: 'cheque', amount: cents(20_000), claims: ['ins_3', 'ins_2'] },
      today,
    );
    expect(receipt.allocations).toEqual([
      { claim: 'ins_3', amount: 5900 },
      { claim: 'ins_2', amount: 5900 },
      { claim: 'ins_1', amount: 5900 },
    ]);
    expect(receipt.credit).toBe(2300);
  });

  test('pays the payment asked for as itself when the amount is exactly its own', () => {
    const state = {
      claims: [claim('ins_1', 5900, '2010-07-05'), fee],
      payments: [asked('pay_2', '2010-07-12', { ins_1: 5900, fee_1: 1000 })],
    };
    expect(decideReceipt(state, { paid_on: today, method: 'cash', payment: 'pay_2' }, today)).toMatchObject({
      pays: 'pay_2',
      amount: 6900,
      asked: [],
    });
    expect(
      decideReceipt(state, { paid_on: today, method: 'cash', claims: ['ins_1'], amount: cents(6900) }, today),
    ).toMatchObject({ pays: 'pay_2', asked: [] });
  });

  test('shrinks what is asked for to what is still owed, the earliest first', () => {
    const state = {
      claims: [claim('ins_1', 5901, '2010-07-05'), fee],
      payments: [
        asked('pay_2', '2010-07-12', { ins_1: 2301 }),
        asked('pay_3', '2010-08-12', { ins_1: 2300 }),
        asked('pay_4', '2010-09-12', { ins_1: 1300, fee_1: 1000 }),
      ],
    };
    const receipt = decideReceipt(
      state,
      { paid_on: today, method: 'cash', amount: cents(3000), claims: ['ins_1'] },
      today,
    );
    expect(receipt.asked).toEqual([
      { payment: 'pay_2', amount: 0, allocations: [] },
      { payment: 'pay_3', amount: 1601, allocations: [{ claim: 'ins_1', amount: 1601 }] },
    ]);
    const last = decideReceipt(state, { paid_on: today, method: 'cash', payment: 'pay_4' }, today);
    expect(last).toMatchObject({ pays: 'pay_4', amount: 2300, asked: [] });
  });

  test('leaves what is asked for alone when other parts of the claim are paid', () => {
    const state = {
      claims: [claim('ins_1', 5900, '2010-07-05')],
      payments: [asked('pay_2', '2010-08-12', { ins_1: 2000 })],
    };
    expect(
      decideReceipt(state, { paid_on: today, method: 'cash', amount: cents(3900), claims: ['ins_1'] }, today).asked,
    ).toEqual([]);
  });

  const flying = asked('pay_2', '2010-07-12', { ins_1: 5900 }, { state: 'collecting' });
  test.each([
    ['paid_in_the_future', [claim('ins_1', 5900, '2010-07-05')], [], { paid_on: addDays(today, 1) }],
    ['payment_too_old', [claim('ins_1', 5900, '2010-07-05')], [], { paid_on: day('1999-07-05') }],
    ['claim_settled', [claim('ins_1', 5900, '2010-07-05', { settled_amount: cents(5900) })], [], {}],
    ['claim_in_flight', [claim('ins_1', 5900, '2010-07-05')], [flying], {}],
    ['claim_in_flight', [claim('ins_1', 5900, '2010-07-05')], [flying], { payment: 'pay_2' }],
    ['payment_not_asked', [claim('ins_1', 5900, '2010-07-05')], [], { payment: 'pay_9' }],
    ['amount_out_of_range', [claim('ins_1', 5900, '2010-07-05')], [], { amount: cents(0) }],
    ['amount_out_of_range', [claim('ins_1', 5900, '2010-07-05')], [], { amount: cents(100_000_000_000) }],
  ])('is refused: %s', (code, claims, payments, more) => {
    const state: ReceiptState = { claims, payments };
    const input = { paid_on: today, method: 'cash' as const, claims: ['ins_1'], ...more };
    expect(() => decideReceipt(state, input, today)).toThrow(code);
  });
});

describe('debts', () => {
  test('a claim that came back and is not asked for again is due again on the day that was learned', () => {
    const back = claim('ins_1', 5900, '2010-07-05', { reopened_on: day('2010-07-12') });
    expect(debtsOf([back], [])).toEqual([
      { claim: 'ins_1', payment: null, amount: 5900, due_on: '2010-07-12', in_flight_on: null },
    ]);
  });

  test('what is asked for is due on the day it is asked for, what is in flight is told as such', () => {
    const claims = [claim('ins_1', 5900, '2010-07-05'), claim('ins_2', 5900, '2010-07-15')];
    const payments = [
      asked('pay_2', '2010-09-12', { ins_1: 3000 }),
      asked('pay_3', '2010-07-15', { ins_2: 5900 }, { state: 'collecting', collection_on: day('2010-07-16') }),
    ];
    expect(debtsOf(claims, payments)).toEqual([
      { claim: 'ins_1', payment: null, amount: 2900, due_on: '2010-07-05', in_flight_on: null },
      { claim: 'ins_2', payment: 'pay_3', amount: 5900, due_on: '2010-07-15', in_flight_on: '2010-07-16' },
      { claim: 'ins_1', payment: 'pay_2', amount: 3000, due_on: '2010-09-12', in_flight_on: null },
    ]);
  });

  test('nothing is asked for beyond what is open: that would be a bug', () => {
    expect(() => debtsOf([claim('ins_1', 100, '2010-07-05')], [asked('pay_2', '2010-07-12', { ins_1: 101 })])).toThrow(
      /asked for more/,
    );
  });
});

describe('a refund', () => {
  const paid: RefundablePayment = {
    state: 'settled',
    paid_on: day('2010-07-05'),
    allocations: [
      { claim: 'ins_1', amount: cents(5900) },
      { claim: 'fee_1', amount: cents(1000) },
    ],
    credit: cents(2100),
  };

  test('takes credit first, then the claims, the last first', () => {
    expect(decideRefund(paid, cents(2100), { amount: cents(3500), method: 'transfer', on: today }, today)).toEqual({
      amount: 3500,
      method: 'transfer',
      on: today,
      credit: 2100,
      allocations: [
        { claim: 'fee_1', amount: 1000 },
        { claim: 'ins_1', amount: 400 },
      ],
      state: 'settled',
    });
  });

  test('of all of it ends the payment; without an amount it is all of it', () => {
    expect(decideRefund(paid, cents(2100), { method: 'cash', on: today }, today)).toMatchObject({
      amount: 9000,
      state: 'refunded',
    });
  });

  test('never gives credit back that was used already', () => {
    expect(decideRefund(paid, cents(500), { method: 'cash', on: today }, today)).toMatchObject({
      amount: 7400,
      credit: 500,
      state: 'settled',
    });
  });

  test.each([
    ['refund_in_future', {}, { on: addDays(today, 1) }],
    ['refund_before_payment', {}, { on: day('2010-07-04') }],
    ['refund_too_large', {}, { amount: cents(9001) }],
    ['payment_state_forbids', { state: 'collecting' as const }, {}],
    ['payment_state_forbids', { state: 'refunded' as const }, {}],
  ])('is refused: %s', (code, payment, input) => {
    const ask = { method: 'cash' as const, on: today, ...input };
    expect(() => decideRefund({ ...paid, ...payment }, cents(2100), ask, today)).toThrow(code);
  });
});

const someClaims: fc.Arbitrary<OpenClaim[]> = fc
  .array(
    fc.record({
      amount: fc.integer({ min: 0, max: 10_000 }),
      days: fc.integer({ min: -60, max: 60 }),
      fee: fc.boolean(),
    }),
    { maxLength: 6 },
  )
  .map((list) =>
    list.map(({ amount, days, fee: isFee }, at) => ({
      ...claim(`c${at}`, amount, addDays(today, days), isFee ? { kind: 'fee', follows: 'c0' } : {}),
      open_amount: cents(amount),
    })),
  );

describe('allocating', () => {
  test('never loses or makes a cent, never gives a claim more than is open on it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 50_000 }),
        someClaims,
        fc.subarray(['c0', 'c1', 'c2']),
        (amount, claims, meant) => {
          const { allocations, left } = allocate(cents(amount), claims, meant, today);
          expect(allocated(allocations) + left).toBe(amount);
          expect(new Set(allocations.map((a) => a.claim)).size).toBe(allocations.length);
          for (const part of allocations) {
            const target = claims.find((c) => c.id === part.claim);
            expect(part.amount).toBeLessThanOrEqual(target?.open_amount ?? 0);
          }
          const due = claims.filter((c) => c.due_on <= today).map((c) => c.open_amount);
          if (left > 0) expect(allocated(allocations)).toBeGreaterThanOrEqual(sum(due));
        },
      ),
    );
  });

  test('dealing claims out over parts fills each part, in order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 9 }),
        (sizes, parts) => {
          const claims = sizes.map((amount, at) => ({ claim: `c${at}`, amount: cents(amount) }));
          const total = allocated(claims);
          const each = Array.from({ length: parts }, (_, at) =>
            cents(Math.floor(((at + 1) * total) / parts) - Math.floor((at * total) / parts)),
          );
          const dealt = dealOut(claims, each);
          expect(dealt.map(allocated)).toEqual(each);
          for (const { claim: id, amount } of claims)
            expect(
              sum(
                dealt
                  .flat()
                  .filter((a) => a.claim === id)
                  .map((a) => a.amount),
              ),
            ).toBe(amount);
          expect(allocated(firstOf(claims, total))).toBe(total);
        },
      ),
    );
  });
});

describe('a customer’s whole story', () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant('pay' as const), amount: fc.integer({ min: 1, max: 12_000 }), at: fc.nat(5) }),
    fc.record({
      do: fc.constant('reject' as const),
      at: fc.nat(9),
      method: fc.constantFrom('cheque' as const, 'direct_debit' as const),
      parts: fc.integer({ min: 0, max: 3 }),
    }),
    fc.record({ do: fc.constant('collect' as const), days: fc.nat(40) }),
    fc.record({ do: fc.constant('wait' as const), days: fc.nat(25) }),
  );

  /** What is owed, from claims and payments alone: no ledger, no allocation. */
  function secondComputation(story: ReturnType<typeof startStory>): Cents {
    const soldIds = new Set(story.postings.flatMap((p) => (p.entry.startsWith('sale:') ? [p.claim] : [])));
    const sales = story.claims.filter((c) => soldIds.has(c.id)).map((c) => c.amount);
    const money = story.payments.filter((p) => p.state === 'settled' || p.state === 'collecting').map((p) => p.amount);
    return cents(sum(sales) - sum(money));
  }

  test('the ledger and a second computation always agree, whatever is paid, rejected and collected', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 14 }), (steps) => {
        const story = startStory();
        let now = day('2010-07-01');
        for (let at = 1; at <= 6; at += 1) story.instalment(`ins_${at}`, cents(5900 + at), day(`2010-0${at + 3}-05`));
        story.openDay(now);
        for (const one of steps) {
          try {
            if (one.do === 'pay')
              story.pay(
                { paid_on: now, method: 'cash', amount: cents(one.amount), claims: [`ins_${one.at + 1}`] },
                now,
              );
            else if (one.do === 'reject') {
              const due = addDays(now, 20);
              const parts = Array.from({ length: one.parts }, () => ({ due_on: due, method: one.method }));
              story.reject(
                `pay_${(one.at % Math.max(1, story.payments.length)) + 1}`,
                one.parts ? { representments: parts } : {},
                now,
              );
            } else if (one.do === 'collect') story.collect(now, addDays(now, one.days));
            else now = addDays(now, one.days);
          } catch (refused) {
            if (!(refused instanceof Error) || refused.name !== 'Refusal') {
              if (!(refused instanceof Error) || !refused.message.startsWith('the story has no')) throw refused;
            }
          }
          story.openDay(now);
          const { owed_amount, credit_amount } = standing(story.postings, now);
          expect(owed_amount - credit_amount).toBe(secondComputation(story));
          expect(credit_amount).toBeGreaterThanOrEqual(0);
          expect(owed_amount).toBeGreaterThanOrEqual(0);
          const shown = story.statement(now);
          expect(shown.lines.filter((line) => line.paid).at(-1)?.balance_amount ?? 0).toBe(owed_amount - credit_amount);
          const open = debtsOf(
            story.standings(),
            story.payments.flatMap((p) =>
              p.state === 'pending' || p.state === 'collecting' ? [{ ...p, state: p.state }] : [],
            ),
          );
          const soldOpen = open.filter(
            (debt) => debt.in_flight_on === null && story.postings.some((p) => p.claim === debt.claim),
          );
          expect(sum(soldOpen.map((debt) => debt.amount))).toBe(owed_amount);
          expect(new Set(story.postings.map((p) => p.cause)).size).toBe(story.postings.length);
        }
      }),
      { numRuns: 600 },
    );
  });
});
