import { describe, expect, test } from 'vitest';
import { decideCancel } from '../../../src/domain/contract-changes/cancel.ts';
import { decideChangePrice } from '../../../src/domain/contract-changes/change-price.ts';
import { refuseRenewals } from '../../../src/domain/contract-changes/decision.ts';
import { decideEditSuspension } from '../../../src/domain/contract-changes/edit-suspension.ts';
import { decideRemoveSuspension } from '../../../src/domain/contract-changes/remove-suspension.ts';
import { decideStopSuspension } from '../../../src/domain/contract-changes/stop-suspension.ts';
import { decideSuspend } from '../../../src/domain/contract-changes/suspend.ts';
import type { SuspensionInput } from '../../../src/domain/contract-changes/suspension-input.ts';
import { day } from '../../../src/domain/day.ts';
import { cents } from '../../../src/domain/money.ts';
import type { Change } from '../../../src/domain/schedule/changes.ts';
import { schedule } from '../../../src/domain/schedule/schedule.ts';
import type { FreezePolicy } from '../../../src/domain/schedule/terms.ts';
import { amountOf, paid, say, terms } from '../schedule/contracts.ts';
import { Desk, refusalOf, suspension } from './desk.ts';

const monthly = terms('2010-07-05', null, { amount: cents(5900) });
const withPolicy = (freeze: Partial<FreezePolicy>) => terms('2013-02-01', '2014-01-31', { freeze });

function club(): Desk {
  const desk = new Desk('2010-07-20', monthly);
  desk.payDue('2010-07-05');
  return desk;
}

