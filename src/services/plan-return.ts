/**
 * What is to be booked for a payment that came back: from the decision, and from everything that the bank has told of
 * its presentation. Pure: writes nothing.
 *
 * Always true:
 * - an effect of the bank's messages is planned once, because its key is the cause of its postings;
 * - a failure that the same messages also reverse is booked and taken back, without fee, representment or reminder.
 */
import type { ReadContext } from '../context.ts';
import { postingsOfBankEffect } from '../domain/bank-events/bank-postings.ts';
import {
  type BankEvent,
  newEffects,
  type PresentationOutcome,
  presentationState,
} from '../domain/bank-events/presentation.ts';
import { effectsByWord } from '../domain/bank-events/words.ts';
import type { Day } from '../domain/day.ts';
import { afterNotes, type FreedMoney, NOTE_ENTRY } from '../domain/ledger/credit-notes.ts';
import type { Posting } from '../domain/ledger/posting.ts';
import { saleInForce } from '../domain/ledger/sale-in-force.ts';
import { waived } from '../domain/ledger/sales.ts';
import {
  type Allocation,
  allocated,
  bankCharge,
  closedAgain,
  FREED_ENTRY,
  reopened,
  turnedToCredit,
} from '../domain/ledger/settlements.ts';
import { type Cents, cents } from '../domain/money.ts';
import { without } from '../domain/payments/allocation.ts';
import { openAmount } from '../domain/payments/claims.ts';
import type { PaymentState } from '../domain/payments/lifecycle.ts';
import {
  decideRejection,
  type Rejection,
  type RejectionInput,
  type RejectionState,
} from '../domain/rejections/decide-rejection.ts';
import { decideRestoration, type Restoration } from '../domain/rejections/decide-restoration.ts';
import type { FeePolicy } from '../domain/rejections/fee.ts';
import { refundedPart, repaidSetFree } from '../domain/rejections/refunded-part.ts';
import { postingsOfRejection } from '../domain/rejections/rejection-postings.ts';
import { openPayments } from '../store/customer-money.ts';
import type { ReturnedPayment } from '../store/returned-payments.ts';

export interface ReturnPlan {
  returned: ReturnedPayment;
  postings: Posting[];
  /** Set where the payment newly failed and the failure holds. */
  rejection: Rejection | null;
  /** Set where a failure booked before is taken back. */
  restoration: Restoration | null;
  /** Money that had paid what was given back of the payment, and has nothing more to pay. */
  freed: FreedMoney[];
  state: PaymentState;
  rejections: number;
  /** The state of its presentation; null: it had none. */
  line: 'in_flight' | 'settled' | 'failed' | null;
  doubts: PresentationOutcome['doubts'];
  /** The claims that this touches. */
  claims: string[];
  /** The reason that all words together give; null: none, or it did not fail. */
  reason_code: string | null;
  /** For each word told, the keys of the effects that it brought. */
  booked: string[][];
}

/** A word about a presentation, with what the bank keeps for a return where it tells that. */
export interface Word extends BankEvent {
  charge?: Cents | null;
}

/** What is told of a payment that came back. */
export interface ToldReturn {
  /** Words about its presentation, where it has one. */
  events: readonly Word[];
  /** What to decide on, given the reason that all words together give. */
  input: (reasonCode: string | null) => RejectionInput;
  new_fee: string;
  /** The id of the claim for what was given back of the payment before, where there is none yet. */
  new_refund_claim: string;
}

type Settings = Pick<ReadContext, 'organization' | 'today'>;

export function planReturn(ctx: Settings, returned: ReturnedPayment, told: ToldReturn): ReturnPlan {
  return returned.presentation
    ? planPresented(ctx, returned, returned.presentation.events, told)
    : planReceived(ctx, returned, told);
}

function planReceived(ctx: Settings, returned: ReturnedPayment, told: ToldReturn): ReturnPlan {
  const { payment } = returned;
  const nth = payment.rejections + 1;
  const rejection = decideRejection(rejectionState(ctx, returned, told), told.input(null), ctx.today);
  const settling = settlingPostings(returned.postings, payment.id, nth);
  return {
    returned,
    postings: postingsOfRejection(rejection, booksOf(returned, settling, nth)),
    rejection,
    restoration: null,
    freed: [],
    state: rejection.state,
    rejections: nth,
    line: null,
    doubts: [],
    claims: claimsOf(rejection, null),
    reason_code: rejection.reason_code,
    booked: [],
  };
}

