/**
 * What a suspension does to its contract: the plan's freeze policy, what the desk set differently for it, and how the
 * contract was sold, resolved into one answer.
 *
 * Always true:
 * - a contract sold open-ended charges the given amount, or nothing, for its suspended instalments, and never moves;
 * - an amount (given, or the plan's freeze amount) keeps the instalments in place;
 * - suspending a credit pack moves its last day at the most, and only where it was sold with one; never its price;
 * - suspending the delivery of an issue subscription moves issues and never an instalment;
 * - a discount applies only to instalments that stay in place;
 * - while an unlimited suspension would move instalments, nobody knows how far: they are waived where they are until it
 *   is stopped, and then move as if its last day had been known from the start.
 */
import assert from 'node:assert';
import { type Cents, cents, percentage, ZERO } from '../money.ts';
import type { Suspension } from './instalment.ts';
import type { FreezeSettings, InstalmentRule, Terms } from './terms.ts';

/** How an instalment due inside the suspension is charged, given its normal amount. */
export type Charge = { kind: 'fixed'; amount: Cents } | { kind: 'discount'; bps: number; amount: Cents };

export interface Treatment {
  shifts_end: boolean;
  shifts_instalments: boolean;
  /** Null: nothing changes in the amounts. */
  charge: Charge | null;
  /** What was paid for suspended days may be given back. */
  is_by_days: boolean;
  /** Which instalments are charged so. */
  rule: InstalmentRule;
}

export function treatmentOf(suspension: Suspension, terms: Terms): Treatment {
  const policy = suspension.freeze === null ? terms.freeze : overridden(terms.freeze, suspension.freeze);
  const amount = suspension.amount ?? policy.amount;
  // The days of an unlimited suspension are known only afterwards: its instalments are those due before the stop.
  const rule =
    policy.instalment_rule === 'whole_months' && suspension.was_unlimited ? 'due_inside' : policy.instalment_rule;
  const shifts_end = terms.ends_on !== null && !terms.issues && (!policy.active || policy.shift_end);
  const treatment: Treatment = { shifts_end, shifts_instalments: false, charge: null, rule, is_by_days: !terms.pack };
  if (terms.issues || terms.pack) return treatment;
  if (terms.ends_on === null) return { ...treatment, charge: { kind: 'fixed', amount: amount ?? ZERO } };
  if (amount !== null) return { ...treatment, charge: { kind: 'fixed', amount } };
  if (!policy.active || policy.shift_instalments) {
    const unlimited = suspension.ends_on === null;
    const charge: Charge | null = unlimited ? { kind: 'fixed', amount: ZERO } : null;
    return { ...treatment, shifts_instalments: !unlimited, charge, rule: 'due_inside' };
  }
  if (policy.discount_bps === null && policy.discount_amount === null) return treatment;
  return {
    ...treatment,
    charge: { kind: 'discount', bps: policy.discount_bps ?? 0, amount: policy.discount_amount ?? ZERO },
    rule: rule === 'prorated' ? 'prorated' : 'due_inside',
  };
}

/** A discount is a percentage or an amount: the one that the desk gives takes the place of the plan's. */
function overridden(plan: FreezeSettings, given: Partial<FreezeSettings>): FreezeSettings {
  const settings = { ...plan, ...given };
  if ((given.discount_bps ?? null) !== null) settings.discount_amount = null;
  if ((given.discount_amount ?? null) !== null) settings.discount_bps = null;
  return settings;
}

/** What a suspended instalment costs in full, given what it costs normally. Never below zero. */
export function charged(charge: Charge, normal: Cents): Cents {
  if (charge.kind === 'fixed') return charge.amount;
  const off = percentage(normal, charge.bps) + charge.amount;
  assert(off >= 0, 'a discount takes off');
  return off >= normal ? ZERO : cents(normal - off);
}
