/**
 * Which instalments a suspension charges differently, and how much they then cost.
 *
 * Always true:
 * - whole months: the first instalments due on or after the first suspended day, as many as whole months (whole billing
 *   intervals, where instalments are further apart) fit in the run of suspended days; unlimited: all from there on;
 * - an instalment counts as suspended if it is open, or a fact that the suspension had made what it was: so paying a
 *   suspended instalment does not suspend the next one;
 * - no instalment is counted for two separate runs;
 * - where several suspensions charge one instalment, the lowest amount is asked for;
 * - rounding happens once per instalment.
 */
import { addDays, type Day, earlier, later, spanDays, wholeMonthsBetween } from '../day.ts';
import { type Cents, ratio } from '../money.ts';
import { type Draft, periodOf } from './drafts.ts';
import { covers, type Run, runsOf, type Span, sharedDays, suspendedPeriods } from './suspended-days.ts';
import type { Treated } from './term.ts';
import type { InstalmentRule } from './terms.ts';
import { charged } from './treatment.ts';

/**
 * @param began_on the contract's first day: no month before it counts.
 * @param lastDay of a contract cancelled with its last period prorated; null otherwise.
 */
export function applyCharges(
  drafts: readonly Draft[],
  treated: readonly Treated[],
  interval: number,
  began_on: Day,
  lastDay: Day | null,
): void {
  const charging = treated.filter(({ treatment }) => treatment.charge !== null);
  if (charging.length === 0) return;
  for (const run of runsOf(ruledBy(charging, 'whole_months')))
    claimCounted(drafts, run, countOf(run, interval, began_on));
  for (const each of ruledBy(charging, 'due_inside'))
    for (const draft of drafts) if (isOpen(draft) && covers(each, draft.due_on)) claim(draft, each);
  for (const each of charging) if (isChosen(each)) claimChosen(drafts, each, countOf(each, interval, began_on));
  for (const draft of drafts) if (draft.claims !== null) charge(draft, draft.claims);
  const byDays = ruledBy(charging, 'prorated');
  if (byDays.length > 0) prorate(drafts, byDays, interval, lastDay);
}

/** The desk chose its instalments. */
function isChosen({ suspension }: Treated): boolean {
  return suspension.first_instalment !== null || suspension.last_instalment !== null;
}

function ruledBy(charging: readonly Treated[], rule: InstalmentRule): Treated[] {
  return charging.filter((each) => each.treatment.rule === rule && !isChosen(each));
}

function claim(draft: Draft, by: Treated): void {
  if (draft.claims === null) draft.claims = [by];
  else draft.claims.push(by);
}

function isOpen(draft: Draft): boolean {
  return draft.fact === null && !draft.cancelled;
}

/** Open, or a fact that one of these suspensions had made what it was (known by the change that added it). */
function movable(draft: Draft, by: readonly Treated[]): boolean {
  const { fact } = draft;
  if (fact === null) return !draft.cancelled;
  return by.some(({ suspension }) => fact.explains.includes(suspension.changes[0]!));
}

/** How many instalments a run suspends by whole months. */
function countOf(run: Span, interval: number, began_on: Day): number {
  if (run.ends_on === null) return Number.POSITIVE_INFINITY;
  return Math.floor(wholeMonthsBetween(later(run.starts_on, began_on), addDays(run.ends_on, 1)) / interval);
}

/** The first that many instalments from the run's first day on, unless an earlier run has them. */
function claimCounted(drafts: readonly Draft[], run: Run<Treated>, count: number): void {
  let left = count;
  for (const draft of drafts) {
    if (left <= 0) break;
    if (draft.due_on < run.starts_on || draft.claims !== null || !movable(draft, run.members)) continue;
    left--;
    const covering = run.members.filter((member) => covers(member, draft.due_on));
    draft.claims = covering.length > 0 ? covering : [...run.members];
  }
}

/** The instalments from the first to the last that the desk chose; the side it left open is computed. */
function claimChosen(drafts: readonly Draft[], by: Treated, count: number): void {
  const { starts_on, ends_on, first_instalment, last_instalment, was_unlimited } = by.suspension;
  const own = drafts.filter((draft) => movable(draft, [by]));
  const first = first_instalment ?? own.find(({ due_on }) => due_on >= starts_on)?.number ?? Number.POSITIVE_INFINITY;
  const last = last_instalment ?? (was_unlimited ? Number.POSITIVE_INFINITY : first + Math.max(count, 1) - 1);
  const stopped_on = was_unlimited && last_instalment === null ? ends_on : null;
  for (const draft of own)
    if (draft.number >= first && draft.number <= last && (stopped_on === null || draft.due_on <= stopped_on))
      claim(draft, by);
}

function charge(draft: Draft, claims: readonly Treated[]): void {
  const explains = [...draft.explains];
  let lowest: Cents | null = null;
  for (const { suspension, treatment } of claims) {
    explains.push(...suspension.changes);
    if (suspension.recorded < draft.stated) continue;
    const cost = charged(treatment.charge!, draft.normal);
    if (lowest === null || cost < lowest) lowest = cost;
  }
  draft.amount = lowest ?? draft.amount;
  draft.explains = explains;
}

/** Each instalment for the days of its period that are not suspended, and for those that are at their charge. */
function prorate(drafts: readonly Draft[], by: readonly Treated[], interval: number, lastDay: Day | null): void {
  const byId = new Map(by.map((each) => [each.id, each]));
  const periods = suspendedPeriods(by);
  for (const draft of drafts) {
    if (!isOpen(draft)) continue;
    const { first, last } = periodOf(draft, interval);
    const to = lastDay === null ? last : earlier(last, lastDay);
    let normalDays = Math.max(spanDays(first, to), 0);
    let weighted = 0;
    const explains = new Set(draft.explains);
    let touched = false;
    for (const period of periods) {
      const days = sharedDays(period, first, to);
      if (days === 0) continue;
      const members = period.suspensions
        .map((id) => byId.get(id)!)
        .filter(({ suspension }) => suspension.recorded > draft.stated);
      if (members.length === 0) continue;
      touched = true;
      normalDays -= days;
      weighted += days * Math.min(...members.map(({ treatment }) => charged(treatment.charge!, draft.normal)));
      for (const { suspension } of members) for (const id of suspension.changes) explains.add(id);
    }
    if (!touched) continue;
    const cost = ratio(draft.normal * normalDays + weighted, 1, spanDays(first, last));
    if (draft.claims === null || cost < draft.amount) draft.amount = cost;
    draft.explains = [...explains];
    draft.by_days = true;
  }
}
