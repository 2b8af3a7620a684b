import { describe, expect, test } from 'vitest';
import { type CancelInput, decideCancel } from '../../../src/domain/contract-changes/cancel.ts';
import { decideChangeExpiry } from '../../../src/domain/contract-changes/change-expiry.ts';
import { decideChangeMethod } from '../../../src/domain/contract-changes/change-method.ts';
import { decideChangePrice } from '../../../src/domain/contract-changes/change-price.ts';
import { type RenewalChoice, refuseRenewals } from '../../../src/domain/contract-changes/decision.ts';
import { decideEditInstalment } from '../../../src/domain/contract-changes/edit-instalment.ts';
import { decideExtend } from '../../../src/domain/contract-changes/extend.ts';
import { sayChange } from '../../../src/domain/contract-changes/say-change.ts';
import { decideSuspend } from '../../../src/domain/contract-changes/suspend.ts';
import { decideUndoCancellation } from '../../../src/domain/contract-changes/undo-cancellation.ts';
import { day } from '../../../src/domain/day.ts';
import { cents } from '../../../src/domain/money.ts';
import { type Change, plainSuspension } from '../../../src/domain/schedule/changes.ts';
import { say, terms } from '../schedule/contracts.ts';
import { Desk, refusalOf, suspension } from './desk.ts';

const year = terms('2013-02-01', '2014-01-31');
const openEnded = terms('2013-02-01', null);
const renewal = terms('2014-02-01', '2015-01-31');

const cancel = (desk: Desk, on: string, given: Partial<CancelInput & RenewalChoice> = {}) =>
  decideCancel(
    desk.state(),
    { on: day(on), last_period: 'whole', reason: 'moved away', waive_notice: false, ...refuseRenewals, ...given },
    desk.newId,
  );
const expire = (desk: Desk, ends_on: string | null, instalments: number | null = null) =>
  decideChangeExpiry(
    desk.state(),
    { ends_on: ends_on === null ? null : day(ends_on), instalments, ...refuseRenewals },
    desk.newId,
  );
const price = (desk: Desk, from_on: string, amount: number, facts: 'kept' | 'credited' = 'kept') =>
  decideChangePrice(desk.state(), { from_on: day(from_on), amount: cents(amount), facts }, desk.newId);

describe('a new price', () => {
  test('holds for the open instalments due from its day', () => {
    const desk = new Desk('2013-05-10', year);
    desk.payDue('2013-05-01');
    desk.record(price(desk, '2013-05-01', 4000));
    expect(say(desk.schedule().instalments.slice(3, 6))).toEqual(['05-01 50.00 paid', '06-01 40.00', '07-01 40.00']);
  });

  test('credits what was paid too much, where it says so', () => {
    const desk = new Desk('2013-05-10', year);
    desk.payDue('2013-05-01');
    const { contracts } = desk.record(price(desk, '2013-04-01', 4000, 'credited'));
    const credits = contracts[0]!.comparison.reached.map(({ number, credit }) => [number, credit]);
    expect(credits).toEqual([
      [3, 1000],
      [4, 1000],
    ]);
    expect(say(desk.schedule().instalments.slice(4, 6))).toEqual(['06-01 20.00', '07-01 40.00']);
  });

  test('is refused below zero and after the end', () => {
    const desk = new Desk('2013-05-10', year);
    expect(refusalOf(() => price(desk, '2013-06-01', -1))).toMatchObject({ code: 'amount_negative' });
    expect(refusalOf(() => price(desk, '2014-02-01', 1))).toMatchObject({
      code: 'contract_ended',
      pointer: '/from_on',
    });
  });

  test('of a suspended instalment comes back with the suspension’s amount while it lasts', () => {
    const desk = new Desk('2013-05-10', openEnded);
    desk.record(price(desk, '2013-06-01', 4000));
    desk.record(decideSuspend(desk.state(), suspension('2013-06-01', 30, { amount: cents(200) }), desk.newId));
    expect(say(desk.schedule().instalments.slice(3, 6))).toEqual(['05-01 50.00', '06-01 2.00', '07-01 40.00']);
  });
});

