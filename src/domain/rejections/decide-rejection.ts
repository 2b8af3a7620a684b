/**
 * A payment came back. What the engine makes of it: the payment is rejected, its claims are owed again, a fee may be
 * sold, and what is owed is asked for once more (or not).
 *
 * Always true:
 * - what is asked for again is what remains owed: the claims reopened and the fee, less credit that the customer has;
 * - what was given back of the payment before is owed, too, because the bank has taken all of it;
 * - credit that the payment had made is taken back, and where it was used already, that use too (the last first);
 * - by hand and nothing said: the fee of the article, one representment, by cheque, due on the day of entry; a reason
 *   given by hand closes or suspends the mandate and stops reminders as the bank's would;
 * - from the bank: what the policy of the reason says, by itself; when it cannot (no mandate, represented too often)
 *   nothing is asked for and the decision says why.
 */
import { Refusal } from '../../errors/refusal.ts';
import type { Day } from '../day.ts';
import { type Allocation, allocated } from '../ledger/settlements.ts';
import { type Cents, cents, ZERO } from '../money.ts';
import type { PaymentMethod } from '../payment-method.ts';
import { firstOf, merged } from '../payments/allocation.ts';
import { nextPaymentState, type PaymentState } from '../payments/lifecycle.ts';
import type { ReasonPolicy } from '../return-reasons.ts';
import { decideFee, type EarlierRejection, type Fee, type FeePolicy } from './fee.ts';
import {
  exhausted,
  planRepresentments,
  type Representment,
  type RepresentmentFacts,
  type RepresentmentRequest,
} from './representments.ts';

export interface RejectionState {
  payment: {
    id: string;
    state: PaymentState;
    /** The day it was paid, or handed to the bank. */
    on: Day;
    /** What it settled, instalments before fees. */
    allocations: readonly Allocation[];
    /** What of it became credit. */
    credit: Cents;
    attempt: number;
    first_attempt: string;
  };
  /** What was given back of it before, and the claim that this becomes: the bank has taken that, too. Null: nothing. */
  given_back?: Allocation | null;
  /** The customer's credit before the rejection, and the uses of it, oldest first. */
  credit_available: Cents;
  credit_uses: readonly { id: string; claim: string; amount: Cents }[];
  mandate: { id: string; usable: boolean } | null;
  fee_policy: FeePolicy;
  earlier_rejections: readonly EarlierRejection[];
  /** The id that the fee will have if one is sold. */
  fee_claim: string;
  max_representments: number;
  /** The day a representment by policy is collected on; null: no collection is foreseen. */
  next_collection_on: Day | null;
  /** How a representment that is not collected is asked for unless the operator says otherwise. */
  usual_method: PaymentMethod;
}

export interface RejectionInput {
  received_on: Day;
  reason_code: string | null;
  /** Left out: what the fee rules say; 0: waived. */
  fee_amount?: Cents;
  /** What the bank keeps for the return; the organization's expense. */
  bank_charge_amount?: Cents;
  /** Left out: the default, or what the policy says; empty: none. */
  representments?: readonly RepresentmentRequest[];
  /** Who tells of it: a person at the desk, or a message of the bank. */
  told_by: 'hand' | 'bank';
  /** The policy of the reason; null: no reason was told, which only a person may leave out. */
  policy: ReasonPolicy | null;
}

export type NotRepresented =
  | 'operator'
  | 'policy'
  | 'person'
  | 'exhausted'
  | 'no_mandate'
  | 'no_collection'
  | 'nothing_owed';

export interface Rejection {
  payment: string;
  state: PaymentState;
  received_on: Day;
  reason_code: string | null;
  reopened: Allocation[];
  given_back: Allocation | null;
  credit_taken_back: Cents;
  credit_uses_taken_back: { id: string; claim: string; amount: Cents }[];
  /** Credit that the customer has otherwise and that pays what was reopened and the fee. */
  credit_used: Allocation[];
  fee: Fee & { claim: string; follows: string | null };
  bank_charge_amount: Cents;
  /** What is owed because of this rejection, fee included. */
  owed_amount: Cents;
  representments: Representment[];
  not_represented: NotRepresented | null;
  mandate: ReasonPolicy['mandate'];
  /** No reminder goes out for this debt. */
  stop_reminders: boolean;
  needs_person: boolean;
}

