/**
 * Whether a suspension may stand: where it lies against the contract, and the limits of the plan.
 *
 * Always true:
 * - a contract year runs from the contract's first day, and each suspended day counts once towards its maximum;
 * - closures count towards no limit and are bound by none: they are not the customer's choice;
 * - a refusal names the rule, and the day until which it holds or from which it would be kept.
 */
import { Refusal } from '../../errors/refusal.ts';
import { addDays, addMonths, type Day, later, wholeMonthsBetween } from '../day.ts';
import { type Cents, decimal } from '../money.ts';
import type { SuspensionTerms } from '../schedule/changes.ts';
import type { Schedule, Suspension } from '../schedule/instalment.ts';
import { sharedDays, suspendedPeriods } from '../schedule/suspended-days.ts';
import type { FreezePolicy, LockableSetting } from '../schedule/terms.ts';

/** Where it lies against the contract. @param schedule without the suspension. */
export function checkPlace(terms: SuspensionTerms, schedule: Schedule): void {
  if (terms.closure !== null) return;
  const { starts_on, ends_on, cancelled_on } = schedule;
  const beyond = (last: Day) => terms.ends_on === null || terms.ends_on > last;
  if (cancelled_on !== null && beyond(cancelled_on))
    throw new Refusal('contract_cancelled', { on: cancelled_on }, { pointer: '/starts_on' });
  if (terms.ends_on !== null && terms.ends_on < starts_on)
    throw new Refusal('suspension_before_contract', { starts_on }, { pointer: '/starts_on' });
  if (ends_on !== null && terms.starts_on > ends_on)
    throw new Refusal('suspension_after_contract', { ends_on }, { pointer: '/starts_on' });
}

/** The instalments that the desk chose: there, and at least one of them open. */
export function checkChosenInstalments(terms: SuspensionTerms, schedule: Schedule): void {
  const { first_instalment: first, last_instalment: last } = terms;
  if (first === null && last === null) return;
  const open = ({ status }: { status: string }) => status === 'scheduled' || status === 'waived';
  const numbers = schedule.instalments.filter(open).map(({ number }) => number);
  const highest = schedule.instalments.at(-1)?.number ?? 0;
  // An open-ended contract goes on beyond what is computed, so a number above is not wrong there.
  const ends = schedule.ends_on !== null;
  if (first !== null && ends && first > highest)
    throw new Refusal('instalment_unknown', { number: first }, { pointer: '/first_instalment' });
  if (last !== null && ((ends && last > highest) || last < 1))
    throw new Refusal('instalment_unknown', { number: last }, { pointer: '/last_instalment' });
  if ((last !== null && !numbers.some((number) => number >= (first ?? 1) && number <= last)) || numbers.length === 0)
    throw new Refusal(
      'suspended_instalments_settled',
      {},
      { pointer: first ? '/first_instalment' : '/last_instalment' },
    );
}

export function checkLocks(overridden: ReadonlyMap<LockableSetting, string>, policy: FreezePolicy): void {
  for (const [setting, pointer] of overridden)
    if (policy.locked.includes(setting)) throw new Refusal('suspension_setting_locked', { setting }, { pointer });
}

export function checkDebt(owed: Cents, policy: FreezePolicy): void {
  if (policy.requires_no_debt && owed > 0) throw new Refusal('suspension_debt', { amount: decimal(owed) });
}

/** @param pointer the field that decides its last day. */
export function checkMinimum(terms: SuspensionTerms, policy: FreezePolicy, pointer: string): void {
  if (terms.closure !== null || terms.ends_on === null) return;
  const shortest = shortestEnd(terms.starts_on, policy);
  if (shortest !== null && terms.ends_on < shortest)
    throw new Refusal(
      'suspension_too_short',
      { months: policy.min_months ?? 0, days: policy.min_days ?? 0, ends_on: shortest },
      { pointer },
    );
}

/** The earliest last day that the plan allows; null when it says nothing. */
function shortestEnd(starts_on: Day, { min_months, min_days }: FreezePolicy): Day | null {
  if (!min_months && !min_days) return null;
  return later(addDays(addMonths(starts_on, min_months ?? 0), -1), addDays(starts_on, (min_days ?? 0) - 1));
}

/**
 * The maximum of days and of suspensions in each contract year that it touches.
 * @param others the contract's other suspensions.
 * @param began_on the first day of the contract, from which its years run.
 */
export function checkMaximum(
  terms: SuspensionTerms,
  others: readonly Suspension[],
  began_on: Day,
  policy: FreezePolicy,
): void {
  if (terms.closure !== null) return;
  const counted = others.filter(({ closure }) => closure === null);
  if (policy.max_per_year !== null) {
    const year = contractYear(began_on, terms.starts_on);
    const begun = counted.filter((one) => contractYear(began_on, one.starts_on).starts_on === year.starts_on).length;
    if (begun >= policy.max_per_year)
      throw new Refusal(
        'suspension_too_many',
        { max: policy.max_per_year, year_ends_on: year.ends_on },
        { pointer: '/starts_on' },
      );
  }
  if (policy.max_days_per_year !== null) checkDaysPerYear(terms, counted, began_on, policy.max_days_per_year);
}

function checkDaysPerYear(terms: SuspensionTerms, others: readonly Suspension[], began_on: Day, max: number): void {
  const own: Suspension = { ...terms, id: '', changes: [], recorded: 0, was_unlimited: false };
  const all = [...others, own].sort((a, b) => (a.starts_on < b.starts_on ? -1 : 1));
  // An unlimited suspension fills the year it begins in: it is refused for that one if for any.
  const last = terms.ends_on ?? terms.starts_on;
  let year = contractYear(began_on, terms.starts_on);
  for (;;) {
    const before = suspendedDays(others, year);
    const used = suspendedDays(all, year);
    if (used > max && used > before)
      throw new Refusal(
        'suspension_too_many_days',
        { max, left: Math.max(max - before, 0), year_ends_on: year.ends_on },
        { pointer: terms.ends_on === null ? '/unlimited' : '/ends_on' },
      );
    if (year.ends_on >= last) return;
    year = contractYear(began_on, addDays(year.ends_on, 1));
  }
}

function suspendedDays(suspensions: readonly Suspension[], year: { starts_on: Day; ends_on: Day }): number {
  return suspendedPeriods(suspensions).reduce(
    (days, period) => days + sharedDays(period, year.starts_on, year.ends_on),
    0,
  );
}

/** The contract year that a day lies in; days before the beginning are in the first. */
export function contractYear(began_on: Day, on: Day): { starts_on: Day; ends_on: Day } {
  const years = Math.floor(wholeMonthsBetween(began_on, on) / 12);
  return {
    starts_on: addMonths(began_on, years * 12),
    ends_on: addDays(addMonths(began_on, (years + 1) * 12), -1),
  };
}
