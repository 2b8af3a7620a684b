/** Editing one instalment by hand: its amount, its due day, or both. Nothing else moves. */
import { Refusal } from '../../errors/refusal.ts';
import type { Day } from '../day.ts';
import type { Cents } from '../money.ts';
import type { Change } from '../schedule/changes.ts';
import { type ChangeState, conclude, type Decision, type NewId, refuseRenewals, subject } from './decision.ts';

export interface EditInstalmentInput {
  number: number;
  amount: Cents | null;
  due_on: Day | null;
}

export function decideEditInstalment(state: ChangeState, input: EditInstalmentInput, newId: NewId): Decision {
  const { contract, schedule, began_on } = subject(state);
  const { number, amount, due_on } = input;
  const instalment = schedule.instalments.find((each) => each.number === number);
  if (!instalment) throw new Refusal('instalment_unknown', { number });
  if (contract.facts.some((fact) => fact.number === number)) throw new Refusal('instalment_settled', { number });
  if (instalment.status === 'cancelled') throw new Refusal('instalment_cancelled', { number });
  if (amount !== null && amount < 0) throw new Refusal('amount_negative', {}, { pointer: '/amount' });
  if (due_on !== null && due_on < state.today)
    throw new Refusal('instalment_due_in_the_past', { today: state.today }, { pointer: '/due_on' });
  if ((amount ?? instalment.amount) === instalment.amount && (due_on ?? instalment.due_on) === instalment.due_on)
    throw new Refusal('nothing_to_change');
  const change: Change = {
    id: newId('chg'),
    kind: 'instalment_edited',
    number,
    amount,
    due_on,
    start_was: began_on,
  };
  return conclude(state, change, refuseRenewals, newId);
}