function planPresented(
  ctx: Settings,
  returned: ReturnedPayment,
  before: readonly BankEvent[],
  told: ToldReturn,
): ReturnPlan {
  const { payment } = returned;
  let current = returned;
  const outcome = presentationState([...before, ...told.events]);
  const done = effectsDone(returned.postings);
  const postings: Posting[] = [];
  const all = () => [...returned.postings, ...postings];
  let rejection: Rejection | null = null;
  let restoration: Restoration | null = null;
  const freed: FreedMoney[] = [];
  let rejections = payment.rejections;
  for (const effect of newEffects(outcome, done)) {
    const on = bookingDay(ctx, effect.on);
    if (effect.kind === 'reopen') {
      const settling = settlingPostings(all(), payment.id, effect.nth);
      rejections = effect.nth;
      if (outcome.failure?.nth === effect.nth) {
        const input = { ...told.input(outcome.failure.reason_code), received_on: on };
        rejection = decideRejection(collectedState(ctx, current, told), input, ctx.today);
        postings.push(...postingsOfRejection(rejection, booksOf(current, settling, effect.nth)));
      } else postings.push(...reopened(settling, { payment: payment.id, nth: effect.nth, on }));
    } else if (effect.kind === 'close_again') {
      const turns = all().filter((posting) => posting.entry === `reopened:${payment.id}:${effect.nth}`);
      postings.push(...closedAgain(turns, { payment: payment.id, nth: effect.nth, on }));
      if (done.has(`reopen/${effect.nth}`)) {
        restoration = decideRestoration(restorationState(returned));
        const repaid = repaidOf(restoration, returned, effect.nth, on);
        postings.push(...restorationPostings(restoration, returned, effect.nth, on), ...repaid.postings);
        freed.push(...repaid.freed);
        current = afterRestoration(returned, restoration, freed);
      }
    } else
      postings.push(
        ...postingsOfBankEffect({ ...effect, on }, { payment: payment.id, amount: payment.amount, turns: [] }),
      );
  }
  const booked = effectsByWord(before, told.events, done);
  const charged = chargeOf(told.events, outcome, done);
  if (charged) {
    postings.push(bankCharge({ ...charged, payment: payment.id, on: bookingDay(ctx, charged.on) }));
    booked[charged.word]?.push(`charge/${charged.nth}`);
  }
  const settled = payment.refunded >= payment.amount ? 'refunded' : 'settled';
  const states = { in_flight: 'collecting', settled, failed: 'rejected' } as const;
  return {
    returned,
    postings,
    rejection,
    restoration,
    freed,
    state: states[outcome.state],
    rejections,
    line: outcome.state,
    doubts: outcome.doubts,
    claims: [...new Set([...claimsOf(rejection, restoration), ...payment.allocations.map(({ claim }) => claim)])],
    reason_code: outcome.failure?.reason_code ?? null,
    booked,
  };
}

/** What the bank keeps for a return: booked once for each time that the payment came back, whichever message tells it. */
function chargeOf(words: readonly Word[], outcome: PresentationOutcome, done: ReadonlySet<string>) {
  const nth = outcome.effects.filter(({ kind }) => kind === 'reopen').length;
  if (nth === 0 || done.has(`charge/${nth}`)) return null;
  const word = words.findIndex(({ charge }) => (charge ?? 0) > 0);
  const told = words[word];
  return told?.charge ? { nth, word, amount: told.charge, on: told.on } : null;
}

/** A bank's file may be dated after our own today (another timezone, a test clock): nothing is booked in the future. */
function bookingDay(ctx: Settings, on: Day): Day {
  return on > ctx.today ? ctx.today : on;
}

export function feePolicyOf(ctx: Pick<ReadContext, 'organization'>): FeePolicy {
  const settings = ctx.organization.settings.rejections;
  const byReason = Object.entries(settings.fee_by_reason).map(([code, amount]) => [code, cents(amount)] as const);
  return {
    article: settings.fee && {
      id: settings.fee.article,
      label: settings.fee.label,
      amount: cents(settings.fee.amount),
      tax_rate_bps: settings.fee.tax_rate_bps,
    },
    forbidden: settings.fee_forbidden,
    first_free_months: settings.first_free_months,
    max_per_year: settings.max_fees_per_year,
    max_amount: settings.max_fee_amount === null ? null : cents(settings.max_fee_amount),
    by_reason: Object.fromEntries(byReason),
  };
}

function rejectionState(ctx: Settings, returned: ReturnedPayment, told: ToldReturn): RejectionState {
  const { payment, money } = returned;
  const { rejections } = ctx.organization.settings;
  const refunded = refundedPart(returned.postings, payment.allocations);
  const claim = returned.refund_claim ?? told.new_refund_claim;
  return {
    payment: { ...payment, allocations: refunded.left, on: payment.paid_on ?? payment.due_on },
    given_back: refunded.amount > 0 ? { claim, amount: refunded.amount } : null,
    credit_available: money.credit,
    credit_uses: returned.credit_uses,
    mandate: returned.mandate,
    fee_policy: feePolicyOf(ctx),
    earlier_rejections: returned.earlier_rejections,
    fee_claim: told.new_fee,
    max_representments: rejections.max_representments,
    next_collection_on: returned.next_collection_on,
    usual_method: rejections.usual_method,
  };
}

/** A failure after a reversal finds the payment rejected or settled, as the messages came; here it is with the bank. */
function collectedState(ctx: Settings, returned: ReturnedPayment, told: ToldReturn): RejectionState {
  const state = rejectionState(ctx, returned, told);
  return { ...state, payment: { ...state.payment, state: 'collecting' } };
}

