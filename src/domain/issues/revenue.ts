/**
 * The revenue of each issue of a subscription: its price, spread over the issues that are paid for.
 *
 * Always true:
 * - the revenue of all issues sums to the price, to the cent; where it does not divide, the earlier issues take the
 *   larger parts;
 * - an issue that is out keeps its revenue: a later extension or price is spread over the issues left;
 * - a compensating issue is free: its revenue is 0.00, and the issue it compensates keeps its own;
 * - on any day, what is recognised, deferred and cancelled sums to the price.
 */
import type { Day } from '../day.ts';
import { type Cents, cents, split, sum } from '../money.ts';
import type { ContractState } from '../schedule/chain.ts';
import type { Change } from '../schedule/changes.ts';
import { soldCount } from '../schedule/drafts.ts';
import { schedule } from '../schedule/schedule.ts';
import type { Terms } from '../schedule/terms.ts';
import { isPublished } from './calendar.ts';
import type { EntitledIssue } from './entitlement.ts';

/** The price of the whole subscription from a day on. */
export interface PriceFrom {
  on: Day;
  amount: Cents;
  /** Id of the change that set it. */
  id: string;
}

/** What happened on a day to the number of issues paid for, or to their price. */
type Happening = { on: Day; id: string; more: number; price: Cents | null };

/** What the subscription was sold for: all its instalments. */
export function soldPrice(terms: Terms): Cents {
  return cents(terms.amount * (soldCount(terms) ?? 1));
}

/** Gives the issues their revenue. @param issues as they are entitled to, in order. @param count how many were sold. */
export function spreadRevenue(
  issues: readonly EntitledIssue[],
  count: number,
  sold: Cents,
  extensions: readonly { on: Day; id: string; more: number }[],
  prices: readonly PriceFrom[],
): { issues: EntitledIssue[]; price: Cents } {
  const result = issues.map((issue) => ({ ...issue, explains: [...issue.explains] }));
  const paid = result.filter(({ free, status }) => !free && status !== 'suspended');
  let [paying, price] = [count, sold];
  const parts = split(price, paying);
  for (const [at, part] of parts.entries()) paid[at]!.revenue_amount = part;
  for (const { on, id, more, price: given } of happeningsOf(extensions, prices)) {
    paying += more;
    price = given ?? price;
    const out = paid.slice(0, paying).filter((issue) => isPublished(issue, on)).length;
    // Nothing is left to bear a new price: the last issue does.
    const from = Math.min(out, paying - 1);
    const rest = price - sum(paid.slice(0, from).map(({ revenue_amount }) => revenue_amount));
    const shares = split(rest, paying - from);
    for (const [at, share] of shares.entries()) {
      const issue = paid[from + at]!;
      issue.revenue_amount = share;
      if (!issue.explains.includes(id)) issue.explains.push(id);
    }
  }
  return { issues: result, price };
}

/** In the order of their days; those of a day come to the same in any order, since each spreads all that is left. */
function happeningsOf(extensions: readonly { on: Day; id: string; more: number }[], prices: readonly PriceFrom[]) {
  const all: Happening[] = [
    ...extensions.map((one) => ({ ...one, price: null })),
    ...prices.map(({ on, amount, id }) => ({ on, id, more: 0, price: amount })),
  ];
  return all.sort((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0));
}

/** What is recognised and deferred once a day is over. */
export function revenueOn(issues: readonly EntitledIssue[], on: Day) {
  const worth = (those: readonly EntitledIssue[]) => sum(those.map(({ revenue_amount }) => revenue_amount));
  const cancelled = issues.filter(({ status }) => status === 'cancelled');
  const standing = issues.filter(({ status }) => status !== 'cancelled');
  const out = standing.filter((issue) => isPublished(issue, on));
  return {
    recognised: worth(out),
    deferred: worth(standing.filter((issue) => !out.includes(issue))),
    cancelled: worth(cancelled),
  };
}

const pricing: ReadonlySet<Change['kind']> = new Set(['price_changed', 'instalment_edited', 'credit_granted']);

/**
 * The prices that a subscription was given after it was sold: what its instalments came to with each change, and after
 * each credit note. The instalments are as the last of them left them, so what was taken back later is added again.
 */
export function pricesOf({ terms, changes, facts, taken_back = [] }: ContractState, today: Day): PriceFrom[] {
  const priceWith = (until: number) =>
    sum(schedule(terms, changes.slice(0, until), facts, today).instalments.map(({ amount }) => amount));
  const takenBackAfter = (on: Day) => sum(taken_back.filter((note) => note.on > on).map(({ amount }) => amount));
  const given = changes.flatMap((change, at) => {
    if (!pricing.has(change.kind)) return [];
    const on = change.recorded_on ?? today;
    return [{ on, amount: cents(priceWith(at + 1) + takenBackAfter(on)), id: change.id }];
  });
  const credited = taken_back.map(({ on }) => {
    const known = changes.filter(({ recorded_on }) => (recorded_on ?? today) <= on).length;
    return { on, amount: cents(priceWith(known) + takenBackAfter(on)), id: `credit_note:${on}` };
  });
  return [...given, ...credited];
}
