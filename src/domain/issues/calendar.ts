/**
 * The calendar of a publication: its issues by number, each with the day it is published.
 *
 * Always true:
 * - a later number is published on a later day;
 * - an issue that is published keeps its number and day, and no number is put in among published ones; what is not yet
 *   published may be given another day.
 */
import { Refusal } from '../../errors/refusal.ts';
import { addDays, addMonths, type Day, later } from '../day.ts';

export interface Issue {
  number: number;
  published_on: Day;
}

/** Issues of a rhythm: every so many months on the date of the first one, or every so many days. */
export interface Rhythm {
  first_number: number;
  first_on: Day;
  count: number;
  every: { months: number } | { days: number };
}

export function issuesOf({ first_number, first_on, count, every }: Rhythm): Issue[] {
  return Array.from({ length: count }, (_, at) => ({
    number: first_number + at,
    published_on: 'months' in every ? addMonths(first_on, at * every.months) : addDays(first_on, at * every.days),
  }));
}

export function isPublished({ published_on }: { published_on: Day | null }, on: Day): boolean {
  return published_on !== null && published_on <= on;
}

/**
 * Puts issues on the calendar, or gives them another day.
 * @param calendar by number. @param given in any order. @returns the whole calendar, by number.
 */
export function planIssues(calendar: readonly Issue[], given: readonly Issue[], today: Day): Issue[] {
  const planned = new Map(calendar.map((issue) => [issue.number, issue]));
  const lastPublished = calendar.findLast((issue) => isPublished(issue, today))?.number ?? null;
  const firstKnown = calendar[0]?.number ?? null;
  const seen = new Set<number>();
  given.forEach((issue, at) => {
    const pointer = `/issues/${at}`;
    const { number, published_on } = issue;
    if (seen.has(number)) throw new Refusal('issue_given_twice', { number }, { pointer: `${pointer}/number` });
    seen.add(number);
    const known = planned.get(number);
    if (known?.published_on === published_on) return;
    const amongPublished = lastPublished !== null && number <= lastPublished && number >= (firstKnown ?? number);
    if (amongPublished)
      throw new Refusal('issue_published', { number, on: known?.published_on ?? '' }, { pointer: `${pointer}/number` });
    planned.set(number, issue);
  });
  const all = [...planned.values()].sort((a, b) => a.number - b.number);
  all.forEach((issue, at) => {
    const before = all[at - 1];
    if (!before || before.published_on < issue.published_on) return;
    const place = given.findIndex(({ number }) => number === issue.number || number === before.number);
    throw new Refusal(
      'issues_out_of_order',
      { number: issue.number, on: issue.published_on, before: before.number, before_on: before.published_on },
      { pointer: `/issues/${Math.max(place, 0)}/published_on` },
    );
  });
  return all;
}

/**
 * The first issue of a subscription: the one asked for, or the next that is not yet published when it begins.
 * @param from the first day of the subscription.
 */
export function firstIssue(calendar: readonly Issue[], asked: number | null, from: Day, today: Day): number {
  const last = calendar.at(-1)?.number ?? 0;
  if (asked !== null) {
    if (asked <= last && !calendar.some(({ number }) => number === asked))
      throw new Refusal('issue_unknown', { number: asked }, { pointer: '/first_issue' });
    return asked;
  }
  const earliest = later(from, addDays(today, 1));
  const next = calendar.find(({ published_on }) => published_on >= earliest);
  if (!next) throw new Refusal('no_issue_planned', { last }, { pointer: '/first_issue' });
  return next.number;
}