test('another method of payment holds from its day', () => {
  const desk = new Desk('2013-05-10', year);
  desk.record(decideChangeMethod(desk.state(), { from_on: day('2013-06-01'), method: 'card' }, desk.newId));
  expect(
    desk
      .schedule()
      .instalments.slice(3, 6)
      .map(({ method }) => method),
  ).toEqual(['direct_debit', 'card', 'card']);
});

describe('an extension', () => {
  test('moves the end and the renewal, and adds no instalment', () => {
    const desk = new Desk('2013-05-10', year, renewal);
    desk.record(decideExtend(desk.state(), { days: 10, reason: 'gesture', ...refuseRenewals }, desk.newId));
    expect(desk.schedule()).toMatchObject({ ends_on: '2014-02-10' });
    expect(desk.schedule().instalments).toHaveLength(12);
    expect(desk.schedule(1)).toMatchObject({ starts_on: '2014-02-11', ends_on: '2015-02-10' });
  });

  test('is refused for no day and for a contract without end', () => {
    const extend = (desk: Desk, days: number) => () =>
      decideExtend(desk.state(), { days, reason: '', ...refuseRenewals }, desk.newId);
    expect(refusalOf(extend(new Desk('2013-05-10', year), 0))).toMatchObject({ code: 'days_not_positive' });
    expect(refusalOf(extend(new Desk('2013-05-10', openEnded), 5))).toMatchObject({ code: 'contract_open_ended' });
  });
});

