/**
 * What happened to a contract since it was sold: append-only records, each with an id, that the schedule is computed from.
 *
 * Always true:
 * - a change is never edited or deleted; it is answered by another change (`suspension_removed`, `cancellation_undone`);
 * - a list of changes is in the order they were recorded; that order matters only where two of them conflict;
 * - a change that states a value outright (an instalment edited by hand, the expiry) holds given everything recorded
 *   before it, and what is recorded after it acts on top of it.
 */
import type { Day } from '../day.ts';
import type { Cents } from '../money.ts';
import type { PaymentMethod } from '../payment-method.ts';
import type { FreezeSettings } from './terms.ts';

/** What a suspension says; an edit states all of it anew. */
export interface SuspensionTerms {
  starts_on: Day;
  /** Last suspended day, included; null: unlimited. */
  ends_on: Day | null;
  reason: string;
  /** Charged for each suspended instalment; null: the plan's freeze amount, or what follows from the contract. */
  amount: Cents | null;
  /** The first and last suspended instalment, by number, where the desk overrides the computed ones. */
  first_instalment: number | null;
  last_instalment: number | null;
  /** Settings of the plan's freeze policy that the desk set differently for this suspension. */
  freeze: Partial<FreezeSettings> | null;
  /**
   * Numbers of the instalments that were facts when this was recorded and whose unused days are turned into a credit
   * on the next open instalments. Empty: facts are kept as they are (the default).
   */
  credited: readonly number[];
  /** The day to look again at an unlimited suspension. */
  review_on: Day | null;
  /** The closure that made it, when it suspends every contract of an organization or plan. */
  closure: string | null;
}

/**
 * `note`: why, in the desk's words, where it wrote them. `recorded_on`: the civil day it was recorded; a change that is
 * only being decided has none yet, and counts as recorded today.
 */
export type Change = Happening & { note?: string; recorded_on?: Day };

type Happening =
  | ({ id: string; kind: 'suspension_added'; suspension: string } & SuspensionTerms)
  | ({ id: string; kind: 'suspension_edited'; suspension: string } & SuspensionTerms)
  /** `on` is the first day back: the suspension ends the day before. `amount`: the price from that day, if it is a new one. */
  | { id: string; kind: 'suspension_stopped'; suspension: string; on: Day; amount: Cents | null }
  | { id: string; kind: 'suspension_removed'; suspension: string }
  /** The price of every instalment due on or after `from_on`. `credited`: as for a suspension, the part a fact is dearer by. */
  | { id: string; kind: 'price_changed'; from_on: Day; amount: Cents; credited: readonly number[] }
  | { id: string; kind: 'method_changed'; from_on: Day; method: PaymentMethod }
  /** A gesture: the end moves by days, no instalment is added. */
  | { id: string; kind: 'extended'; days: number; reason: string }
  /**
   * `on` is the last day; before the contract's first day, it never begins. `last_period`: the instalment of the period
   * that `on` cuts is due whole, or for its days. A fee is a sale of its own, no instalment.
   */
  | { id: string; kind: 'cancelled'; on: Day; last_period: 'whole' | 'prorated'; reason: string; fee?: Cents }
  | { id: string; kind: 'cancellation_undone' }
  /** Null leaves that side as computed. `start_was`: see `StatedGiven`. */
  | ({ id: string; kind: 'instalment_edited'; number: number; amount: Cents | null; due_on: Day | null } & StatedGiven)
  /**
   * The last day, included; null takes away the end given to a contract sold open-ended. `instalments`: how many there
   * are now in all, those above it being cancelled; null: without end.
   */
  | ({ id: string; kind: 'expiry_changed'; ends_on: Day | null; instalments: number | null } & StatedGiven)
  /** Money taken off the next open instalments due on or after `from_on`: a compensation. */
  | { id: string; kind: 'credit_granted'; from_on: Day; amount: Cents; reason: string }
  /** Issues published in these days were not served: each is compensated by one more at the end, free in the accounts. */
  | { id: string; kind: 'incident_recorded'; incident: string; from_on: Day; to_on: Day; reason: string }
  | { id: string; kind: 'incident_removed'; incident: string }
  /** A gesture to an issue subscription: so many more issues for the same price. */
  | { id: string; kind: 'issues_extended'; issues: number; reason: string }
  /** A gesture taken back: the extension (a change, by its id) never was. */
  | { id: string; kind: 'extension_removed'; extension: string }
  /** A note that stands alone: it changes nothing. */
  | { id: string; kind: 'noted' };

/**
 * `start_was`: the contract's first day (as the contracts before it in its chain had moved it) when a day was stated
 * outright. If the chain moves it further later, the stated day goes along.
 */
export interface StatedGiven {
  start_was: Day;
}

export type ChangeKind = Change['kind'];
export type ChangeOf<K extends ChangeKind> = Extract<Change, { kind: K }>;

/** A suspension that says only when and why; the rest is left to the plan. */
export function plainSuspension(starts_on: Day, ends_on: Day | null, reason: string): SuspensionTerms {
  return {
    starts_on,
    ends_on,
    reason,
    amount: null,
    first_instalment: null,
    last_instalment: null,
    freeze: null,
    credited: [],
    review_on: null,
    closure: null,
  };
}
