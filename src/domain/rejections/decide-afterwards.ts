/**
 * A payment came back for a reason that a person decides on, and a person now says what becomes of it.
 *
 * Always true:
 * - asked for is what is still owed of it and asked for by nothing else, and the fee; what was paid meanwhile is not;
 * - the fee is what the rules of the organization say, and is sold once for one return;
 * - what the bank's words leave in doubt is left to be looked at by itself.
 */
import type { Day } from '../day.ts';
import type { Allocation } from '../ledger/settlements.ts';
import { type Cents, cents } from '../money.ts';
import { firstOf } from '../payments/allocation.ts';
import type { NotRepresented } from './decide-rejection.ts';
import { decideFee, type EarlierRejection, type Fee, type FeePolicy } from './fee.ts';
import { exhausted, planRepresentments, type Representment } from './representments.ts';

export interface LeftToPerson {
  payment: { id: string; reason_code: string | null; attempt: number; first_attempt: string };
  /** What is owed of its claims and asked for by no payment. */
  owed: readonly Allocation[];
  /** The customer's credit, which pays the fee before anything is asked for. */
  credit_available: Cents;
  /** A fee was sold for this return before. */
  has_fee: boolean;
  fee_claim: string;
  fee_policy: FeePolicy;
  earlier_rejections: readonly EarlierRejection[];
  mandate: { id: string; usable: boolean } | null;
  max_representments: number;
  next_collection_on: Day;
}

export interface Afterwards {
  fee: (Fee & { claim: string }) | null;
  credit_used: Allocation[];
  representments: Representment[];
  not_represented: NotRepresented | null;
}

export function decideAfterwards(
  state: LeftToPerson,
  said: { represent: boolean; fee: boolean; due_on?: Day | undefined },
  today: Day,
): Afterwards {
  const fee = said.fee && !state.has_fee ? feeOf(state, today) : null;
  const newly = fee ? [{ claim: fee.claim, amount: fee.amount }] : [];
  const credit_used = firstOf(newly, state.credit_available).filter(({ amount }) => amount > 0);
  const paid = credit_used[0]?.amount ?? 0;
  const rest = newly.map(({ claim, amount }) => ({ claim, amount: cents(amount - paid) }));
  const owed = [...state.owed, ...rest].filter(({ amount }) => amount > 0);
  const facts = { ...state, today, owed, attempt: state.payment.attempt, first_attempt: state.payment.first_attempt };
  const why = whyNot(said.represent, facts);
  if (why) return { fee, credit_used, representments: [], not_represented: why };
  const request = { due_on: said.due_on ?? state.next_collection_on, method: 'direct_debit' as const };
  return { fee, credit_used, representments: planRepresentments([request], facts), not_represented: null };
}

function feeOf(state: LeftToPerson, today: Day): (Fee & { claim: string }) | null {
  const fee = decideFee(state.fee_policy, {
    on: today,
    reason_code: state.payment.reason_code,
    asked: undefined,
    none_by_policy: false,
    earlier: state.earlier_rejections,
  });
  return fee.amount > 0 ? { ...fee, claim: state.fee_claim } : null;
}

function whyNot(
  represent: boolean,
  facts: { owed: readonly Allocation[]; mandate: LeftToPerson['mandate']; attempt: number; max_representments: number },
): NotRepresented | null {
  if (!represent) return 'operator';
  if (facts.owed.length === 0) return 'nothing_owed';
  if (!facts.mandate?.usable) return 'no_mandate';
  return exhausted(facts) ? 'exhausted' : null;
}