describe('a cancellation', () => {
  test('cancels what falls due after its day, and the renewal with it', () => {
    const desk = new Desk('2013-05-10', year, renewal);
    const { warnings } = desk.record(cancel(desk, '2013-06-15'));
    const { instalments } = desk.schedule();
    expect(desk.schedule()).toMatchObject({ ends_on: '2013-06-15', cancelled_on: '2013-06-15' });
    expect(say(instalments.slice(4, 6))).toEqual(['06-01 50.00', '07-01 50.00 cancelled']);
    expect(desk.schedule(1)).toMatchObject({
      starts_on: '2014-02-01',
      ends_on: '2014-01-31',
      cancelled_on: '2014-01-31',
    });
    expect(desk.schedule(1).instalments.every(({ status }) => status === 'cancelled')).toBe(true);
    expect(warnings.map(({ code }) => code)).toEqual(['renewal_cancelled']);
  });

  test('asks for the last period by its days where it says so', () => {
    const desk = new Desk('2013-05-10', year);
    desk.record(cancel(desk, '2013-06-15', { last_period: 'prorated' }));
    expect(say(desk.schedule().instalments.slice(4, 6))).toEqual(['06-01 25.00', '07-01 50.00 cancelled']);
  });

  test('tells what was paid beyond the last day', () => {
    const desk = new Desk('2013-06-10', year);
    desk.payDue('2013-06-01');
    const { contracts } = cancel(desk, '2013-06-15', { last_period: 'prorated' });
    expect(contracts[0]!.comparison.reached).toMatchObject([
      { number: 5, unused_days: 15, difference: 2500, credit: 0 },
    ]);
  });

  test('tells what was paid for periods that begin after the last day, whole periods or not', () => {
    const desk = new Desk('2013-06-10', year, renewal);
    desk.payDue('2013-08-01');
    desk.payDue('2014-02-01', 1);
    const { contracts, warnings } = desk.record(cancel(desk, '2013-06-15', { renewals: 'move' }));
    expect(contracts.map(({ after }) => after.reached)).toMatchObject([
      [
        { number: 6, unused_days: 31, difference: 5000, credit: 0 },
        { number: 7, unused_days: 31, difference: 5000, credit: 0 },
      ],
      [{ number: 1, unused_days: 28, difference: 5000, credit: 0 }],
    ]);
    expect(warnings).toContainEqual({ code: 'facts_kept', params: { instalments: '6, 7' } });
  });

  test('at the natural end takes away no instalment, only the renewal', () => {
    const desk = new Desk('2013-05-10', year, renewal);
    desk.record(cancel(desk, '2014-01-31', { last_period: 'prorated' }));
    expect(desk.schedule().instalments.every(({ status, amount }) => status === 'scheduled' && amount === 5000)).toBe(
      true,
    );
    expect(desk.schedule(1).cancelled_on).toBe('2014-01-31');
  });

  test('before the first day means that it never begins', () => {
    const desk = new Desk('2013-01-10', year);
    desk.record(cancel(desk, '2013-01-20'));
    expect(desk.schedule()).toMatchObject({ starts_on: '2013-02-01', ends_on: '2013-01-31' });
    expect(desk.schedule().instalments.every(({ status }) => status === 'cancelled')).toBe(true);
  });

  test('is refused twice, after the end, before the beginning, and within the notice period', () => {
    const desk = new Desk('2013-05-10', { ...year, notice_days: 30 });
    expect(refusalOf(() => cancel(desk, '2014-02-01'))).toMatchObject({ code: 'cancellation_after_end' });
    expect(refusalOf(() => cancel(desk, '2013-01-01'))).toMatchObject({ code: 'cancellation_before_contract' });
    expect(refusalOf(() => cancel(desk, '2013-06-08'))).toMatchObject({
      code: 'cancellation_notice',
      params: { days: 30, earliest_on: '2013-06-09' },
    });
    expect(refusalOf(() => cancel(desk, '2013-06-08', { waive_notice: true }))).toBe('allowed');
    desk.record(cancel(desk, '2013-06-09'));
    expect(refusalOf(() => cancel(desk, '2013-07-09'))).toMatchObject({ code: 'already_cancelled' });
  });

  test('is undone until it took effect, and then the schedule is as before', () => {
    const desk = new Desk('2013-05-10', year, renewal);
    const before = desk.schedule();
    expect(refusalOf(() => decideUndoCancellation(desk.state(), refuseRenewals, desk.newId))).toMatchObject({
      code: 'not_cancelled',
    });
    desk.record(cancel(desk, '2013-06-15'));
    desk.today = day('2013-06-16');
    expect(refusalOf(() => decideUndoCancellation(desk.state(), refuseRenewals, desk.newId))).toMatchObject({
      code: 'cancellation_took_effect',
      params: { on: '2013-06-15' },
    });
    desk.today = day('2013-06-15');
    desk.record(decideUndoCancellation(desk.state(), refuseRenewals, desk.newId));
    expect(desk.schedule().instalments).toEqual(before.instalments);
    expect(desk.schedule(1).cancelled_on).toBeNull();
  });
});

