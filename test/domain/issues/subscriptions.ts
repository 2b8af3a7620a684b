/** Issue subscriptions for tests: a monthly review, and what happens to those who take it, said briefly. */
import { addMonths, type Day, day } from '../../../src/domain/day.ts';
import type { EntitledIssue } from '../../../src/domain/issues/entitlement.ts';
import type { PriceFrom } from '../../../src/domain/issues/revenue.ts';
import { cents, decimal, fromDecimal } from '../../../src/domain/money.ts';
import { type Change, plainSuspension } from '../../../src/domain/schedule/changes.ts';
import type { IssueTerms, Terms } from '../../../src/domain/schedule/terms.ts';
import { terms } from '../schedule/contracts.ts';

export const calendar = Array.from({ length: 30 }, (_, at) => ({
  number: 101 + at,
  published_on: addMonths(day('2026-01-05'), at),
}));

export function subscribed(count: number, amount: number, first = 101): Terms & { issues: IssueTerms } {
  const issues = { publication: 'pub', first, count };
  return { ...terms('2026-01-01', null, { amount: cents(amount), instalments: 1 }), issues };
}

/** Reads `incident 2026-04-05 to 2026-04-06 @2026-04-10, extension 3 @2026-06-20`. */
export function readHappened(text: string): { changes: Change[]; prices: PriceFrom[] } {
  const changes: Change[] = [];
  const prices: PriceFrom[] = [];
  for (const [at, part] of text.split(', ').filter(Boolean).entries()) {
    const [what, recorded] = part.split(' @') as [string, string];
    const [kind, first, , last] = what.split(' ') as [string, string, string?, string?];
    const change = { id: `c${at}`, recorded_on: day(recorded) };
    if (kind === 'price') prices.push({ on: day(recorded), amount: fromDecimal(first)!, id: change.id });
    else changes.push(changeOf(kind, first, last, change, changes));
  }
  return { changes, prices };
}

function changeOf(
  kind: string,
  first: string,
  last: string | undefined,
  change: { id: string; recorded_on: Day },
  before: readonly Change[],
): Change {
  switch (kind) {
    case 'incident':
      return {
        ...change,
        kind: 'incident_recorded',
        incident: change.id,
        from_on: day(first),
        to_on: day(last!),
        reason: 'lost',
      };
    case 'extension':
      return { ...change, kind: 'issues_extended', issues: Number(first), reason: 'gesture' };
    case 'suspension':
      return {
        ...change,
        kind: 'suspension_added',
        suspension: change.id,
        ...plainSuspension(day(first), day(last!), 'away'),
      };
    case 'cancel':
      return { ...change, kind: 'cancelled', on: day(first), last_period: 'whole', reason: 'x' };
    case 'lift':
      return before[0]!.kind === 'incident_recorded'
        ? { ...change, kind: 'incident_removed', incident: before[0]!.id }
        : { ...change, kind: 'suspension_removed', suspension: before[0]!.id };
    default:
      throw new Error(`the golden table knows no ${kind}`);
  }
}

/** `101–112 5.00, 113 free`. */
export function sayRevenue(issues: readonly EntitledIssue[]): string {
  const runs: { first: number; last: number; worth: string }[] = [];
  for (const { number, status, free, revenue_amount } of issues) {
    const plain = status !== 'suspended' && status !== 'cancelled';
    const worth = plain ? (free ? 'free' : decimal(revenue_amount)) : status;
    const run = runs.at(-1);
    if (run && run.worth === worth && run.last === number - 1) run.last = number;
    else runs.push({ first: number, last: number, worth });
  }
  return runs.map(({ first, last, worth }) => `${first === last ? first : `${first}–${last}`} ${worth}`).join(', ');
}
