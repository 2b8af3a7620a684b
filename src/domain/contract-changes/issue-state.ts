/** What a change to an issue subscription is decided from, besides its contract: the calendar of its publication. */
import { Refusal } from '../../errors/refusal.ts';
import type { Issue } from '../issues/calendar.ts';
import type { IssueTerms, Terms } from '../schedule/terms.ts';
import { type ChangeState, subject } from './decision.ts';

export interface IssueState extends ChangeState {
  /** By number; null where the contract is no subscription to issues. */
  calendar: readonly Issue[] | null;
}

/** @throws Refusal where the contract is no subscription to issues. */
export function subscription(state: IssueState): { terms: Terms & { issues: IssueTerms }; calendar: readonly Issue[] } {
  const { terms } = subject(state).contract;
  const { calendar } = state;
  if (!terms.issues || calendar === null) throw new Refusal('contract_not_of_issues');
  return { terms: { ...terms, issues: terms.issues }, calendar };
}

/** The reason as the organization's list has it, whatever its case and accents. @param reasons empty: any reason. */
export function checkReason(given: string, reasons: readonly string[]): string {
  if (reasons.length === 0) return given;
  const listed = reasons.find((reason) => plain(reason) === plain(given));
  if (listed === undefined)
    throw new Refusal('reason_not_listed', { reasons: reasons.join(', ') }, { pointer: '/reason' });
  return listed;
}

function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').replaceAll('’', "'").toLowerCase();
}
