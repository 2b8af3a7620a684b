/**
 * The rejection fee: an article that is sold to the customer whose payment came back.
 *
 * Always true:
 * - where the law forbids the fee, there is none, whoever asks;
 * - what the operator says goes before the rules of habit (first one free, yearly maximum, per reason), never before
 *   the law or the highest amount that the organization allows;
 * - the decision says why the fee is what it is. The bank's own charge is another amount and no part of it.
 */
import { Refusal } from '../../errors/refusal.ts';
import { addMonths, type Day, yearOf } from '../day.ts';
import { type Cents, ZERO } from '../money.ts';

export interface FeePolicy {
  /** The article sold; null: the organization charges nothing unless the operator says so. */
  article: { id: string; label: string; amount: Cents; tax_rate_bps: number } | null;
  /** The law of the country forbids charging the customer. */
  forbidden: boolean;
  /** The first rejection in this many months costs nothing; null: none is free. */
  first_free_months: number | null;
  /** How many fees one customer pays in a calendar year; null: no maximum. */
  max_per_year: number | null;
  /** No fee may be higher; null: no such limit. */
  max_amount: Cents | null;
  /** Another amount for some reason codes; 0: none. */
  by_reason: Readonly<Record<string, Cents>>;
}

export const noFee: FeePolicy = {
  article: null,
  forbidden: false,
  first_free_months: null,
  max_per_year: null,
  max_amount: null,
  by_reason: {},
};

/** An earlier rejection of the same customer. */
export interface EarlierRejection {
  on: Day;
  fee_amount: Cents;
}

export type FeeReason =
  | 'article'
  | 'operator'
  | 'waived'
  | 'forbidden'
  | 'first_free'
  | 'yearly_maximum'
  | 'per_reason'
  | 'reason_policy'
  | 'none_configured';

export interface Fee {
  amount: Cents;
  why: FeeReason;
  article: string | null;
  label: string | null;
  tax_rate_bps: number;
}

export interface FeeQuestion {
  on: Day;
  reason_code: string | null;
  /** What the operator says; 0 waives; undefined: nothing said. */
  asked: Cents | undefined;
  /** The policy of the bank's reason: no fee, whatever the article. */
  none_by_policy: boolean;
  earlier: readonly EarlierRejection[];
}

/** @throws Refusal `rejection_fee_forbidden`, `rejection_fee_too_high` */
export function decideFee(policy: FeePolicy, question: FeeQuestion): Fee {
  const { asked } = question;
  if (policy.forbidden) {
    if (asked !== undefined && asked > 0) throw new Refusal('rejection_fee_forbidden', {}, { pointer: '/fee_amount' });
    return fee(policy, ZERO, 'forbidden');
  }
  if (asked !== undefined) {
    if (policy.max_amount !== null && asked > policy.max_amount)
      throw new Refusal('rejection_fee_too_high', { max: policy.max_amount }, { pointer: '/fee_amount' });
    return fee(policy, asked, asked === 0 ? 'waived' : 'operator');
  }
  if (question.none_by_policy) return fee(policy, ZERO, 'reason_policy');
  const special = question.reason_code === null ? undefined : policy.by_reason[question.reason_code];
  const usual = special ?? policy.article?.amount;
  if (usual === undefined) return fee(policy, ZERO, 'none_configured');
  if (usual === 0) return fee(policy, ZERO, 'per_reason');
  if (policy.first_free_months !== null) {
    const since = addMonths(question.on, -policy.first_free_months);
    if (!question.earlier.some((rejection) => rejection.on > since && rejection.on <= question.on))
      return fee(policy, ZERO, 'first_free');
  }
  if (policy.max_per_year !== null) {
    const year = yearOf(question.on);
    const charged = question.earlier.filter((r) => r.fee_amount > 0 && yearOf(r.on) === year).length;
    if (charged >= policy.max_per_year) return fee(policy, ZERO, 'yearly_maximum');
  }
  const capped = policy.max_amount !== null && usual > policy.max_amount ? policy.max_amount : usual;
  return fee(policy, capped, special === undefined ? 'article' : 'per_reason');
}

function fee(policy: FeePolicy, amount: Cents, why: FeeReason): Fee {
  return {
    amount,
    why,
    article: policy.article?.id ?? null,
    label: policy.article?.label ?? null,
    tax_rate_bps: policy.article?.tax_rate_bps ?? 0,
  };
}