describe('a new last day', () => {
  test('adds an instalment for each whole month gained and moves the renewal', () => {
    const desk = new Desk('2013-05-10', year, renewal);
    desk.record(expire(desk, '2014-04-15'));
    expect(desk.schedule().ends_on).toBe('2014-04-15');
    expect(say(desk.schedule().instalments.slice(11))).toEqual(['01-01 50.00', '02-01 50.00', '03-01 50.00']);
    expect(desk.schedule(1)).toMatchObject({ starts_on: '2014-04-16', ends_on: '2015-04-15' });
  });

  test('takes one away for each whole month lost and leaves the renewal', () => {
    const desk = new Desk('2013-05-10', year, renewal);
    desk.record(expire(desk, '2013-11-20'));
    expect(say(desk.schedule().instalments.slice(8))).toEqual([
      '10-01 50.00',
      '11-01 50.00',
      '12-01 50.00 cancelled',
      '01-01 50.00 cancelled',
    ]);
    expect(desk.schedule(1).starts_on).toBe('2014-02-01');
  });

  test('leaves a price that was split over part of the term', () => {
    const desk = new Desk('2013-05-10', { ...year, instalments: 3 });
    desk.record(expire(desk, '2014-04-30'));
    expect(desk.schedule().instalments).toHaveLength(3);
  });

  test('is moved on by what is recorded later, and holds given what was recorded before', () => {
    const desk = new Desk('2013-05-10', year);
    desk.record(decideSuspend(desk.state(), suspension('2013-06-01', 30), desk.newId));
    desk.record(expire(desk, '2014-03-15'));
    expect(desk.schedule().ends_on).toBe('2014-03-15');
    desk.record(decideSuspend(desk.state(), suspension('2013-09-01', 30), desk.newId));
    expect(desk.schedule().ends_on).toBe('2014-04-15');
  });

  test('is moved on by the days that were not suspended when it was stated', () => {
    const desk = new Desk('2013-05-10', year);
    const away = (from: string, days: number) =>
      desk.record(decideSuspend(desk.state(), suspension(from, days), desk.newId));
    away('2013-06-01', 30);
    desk.record(expire(desk, '2014-03-15'));
    away('2013-06-10', 10);
    expect(desk.schedule().ends_on).toBe('2014-03-15');
    // The last three days of May and the first five of July.
    away('2013-05-29', 38);
    expect(desk.schedule().ends_on).toBe('2014-03-23');
  });

  test('ends an open-ended contract, and can be taken away again', () => {
    const desk = new Desk('2013-05-10', openEnded);
    desk.record(expire(desk, '2013-08-31'));
    expect(desk.schedule().ends_on).toBe('2013-08-31');
    expect(say(desk.schedule().instalments.slice(6, 8))).toEqual(['08-01 50.00', '09-01 50.00 cancelled']);
    desk.record(expire(desk, null));
    expect(desk.schedule().ends_on).toBeNull();
    expect(say(desk.schedule().instalments.slice(6, 8))).toEqual(['08-01 50.00', '09-01 50.00']);
  });

  test('is refused before the beginning, where it changes nothing, and without end for what was sold with one', () => {
    const desk = new Desk('2013-05-10', year);
    desk.payDue('2013-05-01');
    expect(refusalOf(() => expire(desk, '2013-01-31'))).toMatchObject({ code: 'expiry_before_contract' });
    expect(refusalOf(() => expire(desk, '2014-01-31'))).toMatchObject({ code: 'nothing_to_change' });
    expect(refusalOf(() => expire(desk, null))).toMatchObject({ code: 'contract_sold_with_end' });
    expect(refusalOf(() => expire(desk, '2013-12-31', 3))).toMatchObject({ code: 'instalment_settled' });
  });
});

