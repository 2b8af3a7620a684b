/** Another method of payment from a day on. */
import type { Day } from '../day.ts';
import type { PaymentMethod } from '../payment-method.ts';
import { type ChangeState, conclude, type Decision, type NewId, refuseRenewals, subject } from './decision.ts';
import { checkRunning } from './running.ts';

export function decideChangeMethod(
  state: ChangeState,
  input: { from_on: Day; method: PaymentMethod },
  newId: NewId,
): Decision {
  const { from_on, method } = input;
  checkRunning(subject(state).schedule, from_on, '/from_on');
  return conclude(state, { id: newId('chg'), kind: 'method_changed', from_on, method }, refuseRenewals, newId);
}
