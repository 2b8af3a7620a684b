/**
 * Facts that a change reaches back over, and the credit made of them.
 *
 * Always true:
 * - a fact is kept as it is; what it would have been less is a credit only where the change says so;
 * - the credit of a suspension is what was paid, less what a suspended instalment costs, over the unused days of its
 *   period, rounded once; a day that several suspensions take away is credited once, and so is what a credited price made
 *   of it cheaper;
 * - the price of a credit pack is for no days, so none of it is given back for them;
 * - a credit used on an instalment does not make it suspended: it names the suspension, not the changes that made it;
 * - credits go onto the next open instalments, never below zero; the facts that used some already count, so that nothing
 *   is credited twice; what finds no instalment is left over and told.
 */
import type { Day } from '../day.ts';
import { spanDays } from '../day.ts';
import { type Cents, cents, ratio, ZERO } from '../money.ts';
import type { Ended } from './cancellation.ts';
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
  /** Its place in the list of changes. */
  recorded: number;
  ids: readonly string[];
}

/**
 * Puts the credits onto the open instalments.
 * @param ended null also for a cancellation at the natural end, which takes nothing away.
 * @returns the facts concerned and what is left over.
 */
export function applyCredits(
  drafts: readonly Draft[],
  folded: Folded,
  treated: readonly Treated[],
  ended: Ended | null,
  interval: number,
): { reached: ReachedFact[]; left: Cents } {
  const reached: ReachedFact[] = [];
  const sources: Source[] = [];
  for (const draft of drafts) {
    if (!draft.fact) continue;
    const period = periodOf(draft, interval);
    const worth = reachByPrice(draft, period, folded, reached, sources);
    reachBySuspensions(draft, period, worth, treated, reached, sources);
    if (ended) reachByCancellation(draft, period, ended, reached);
  }
  for (const { from_on, amount, recorded, id } of folded.credits)
    sources.push({ from_on, amount, recorded, ids: [id] });
  return { reached, left: spend(drafts, sources) };
}

function reachBySuspensions(
  draft: Draft,
  { first: from, last: to }: Period,
  worth: Cents,
  treated: readonly Treated[],
  reached: ReachedFact[],
  sources: Source[],
): void {
  const fact = draft.fact!;
  const period_days = spanDays(from, to);
  const touching = treated.filter(
    ({ suspension, treatment }) =>
      treatment.is_by_days && sharedDays(suspension, from, to) > 0 && !fact.explains.includes(suspension.changes[0]!),
  );
  if (touching.length === 0) return;
  const crediting = touching.filter(({ suspension }) => suspension.credited.includes(draft.number));
  const differenceOver = (unused_days: number, those: readonly Treated[]) => {
    const costs = those.map(({ treatment }) => (treatment.charge ? charged(treatment.charge, worth) : ZERO));
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
    if (credit === 0) continue;
    // What each adds in the order they were recorded: an amount stated by hand in between has only the earlier part in it.
    const recorded = [...those].sort((a, b) => a.suspension.recorded - b.suspension.recorded);
    let before = 0;
    for (const [at, other] of recorded.entries()) {
      const told = recorded.slice(0, at + 1).sort((a, b) => those.indexOf(a) - those.indexOf(b));
      const so_far = differenceOver(sharedBy(told, from, to), told);
      const added = { amount: cents(so_far - before), recorded: other.suspension.recorded, ids: [other.id] };
      if (added.amount > 0) sources.push({ from_on: suspension.starts_on, ...added });
      before = so_far;
    }
  }
}

/** Days of a span that any of these suspensions takes away. */
function sharedBy(treated: readonly Treated[], from: Day, to: Day): number {
  let days = 0;
  for (const period of suspendedPeriods(treated.map(({ suspension }) => suspension)))
    days += sharedDays(period, from, to);
  return days;
}

/** @returns what the fact is worth then: a dearer part that is credited is not credited again for unused days. */
function reachByPrice(draft: Draft, period: Period, folded: Folded, reached: ReachedFact[], sources: Source[]): Cents {
  const price = folded.prices.findLast(({ from_on }) => from_on <= draft.due_on);
  const fact = draft.fact!;
  const worth = cents(fact.amount + fact.credited);
  if (!price || price.amount >= worth || fact.explains.includes(price.id)) return worth;
  const difference = cents(worth - price.amount);
  const credit = price.credited.includes(draft.number) ? difference : ZERO;
  const period_days = spanDays(period.first, period.last);
  reached.push({ by: price.id, number: draft.number, unused_days: 0, period_days, difference, credit });
  if (credit === 0) return worth;
  sources.push({ from_on: price.from_on, amount: credit, recorded: price.recorded, ids: [price.id] });
  return price.amount;
}

/** Paid beyond the last day: nothing is left to credit it to, so it is told and left to the accounts. */
function reachByCancellation(draft: Draft, { first, last }: Period, ended: Ended, reached: ReachedFact[]): void {
  const fact = draft.fact!;
  if (fact.explains.includes(ended.id)) return;
  const period_days = spanDays(first, last);
  const isWhole = ended.prorated_until === null && first <= ended.on;
  const used = isWhole ? period_days : sharedDays({ starts_on: first, ends_on: ended.on }, first, last);
  if (used === period_days) return;
  const unused_days = period_days - used;
  const difference = ratio(fact.amount + fact.credited, unused_days, period_days);
  reached.push({ by: ended.id, number: draft.number, unused_days, period_days, difference, credit: ZERO });
}

/**
 * Spends the credits on the instalments in the order they fall due, each credit from its day on. Facts have spent theirs
 * already: an instalment leaves what later facts spent, of what was there on their day. So this comes out the same once
 * instalments are paid, in whatever order, and no credit is spent before its day. An amount stated by hand has in it what was
 * recorded before it, so only later credits come off it.
 */
function spend(drafts: readonly Draft[], sources: Source[]): Cents {
  if (sources.length === 0) return ZERO;
  sources.sort((a, b) => (a.from_on < b.from_on ? -1 : a.from_on > b.from_on ? 1 : 0));
  const inOrder = [...drafts].sort((a, b) =>
    a.due_on < b.due_on ? -1 : a.due_on > b.due_on ? 1 : a.number - b.number,
  );
  const thereOn = (day: Day) => sources.reduce((all, { from_on, amount }) => all + (from_on <= day ? amount : 0), 0);
  let spent = 0;
  let spentOnStated = 0;
  for (const [at, draft] of inOrder.entries()) {
    const isStated = draft.stated >= 0;
    if (draft.fact) {
      spent += draft.fact.credited;
      if (isStated) spentOnStated += draft.fact.credited;
      continue;
    }
    if (draft.cancelled) continue;
    let free = thereOn(draft.due_on) - spent;
    let later = 0;
    for (const { fact } of inOrder.slice(at + 1)) {
      if (!fact || fact.credited === 0) continue;
      later += fact.credited;
      free = Math.min(free, thereOn(fact.due_on) - spent - later);
    }
    if (isStated) {
      const since = sources.filter(({ from_on, recorded }) => from_on <= draft.due_on && recorded > draft.stated);
      free = Math.min(free, since.reduce((all, { amount }) => all + amount, 0) - spentOnStated);
    }
    const credited = Math.min(draft.amount, Math.max(free, 0));
    if (credited <= 0) continue;
    if (isStated) spentOnStated += credited;
    draft.credited = cents(credited);
    draft.amount = cents(draft.amount - credited);
    draft.explains = [...draft.explains, ...idsBetween(sources, spent, spent + credited)];
    spent += credited;
  }
  const total = sources.reduce((all, { amount }) => all + amount, 0);
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
