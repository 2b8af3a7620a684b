/** What a change does to an issue subscription, seen by the desk: its last issue, and the issues that differ. */
import type { Differs } from '../schedule/compare.ts';
import type { EntitledIssue, Entitlement } from './entitlement.ts';

export interface EntitlementComparison {
  last_issue: Differs<number | null> | null;
  /** By number; null where it is not one of the subscription's on that side. */
  issues: ({ number: number } & Differs<EntitledIssue | null>)[];
}

/** Null where nothing differs. */
export function compareEntitlements(before: Entitlement, after: Entitlement): EntitlementComparison | null {
  const was = new Map(before.issues.map((issue) => [issue.number, issue]));
  const is = new Map(after.issues.map((issue) => [issue.number, issue]));
  const numbers = [...new Set([...was.keys(), ...is.keys()])].sort((a, b) => a - b);
  const issues = numbers.flatMap((number) => {
    const [old, now] = [was.get(number) ?? null, is.get(number) ?? null];
    return old && now && sameIssue(old, now) ? [] : [{ number, before: old, after: now }];
  });
  const last_issue =
    before.last_issue === after.last_issue ? null : { before: before.last_issue, after: after.last_issue };
  return issues.length === 0 && last_issue === null ? null : { last_issue, issues };
}

/** Alike in what the subscriber and the accountant see; which changes explain it may differ. */
function sameIssue(a: EntitledIssue, b: EntitledIssue): boolean {
  return a.status === b.status && a.free === b.free && a.revenue_amount === b.revenue_amount;
}