function restorationState(returned: ReturnedPayment) {
  const { money, fee } = returned;
  const payment = { ...returned.payment, allocations: reopenedOf(returned) };
  const open = openPayments(money);
  const touched = new Set([...payment.allocations.map(({ claim }) => claim), ...(fee ? [fee.claim] : [])]);
  return {
    payment: { ...payment, state: 'rejected' as const },
    open: new Map(money.claims.map((claim) => [claim.id, openAmount(claim, open)])),
    fee: fee && { claim: fee.claim, amount: fee.amount, invoiced: fee.invoiced !== null },
    refund_claim: returned.refund_claim,
    asked: open
      .filter((one) => one.state === 'pending' && one.allocations.some(({ claim }) => touched.has(claim)))
      .map((one) => ({ payment: one.id, allocations: one.allocations })),
  };
}

/** What the last return has reopened. */
function reopenedOf({ payment, postings }: ReturnedPayment): Allocation[] {
  const entry = `reopened:${payment.id}:${payment.rejections}`;
  return postings.flatMap(({ claim, amount, entry: of }) =>
    of === entry && claim !== null ? [{ claim, amount }] : [],
  );
}

function restorationPostings(restoration: Restoration, returned: ReturnedPayment, nth: number, on: Day): Posting[] {
  const { payment, money, fee } = returned;
  const id = `${payment.id}:${nth}`;
  const postings = restoration.to_credit.map(({ claim, amount }) =>
    turnedToCredit({ id, payment: payment.id, customer: money.customer, claim, amount, on }),
  );
  if (fee && restoration.fee_waived > 0) {
    const sale = saleInForce({ id: fee.claim, postings: fee.postings });
    postings.push(...waived(sale, { id, amount: restoration.fee_waived, on }));
  }
  return postings;
}

function repaidOf({ repaid }: Restoration, returned: ReturnedPayment, nth: number, on: Day) {
  const { payment, money, refund_claim: id, refund_postings } = returned;
  if (id === null || repaid === 0) return { postings: [], freed: [] };
  return repaidSetFree(refund_postings, { id, customer: money.customer }, { payment: payment.id, nth, on });
}

/** The payment as the restoration leaves it: what a claim had no more room for is credit that it made. */
export function afterRestoration(
  returned: ReturnedPayment,
  { to_credit }: Restoration,
  others: readonly FreedMoney[],
): ReturnedPayment {
  const { payment, money } = returned;
  const unused = others.flatMap(({ payment, claim }) => (payment === null ? [claim] : []));
  const freed = allocated(to_credit);
  const excess = new Map(to_credit.map(({ claim, amount }) => [claim, amount as number]));
  return {
    ...returned,
    payment: {
      ...payment,
      credit: cents(payment.credit + freed),
      allocations: without(payment.allocations, excess),
    },
    money: { ...money, credit: cents(money.credit + freed + allocated(others)) },
    credit_uses: returned.credit_uses.filter(({ claim }) => !unused.includes(claim)),
  };
}

/** The keys of the bank effects that were carried out, read off the ledger. */
export function effectsDone(postings: readonly Posting[]): Set<string> {
  const kinds: Readonly<Record<string, string>> = {
    reopened: 'reopen',
    closed: 'close_again',
    bank_in: 'bank_in',
    bank_out: 'bank_out',
    bank_charge: 'charge',
  };
  const done = new Set<string>();
  for (const { entry } of postings) {
    const [verb = '', , nth] = entry.split(':');
    if (Object.hasOwn(kinds, verb)) done.add(`${kinds[verb]}/${nth}`);
  }
  return done;
}

/**
 * The postings that settled the claims of a payment last (received, handed over, or closed again), with what credit
 * notes, or money that had come in between, made credit of since.
 */
function settlingPostings(postings: readonly Posting[], payment: string, nth: number): Posting[] {
  const entries = nth === 1 ? [`received:${payment}`, `presented:${payment}`] : [`closed:${payment}:${nth - 1}`];
  const lastTurn = postings.findLastIndex(({ entry }) => entries.includes(entry));
  const opens = [NOTE_ENTRY, `${FREED_ENTRY}${payment}:`];
  const notes = postings.filter(({ entry }, at) => at > lastTurn && opens.some((one) => entry.startsWith(one)));
  return afterNotes(
    postings.filter(({ entry }) => entries.includes(entry)),
    notes,
  );
}

function booksOf(returned: ReturnedPayment, settling: Posting[], nth: number) {
  const uses = new Map<string, Posting[]>();
  for (const { id, posting } of returned.credit_uses) uses.set(id, [...(uses.get(id) ?? []), posting]);
  return {
    customer: returned.money.customer,
    nth,
    settling,
    credit_left: returned.payment.credit,
    credit_uses: uses,
  };
}

function claimsOf(rejection: Rejection | null, restoration: Restoration | null): string[] {
  const touched = [
    ...(rejection?.reopened ?? []),
    ...(rejection?.credit_uses_taken_back ?? []),
    ...(rejection?.credit_used ?? []),
    ...(restoration?.closed ?? []),
  ];
  return [...new Set(touched.map(({ claim }) => claim))];
}