describe('a suspension is refused', () => {
  const cases: [string, Partial<SuspensionInput>, object][] = [
    ['without a length', { days: null }, { code: 'suspension_length_missing', pointer: '/days' }],
    [
      'with two lengths',
      { ends_on: day('2010-09-01') },
      { code: 'suspension_length_contradictory', pointer: '/ends_on' },
    ],
    ['bounded and unlimited', { unlimited: true }, { code: 'suspension_length_contradictory', pointer: '/unlimited' }],
    ['of no day', { days: 0 }, { code: 'days_not_positive', pointer: '/days' }],
    ['of minus three days', { days: -3 }, { code: 'days_not_positive', pointer: '/days' }],
    [
      'that ends before it begins',
      { days: null, ends_on: day('2010-07-21') },
      { code: 'suspension_ends_before_it_begins', params: { starts_on: '2010-07-22' }, pointer: '/ends_on' },
    ],
    [
      'over before the contract begins',
      { starts_on: day('2010-05-01') },
      { code: 'suspension_before_contract', params: { starts_on: '2010-07-05' }, pointer: '/starts_on' },
    ],
    ['at a negative amount', { amount: cents(-1) }, { code: 'amount_negative', pointer: '/amount' }],
    ['from instalment 0', { first_instalment: 0 }, { code: 'instalment_unknown', pointer: '/first_instalment' }],
    ['to instalment 0', { last_instalment: 0 }, { code: 'instalment_unknown', pointer: '/last_instalment' }],
    [
      'whose last instalment is before its first',
      { first_instalment: 3, last_instalment: 2 },
      { code: 'suspended_instalments_reversed', pointer: '/last_instalment' },
    ],
    [
      'of instalments that are all paid',
      { first_instalment: 1, last_instalment: 1 },
      { code: 'suspended_instalments_settled', pointer: '/first_instalment' },
    ],
    [
      'with two discounts',
      { freeze: { discount_bps: 100, discount_amount: cents(100) } },
      { code: 'discount_twice', pointer: '/freeze/discount_amount' },
    ],
    [
      'to be reviewed before it begins',
      { days: null, unlimited: true, review_on: day('2010-07-01') },
      { code: 'review_before_suspension', pointer: '/review_on' },
    ],
  ];
  for (const [name, given, expected] of cases)
    test(name, () => {
      const desk = club();
      const input = suspension('2010-07-22', 45, given);
      expect(refusalOf(() => decideSuspend(desk.state(), input, desk.newId))).toMatchObject(expected);
    });

  const planned: [string, Partial<FreezePolicy>, string, number | string | null, object][] = [
    [
      'after the contract ends',
      {},
      '2014-02-01',
      30,
      { code: 'suspension_after_contract', params: { ends_on: '2014-01-31' }, pointer: '/starts_on' },
    ],
    [
      'shorter than the plan’s month',
      { min_months: 1 },
      '2013-06-01',
      29,
      { code: 'suspension_too_short', params: { ends_on: '2013-06-30' }, pointer: '/days' },
    ],
    ['of exactly the plan’s month', { min_months: 1 }, '2013-06-01', 30, {}],
    [
      'shorter than the plan’s days',
      { min_days: 14 },
      '2013-06-01',
      '2013-06-13',
      { code: 'suspension_too_short', params: { ends_on: '2013-06-14' }, pointer: '/ends_on' },
    ],
    [
      'longer than the plan’s days of a contract year',
      { max_days_per_year: 60 },
      '2013-06-01',
      61,
      { code: 'suspension_too_many_days', params: { max: 60, left: 60, year_ends_on: '2014-01-31' } },
    ],
    ['of exactly the plan’s days of a contract year', { max_days_per_year: 60 }, '2013-06-01', 60, {}],
    [
      'unlimited, where the plan’s days of a contract year would not reach to its end',
      { max_days_per_year: 60 },
      '2013-06-01',
      null,
      { code: 'suspension_too_many_days', params: { left: 60 }, pointer: '/unlimited' },
    ],
  ];
  for (const [name, freeze, from, length, expected] of planned)
    test(name, () => {
      const desk = new Desk('2013-05-01', withPolicy(freeze));
      const refusal = refusalOf(() => decideSuspend(desk.state(), suspension(from, length), desk.newId));
      if (Object.keys(expected).length === 0) expect(refusal).toBe('allowed');
      else expect(refusal).toMatchObject(expected);
    });

  test('a second time in a contract year that allows one, and no longer in the next', () => {
    const two = terms('2013-02-01', '2015-01-31', { freeze: { active: true, max_per_year: 1 } });
    const desk = new Desk('2013-05-01', two);
    desk.record(decideSuspend(desk.state(), suspension('2013-06-01', 10), desk.newId));
    expect(refusalOf(() => decideSuspend(desk.state(), suspension('2013-09-01', 10), desk.newId))).toMatchObject({
      code: 'suspension_too_many',
      params: { max: 1, year_ends_on: '2014-01-31' },
    });
    expect(refusalOf(() => decideSuspend(desk.state(), suspension('2014-02-01', 10), desk.newId))).toBe('allowed');
  });

  test('a second time in the first contract year, also where the first began before the contract', () => {
    const desk = new Desk('2013-01-10', withPolicy({ active: true, max_per_year: 1 }));
    desk.record(decideSuspend(desk.state(), suspension('2013-01-20', 30), desk.newId));
    for (const from of ['2013-01-15', '2013-06-01'])
      expect(refusalOf(() => decideSuspend(desk.state(), suspension(from, 30), desk.newId))).toMatchObject({
        code: 'suspension_too_many',
        params: { year_ends_on: '2014-01-31' },
      });
  });

  test('days of a year count once where suspensions overlap', () => {
    const desk = new Desk('2013-05-01', withPolicy({ max_days_per_year: 40 }));
    desk.record(decideSuspend(desk.state(), suspension('2013-06-01', 30), desk.newId));
    expect(refusalOf(() => decideSuspend(desk.state(), suspension('2013-06-11', 30), desk.newId))).toBe('allowed');
    expect(refusalOf(() => decideSuspend(desk.state(), suspension('2013-06-12', 30), desk.newId))).toMatchObject({
      code: 'suspension_too_many_days',
      params: { left: 10 },
    });
  });

  test('while the customer owes something, where the plan forbids it', () => {
    const desk = new Desk('2013-05-01', withPolicy({ requires_no_debt: true }));
    desk.owed = cents(6900);
    expect(refusalOf(() => decideSuspend(desk.state(), suspension('2013-06-01', 30), desk.newId))).toMatchObject({
      code: 'suspension_debt',
      params: { amount: '69.00' },
    });
  });

  test('with settings that the organization locked', () => {
    const desk = new Desk(
      '2013-05-01',
      withPolicy({ locked: ['amount', 'shift', 'limits', 'instalments', 'discount'] }),
    );
    const refused = (given: Partial<SuspensionInput>) =>
      refusalOf(() => decideSuspend(desk.state(), suspension('2013-06-01', 30, given), desk.newId));
    expect(refused({ amount: cents(200) })).toMatchObject({ pointer: '/amount', params: { setting: 'amount' } });
    expect(refused({ freeze: { shift_end: true } })).toMatchObject({ pointer: '/freeze/shift_end' });
    expect(refused({ freeze: { discount_bps: 500 } })).toMatchObject({ pointer: '/freeze/discount_bps' });
    expect(refused({ last_instalment: 7 })).toMatchObject({ pointer: '/last_instalment' });
    expect(refused({ beyond_limits: true })).toMatchObject({ pointer: '/beyond_limits' });
    expect(refused({ freeze: { instalment_rule: 'prorated' } })).toBe('allowed');
  });

  test('beyond the last day of a cancelled contract', () => {
    const desk = club();
    const cancel = {
      on: day('2010-10-04'),
      last_period: 'whole' as const,
      reason: '',
      waive_notice: false,
      ...refuseRenewals,
    };
    desk.record(decideCancel(desk.state(), cancel, desk.newId));
    const refused = (from: string, length: number | null) =>
      refusalOf(() => decideSuspend(desk.state(), suspension(from, length), desk.newId));
    expect(refused('2010-11-01', 10)).toMatchObject({ code: 'contract_cancelled', params: { on: '2010-10-04' } });
    expect(refused('2010-09-30', 10)).toMatchObject({ code: 'contract_cancelled' });
    expect(refused('2010-09-30', null)).toMatchObject({ code: 'contract_cancelled' });
    expect(refused('2010-08-01', 31)).toBe('allowed');
  });

  test('not by limits when it is a closure, which is no choice of the customer', () => {
    const desk = new Desk('2013-05-01', withPolicy({ min_months: 1, max_per_year: 0, max_days_per_year: 5 }));
    const closure = suspension('2013-06-01', 14, { closure: 'clo_1' });
    desk.record(decideSuspend(desk.state(), closure, desk.newId));
    expect(desk.schedule().ends_on).toBe('2014-02-14');
  });
});

