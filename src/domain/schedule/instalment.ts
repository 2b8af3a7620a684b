/** What the schedule answers: the instalments of a contract, its first and last day, and when it is suspended. */
import type { Day } from '../day.ts';
import type { Cents } from '../money.ts';
import type { PaymentMethod } from '../payment-method.ts';
import type { SuspensionTerms } from './changes.ts';
import type { FactStatus } from './facts.ts';
import type { Step } from './shift.ts';

/**
 * `scheduled` will be asked for; `waived` costs nothing and is still listed; `cancelled` is no longer due (its amount
 * says what it would have been); the others are facts.
 */
export type InstalmentStatus = FactStatus | 'cancelled';

export interface Instalment {
  /** Counted from the contract's start; never reused or renumbered. */
  number: number;
  due_on: Day;
  amount: Cents;
  status: InstalmentStatus;
  method: PaymentMethod;
  /** Ids of the changes that made it what it is, in the order recorded. Shared arrays: never written to. */
  explains: readonly string[];
  /** The part of a credit that was taken off it. */
  credited: Cents;
}

/** A suspension as it stands after its edits and its stop. */
export interface Suspension extends SuspensionTerms {
  id: string;
  /** Ids of the changes that made it: added, edited, stopped. */
  changes: readonly string[];
  /** Its place in the list of changes. */
  recorded: number;
  /** It was unlimited until it was stopped, so its instalments are those due before the stop. */
  was_unlimited: boolean;
}

/** Days with the same suspensions on each; periods are disjoint and in order. */
export interface SuspendedPeriod {
  starts_on: Day;
  /** Last day, included; null: unlimited. */
  ends_on: Day | null;
  /** Ids of the suspensions that cover it, in the order of their first day. */
  suspensions: readonly string[];
}

/** A fact that a suspension reaches back over. */
export interface ReachedFact {
  suspension: string;
  number: number;
  /** Suspended days of its period, and the days of that period. */
  unused_days: number;
  period_days: number;
  /** What goes onto the next open instalments; 0 where the fact is kept. */
  credit: Cents;
}

export interface Schedule {
  starts_on: Day;
  /** Last day, included; null while it is open-ended. */
  ends_on: Day | null;
  cancelled_on: Day | null;
  /** The unlimited suspension that holds the end where it is until it is stopped; null when none does. */
  held_by: string | null;
  instalments: Instalment[];
  suspensions: readonly Suspension[];
  suspended_periods: readonly SuspendedPeriod[];
  reached: readonly ReachedFact[];
  /** Credit that found no open instalment to go onto. */
  credit_left: Cents;
  /** How far its end moved from where it was sold: what the renewal after it moves by. */
  end_moved: readonly Step[];
  /** Ids of the changes that moved its end. */
  end_explains: readonly string[];
}
