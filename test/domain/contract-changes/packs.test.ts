/** What a suspension does to a pack of credits: it moves the last day where the plan says so, and never the price. */
import { describe, expect, it } from 'vitest';
import { decideChangeExpiry } from '../../../src/domain/contract-changes/change-expiry.ts';
import { decideClosing } from '../../../src/domain/contract-changes/close.ts';
import { refuseRenewals } from '../../../src/domain/contract-changes/decision.ts';
import { decideSuspend } from '../../../src/domain/contract-changes/suspend.ts';
import type { SuspensionInput } from '../../../src/domain/contract-changes/suspension-input.ts';
import { day } from '../../../src/domain/day.ts';
import { cents } from '../../../src/domain/money.ts';
import { paid, say, terms } from '../schedule/contracts.ts';
import { Desk, suspension } from './desk.ts';

/** 90.00 in three, the first of them paid. */
function packOf(ends_on: string | null) {
  const sold = { amount: cents(3000), instalments: 3, shift_unit: 'days', pack: true } as const;
  const desk = new Desk(
    '2013-02-10',
    terms('2013-02-01', ends_on, { ...sold, freeze: { active: true, shift_end: true } }),
  );
  desk.chain = desk.chain.map((one) => ({ ...one, facts: [paid(1, '2013-02-01', 3000)] }));
  return desk;
}

const price = ['02-01 30.00 paid', '03-01 30.00', '04-01 30.00'];

function close(desk: Desk, given: Partial<SuspensionInput>) {
  const input = { ...suspension('2013-02-20', '2013-03-05', given), ends_on: day('2013-03-05'), closure: 'clo_1' };
  return desk.record(decideClosing(desk.state(), new Set(['c1']), input, refuseRenewals, desk.newId));
}

describe('a pack', () => {
  it.each([
    ['at an amount', { amount: cents(500) }],
    ['with a discount', { freeze: { discount_bps: 4000 } }],
    ['crediting what was paid', { facts: 'credited' as const }],
  ])('keeps its price through a closure %s, and its last day is put off', (_, given) => {
    const desk = packOf('2013-05-01');
    close(desk, given);
    expect(say(desk.schedule().instalments)).toEqual(price);
    expect(desk.schedule()).toMatchObject({ ends_on: '2013-05-15', reached: [], credit_left: 0 });
  });

  it('that was sold without end keeps its price and the last day it was given since', () => {
    const desk = packOf(null);
    const given = { ends_on: day('2013-06-30'), instalments: 3, ...refuseRenewals };
    desk.record(decideChangeExpiry(desk.state(), given, desk.newId));
    desk.record(decideSuspend(desk.state(), suspension('2013-02-20', 60), desk.newId));
    expect(say(desk.schedule().instalments)).toEqual(price);
    expect(desk.schedule().ends_on).toBe('2013-06-30');
  });
});
