/** A new price from a day on: every open instalment due from then, and the difference on facts where it is credited. */
import { Refusal } from '../../errors/refusal.ts';
import type { Day } from '../day.ts';
import type { Cents } from '../money.ts';
import type { ChangeOf } from '../schedule/changes.ts';
import {
  type ChangeState,
  conclude,
  type Decision,
  type NewId,
  refuseRenewals,
  subject,
  withChange,
} from './decision.ts';
import { checkRunning } from './running.ts';

export interface PriceInput {
  from_on: Day;
  amount: Cents;
  facts: 'kept' | 'credited';
}

export function decideChangePrice(state: ChangeState, input: PriceInput, newId: NewId): Decision {
  const { schedule } = subject(state);
  const { from_on, amount } = input;
  if (amount < 0) throw new Refusal('amount_negative', {}, { pointer: '/amount' });
  checkRunning(schedule, from_on, '/from_on');
  const change: ChangeOf<'price_changed'> = { id: newId('chg'), kind: 'price_changed', from_on, amount, credited: [] };
  const reached =
    input.facts === 'kept'
      ? []
      : subject(withChange(state, state.contract, change)).schedule.reached.filter(({ by }) => by === change.id);
  return conclude(state, { ...change, credited: reached.map(({ number }) => number) }, refuseRenewals, newId);
}
