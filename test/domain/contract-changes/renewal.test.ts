/** The contract that follows another: where it is first due. */
import { expect, it } from 'vitest';
import { renewalOf } from '../../../src/domain/contract-changes/renewal.ts';
import { decideSuspend } from '../../../src/domain/contract-changes/suspend.ts';
import { day } from '../../../src/domain/day.ts';
import { terms } from '../schedule/contracts.ts';
import { Desk, suspension } from './desk.ts';

it('is due on the days of the contract before it, also where that was moved from a month’s end into a shorter month', () => {
  const desk = new Desk('2012-11-30', terms('2012-11-30', '2013-02-27', { first_due_on: day('2012-11-28') }));
  desk.record(decideSuspend(desk.state(), suspension('2012-12-01', '2013-01-31'), desk.newId));
  expect(desk.schedule().ends_on).toBe('2013-04-27');
  expect(desk.schedule().instalments.at(-1)?.due_on).toBe('2013-03-28');
  expect(renewalOf(desk.chain[0]!, desk.schedule())).toMatchObject({
    starts_on: '2013-04-28',
    ends_on: '2013-07-27',
    first_due_on: '2013-04-28',
  });
});