describe('stopping a suspension', () => {
  const stop = (desk: Desk, suspension: string, on: string, amount: string = '') =>
    decideStopSuspension(
      desk.state(),
      { suspension, on: day(on), amount: amountOf(amount), beyond_limits: false, ...refuseRenewals },
      desk.newId,
    );

  test('ends it the day before and brings the price back', () => {
    const desk = club();
    desk.record(decideSuspend(desk.state(), suspension('2010-07-22', null, { amount: cents(200) }), desk.newId));
    desk.payDue('2010-12-05');
    desk.today = day('2010-12-28');
    const decision = desk.record(stop(desk, 'sus_1', '2010-12-28', '59.00'));
    expect(desk.schedule().suspended_periods).toEqual([
      { starts_on: '2010-07-22', ends_on: '2010-12-27', suspensions: ['sus_1'] },
    ]);
    expect(say(desk.schedule().instalments.slice(4, 8))).toEqual([
      '11-05 2.00 paid',
      '12-05 2.00 paid',
      '01-05 59.00',
      '02-05 59.00',
    ]);
    expect(decision.contracts[0]!.comparison.instalments[0]).toMatchObject({
      number: 7,
      before: { amount: 200 },
      after: { amount: 5900 },
    });
  });

  test('is refused before it began, once it is over, and below the plan’s minimum', () => {
    const desk = club();
    desk.record(decideSuspend(desk.state(), suspension('2010-07-22', 45), desk.newId));
    expect(refusalOf(() => stop(desk, 'sus_1', '2010-07-22'))).toMatchObject({
      code: 'suspension_not_begun',
      params: { starts_on: '2010-07-22' },
    });
    expect(refusalOf(() => stop(desk, 'sus_1', '2010-09-05'))).toMatchObject({
      code: 'suspension_over',
      params: { ends_on: '2010-09-04' },
    });
    desk.today = day('2010-10-01');
    expect(refusalOf(() => stop(desk, 'sus_1', '2010-08-20'))).toMatchObject({ code: 'suspension_over' });
    expect(refusalOf(() => stop(desk, 'sus_0', '2010-08-20'))).toMatchObject({ code: 'not_found' });

    const strict = new Desk('2013-05-01', withPolicy({ min_months: 1 }));
    strict.record(decideSuspend(strict.state(), suspension('2013-06-01', null), strict.newId));
    expect(refusalOf(() => stop(strict, 'sus_1', '2013-06-30'))).toMatchObject({
      code: 'suspension_too_short',
      params: { ends_on: '2013-06-30' },
      pointer: '/on',
    });
    expect(refusalOf(() => stop(strict, 'sus_1', '2013-07-01'))).toBe('allowed');
  });
});

