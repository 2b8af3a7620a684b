import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays, day } from '../../../src/domain/day.ts';
import { balanceOf } from '../../../src/domain/ledger/posting.ts';
import { allocated } from '../../../src/domain/ledger/settlements.ts';
import { standing } from '../../../src/domain/ledger/statement.ts';
import { cents, sum } from '../../../src/domain/money.ts';
import {
  decideRejection,
  type RejectionInput,
  type RejectionState,
} from '../../../src/domain/rejections/decide-rejection.ts';
import { decideRestoration } from '../../../src/domain/rejections/decide-restoration.ts';
import { MAX_PARTS, planRepresentments } from '../../../src/domain/rejections/representments.ts';
import { defaultPolicy } from '../../../src/domain/return-reasons.ts';
import { fee10, startStory } from './story.ts';

const today = day('2010-07-12');

function state(more: Partial<RejectionState> = {}, payment: Partial<RejectionState['payment']> = {}): RejectionState {
  return {
    payment: {
      id: 'pay_1',
      state: 'settled',
      on: day('2010-07-05'),
      allocations: [{ claim: 'ins_1', amount: cents(5900) }],
      credit: cents(0),
      attempt: 1,
      first_attempt: 'pay_1',
      ...payment,
    },
    credit_available: cents(0),
    credit_uses: [],
    mandate: { id: 'man_1', usable: true },
    fee_policy: fee10,
    earlier_rejections: [],
    fee_claim: 'fee_1',
    max_representments: 2,
    next_collection_on: day('2010-08-05'),
    usual_method: 'cheque',
    ...more,
  };
}

const byHand: RejectionInput = { received_on: today, reason_code: null, told_by: 'hand', policy: null };

function fromBank(code: string | null): RejectionInput {
  return { received_on: today, reason_code: code, told_by: 'bank', policy: defaultPolicy(code) };
}

describe('a rejection by hand', () => {
  test('and nothing said asks for amount and fee once, by cheque, on the day of entry', () => {
    const decision = decideRejection(state(), byHand, today);
    expect(decision.representments).toEqual([
      {
        due_on: today,
        method: 'cheque',
        label: null,
        amount: 6900,
        allocations: [
          { claim: 'ins_1', amount: 5900 },
          { claim: 'fee_1', amount: 1000 },
        ],
        attempt: 2,
        first_attempt: 'pay_1',
        mandate: null,
      },
    ]);
    expect(decision).toMatchObject({ owed_amount: 6900, mandate: 'keep', needs_person: false, not_represented: null });
  });

  test('with a reason closes the mandate as the bank would, and still asks as the desk does', () => {
    const decision = decideRejection(state(), { ...byHand, reason_code: 'AC04', policy: defaultPolicy('AC04') }, today);
    expect(decision).toMatchObject({ mandate: 'close', needs_person: false });
    expect(decision.representments).toHaveLength(1);
  });

  test('may ask for nothing more', () => {
    expect(decideRejection(state(), { ...byHand, representments: [] }, today)).toMatchObject({
      representments: [],
      not_represented: 'operator',
    });
  });

  test('gives each part its label, its method and its claims', () => {
    const parts = [
      { due_on: today, method: 'cash' as const, label: 'Acompte', amount: cents(2000) },
      { due_on: day('2010-09-05'), method: 'direct_debit' as const },
      { due_on: day('2010-08-05'), method: 'direct_debit' as const },
    ];
    const decision = decideRejection(state(), { ...byHand, representments: parts }, today);
    expect(decision.representments.map((p) => [p.due_on, p.method, p.label, p.amount, p.mandate])).toEqual([
      [today, 'cash', 'Acompte', 2000, null],
      ['2010-08-05', 'direct_debit', null, 2450, 'man_1'],
      ['2010-09-05', 'direct_debit', null, 2450, 'man_1'],
    ]);
    expect(decision.representments[2]?.allocations).toEqual([
      { claim: 'ins_1', amount: 1450 },
      { claim: 'fee_1', amount: 1000 },
    ]);
  });

  const debit = (due_on = day('2010-08-05')) => ({ due_on, method: 'direct_debit' as const });
  test.each<[string, Partial<RejectionInput>, RejectionState]>([
    ['payment_already_rejected', {}, state({}, { state: 'rejected' })],
    ['payment_state_forbids', {}, state({}, { state: 'pending' })],
    ['payment_state_forbids', {}, state({}, { state: 'refunded' })],
    ['rejection_in_future', { received_on: addDays(today, 1) }, state()],
    ['rejection_before_payment', { received_on: day('2010-07-04') }, state()],
    ['representment_in_the_past', { representments: [debit(day('2010-07-11'))] }, state()],
    ['representment_needs_mandate', { representments: [debit()] }, state({ mandate: null })],
    ['representment_needs_mandate', { representments: [debit()] }, state({ mandate: { id: 'man_1', usable: false } })],
    ['representments_exhausted', { representments: [debit()] }, state({}, { attempt: 3 })],
    ['representment_amounts_differ', { representments: [{ ...debit(), amount: cents(6800) }] }, state()],
    ['representment_amounts_differ', { representments: [{ ...debit(), amount: cents(7000) }] }, state()],
    ['representment_nothing_left', { representments: [{ ...debit(), amount: cents(6900) }, debit()] }, state()],
    [
      'representments_too_many_parts',
      { representments: Array.from({ length: MAX_PARTS + 1 }, () => debit()) },
      state(),
    ],
    ['rejection_fee_forbidden', { fee_amount: cents(1) }, state({ fee_policy: { ...fee10, forbidden: true } })],
  ])('is refused: %s', (code, more, facts) => {
    expect(() => decideRejection(facts, { ...byHand, ...more }, today)).toThrow(code);
  });
});

