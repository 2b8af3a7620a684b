/** What the schedule answers: the instalments of a contract, its first and last day, and when it is suspended. */
import type { Day } from '../day.ts';
import type { Cents } from '../money.ts';
import type { PaymentMethod } from '../payment-method.ts';
import type { ChangeOf, SuspensionTerms } from './changes.ts';
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
  /**
   * Ids of the changes that made it what it is, in the order recorded; last those of the suspensions whose unused days were
   * credited on it, which did not suspend it. Shared arrays: never written to.
   */
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

/** A fact that a change reaches back over: it stays what it is, and this is what it would have been less. */
export interface ReachedFact {
  /** Id of the suspension, or of the change of price or cancellation. */
  by: string;
  number: number;
  /** Days of its period that the change takes away, and the days of that period. */
  unused_days: number;
  period_days: number;
  /** What it is dearer by: the unused days over the days of the period, rounded once. */
  difference: Cents;
  /** The difference where it is credited to the next open instalments, else 0. */
  credit: Cents;
}

/** What a contract passes to the one that follows it in its chain. */
export interface ChainMove {
  /** How far its end moved from where it was sold. */
  steps: readonly Step[];
  /** Ids of the changes that moved it. */
  explains: readonly string[];
  /** The unlimited suspension that holds its end: the next one cannot begin, so nothing of it is asked for. */
  held_by: Suspension | null;
  /** It was cancelled, so the next one never begins. */
  cancellation: ChangeOf<'cancelled'> | null;
}

export interface Schedule {
  starts_on: Day;
  /** Last day, included; null while it is open-ended; the day before `starts_on` when it was cancelled before it began. */
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
  /** What the renewal after it is moved by. */
  passed_on: ChainMove;
}
