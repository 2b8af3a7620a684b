import { describe, expect, it } from 'vitest';
import { type Day, day } from '../../../src/domain/day.ts';
import { cents, ZERO } from '../../../src/domain/money.ts';
import { type ClaimStanding, debtsOf, type OpenPayment } from '../../../src/domain/payments/claims.ts';
import { debtsToRemind, type ReminderFacts } from '../../../src/domain/reminders/debts-of-claims.ts';
import { dueReminders } from '../../../src/domain/reminders/due-reminders.ts';
import { defaultStages } from '../../../src/domain/reminders/stages.ts';

const facts: ReminderFacts = {
  customer: 'cus_1',
  deceased: false,
  has_email: true,
  promised_on: new Map(),
  holds: new Map(),
};
const claim = (id: string, amount: number, due_on: string, more: Partial<ClaimStanding> = {}): ClaimStanding => ({
  id,
  kind: 'instalment',
  amount: cents(amount),
  due_on: day(due_on),
  reopened_on: null,
  follows: null,
  settled_amount: ZERO,
  ...more,
});
const payment = (
  id: string,
  state: OpenPayment['state'],
  due_on: string,
  amounts: Record<string, number>,
): OpenPayment => ({
  id,
  state,
  due_on: day(due_on),
  collection_on: state === 'collecting' ? day(due_on) : null,
  allocations: Object.entries(amounts).map(([to, amount]) => ({ claim: to, amount: cents(amount) })),
});

// R1 of the domain: 59.00 of 5 July rejected on the 12th, fee 10.00.
const rejected = [
  claim('ins_1', 5900, '2010-07-05', { reopened_on: day('2010-07-12') }),
  claim('fee_1', 1000, '2010-07-12', { kind: 'fee', follows: 'ins_1' }),
];

function remind(claims: ClaimStanding[], payments: OpenPayment[], today: Day, given = facts) {
  return debtsToRemind(claims, debtsOf(claims, payments), given, today);
}

describe('the debts that reminders speak of', () => {
  it('are one for a rejected instalment and its fee: 69.00, missed on the day it was asked for again', () => {
    const again = payment('pay_2', 'pending', '2010-07-12', { ins_1: 5900, fee_1: 1000 });
    const debts = remind(rejected, [again], day('2010-07-15'));
    expect(debts).toMatchObject([{ debt: 'ins_1', missed_on: '2010-07-12', owed_amount: 6900, in_flight_amount: 0 }]);
    const { reminders } = dueReminders(debts, defaultStages, [], day('2010-07-15'));
    expect(reminders).toMatchObject([{ debt: 'ins_1', stage: 1, amount: 6900 }]);
  });

  it('wait for a representment in the future (R2), and then for its outcome', () => {
    const again = payment('pay_2', 'pending', '2010-08-05', { ins_1: 5900, fee_1: 1000 });
    const why = (payments: OpenPayment[], today: string) =>
      dueReminders(remind(rejected, payments, day(today)), defaultStages, [], day(today)).silent.map((s) => s.why);
    expect(why([again], '2010-07-20')).toEqual(['not_yet']);
    expect(why([{ ...again, state: 'collecting' }], '2010-08-10')).toEqual(['in_flight']);
  });

  it('ask only for the parts whose day has come (R4)', () => {
    const parts = [
      payment('pay_2', 'pending', '2010-07-12', { ins_1: 2301 }),
      payment('pay_3', 'pending', '2010-08-12', { ins_1: 2300 }),
      payment('pay_4', 'pending', '2010-09-12', { ins_1: 1299, fee_1: 1000 }),
    ];
    const at = (today: string) => remind(rejected, parts, day(today)).map((d) => [d.missed_on, d.owed_amount]);
    expect(at('2010-07-20')).toEqual([['2010-07-12', 2301]]);
    expect(at('2010-08-20')).toEqual([['2010-07-12', 4601]]);
    expect(at('2010-10-01')).toEqual([['2010-07-12', 6900]]);
  });

  it('leave out what is at the bank and keep what is not', () => {
    const collecting = payment('pay_2', 'collecting', '2010-07-12', { ins_1: 5900 });
    expect(remind(rejected, [collecting], day('2010-07-20'))).toMatchObject([
      { owed_amount: 6900, in_flight_amount: 5900, missed_on: '2010-07-12' },
    ]);
  });

  it('are apart for two instalments, and each keeps its own promise and hold', () => {
    const claims = [claim('ins_1', 5900, '2010-07-05'), claim('ins_2', 5900, '2010-08-05')];
    const debts = remind(claims, [], day('2010-08-20'), {
      ...facts,
      promised_on: new Map([['ins_2', day('2010-09-01')]]),
      holds: new Map([['ins_1', { until_on: null }]]),
    });
    expect(debts).toMatchObject([
      { debt: 'ins_1', promised_on: null, hold: { until_on: null } },
      { debt: 'ins_2', promised_on: '2010-09-01', hold: null },
    ]);
  });

  it('are none once everything is settled', () => {
    expect(
      remind([claim('ins_1', 5900, '2010-07-05', { settled_amount: cents(5900) })], [], day('2010-08-20')),
    ).toEqual([]);
  });
});