describe('a rejection told by the bank', () => {
  test('for lack of money is represented on the next collection day, by itself', () => {
    const decision = decideRejection(state(), fromBank('AM04'), today);
    expect(decision.representments.map((p) => [p.due_on, p.method, p.amount])).toEqual([
      ['2010-08-05', 'direct_debit', 6900],
    ]);
  });

  test.each([
    ['AC04', 'policy', 'close', false, false, 6900],
    ['MD01', 'policy', 'suspend', false, false, 5900],
    ['MD07', 'person', 'close', true, true, 5900],
    ['MD06', 'person', 'keep', true, false, 5900],
    ['XX99', 'person', 'keep', true, false, 5900],
    [null, 'person', 'keep', true, false, 5900],
  ])('%s: represented not at all (%s), the mandate: %s', (code, why, mandate, person, silent, owed) => {
    expect(decideRejection(state(), fromBank(code), today)).toMatchObject({
      representments: [],
      not_represented: why,
      mandate,
      needs_person: person,
      stop_reminders: silent,
      owed_amount: owed,
    });
  });

  test.each<[string, RejectionState]>([
    ['no_mandate', state({ mandate: null })],
    ['no_mandate', state({ mandate: { id: 'man_1', usable: false } })],
    ['exhausted', state({}, { attempt: 3 })],
    ['no_collection', state({ next_collection_on: null })],
    ['nothing_owed', state({ credit_available: cents(6900) })],
  ])('is not represented and says why: %s', (why, facts) => {
    expect(decideRejection(facts, fromBank('AM04'), today)).toMatchObject({ representments: [], not_represented: why });
  });

  test('MS03 is represented once only', () => {
    expect(decideRejection(state(), fromBank('MS03'), today).representments).toHaveLength(1);
    expect(decideRejection(state({}, { attempt: 2 }), fromBank('MS03'), today).not_represented).toBe('exhausted');
  });

  test('a person’s decision goes before the policy', () => {
    const decision = decideRejection(
      state(),
      { ...fromBank('MD06'), representments: [{ due_on: today, method: 'transfer' }] },
      today,
    );
    expect(decision).toMatchObject({ needs_person: false, not_represented: null });
    expect(decision.representments[0]).toMatchObject({ method: 'transfer', amount: 5900 });
  });
});

describe('credit and rejections', () => {
  test('what the customer paid too much elsewhere pays what came back', () => {
    const decision = decideRejection(state({ credit_available: cents(5900) }), byHand, today);
    expect(decision.credit_used).toEqual([{ claim: 'ins_1', amount: 5900 }]);
    expect(decision.representments.map((p) => p.amount)).toEqual([1000]);
  });

  test('a payment that had made credit takes it back, and the use of it where it was used already', () => {
    const facts = state(
      { credit_available: cents(100), credit_uses: [{ id: 'use_1', claim: 'ins_2', amount: cents(2000) }] },
      { credit: cents(2100) },
    );
    const decision = decideRejection(facts, byHand, today);
    expect(decision.credit_uses_taken_back).toEqual([{ id: 'use_1', claim: 'ins_2', amount: 2000 }]);
    expect(decision.owed_amount).toBe(5900 + 2000 + 1000);
  });

  test('the whole story: an over-paid cheque bounces after its credit was used', () => {
    const story = startStory();
    story.instalment('ins_1', cents(5900), day('2010-07-05'));
    story.instalment('ins_2', cents(5900), day('2010-07-10'));
    story.openDay(day('2010-07-05'));
    story.pay(
      { paid_on: day('2010-07-05'), method: 'cheque', amount: cents(8000), claims: ['ins_1'] },
      day('2010-07-05'),
    );
    story.openDay(day('2010-07-10'));
    expect(standing(story.postings, today)).toEqual({ owed_amount: 3800, credit_amount: 0 });
    story.reject('pay_1', {}, today);
    expect(standing(story.postings, today)).toEqual({ owed_amount: 12_800, credit_amount: 0 });
    expect(balanceOf(story.postings, 'cheques')).toBe(0);
    expect(story.payments.at(-1)?.amount).toBe(9000);
  });
});

