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
import { addDays, type Day, earlier, spanDays, wholeMonthsBetween } from '../day.ts';
import { type Cents, ratio } from '../money.ts';
import type { Draft } from './drafts.ts';
import type { Suspension } from './instalment.ts';
import { covers, type Run, runsOf, sharedDays, suspendedPeriods } from './suspended-days.ts';
import type { Treated } from './term.ts';
import { type Charge, charged } from './treatment.ts';

interface Claim {
  suspension: Suspension;
  charge: Charge;
}

/** @param lastDay of a contract cancelled with its last period prorated; null otherwise. */
export function applyCharges(
  drafts: readonly Draft[],
  treated: readonly Treated[],
  interval: number,
  lastDay: Day | null,
): void {
  const charging = treated.filter(({ treatment }) => treatment.charge !== null);
  if (charging.length === 0) return;
  const claims = new Map<Draft, Claim[]>();
  const chargeOf = new Map(charging.map(({ suspension, treatment }) => [suspension.id, treatment.charge!]));
  const claim = (draft: Draft, suspensions: readonly Suspension[]) => {
    const own = claims.get(draft) ?? [];
    for (const suspension of suspensions) own.push({ suspension, charge: chargeOf.get(suspension.id)! });
    claims.set(draft, own);
  };

  const chosen = charging.filter(({ suspension: s }) => s.first_instalment !== null || s.last_instalment !== null);
  for (const { suspension } of chosen) claimOverridden(drafts, suspension, interval, claim);
  const others = charging.filter((each) => !chosen.includes(each));
  const ruled = (rule: string) =>
    others.filter(({ treatment }) => treatment.rule === rule).map(({ suspension }) => suspension);

  const taken = new Set<Draft>();
  for (const run of runsOf(ruled('whole_months'))) {
    for (const draft of countedIn(drafts, run, interval, taken)) {
      taken.add(draft);
      const covering = run.members.filter((member) => covers(member, draft.due_on));
      claim(draft, covering.length > 0 ? covering : run.members);
    }
  }
  for (const suspension of ruled('due_inside'))
    for (const draft of drafts) if (isOpen(draft) && covers(suspension, draft.due_on)) claim(draft, [suspension]);

  for (const [draft, own] of claims) charge(draft, own);
  prorate(drafts, ruled('prorated'), chargeOf, claims, lastDay);
}

/** The instalments a run suspends by whole months. */
function countedIn(drafts: readonly Draft[], run: Run, interval: number, taken: ReadonlySet<Draft>): Draft[] {
  const count =
    run.ends_on === null
      ? Number.POSITIVE_INFINITY
      : Math.floor(wholeMonthsBetween(run.starts_on, addDays(run.ends_on, 1)) / interval);
  const counted: Draft[] = [];
  for (const draft of drafts) {
    if (counted.length >= count) break;
    if (draft.due_on >= run.starts_on && !taken.has(draft) && movable(draft, run.members)) counted.push(draft);
  }
  return counted;
}

function isOpen(draft: Draft): boolean {
  return draft.fact === null && !draft.cancelled;
}

/** Open, or a fact that one of these suspensions had made what it was (known by the change that added it). */
function movable(draft: Draft, suspensions: readonly Suspension[]): boolean {
  const { fact } = draft;
  if (fact === null) return !draft.cancelled;
  return suspensions.some(({ changes }) => fact.explains.includes(changes[0]!));
}

function claimOverridden(
  drafts: readonly Draft[],
  suspension: Suspension,
  interval: number,
  claim: (draft: Draft, suspensions: readonly Suspension[]) => void,
): void {
  const run: Run = { starts_on: suspension.starts_on, ends_on: suspension.ends_on, members: [suspension] };
  const computed = countedIn(drafts, run, interval, new Set());
  const start =
    suspension.first_instalment ??
    drafts.find((draft) => draft.due_on >= suspension.starts_on && movable(draft, run.members))?.number ??
    Number.POSITIVE_INFINITY;
  const end =
    suspension.last_instalment ??
    (suspension.ends_on === null ? Number.POSITIVE_INFINITY : start + Math.max(computed.length, 1) - 1);
  for (const draft of drafts)
    if (draft.number >= start && draft.number <= end && movable(draft, run.members)) claim(draft, [suspension]);
}

function charge(draft: Draft, claims: readonly Claim[]): void {
  const explains = [...draft.explains];
  let lowest: Cents | null = null;
  for (const { suspension, charge: rule } of claims) {
    explains.push(...suspension.changes);
    if (suspension.recorded < draft.stated) continue;
    const cost = charged(rule, draft.normal);
    if (lowest === null || cost < lowest) lowest = cost;
  }
  draft.amount = lowest ?? draft.amount;
  draft.explains = explains;
}

/** Each instalment for the days of its period that are not suspended, and for those that are at their charge. */
function prorate(
  drafts: readonly Draft[],
  suspensions: readonly Suspension[],
  chargeOf: ReadonlyMap<string, Charge>,
  claims: ReadonlyMap<Draft, unknown>,
  lastDay: Day | null,
): void {
  if (suspensions.length === 0) return;
  const byId = new Map(suspensions.map((suspension) => [suspension.id, suspension]));
  const periods = suspendedPeriods(suspensions);
  for (const draft of drafts) {
    if (!isOpen(draft)) continue;
    const { period_starts_on: from, period_ends_on } = draft;
    const to = lastDay === null ? period_ends_on : earlier(period_ends_on, lastDay);
    let normalDays = Math.max(spanDays(from, to), 0);
    let weighted = 0;
    const explains = new Set(draft.explains);
    for (const period of periods) {
      const days = sharedDays(period, from, to);
      const members = period.suspensions.map((id) => byId.get(id)!).filter(({ recorded }) => recorded > draft.stated);
      if (days === 0 || members.length === 0) continue;
      normalDays -= days;
      weighted += days * Math.min(...members.map(({ id }) => charged(chargeOf.get(id)!, draft.normal)));
      for (const member of members) for (const id of member.changes) explains.add(id);
    }
    if (explains.size === draft.explains.length) continue;
    const cost = ratio(draft.normal * normalDays + weighted, 1, spanDays(from, period_ends_on));
    if (!claims.has(draft) || cost < draft.amount) draft.amount = cost;
    draft.explains = [...explains];
    draft.by_days = true;
  }
}
