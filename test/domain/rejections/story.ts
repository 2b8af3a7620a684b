/**
 * A customer's story, day by day, in memory: carries out the decisions of the domain and keeps what they made. It
 * decides nothing itself, so that what the golden tables show is what the decisions say.
 */
import { type Access, access } from '../../../src/domain/access.ts';
import { type Candidate, type Draft, draftCollection } from '../../../src/domain/collections/draft.ts';
import type { Day } from '../../../src/domain/day.ts';
import { day } from '../../../src/domain/day.ts';
import type { Posting } from '../../../src/domain/ledger/posting.ts';
import { openByClaim } from '../../../src/domain/ledger/posting.ts';
import { type ClaimKind, sold } from '../../../src/domain/ledger/sales.ts';
import { type Allocation, creditUsed, presented, received } from '../../../src/domain/ledger/settlements.ts';
import { type Statement, standing, statement } from '../../../src/domain/ledger/statement.ts';
import { type Cents, cents, ZERO } from '../../../src/domain/money.ts';
import type { PaymentMethod } from '../../../src/domain/payment-method.ts';
import type { ShrunkPayment } from '../../../src/domain/payments/asked.ts';
import { type ClaimStanding, debtsOf, leftAmount, type OpenPayment } from '../../../src/domain/payments/claims.ts';
import type { PaymentState } from '../../../src/domain/payments/lifecycle.ts';
import { decideReceipt, type ReceiptInput } from '../../../src/domain/payments/receipt.ts';
import { useCredit } from '../../../src/domain/payments/use-credit.ts';
import {
  decideRejection,
  type Rejection,
  type RejectionInput,
} from '../../../src/domain/rejections/decide-rejection.ts';
import { type FeePolicy, noFee } from '../../../src/domain/rejections/fee.ts';
import { postingsOfRejection } from '../../../src/domain/rejections/rejection-postings.ts';

const CUSTOMER = 'cus_1';

interface StoryClaim {
  id: string;
  kind: ClaimKind;
  amount: Cents;
  due_on: Day;
  follows: string | null;
  reopened_on: Day | null;
}

export interface StoryPayment {
  id: string;
  state: PaymentState;
  amount: Cents;
  method: PaymentMethod;
  due_on: Day;
  on: Day;
  collection_on: Day | null;
  allocations: Allocation[];
  credit: Cents;
  attempt: number;
  first_attempt: string;
  settling: Posting[];
}

export const fee10: FeePolicy = {
  ...noFee,
  article: { id: 'art_fee', label: 'Frais de rejet', amount: cents(1000), tax_rate_bps: 0 },
};