describe('an instalment edited by hand', () => {
  const edit = (desk: Desk, number: number, amount: number | null, due_on: string | null) =>
    decideEditInstalment(
      desk.state(),
      { number, amount: amount === null ? null : cents(amount), due_on: due_on === null ? null : day(due_on) },
      desk.newId,
    );

  test('keeps its amount and day; nothing else moves', () => {
    const desk = new Desk('2013-05-10', year);
    const { contracts } = desk.record(edit(desk, 6, 4500, '2013-07-10'));
    expect(contracts[0]!.comparison.instalments.map(({ number }) => number)).toEqual([6]);
    expect(say(desk.schedule().instalments.slice(4, 7))).toEqual(['06-01 50.00', '07-10 45.00', '08-01 50.00']);
  });

  test('has in it the credits that were there; only what is credited later comes off it', () => {
    const desk = new Desk('2013-05-10', terms('2013-02-01', '2014-01-31', { freeze: { active: true } }));
    desk.payDue('2013-05-01');
    const away = (from: string, days: number) =>
      desk.record(decideSuspend(desk.state(), suspension(from, days, { facts: 'credited' }), desk.newId));
    away('2013-05-16', 16);
    expect(say(desk.schedule().instalments.slice(4, 6))).toEqual(['06-01 24.19', '07-01 50.00']);
    desk.record(edit(desk, 5, 4000, null));
    expect(say(desk.schedule().instalments.slice(4, 6))).toEqual(['06-01 40.00', '07-01 24.19']);
    // 3 days more of the 31.
    away('2013-05-10', 3);
    expect(say(desk.schedule().instalments.slice(4, 6))).toEqual(['06-01 35.16', '07-01 24.19']);
    desk.payDue('2013-06-01');
    expect(say(desk.schedule().instalments.slice(4, 6))).toEqual(['06-01 35.16 paid', '07-01 24.19']);
  });

  test('takes a credit in the order of due days, and keeps its period when it is paid on another day', () => {
    const desk = new Desk('2013-05-10', terms('2013-02-01', '2014-01-31', { freeze: { active: true } }));
    desk.payDue('2013-05-01');
    desk.record(edit(desk, 5, null, '2013-07-10'));
    desk.record(decideSuspend(desk.state(), suspension('2013-05-16', 16, { facts: 'credited' }), desk.newId));
    expect(say(desk.schedule().instalments.slice(4, 6))).toEqual(['07-10 50.00', '07-01 24.19']);
    desk.payDue('2013-07-10');
    desk.record(decideSuspend(desk.state(), suspension('2013-06-01', 30, { facts: 'credited' }), desk.newId));
    expect(desk.schedule().reached.at(-1)).toMatchObject({ number: 5, unused_days: 30, period_days: 30, credit: 5000 });
  });

  test('is moved on by a suspension recorded later, and holds against one recorded before', () => {
    const later = new Desk('2013-05-10', year);
    later.record(edit(later, 6, null, '2013-07-10'));
    later.record(decideSuspend(later.state(), suspension('2013-06-01', 30), later.newId));
    expect(say(later.schedule().instalments.slice(4, 7))).toEqual(['07-01 50.00', '08-10 50.00', '09-01 50.00']);

    const before = new Desk('2013-05-10', year);
    before.record(decideSuspend(before.state(), suspension('2013-06-01', 30), before.newId));
    before.record(edit(before, 6, null, '2013-08-10'));
    expect(say(before.schedule().instalments.slice(4, 7))).toEqual(['07-01 50.00', '08-10 50.00', '09-01 50.00']);
  });

  test('is moved on by the days that were not suspended when it was edited', () => {
    const desk = new Desk('2013-05-10', year);
    desk.record(decideSuspend(desk.state(), suspension('2013-06-01', 30), desk.newId));
    desk.record(edit(desk, 6, null, '2013-08-10'));
    desk.record(decideSuspend(desk.state(), suspension('2013-06-16', 20), desk.newId));
    expect(say(desk.schedule().instalments.slice(4, 7))).toEqual(['07-06 50.00', '08-15 50.00', '09-06 50.00']);
  });

  test('moves with its contract when the chain moves it', () => {
    const desk = new Desk('2013-05-10', year, renewal);
    const input = { number: 1, amount: null, due_on: day('2014-02-10') };
    desk.record(decideEditInstalment(desk.state('c2'), input, desk.newId));
    desk.record(decideSuspend(desk.state(), suspension('2013-06-01', 30), desk.newId));
    expect(say(desk.schedule(1).instalments.slice(0, 2))).toEqual(['03-10 50.00', '04-01 50.00']);
  });

  test('is refused when it is paid, cancelled, unknown, in the past or unchanged', () => {
    const desk = new Desk('2013-05-10', year);
    desk.payDue('2013-05-01');
    expect(refusalOf(() => edit(desk, 4, 1, null))).toMatchObject({ code: 'instalment_settled' });
    expect(refusalOf(() => edit(desk, 13, 1, null))).toMatchObject({ code: 'instalment_unknown' });
    expect(refusalOf(() => edit(desk, 5, -1, null))).toMatchObject({ code: 'amount_negative' });
    expect(refusalOf(() => edit(desk, 5, 5000, '2013-06-01'))).toMatchObject({ code: 'nothing_to_change' });
    expect(refusalOf(() => edit(desk, 5, null, '2013-05-09'))).toMatchObject({ code: 'instalment_due_in_the_past' });
    desk.record(cancel(desk, '2013-05-31'));
    expect(refusalOf(() => edit(desk, 5, 1, null))).toMatchObject({ code: 'instalment_cancelled' });
  });
});

