/**
 * Changing the last day of a contract by hand.
 *
 * Always true:
 * - where instalments fall due all through the term, each whole billing interval gained or lost adds or takes away one;
 *   where the price was split over part of it, the instalments stay;
 * - no instalment that is a fact is taken away;
 * - no contract is made longer than it could have been sold;
 * - only a contract sold open-ended can be made open-ended again.
 */
import { Refusal } from '../../errors/refusal.ts';
import { addDays, type Day, later, wholeMonthsBetween } from '../day.ts';
import type { ContractState } from '../schedule/chain.ts';
import type { Change } from '../schedule/changes.ts';
import { soldCount } from '../schedule/drafts.ts';
import type { Schedule } from '../schedule/instalment.ts';
import { type ChangeState, conclude, type Decision, type NewId, type RenewalChoice, subject } from './decision.ts';
import { checkLength } from './length.ts';
import { checkNotCancelled } from './running.ts';

export interface ExpiryInput {
  ends_on: Day | null;
  /** How many instalments there are then in all; null: computed. */
  instalments: number | null;
}

export function decideChangeExpiry(state: ChangeState, input: ExpiryInput & RenewalChoice, newId: NewId): Decision {
  const { ends_on } = input;
  const until = ends_on === null ? state.until : later(state.until, ends_on);
  const { contract, schedule, began_on } = subject({ ...state, until });
  checkNotCancelled(schedule, '/ends_on');
  if (ends_on === null && contract.terms.ends_on !== null)
    throw new Refusal('contract_sold_with_end', {}, { pointer: '/ends_on' });
  if (ends_on !== null && ends_on < schedule.starts_on)
    throw new Refusal('expiry_before_contract', { starts_on: schedule.starts_on }, { pointer: '/ends_on' });
  if (ends_on === schedule.ends_on) throw new Refusal('nothing_to_change', {}, { pointer: '/ends_on' });
  if (ends_on !== null && (schedule.ends_on === null || ends_on > schedule.ends_on))
    checkLength(schedule.starts_on, ends_on);
  const lastFact = contract.facts.reduce((last, { number }) => Math.max(last, number), 0);
  if (input.instalments !== null && input.instalments < lastFact)
    throw new Refusal('instalment_settled', { number: lastFact }, { pointer: '/instalments' });
  const computed = ends_on === null ? contract.terms.instalments : instalmentsUntil(contract, schedule, ends_on);
  const change: Change = {
    id: newId('chg'),
    kind: 'expiry_changed',
    ends_on,
    instalments: input.instalments ?? (computed === null ? null : Math.max(computed, lastFact)),
    start_was: began_on,
  };
  return conclude(state, change, input, newId);
}

function instalmentsUntil({ terms }: ContractState, schedule: Schedule, ends_on: Day): number {
  const due = schedule.instalments.filter(({ status }) => status !== 'cancelled');
  const last = due.at(-1)?.number ?? 0;
  if (schedule.ends_on === null) return due.findLast(({ due_on }) => due_on <= ends_on)?.number ?? 0;
  if (
    terms.ends_on !== null &&
    terms.instalments !== null &&
    terms.instalments !== soldCount({ ...terms, instalments: null })
  )
    return last;
  const gained = wholeMonthsBetween(addDays(schedule.ends_on, 1), addDays(ends_on, 1));
  const lost = wholeMonthsBetween(addDays(ends_on, 1), addDays(schedule.ends_on, 1));
  return Math.max(last + Math.floor(gained / terms.interval_months) - Math.floor(lost / terms.interval_months), 0);
}
