/**
 * Selling an issue subscription: from the first issue, so many. It has no last day, and suspending its delivery moves
 * issues and no money, whatever the desk sets.
 */
import { Refusal } from '../../errors/refusal.ts';
import type { Day } from '../day.ts';
import type { LockableSetting, Terms } from '../schedule/terms.ts';
import { firstIssue, type Issue } from './calendar.ts';

export interface SoldIssues {
  publication: string;
  /** The issues of the publication, by number. */
  calendar: readonly Issue[];
  count: number;
  /** The first issue, where the desk says which. */
  first: number | null;
}

const aboutMoney: readonly LockableSetting[] = ['amount', 'shift', 'discount', 'instalments', 'instalment_rule'];

/** @param terms as a contract without an end. */
export function issueSubscription(terms: Terms, sold: SoldIssues, today: Day): Terms {
  if (terms.ends_on !== null) throw new Refusal('contract_ends_with_issue', {}, { pointer: '/ends_on' });
  const first = firstIssue(sold.calendar, sold.first, terms.starts_on, today);
  const locked = [...new Set([...terms.freeze.locked, ...aboutMoney])];
  return {
    ...terms,
    instalments: terms.instalments ?? 1,
    freeze: { ...terms.freeze, locked },
    issues: { publication: sold.publication, first, count: sold.count },
  };
}