test('an instalment says which changes made it what it is, those of the contract before it included', () => {
  const desk = new Desk('2013-05-10', year, renewal);
  desk.record(decideSuspend(desk.state(), suspension('2013-06-01', 30), desk.newId));
  const dearer = { from_on: day('2014-04-01'), amount: cents(4000), facts: 'kept' as const };
  desk.record(decideChangePrice(desk.state('c2'), dearer, desk.newId));
  const all = desk.chain.flatMap(({ changes }) => changes);
  const said = (explains: readonly string[]) =>
    explains.map((id) => sayChange(all.find((change) => change.id === id)!, 'EUR', 'en').replaceAll('\u00a0', ' '));
  const [first, second] = desk.schedule(1).instalments;
  const suspended = 'Suspended from 1 Jun 2013 to 30 Jun 2013 (broken leg)';
  expect(said(first!.explains)).toEqual([suspended]);
  expect(said(second!.explains)).toEqual([suspended, 'Price of €40.00 from 1 Apr 2014']);
  expect(said(desk.schedule().instalments[0]!.explains)).toEqual([]);
});

test('every change is said in every language', () => {
  const given = { start_was: day('2013-02-01') };
  const changes: Change[] = [
    { id: '1', kind: 'suspension_added', suspension: 's', ...plainSuspension(day('2013-06-01'), null, 'ill') },
    {
      id: '2',
      kind: 'suspension_edited',
      suspension: 's',
      ...plainSuspension(day('2013-06-01'), day('2013-07-01'), 'ill'),
    },
    { id: '3', kind: 'suspension_stopped', suspension: 's', on: day('2013-06-20'), amount: cents(5900) },
    { id: '4', kind: 'suspension_removed', suspension: 's' },
    { id: '5', kind: 'price_changed', from_on: day('2013-06-01'), amount: cents(5900), credited: [] },
    { id: '6', kind: 'method_changed', from_on: day('2013-06-01'), method: 'cash' },
    { id: '7', kind: 'extended', days: 10, reason: '' },
    { id: '8', kind: 'cancelled', on: day('2013-06-01'), last_period: 'whole', reason: 'moved away' },
    { id: '9', kind: 'cancellation_undone' },
    { id: '10', kind: 'instalment_edited', number: 3, amount: cents(100), due_on: day('2013-06-01'), ...given },
    { id: '11', kind: 'expiry_changed', ends_on: null, instalments: null, ...given },
    { id: '12', kind: 'credit_granted', from_on: day('2013-06-01'), amount: cents(100), reason: '' },
    { id: '13', kind: 'noted' },
  ];
  const french = changes.map((change) => sayChange(change, 'EUR', 'fr').replaceAll('\u00a0', ' '));
  expect(french).toEqual([
    'Suspendu à partir du 01/06/2013 (ill)',
    'Suspension modifiée : du 01/06/2013 au 01/07/2013 (ill)',
    'Suspension arrêtée, retour le 20/06/2013, à 59,00 €',
    'Suspension supprimée',
    'Prix de 59,00 € à partir du 01/06/2013',
    'Paiement par espèces à partir du 01/06/2013',
    'Prolongé de 10 jours',
    'Résilié au 01/06/2013 (moved away)',
    'Résiliation annulée',
    'Échéance modifiée à la main, à 1,00 €, due le 01/06/2013',
    'De nouveau sans fin',
    'Crédit de 1,00 €',
    'Note',
  ]);
  for (const language of ['en', 'de'] as const)
    for (const change of changes) expect(sayChange(change, 'EUR', language)).toMatch(/^[^{}]{4,}$/);
});
