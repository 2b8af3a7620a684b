/**
 * What a desk enters for a suspension, read into its terms.
 *
 * Always true: exactly one of a number of days, a last day, or unlimited; days count inclusively.
 */
import { Refusal } from '../../errors/refusal.ts';
import { addDays, type Day } from '../day.ts';
import type { Cents } from '../money.ts';
import type { SuspensionTerms } from '../schedule/changes.ts';
import type { FreezeSettings, LockableSetting } from '../schedule/terms.ts';

export interface SuspensionInput {
  starts_on: Day;
  days: number | null;
  ends_on: Day | null;
  unlimited: boolean;
  reason: string;
  amount: Cents | null;
  first_instalment: number | null;
  last_instalment: number | null;
  freeze: Partial<FreezeSettings> | null;
  /** Facts it reaches back over: kept as they are, or their unused days credited. */
  facts: 'kept' | 'credited';
  review_on: Day | null;
  /** The closure it belongs to; a closure is not the customer's choice, so the plan's limits do not bind it. */
  closure: string | null;
  /** The desk goes beyond the plan's limits (unless the organization locked them). */
  beyond_limits: boolean;
}

/** The terms without what they credit. */
export function suspensionTerms(input: SuspensionInput): SuspensionTerms {
  const { starts_on, reason, amount, first_instalment, last_instalment, freeze, review_on, closure } = input;
  const ends_on = lastDay(input);
  if (amount !== null && amount < 0) throw new Refusal('amount_negative', {}, { pointer: '/amount' });
  if (first_instalment !== null && first_instalment < 1)
    throw new Refusal('instalment_unknown', { number: first_instalment }, { pointer: '/first_instalment' });
  if (first_instalment !== null && last_instalment !== null && last_instalment < first_instalment)
    throw new Refusal(
      'suspended_instalments_reversed',
      { first: first_instalment, last: last_instalment },
      { pointer: '/last_instalment' },
    );
  if (freeze && (freeze.discount_bps ?? null) !== null && (freeze.discount_amount ?? null) !== null)
    throw new Refusal('discount_twice', {}, { pointer: '/freeze/discount_amount' });
  if (review_on !== null && review_on < starts_on)
    throw new Refusal('review_before_suspension', { starts_on }, { pointer: '/review_on' });
  return {
    starts_on,
    ends_on,
    reason,
    amount,
    first_instalment,
    last_instalment,
    freeze,
    credited: [],
    review_on,
    closure,
  };
}

function lastDay({ starts_on, days, ends_on, unlimited }: SuspensionInput): Day | null {
  const given = Number(days !== null) + Number(ends_on !== null) + Number(unlimited);
  if (given === 0) throw new Refusal('suspension_length_missing', {}, { pointer: '/days' });
  if (given > 1)
    throw new Refusal('suspension_length_contradictory', {}, { pointer: ends_on === null ? '/unlimited' : '/ends_on' });
  if (unlimited) return null;
  if (days !== null) {
    if (!Number.isSafeInteger(days) || days < 1) throw new Refusal('days_not_positive', {}, { pointer: '/days' });
    return addDays(starts_on, days - 1);
  }
  if (ends_on! < starts_on)
    throw new Refusal('suspension_ends_before_it_begins', { starts_on }, { pointer: '/ends_on' });
  return ends_on;
}

/** The settings of the plan that the desk sets differently. */
export function overriddenSettings(input: SuspensionInput): Map<LockableSetting, string> {
  const settings = new Map<LockableSetting, string>();
  if (input.amount !== null) settings.set('amount', '/amount');
  if (input.first_instalment !== null) settings.set('instalments', '/first_instalment');
  if (input.last_instalment !== null) settings.set('instalments', '/last_instalment');
  if (input.beyond_limits) settings.set('limits', '/beyond_limits');
  for (const [name, value] of Object.entries(input.freeze ?? {})) {
    if (value === undefined) continue;
    settings.set(settingOf[name as keyof FreezeSettings], `/freeze/${name}`);
  }
  return settings;
}

const settingOf: Record<keyof FreezeSettings, LockableSetting> = {
  active: 'shift',
  shift_end: 'shift',
  shift_instalments: 'shift',
  discount_bps: 'discount',
  discount_amount: 'discount',
  amount: 'amount',
  instalment_rule: 'instalment_rule',
};