describe('facts that a suspension reaches back over', () => {
  test('are kept, and the preview says which', () => {
    const desk = club();
    const { contracts, warnings } = decideSuspend(
      desk.state(),
      suspension('2010-07-22', 45, { amount: cents(200) }),
      desk.newId,
    );
    expect(contracts[0]!.comparison.reached).toEqual([
      { by: 'sus_1', number: 1, unused_days: 14, period_days: 31, difference: 2574, credit: 0 },
    ]);
    expect(warnings).toEqual([{ code: 'facts_kept', params: { instalments: '1' } }]);
    expect(say(contracts[0]!.after.instalments.slice(0, 3))).toEqual(['07-05 59.00 paid', '08-05 2.00', '09-05 59.00']);
  });

  test('are credited by their unused days onto the next open instalments', () => {
    const desk = club();
    // 59.00 for 31 days, 14 of them suspended: 26.65.
    const decision = desk.record(
      decideSuspend(desk.state(), suspension('2010-07-22', 45, { facts: 'credited' }), desk.newId),
    );
    expect(decision.warnings).toContainEqual({ code: 'facts_credited', params: { instalments: '1', amount: '26.65' } });
    expect(say(desk.schedule().instalments.slice(0, 4))).toEqual([
      '07-05 59.00 paid',
      '08-05 0.00 waived',
      '09-05 32.35',
      '10-05 59.00',
    ]);
    desk.payDue('2010-09-05');
    expect(say(desk.schedule().instalments.slice(0, 4))).toEqual([
      '07-05 59.00 paid',
      '08-05 0.00 waived',
      '09-05 32.35 paid',
      '10-05 59.00',
    ]);
  });

  test('credited, and then edited to begin later, credit fewer days', () => {
    const desk = club();
    desk.record(decideSuspend(desk.state(), suspension('2010-07-22', 45, { facts: 'credited' }), desk.newId));
    const edit = { ...suspension('2010-07-29', '2010-09-04'), suspension: 'sus_1', facts: null };
    desk.record(decideEditSuspension(desk.state(), edit, desk.newId));
    // 7 of 31 days of 59.00.
    expect(say(desk.schedule().instalments.slice(1, 3))).toEqual(['08-05 0.00 waived', '09-05 45.68']);
    desk.record(decideRemoveSuspension(desk.state(), { suspension: 'sus_1', ...refuseRenewals }, desk.newId));
    expect(say(desk.schedule().instalments.slice(0, 3))).toEqual(['07-05 59.00 paid', '08-05 59.00', '09-05 59.00']);
  });
});