describe('representments', () => {
  test('always sum to what is owed, differ by a cent at most, and are in order of date', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 1, maxLength: 4 }),
        fc.array(fc.integer({ min: 0, max: 90 }), { minLength: 1, maxLength: 12 }),
        (sizes, days) => {
          const owed = sizes.map((amount, at) => ({ claim: `c${at}`, amount: cents(amount) }));
          fc.pre(allocated(owed) >= days.length);
          const plan = planRepresentments(
            days.map((n) => ({ due_on: addDays(today, n), method: 'cheque' as const })),
            { today, owed, attempt: 1, first_attempt: 'pay_1', mandate: null, max_representments: 2 },
          );
          expect(sum(plan.map((part) => part.amount))).toBe(allocated(owed));
          plan.forEach((part, at) => {
            expect(allocated(part.allocations)).toBe(part.amount);
            const before = plan[at - 1];
            if (!before) return;
            expect(before.due_on <= part.due_on).toBe(true);
            expect(before.amount - part.amount).toBeGreaterThanOrEqual(0);
            expect(before.amount - part.amount).toBeLessThanOrEqual(1);
          });
        },
      ),
    );
  });
});

describe('a return that the bank takes back', () => {
  const rejected = { id: 'pay_1', state: 'rejected' as const, allocations: [{ claim: 'ins_1', amount: cents(5900) }] };
  const fee = { claim: 'fee_1', amount: cents(1000), invoiced: false };

  test('settles the claim again, asks for nothing more and takes the fee back', () => {
    const decision = decideRestoration({
      payment: rejected,
      open: new Map([
        ['ins_1', cents(5900)],
        ['fee_1', cents(1000)],
      ]),
      fee,
      asked: [
        {
          payment: 'pay_2',
          allocations: [
            { claim: 'ins_1', amount: cents(5900) },
            { claim: 'fee_1', amount: cents(1000) },
          ],
        },
      ],
    });
    expect(decision).toMatchObject({ state: 'settled', to_credit: [], fee_waived: 1000, needs_person: false });
    expect(decision.asked).toEqual([{ payment: 'pay_2', amount: 0, allocations: [] }]);
  });

  test('makes credit of what was paid, or collected again, in the meantime, and tells a person', () => {
    const decision = decideRestoration({
      payment: rejected,
      open: new Map([
        ['ins_1', cents(0)],
        ['fee_1', cents(0)],
      ]),
      fee,
      asked: [],
    });
    expect(decision).toMatchObject({
      to_credit: [{ claim: 'ins_1', amount: 5900 }],
      fee_waived: 0,
      fee_paid: 1000,
      needs_person: true,
    });
  });

  test('credits a fee that stands on an invoice whole or not at all', () => {
    const asked = [{ payment: 'pay_2', allocations: [{ claim: 'fee_1', amount: cents(400) }] }];
    const restored = (open: number) =>
      decideRestoration({
        payment: rejected,
        open: new Map([
          ['ins_1', cents(5900)],
          ['fee_1', cents(open)],
        ]),
        fee: { ...fee, invoiced: true },
        asked,
      });
    expect(restored(1000)).toMatchObject({ fee_waived: 0, fee_credited: 1000, needs_person: false });
    expect(restored(1000).asked).toEqual([{ payment: 'pay_2', amount: 0, allocations: [] }]);
    expect(restored(400), 'the rest stays asked for until a person decides').toMatchObject({
      fee_waived: 0,
      fee_credited: 0,
      fee_paid: 600,
      asked: [],
      needs_person: true,
    });
  });

  test('is refused for a payment that did not come back', () => {
    expect(() =>
      decideRestoration({ payment: { ...rejected, state: 'settled' }, open: new Map(), fee: null, asked: [] }),
    ).toThrow('payment_state_forbids');
  });
});
