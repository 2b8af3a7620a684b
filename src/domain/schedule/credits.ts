/**
 * Facts that a change reaches back over, and the credit made of them.
 *
 * Always true:
 * - a fact is kept as it is; what it would have been less is a credit only where the change says so;
 * - the credit of a suspension is what was paid, less what a suspended instalment costs, over the unused days of its
 *   period, rounded once; a day that several suspensions take away is credited once;
 * - credits go onto the next open instalments, never below zero; the facts that used some already count, so that nothing
 *   is credited twice; what finds no instalment is left over and told.
 */
import type { Day } from '../day.ts';
import { spanDays } from '../day.ts';
import { type Cents, cents, ratio, ZERO } from '../money.ts';
import { type Draft, periodOf } from './drafts.ts';
import type { Folded } from './fold.ts';
import type { ReachedFact } from './instalment.ts';
import { sharedDays, suspendedPeriods } from './suspended-days.ts';
import type { Treated } from './term.ts';
import { charged } from './treatment.ts';

interface Period {
  first: Day;
  last: Day;
}

interface Source {
  from_on: Day;
  amount: Cents;
  ids: readonly string[];
}

/** Puts the credits onto the open instalments. @returns the facts concerned and what is left over. */
export function applyCredits(
  drafts: readonly Draft[],
  folded: Folded,
  treated: readonly Treated[],
  interval: number,
): { reached: ReachedFact[]; left: Cents } {
  const reached: ReachedFact[] = [];
  const sources: Source[] = [];
  for (const draft of drafts) {
    if (!draft.fact) continue;
    const period = periodOf(draft, interval);
    reachBySuspensions(draft, period, treated, reached, sources);
    reachByPrice(draft, period, folded, reached, sources);
    reachByCancellation(draft, period, folded, reached);
  }
  for (const { from_on, amount, id } of folded.credits) sources.push({ from_on, amount, ids: [id] });
  return { reached, left: spend(drafts, sources) };
}

function reachBySuspensions(
  draft: Draft,
  { first: from, last: to }: Period,
  treated: readonly Treated[],
  reached: ReachedFact[],
  sources: Source[],
): void {
  const fact = draft.fact!;
  const period_days = spanDays(from, to);
  const touching = treated.filter(
    ({ suspension }) =>
      sharedDays(suspension, from, to) > 0 && !suspension.changes.some((id) => fact.explains.includes(id)),
  );
  if (touching.length === 0) return;
  const crediting = touching.filter(({ suspension }) => suspension.credited.includes(draft.number));
  const differenceOver = (unused_days: number, those: readonly Treated[]) => {
    const worth = fact.amount + fact.credited;
    const costs = those.map(({ treatment }) => (treatment.charge ? charged(treatment.charge, cents(worth)) : ZERO));
    return ratio(Math.max(worth - Math.min(...costs), 0), unused_days, period_days);
  };
  for (const each of touching) {
    const { suspension } = each;
    const first = crediting[0] === each;
    if (!first && crediting.includes(each)) continue;
    const those = first ? crediting : [each];
    const unused_days = first ? sharedBy(those, from, to) : sharedDays(suspension, from, to);
    const difference = differenceOver(unused_days, those);
    const credit = first ? difference : ZERO;
    reached.push({ by: suspension.id, number: draft.number, unused_days, period_days, difference, credit });
    if (credit > 0)
      sources.push({
        from_on: suspension.starts_on,
        amount: credit,
        ids: those.flatMap((other) => other.suspension.changes),
      });
  }
}

/** Days of a span that any of these suspensions takes away. */
function sharedBy(treated: readonly Treated[], from: Day, to: Day): number {
  let days = 0;
  for (const period of suspendedPeriods(treated.map(({ suspension }) => suspension)))
    days += sharedDays(period, from, to);
  return days;
}

function reachByPrice(draft: Draft, period: Period, folded: Folded, reached: ReachedFact[], sources: Source[]): void {
  const price = folded.prices.findLast(({ from_on }) => from_on <= draft.due_on);
  const fact = draft.fact!;
  if (!price?.credited || fact.explains.includes(price.id)) return;
  const worth = fact.amount + fact.credited;
  const difference = cents(Math.max(worth - price.amount, 0));
  if (difference === 0) return;
  const credit = price.credited.includes(draft.number) ? difference : ZERO;
  const period_days = spanDays(period.first, period.last);
  reached.push({ by: price.id, number: draft.number, unused_days: 0, period_days, difference, credit });
  if (credit > 0) sources.push({ from_on: price.from_on, amount: credit, ids: [price.id] });
}

/** Paid beyond the last day: nothing is left to credit it to, so it is told and left to the accounts. */
function reachByCancellation(draft: Draft, { first, last }: Period, folded: Folded, reached: ReachedFact[]): void {
  const { cancellation } = folded;
  if (!cancellation || cancellation.last_period === 'whole' || cancellation.on >= last) return;
  const fact = draft.fact!;
  if (fact.explains.includes(cancellation.id)) return;
  const period_days = spanDays(first, last);
  const used = sharedDays({ starts_on: first, ends_on: cancellation.on }, first, last);
  const difference = ratio(fact.amount + fact.credited, period_days - used, period_days);
  const unused_days = period_days - used;
  reached.push({ by: cancellation.id, number: draft.number, unused_days, period_days, difference, credit: ZERO });
}

/**
 * Spends the credits on the instalments in order, each credit from its day on. Facts have spent theirs already: what
 * later facts spent is not there for earlier open instalments, which makes this come out the same once they are paid.
 */
function spend(drafts: readonly Draft[], sources: Source[]): Cents {
  if (sources.length === 0) return ZERO;
  sources.sort((a, b) => (a.from_on < b.from_on ? -1 : a.from_on > b.from_on ? 1 : 0));
  const total = sources.reduce((all, { amount }) => all + amount, 0);
  let laterFacts = drafts.reduce((all, { fact }) => all + (fact?.credited ?? 0), 0);
  let spent = 0;
  for (const draft of drafts) {
    if (draft.fact) {
      spent += draft.fact.credited;
      laterFacts -= draft.fact.credited;
      continue;
    }
    if (draft.cancelled) continue;
    const there = sources.reduce((all, { from_on, amount }) => all + (from_on <= draft.due_on ? amount : 0), 0);
    const free = Math.min(there - spent, total - spent - laterFacts);
    const credited = Math.min(draft.amount, Math.max(free, 0));
    if (credited <= 0) continue;
    draft.credited = cents(credited);
    draft.amount = cents(draft.amount - credited);
    draft.explains = [...draft.explains, ...idsBetween(sources, spent, spent + credited)];
    spent += credited;
  }
  return cents(Math.max(total - spent, 0));
}

/** Whose credits lie between two marks, laying them end to end. */
function idsBetween(sources: readonly Source[], from: number, to: number): string[] {
  const ids = new Set<string>();
  let at = 0;
  for (const source of sources) {
    if (at < to && at + source.amount > from) for (const id of source.ids) ids.add(id);
    at += source.amount;
  }
  return [...ids];
}