describe('a credit that was used on an instalment', () => {
  const longer = (desk: Desk, to: string) =>
    desk.record(
      decideEditSuspension(
        desk.state(),
        { ...suspension('2010-07-22', to), suspension: 'sus_1', facts: 'credited' },
        desk.newId,
      ),
    );

  test('does not make it a suspended one: the days of it that a longer suspension takes away are credited too', () => {
    const desk = club();
    desk.record(decideSuspend(desk.state(), suspension('2010-07-22', 45, { facts: 'credited' }), desk.newId));
    desk.payDue('2010-09-05');
    desk.today = day('2010-09-10');
    const { contracts } = longer(desk, '2010-09-19');
    // 15 of its 30 days, of the 59.00 that were paid with the credit.
    expect(contracts[0]!.after.reached).toMatchObject([
      { number: 1, unused_days: 14, credit: 2665 },
      { number: 3, unused_days: 15, credit: 2950 },
    ]);
    expect(say(desk.schedule().instalments.slice(2, 5))).toEqual(['09-05 32.35 paid', '10-05 29.50', '11-05 59.00']);
  });

  test('is not taken from a later one: no credit is spent before its day', () => {
    const granted = (id: string, from: string, amount: number): Change => ({
      id,
      kind: 'credit_granted',
      from_on: day(from),
      amount: cents(amount),
      reason: '',
    });
    const june = { ...paid(5, '2013-06-01', 3000, ['a']), credited: cents(2000) };
    const credits = [granted('a', '2013-03-01', 2000), granted('b', '2013-07-01', 1000)];
    const { instalments, credit_left } = schedule(withPolicy({}), credits, [june], day('2014-12-31'));
    expect(instalments.filter(({ credited }) => credited > 0)).toMatchObject([
      { due_on: '2013-06-01', status: 'paid' },
      { due_on: '2013-07-01', credited: 1000, explains: ['b'] },
    ]);
    expect(credit_left).toBe(0);
  });

  test('is not counted among those suspended either: the next open one is', () => {
    const desk = club();
    desk.record(decideSuspend(desk.state(), suspension('2010-07-22', 45, { facts: 'credited' }), desk.newId));
    desk.payDue('2010-09-05');
    desk.today = day('2010-09-10');
    // Two whole months.
    longer(desk, '2010-09-30');
    expect(say(desk.schedule().instalments.slice(1, 5))).toEqual([
      '08-05 0.00 waived',
      '09-05 32.35 paid',
      '10-05 0.00 waived',
      '11-05 7.87',
    ]);
  });
});

describe('what is credited of a fact', () => {
  test('is never more than was paid for it: days unused are worth the lower price that was credited', () => {
    const desk = new Desk('2013-06-10', withPolicy({ active: true }));
    desk.payDue('2013-06-01');
    const lower = { from_on: day('2013-06-01'), amount: cents(3000), facts: 'credited' as const };
    desk.record(decideChangePrice(desk.state(), lower, desk.newId));
    const june = suspension('2013-06-01', 30, { amount: cents(0), facts: 'credited' });
    desk.record(decideSuspend(desk.state(), june, desk.newId));
    const credits = desk.schedule().reached.map(({ number, credit }) => [number, credit]);
    expect(credits).toEqual([
      [5, 2000],
      [5, 3000],
    ]);
  });

  test('includes one paid at the price given when the suspension was first stopped', () => {
    const desk = club();
    desk.record(decideSuspend(desk.state(), suspension('2010-07-22', null), desk.newId));
    desk.today = day('2010-08-20');
    const back = { suspension: 'sus_1', on: day('2010-08-20'), amount: cents(6500), beyond_limits: false };
    desk.record(decideStopSuspension(desk.state(), { ...back, ...refuseRenewals }, desk.newId));
    desk.payDue('2010-09-05');
    desk.today = day('2010-09-10');
    const again = { ...suspension('2010-07-22', '2010-09-19'), suspension: 'sus_1', facts: 'credited' as const };
    desk.record(decideEditSuspension(desk.state(), again, desk.newId));
    expect(desk.schedule().reached).toMatchObject([
      { number: 1, credit: 2665 },
      { number: 3, unused_days: 15, credit: 3250 },
    ]);
  });

  test('counts the days it was paid for, also once other suspensions moved what was open', () => {
    const desk = new Desk('2013-09-30', terms('2013-01-10', '2014-01-09', { shift_unit: 'days' }));
    // August's is put off to the 31st, so September's falls on its last day and is for the days up to 30 October.
    desk.record(decideSuspend(desk.state(), suspension('2013-07-20', 21), desk.newId));
    desk.payDue('2013-09-30');
    desk.record(decideSuspend(desk.state(), suspension('2013-08-20', 3), desk.newId));
    desk.record(decideSuspend(desk.state(), suspension('2013-10-10', 5), desk.newId));
    expect(desk.schedule().reached.filter(({ number }) => number === 9)).toMatchObject([
      { unused_days: 5, period_days: 31 },
    ]);
  });
});

