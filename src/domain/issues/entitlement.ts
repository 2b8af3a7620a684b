/**
 * The issues that a subscription entitles to, from the first to the last: which were served, which are owed, what each
 * is worth in the accounts.
 *
 * Always true:
 * - as many issues are paid for as were sold and granted by extensions; each one not served through an incident is
 *   compensated by one more, free;
 * - an issue published while delivery is suspended is none of them: the last issue moves instead;
 * - what is granted after an issue was published is no claim to that issue, only to later ones;
 * - the revenue of all issues sums to the price;
 * - the order in which changes were recorded on a day changes nothing.
 */
import { type Day, later } from '../day.ts';
import { type Cents, ZERO } from '../money.ts';
import type { Change } from '../schedule/changes.ts';
import { covers } from '../schedule/suspended-days.ts';
import type { Terms } from '../schedule/terms.ts';
import { type Issue, isPublished } from './calendar.ts';
import { type Happened, happened } from './happened.ts';
import { type PriceFrom, revenueOn, soldPrice, spreadRevenue } from './revenue.ts';

/**
 * `served`: published and sent; `not_served`: an incident; `suspended`: published (or to be) while delivery is
 * suspended; `upcoming`: owed; `cancelled`: no longer owed because the subscription was cancelled.
 */
export const issueStatuses = ['served', 'not_served', 'suspended', 'upcoming', 'cancelled'] as const;
export type IssueStatus = (typeof issueStatuses)[number];

export interface EntitledIssue {
  number: number;
  /** Null for an issue that is not on the calendar yet. */
  published_on: Day | null;
  status: IssueStatus;
  /** It compensates one that was not served. */
  free: boolean;
  revenue_amount: Cents;
  /** Ids of the changes that made it what it is. */
  explains: readonly string[];
}

export interface Entitlement {
  issues: EntitledIssue[];
  first_issue: number;
  /** Null when a cancellation took all of them away. */
  last_issue: number | null;
  /** The day the last issue is published; null while it is not on the calendar. */
  last_on: Day | null;
  /** The unlimited suspension because of which nobody knows yet which issue will be the last. */
  held_by: string | null;
  served: number;
  owed: number;
  price: Cents;
  recognised: Cents;
  deferred: Cents;
  /** The part of the price for issues that a cancellation took away. */
  cancelled: Cents;
}

/** A claim to issues, in the order in which claims are used up. */
interface Claim {
  left: number;
  free: boolean;
  /** Issues published up to here are out already. Null: sold with the subscription. */
  after: Day | null;
  id: string | null;
}

/**
 * @param calendar the issues of the publication, by number.
 * @param today the day the answer is for: what is published by then is served.
 * @param prices the prices that the subscription was given since it was sold, in the order of their days.
 */
export function entitlement(
  terms: Terms & Required<Pick<Terms, 'issues'>>,
  changes: readonly Change[],
  calendar: readonly Issue[],
  today: Day,
  prices: readonly PriceFrom[] = [],
): Entitlement {
  const { first, count } = terms.issues;
  const what = happened(changes, today);
  const claims: Claim[] = [{ left: count, free: false, after: null, id: null }];
  for (const { id, issues, recorded_on } of what.extensions)
    claims.push({ left: issues, free: false, after: recorded_on, id });
  const issues: EntitledIssue[] = [];
  for (const issue of issuesFrom(calendar, first)) {
    if (!claims.some(({ left }) => left > 0)) break;
    const claim = claims.find((one) => one.left > 0 && isAfter(issue, one.after));
    if (!claim) continue;
    issues.push(entitled(issue, claim, claims, what, today));
  }
  const events = what.extensions.map(({ id, issues: more, recorded_on }) => ({ id, more, on: recorded_on }));
  const spread = spreadRevenue(issues, count, soldPrice(terms), events, prices);
  return {
    ...summary(spread.issues, first),
    ...revenueOn(spread.issues, today),
    price: spread.price,
    held_by: heldBy(spread.issues, what),
  };
}

/** The issues of the calendar from a number on, then those that are not on it yet. */
function* issuesFrom(
  calendar: readonly Issue[],
  first: number,
): Generator<{ number: number; published_on: Day | null }> {
  let next = first;
  for (const issue of calendar) {
    if (issue.number < first) continue;
    yield issue;
    next = issue.number + 1;
  }
  for (; ; next++) yield { number: next, published_on: null };
}

function isAfter({ published_on }: { published_on: Day | null }, on: Day | null): boolean {
  return on === null || published_on === null || published_on > on;
}

function entitled(
  { number, published_on }: { number: number; published_on: Day | null },
  claim: Claim,
  claims: Claim[],
  what: Happened,
  today: Day,
): EntitledIssue {
  const issue = { number, published_on, free: claim.free, revenue_amount: ZERO };
  const explains = claim.id === null ? [] : [claim.id];
  if (what.cancelled_on !== null && isAfter({ published_on }, what.cancelled_on)) {
    claim.left -= 1;
    return { ...issue, status: 'cancelled', explains };
  }
  const suspensions = published_on === null ? [] : what.suspensionsOn(published_on);
  if (suspensions.length > 0)
    return { ...issue, free: false, status: 'suspended', explains: suspensions.flatMap((one) => one.changes) };
  claim.left -= 1;
  const incidents = published_on === null ? [] : what.incidents.filter((one) => hits(one, published_on));
  const [incident] = incidents;
  if (incident) {
    // Known in advance, it is compensated like any other: after it was published.
    const after = later(incident.recorded_on, published_on!);
    claims.push({ left: 1, free: true, after, id: incident.id });
    return { ...issue, status: 'not_served', explains: [...explains, ...incidents.map(({ id }) => id)] };
  }
  return { ...issue, status: isPublished({ published_on }, today) ? 'served' : 'upcoming', explains };
}

function hits({ from_on, to_on }: { from_on: Day; to_on: Day }, published_on: Day): boolean {
  return covers({ starts_on: from_on, ends_on: to_on }, published_on);
}

function heldBy(issues: readonly EntitledIssue[], { unlimited }: Happened): string | null {
  return unlimited !== null && issues.some(({ status }) => status === 'upcoming') ? unlimited.id : null;
}

function summary(issues: EntitledIssue[], first_issue: number) {
  const last = issues.findLast(({ status }) => status !== 'suspended' && status !== 'cancelled');
  return {
    issues,
    first_issue,
    last_issue: last?.number ?? null,
    last_on: last?.published_on ?? null,
    served: issues.filter(({ status }) => status === 'served').length,
    owed: issues.filter(({ status }) => status === 'upcoming').length,
  };
}