/** @throws Refusal `payment_already_rejected`, `payment_state_forbids`, `rejection_in_future`, `rejection_before_payment` and those of fee and representments */
export function decideRejection(state: RejectionState, input: RejectionInput, today: Day): Rejection {
  const { payment } = state;
  if (payment.state === 'rejected') throw new Refusal('payment_already_rejected', {});
  const nextState = nextPaymentState(payment.state, 'reject');
  if (input.received_on > today)
    throw new Refusal('rejection_in_future', { received_on: input.received_on }, { pointer: '/received_on' });
  if (input.told_by === 'hand' && input.received_on < payment.on)
    throw new Refusal('rejection_before_payment', { paid_on: payment.on }, { pointer: '/received_on' });

  const fee = decideFee(state.fee_policy, {
    on: input.received_on,
    reason_code: input.reason_code,
    asked: input.fee_amount,
    none_by_policy: input.policy?.fee === false,
    earlier: state.earlier_rejections,
  });
  const credit = takeCreditBack(state, fee.amount);
  const plan = planByPolicy(state, input, credit.owed, today);
  return {
    payment: payment.id,
    state: nextState,
    received_on: input.received_on,
    reason_code: input.reason_code,
    reopened: [...payment.allocations],
    given_back: state.given_back ?? null,
    credit_taken_back: payment.credit,
    credit_uses_taken_back: credit.uses_taken_back,
    credit_used: credit.used,
    fee: { ...fee, claim: state.fee_claim, follows: payment.allocations[0]?.claim ?? null },
    bank_charge_amount: input.bank_charge_amount ?? ZERO,
    owed_amount: allocated(credit.owed),
    ...plan,
    mandate: input.policy?.mandate ?? 'keep',
    stop_reminders: input.policy?.stop_reminders ?? false,
    needs_person: waitsForPerson(input),
  };
}

/** What the payment had settled and made, undone, and the fee; then what other credit the customer has, used. */
function takeCreditBack(
  state: RejectionState,
  fee: Cents,
): {
  owed: Allocation[];
  used: Allocation[];
  uses_taken_back: { id: string; claim: string; amount: Cents }[];
} {
  const { payment } = state;
  let missing = payment.credit - Math.min(payment.credit, state.credit_available);
  const usesTakenBack: { id: string; claim: string; amount: Cents }[] = [];
  for (const use of [...state.credit_uses].reverse()) {
    const part = Math.min(missing, use.amount);
    if (part > 0) usesTakenBack.push({ ...use, amount: cents(part) });
    missing -= part;
  }
  const owedAgain = merged([...payment.allocations, ...usesTakenBack]);
  if (state.given_back) owedAgain.push(state.given_back);
  if (fee > 0) owedAgain.push({ claim: state.fee_claim, amount: fee });
  const other = cents(Math.max(0, state.credit_available - payment.credit));
  const used = firstOf(owedAgain, other);
  const left = owedAgain.map(({ claim, amount }, at) => ({ claim, amount: cents(amount - (used[at]?.amount ?? 0)) }));
  return { owed: left.filter(({ amount }) => amount > 0), used, uses_taken_back: usesTakenBack };
}

function planByPolicy(
  state: RejectionState,
  input: RejectionInput,
  owed: Allocation[],
  today: Day,
): Pick<Rejection, 'representments' | 'not_represented'> {
  const facts: RepresentmentFacts = {
    today,
    owed,
    attempt: state.payment.attempt,
    first_attempt: state.payment.first_attempt,
    mandate: usableAfter(state.mandate, input.policy),
    max_representments: input.policy?.represent ? input.policy.max_representments : state.max_representments,
  };
  const none = (why: NotRepresented) => ({ representments: [], not_represented: why });
  if (owed.length === 0) return none('nothing_owed');
  if (input.representments !== undefined) {
    if (input.representments.length === 0) return none('operator');
    return { representments: planRepresentments(input.representments, facts), not_represented: null };
  }
  if (input.told_by === 'hand')
    return {
      representments: planRepresentments([{ due_on: today, method: state.usual_method }], facts),
      not_represented: null,
    };
  if (waitsForPerson(input)) return none('person');
  if (!input.policy?.represent) return none('policy');
  if (!facts.mandate?.usable) return none('no_mandate');
  if (exhausted(facts)) return none('exhausted');
  if (state.next_collection_on === null || state.next_collection_on < today) return none('no_collection');
  return {
    representments: planRepresentments([{ due_on: state.next_collection_on, method: 'direct_debit' }], facts),
    not_represented: null,
  };
}

/** The bank told a reason that a person decides on, and nobody has decided yet. */
function waitsForPerson(input: RejectionInput): boolean {
  return (input.policy?.needs_person ?? true) && input.told_by === 'bank' && input.representments === undefined;
}

function usableAfter(mandate: RejectionState['mandate'], policy: ReasonPolicy | null): RejectionState['mandate'] {
  if (mandate === null || policy === null || policy.mandate === 'keep') return mandate;
  return { ...mandate, usable: false };
}