describe('suspensions that overlap', () => {
  test('count each day once, and lifting one leaves the other', () => {
    const desk = club();
    desk.record(decideSuspend(desk.state(), suspension('2010-07-22', 45), desk.newId));
    const second = desk.record(decideSuspend(desk.state(), suspension('2010-08-20', 46), desk.newId));
    expect(second.warnings.map(({ code }) => code)).toContain('suspensions_overlap');
    // 22 July to 4 October is two whole months together.
    expect(say(desk.schedule().instalments.slice(0, 4))).toEqual([
      '07-05 59.00 paid',
      '08-05 0.00 waived',
      '09-05 0.00 waived',
      '10-05 59.00',
    ]);
    desk.record(decideRemoveSuspension(desk.state(), { suspension: 'sus_1', ...refuseRenewals }, desk.newId));
    expect(say(desk.schedule().instalments.slice(0, 4))).toEqual([
      '07-05 59.00 paid',
      '08-05 59.00',
      '09-05 0.00 waived',
      '10-05 59.00',
    ]);
  });

  test('ask for the lowest amount', () => {
    const desk = club();
    desk.record(decideSuspend(desk.state(), suspension('2010-08-01', 31, { amount: cents(500) }), desk.newId));
    desk.record(decideSuspend(desk.state(), suspension('2010-07-25', 31, { amount: cents(200) }), desk.newId));
    expect(say(desk.schedule().instalments.slice(1, 3))).toEqual(['08-05 2.00', '09-05 59.00']);
  });
});

describe('an unlimited suspension of a contract with an end', () => {
  test('holds the end, waives what falls due, and moves everything once it is stopped', () => {
    const desk = new Desk('2013-05-20', terms('2013-02-01', '2014-01-31'), terms('2014-02-01', '2015-01-31'));
    const decision = desk.record(decideSuspend(desk.state(), suspension('2013-06-01', null), desk.newId));
    expect(decision.warnings.map(({ code }) => code)).toEqual(['end_held', 'renewal_held']);
    expect(desk.schedule()).toMatchObject({ ends_on: '2014-01-31', held_by: 'sus_1' });
    expect(say(desk.schedule().instalments.slice(3, 6))).toEqual([
      '05-01 50.00',
      '06-01 0.00 waived',
      '07-01 0.00 waived',
    ]);
    expect(desk.schedule(1).instalments.every(({ status }) => status === 'waived')).toBe(true);
    const stop = { suspension: 'sus_1', on: day('2013-08-01'), amount: null, beyond_limits: false, ...refuseRenewals };
    desk.record(decideStopSuspension(desk.state(), stop, desk.newId));
    expect(desk.schedule()).toMatchObject({ ends_on: '2014-03-31', held_by: null });
    expect(say(desk.schedule().instalments.slice(3, 6))).toEqual(['05-01 50.00', '08-01 50.00', '09-01 50.00']);
    expect(desk.schedule(1)).toMatchObject({ starts_on: '2014-04-01', ends_on: '2015-03-31', held_by: null });
    expect(say(desk.schedule(1).instalments.slice(0, 2))).toEqual(['04-01 50.00', '05-01 50.00']);
  });
});

describe('a renewal that has facts', () => {
  function signedAhead(): Desk {
    const desk = new Desk('2013-01-01', terms('2012-02-02', '2013-02-01'), terms('2013-02-02', '2014-02-01'));
    desk.payDue('2013-02-02', 1);
    return desk;
  }

  test('is not moved silently', () => {
    const desk = signedAhead();
    expect(
      refusalOf(() => decideSuspend(desk.state(), suspension('2013-01-01', '2013-02-28'), desk.newId)),
    ).toMatchObject({
      code: 'renewal_has_facts',
      params: { contract: 'c2', instalments: '1' },
    });
  });

  test('is moved with a compensation where the caller says so', () => {
    const desk = signedAhead();
    const input = suspension('2013-01-01', '2013-02-28');
    const decision = desk.record(
      decideSuspend(desk.state(), { ...input, renewals: 'move', compensation: cents(1000) }, desk.newId),
    );
    expect(decision.changes.map(({ contract, change }) => [contract, change.kind])).toEqual([
      ['c1', 'suspension_added'],
      ['c2', 'credit_granted'],
    ]);
    expect(desk.schedule(1)).toMatchObject({ starts_on: '2013-04-02', ends_on: '2014-04-01' });
    expect(say(desk.schedule(1).instalments.slice(0, 3))).toEqual(['02-02 50.00 paid', '05-02 40.00', '06-02 50.00']);
    expect(decision.warnings.map(({ code }) => code)).toEqual(['renewal_moved', 'renewal_facts_stay']);
  });
});