export function startStory(feePolicy: FeePolicy = fee10) {
  const claims: StoryClaim[] = [];
  const payments: StoryPayment[] = [];
  const postings: Posting[] = [];
  const uses: { id: string; claim: string; amount: Cents; postings: Posting[] }[] = [];
  const rejections: Rejection[] = [];

  function sell(claim: StoryClaim, on: Day): void {
    if (postings.some((posting) => posting.entry === `sale:${claim.id}:1`)) return;
    postings.push(...sold({ ...claim, claim: claim.id, customer: CUSTOMER, tax_rate_bps: 0 }, on));
  }

  function openPayments(): OpenPayment[] {
    return payments.flatMap((payment) =>
      payment.state === 'pending' || payment.state === 'collecting' ? [{ ...payment, state: payment.state }] : [],
    );
  }

  /** What stands on each claim, read off the ledger. */
  function standings(): ClaimStanding[] {
    const open = openByClaim(postings);
    return claims.map((claim) => {
      const flying = payments
        .filter((payment) => payment.state === 'collecting')
        .flatMap((payment) => payment.allocations)
        .filter((allocation) => allocation.claim === claim.id)
        .reduce((all, allocation) => all + allocation.amount, 0);
      const left = open.get(claim.id) ?? claim.amount;
      return { ...claim, settled_amount: cents(claim.amount - left - flying) };
    });
  }

  function addPayment(
    payment: Pick<StoryPayment, 'state' | 'amount' | 'method' | 'due_on' | 'allocations'> & Partial<StoryPayment>,
  ): StoryPayment {
    const id = `pay_${payments.length + 1}`;
    const whole = {
      id,
      on: payment.due_on,
      collection_on: null,
      credit: ZERO,
      attempt: 1,
      first_attempt: id,
      settling: [],
      ...payment,
    };
    payments.push(whole);
    return whole;
  }

  function paymentOf(id: string): StoryPayment {
    const payment = payments.find((candidate) => candidate.id === id);
    if (!payment) throw new Error(`the story has no payment ${id}`);
    return payment;
  }

  function shrink(asked: readonly ShrunkPayment[]): void {
    for (const { payment, amount, allocations } of asked) {
      const target = paymentOf(payment);
      if (amount === 0) target.state = 'cancelled';
      else Object.assign(target, { amount, allocations });
    }
  }

  return {
    claims,
    payments,
    postings,
    rejections,
    paymentOf,
    standings,

    instalment(id: string, amount: Cents, dueOn: Day): void {
      claims.push({ id, kind: 'instalment', amount, due_on: dueOn, follows: null, reopened_on: null });
    },

    /** What the daily work does: what falls due is sold, and paid from the customer's credit as far as it goes. */
    openDay(today: Day): void {
      for (const claim of claims) {
        if (claim.due_on <= today) sell(claim, today);
      }
      const { credit_amount } = standing(postings, today);
      const { allocations, asked } = useCredit(credit_amount, standings(), openPayments(), today);
      shrink(asked);
      if (allocations.length === 0) return;
      const id = `use_${uses.length + 1}`;
      const used = creditUsed({ id, customer: CUSTOMER, on: today, allocations });
      for (const part of allocations) uses.push({ ...part, id, postings: used });
      postings.push(...used);
    },

    pay(input: ReceiptInput, today: Day): StoryPayment {
      const receipt = decideReceipt({ claims: standings(), payments: openPayments() }, input, today);
      shrink(receipt.asked);
      const settled = {
        state: 'settled' as const,
        amount: receipt.amount,
        method: receipt.method,
        due_on: receipt.paid_on,
        on: receipt.paid_on,
        allocations: receipt.allocations,
        credit: receipt.credit,
      };
      const payment = receipt.pays ? Object.assign(paymentOf(receipt.pays), settled) : addPayment(settled);
      for (const { claim } of receipt.allocations) {
        const target = claims.find((candidate) => candidate.id === claim);
        if (target) sell(target, receipt.paid_on);
      }
      payment.settling = received({ ...receipt, payment: payment.id, customer: CUSTOMER, on: receipt.paid_on });
      postings.push(...payment.settling);
      return payment;
    },

    reject(id: string, input: Partial<RejectionInput>, today: Day, nextCollectionOn: Day | null = null): Rejection {
      const payment = paymentOf(id);
      const feeClaim = `fee_${rejections.length + 1}`;
      const decision = decideRejection(
        {
          payment,
          credit_available: standing(postings, today).credit_amount,
          credit_uses: uses,
          mandate: { id: 'man_1', usable: true },
          fee_policy: feePolicy,
          earlier_rejections: rejections.map((r) => ({ on: r.received_on, fee_amount: r.fee.amount })),
          fee_claim: feeClaim,
          max_representments: 2,
          next_collection_on: nextCollectionOn,
          usual_method: 'cheque',
        },
        { received_on: today, reason_code: null, told_by: 'hand', policy: null, ...input },
        today,
      );
      rejections.push(decision);
      postings.push(
        ...postingsOfRejection(decision, {
          customer: CUSTOMER,
          nth: 1,
          settling: payment.settling,
          credit_left: payment.credit,
          credit_uses: new Map(uses.map((use) => [use.id, use.postings])),
        }),
      );
      for (const back of decision.credit_uses_taken_back) {
        const use = uses.find((one) => one.id === back.id && one.claim === back.claim);
        if (use) use.amount = cents(use.amount - back.amount);
      }
      if (decision.credit_used.length > 0) {
        const entry = postings.filter((posting) => posting.entry === `credit_used:${payment.id}:1`);
        for (const part of decision.credit_used) uses.push({ ...part, id: `${payment.id}:1`, postings: entry });
      }
      payment.state = decision.state;
      for (const { claim } of decision.reopened) {
        const target = claims.find((candidate) => candidate.id === claim);
        if (target) target.reopened_on = decision.received_on;
      }
      const { fee } = decision;
      if (fee.amount > 0)
        claims.push({
          id: fee.claim,
          kind: 'fee',
          amount: fee.amount,
          due_on: decision.received_on,
          follows: fee.follows,
          reopened_on: null,
        });
      for (const part of decision.representments) addPayment({ ...part, state: 'pending' });
      return decision;
    },

    collect(today: Day, until: Day): Draft {
      const mandate = {
        id: 'man_1',
        kind: 'recurrent' as const,
        state: 'active' as const,
        suspended_for: null,
        signed_on: day('2010-01-01'),
        last_collected_on: null,
        account_change_untold: false,
      };
      const common = {
        customer: CUSTOMER,
        contract: 'ctr_1',
        waived: false,
        in_flight: false,
        promised_until: null,
        customer_deceased: false,
        collections_stopped: false,
        address_known: true,
        bank_outside_eea: false,
        mandate,
      };
      const asked = payments.filter((p) => p.state === 'pending' && p.method === 'direct_debit' && p.due_on <= until);
      const candidates: Candidate[] = asked.map((p) => ({
        ...common,
        id: p.id,
        kind: 'representment',
        amount: p.amount,
        due_on: p.due_on,
        rejected: false,
      }));
      for (const claim of standings()) {
        if (claim.kind !== 'instalment' || claim.due_on > until) continue;
        const flying = openPayments().some(
          (p) => p.state === 'collecting' && p.allocations.some((a) => a.claim === claim.id),
        );
        const amount = leftAmount(claim, openPayments());
        if (amount === 0 && !flying) continue;
        candidates.push({
          ...common,
          id: claim.id,
          kind: 'instalment',
          amount,
          due_on: claim.due_on,
          in_flight: flying,
          rejected: claim.reopened_on !== null,
        });
      }
      const draft = draftCollection(candidates, {
        until_on: until,
        today,
        minimum_amount: cents(1),
        bank_wants_first: false,
        earliest_on: today,
      });
      for (const line of draft.lines) {
        const claim = claims.find((candidate) => candidate.id === line.id);
        const payment = claim
          ? addPayment({
              state: 'pending',
              amount: line.amount,
              method: 'direct_debit',
              due_on: line.due_on,
              allocations: [{ claim: claim.id, amount: line.amount }],
            })
          : paymentOf(line.id);
        Object.assign(payment, { state: 'collecting', on: today, collection_on: line.collection_on });
        for (const allocation of payment.allocations) {
          const target = claims.find((candidate) => candidate.id === allocation.claim);
          if (target) sell(target, today);
        }
        payment.settling = presented({
          payment: payment.id,
          customer: CUSTOMER,
          on: today,
          allocations: payment.allocations,
        });
        postings.push(...payment.settling);
      }
      return draft;
    },

    statement(asOf: Day): Statement {
      return statement(
        postings,
        payments.filter((payment) => payment.state === 'pending'),
        asOf,
      );
    },

    access(today: Day): Access {
      const debts = debtsOf(standings(), openPayments()).map((debt) => ({
        ...debt,
        promised_until: null,
        stage_block_on: null,
      }));
      return access(
        { contracts: [{ id: 'ctr_1', starts_on: day('2010-01-01'), ends_on: null }], suspensions: [], debts },
        { grace_days: 0, in_flight_days: 14, offline_days: 35 },
        today,
      );
    },
  };
}

export type Story = ReturnType<typeof startStory>;
