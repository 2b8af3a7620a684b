/** What the clerk asks for instalments while somebody is away, from the rules alone. No function of the engine. */
import {
  type Absence,
  FAR,
  firstDay,
  isAway,
  type Line,
  lastDay,
  type NaivePolicy,
  runsOf,
  toCents,
  wasThere,
} from './naive-line.ts';
import { wholeMonths } from './wall-calendar.ts';

/** What an instalment costs while this one is away; null: nothing special. */
export function costOf({ amount, to, policy }: Absence, normal: number): number | null {
  const fixed = amount ?? policy.amount;
  if (fixed !== null) return fixed;
  if (!policy.active || policy.shift_instalments) return to === null ? 0 : null;
  if (policy.discount_bps === null && policy.discount_amount === null) return null;
  const off = toCents((normal * (policy.discount_bps ?? 0)) / 10_000) + (policy.discount_amount ?? 0);
  return Math.max(0, normal - off);
}

function ruleOf({ amount, came_back, policy }: Absence): NaivePolicy['instalment_rule'] {
  const rule = policy.instalment_rule;
  if ((amount ?? policy.amount) !== null) return rule === 'whole_months' && came_back ? 'due_inside' : rule;
  if (!policy.active || policy.shift_instalments) return 'due_inside';
  return rule === 'prorated' ? 'prorated' : 'due_inside';
}

/** @param every how many months lie between two lines. @param until the last day that is paid for, where the last period is paid by its days. */
export function chargeAbsences(
  lines: readonly Line[],
  touching: readonly Absence[],
  began: number,
  every: number,
  until: number | null,
): void {
  const charging = touching.filter((one) => costOf(one, 0) !== null);
  const ruled = (rule: string) => charging.filter((one) => !isChosen(one) && ruleOf(one) === rule);
  for (const { from, to, members } of runsOf(ruled('whole_months'))) {
    let left = to === FAR ? FAR : wholeTerms(from, to, began, every);
    for (const line of lines) {
      const its = line.paid ? members.some(({ id }) => line.paid!.under.has(id)) : !line.cancelled;
      if (left <= 0 || line.due < from || line.claims.length > 0 || !its) continue;
      left -= 1;
      const there = members.filter((one) => isAway(one, line.due));
      line.claims = there.length > 0 ? there : [...members];
    }
  }
  for (const line of lines) {
    if (line.paid || line.cancelled) continue;
    for (const one of ruled('due_inside')) if (isAway(one, line.due)) line.claims.push(one);
    for (const one of charging) if (isChosen(one) && isAmong(line, lines, one, began, every)) line.claims.push(one);
    const normal = line.amount;
    const later = line.claims.filter(({ said }) => said > line.written);
    if (later.length > 0) line.amount = Math.min(...later.map((one) => costOf(one, normal)!));
    for (const one of line.claims) wasThere(line, one);
    chargeDays(line, normal, ruled('prorated'), until);
  }
}

function isChosen({ chosen }: Absence): boolean {
  return chosen.first !== null || chosen.last !== null;
}

/** How many whole months somebody is away, or whole quarters where lines are a quarter apart. */
function wholeTerms(from: number, to: number, began: number, every: number): number {
  return Math.floor(wholeMonths(Math.max(from, began), to + 1) / every);
}

/** The desk said from which line to which; the side it left open is as without: the first from its day on, as many as months. */
function isAmong(line: Line, lines: readonly Line[], one: Absence, began: number, every: number): boolean {
  const { chosen, from, to, id } = one;
  const isUnlimited = one.came_back || to === null;
  const its = lines.filter(({ paid, cancelled }) => (paid ? paid.under.has(id) : !cancelled));
  const first = chosen.first ?? its.find(({ due }) => due >= from)?.number ?? FAR;
  const count = to === null ? FAR : Math.max(1, wholeTerms(from, to, began, every));
  const last = chosen.last ?? (isUnlimited ? FAR : first + count - 1);
  if (isUnlimited && chosen.last === null && to !== null && line.due > to) return false;
  return line.number >= first && line.number <= last;
}

/** Each day of its period at its own price. */
function chargeDays(line: Line, normal: number, those: readonly Absence[], until: number | null): void {
  let total = 0;
  let touched = false;
  for (let day = firstDay(line); day <= lastDay(line); day += 1) {
    if (until !== null && day > until) continue;
    const away = those.filter((one) => one.said > line.written && isAway(one, day));
    if (away.length > 0) touched = true;
    for (const one of away) wasThere(line, one);
    total += away.length === 0 ? normal : Math.min(...away.map((one) => costOf(one, normal)!));
  }
  if (!touched) return;
  const amount = toCents(total / (lastDay(line) - firstDay(line) + 1));
  if (line.claims.length === 0 || amount < line.amount) line.amount = amount;
  line.byDays = true;
}
