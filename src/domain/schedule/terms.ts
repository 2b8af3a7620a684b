/**
 * What was sold: the terms of a membership contract, fixed at its sale and never edited afterwards. Everything
 * that happens later is a change (`changes.ts`).
 *
 * Always true:
 * - the plan's freeze policy is copied in at the sale, so editing a plan touches no contract already sold;
 * - `ends_on` null means sold open-ended, and a contract keeps being suspended the way it was sold, even when it is
 *   given an end later.
 */
import type { Day } from '../day.ts';
import type { Cents } from '../money.ts';
import type { PaymentMethod } from '../payment-method.ts';

/** How the suspended instalments are chosen where they are charged (not moved). */
export const instalmentRules = ['whole_months', 'due_inside', 'prorated'] as const;
/**
 * - `whole_months`: as many as there are whole calendar months in the suspension, from its first day on (the default);
 * - `due_inside`: those whose due day is a suspended day;
 * - `prorated`: every instalment whose period has suspended days, day over days of the period.
 */
export type InstalmentRule = (typeof instalmentRules)[number];

/** How far a shift goes: whole months where the suspension is a whole number of them, else its days; or always its days. */
export const shiftUnits = ['months_else_days', 'days'] as const;
export type ShiftUnit = (typeof shiftUnits)[number];

/** What a desk may set differently for one suspension, unless the organization locked it. */
export const lockableSettings = ['amount', 'shift', 'discount', 'instalments', 'instalment_rule', 'limits'] as const;
export type LockableSetting = (typeof lockableSettings)[number];

export interface FreezeSettings {
  /** Not active: the end and the open instalments move, whatever the two shifts say. */
  active: boolean;
  shift_end: boolean;
  shift_instalments: boolean;
  /** Taken off instalments due inside the suspension, where they are not shifted. At most one of the two is set. */
  discount_bps: number | null;
  discount_amount: Cents | null;
  /** Charged for each suspended instalment; keeps the instalments in place. */
  amount: Cents | null;
  instalment_rule: InstalmentRule;
}

/** The freeze policy of a plan. */
export interface FreezePolicy extends FreezeSettings {
  min_months: number | null;
  min_days: number | null;
  /** Suspended days and number of suspensions allowed per contract year (a year from the contract's start). */
  max_days_per_year: number | null;
  max_per_year: number | null;
  /** No suspension while the customer owes something. */
  requires_no_debt: boolean;
  locked: readonly LockableSetting[];
}

/** Which issues of a publication were sold. The last one follows from what happened since: `../issues/entitlement.ts`. */
export interface IssueTerms {
  /** Id of the publication. */
  publication: string;
  /** The number of the first issue. */
  first: number;
  /** How many were sold. */
  count: number;
}

export interface Terms {
  starts_on: Day;
  /** Last day, included; null when open-ended. */
  ends_on: Day | null;
  /** Due day of instalment 1, and the anchor of all that follow. */
  first_due_on: Day;
  interval_months: number;
  /** How many; null: as many as fall due in the term, or without end for an open-ended contract. */
  instalments: number | null;
  amount: Cents;
  method: PaymentMethod;
  freeze: FreezePolicy;
  shift_unit: ShiftUnit;
  /** Days between the day a cancellation is recorded and the earliest last day it may name. */
  notice_days: number;
  /** Charged for a cancellation unless the desk says otherwise; 0 when left out. */
  cancellation_amount?: Cents;
  /** Of a credit pack only: what was bought is credits, not time. */
  pack?: true;
  /** Of an issue subscription only. It has no last day: it ends with its last issue. */
  issues?: IssueTerms;
}

/** A plan that says nothing about freezes: the end and the open instalments move, nothing is limited. */
export const noFreezePolicy: FreezePolicy = {
  active: false,
  shift_end: false,
  shift_instalments: false,
  discount_bps: null,
  discount_amount: null,
  amount: null,
  instalment_rule: 'whole_months',
  min_months: null,
  min_days: null,
  max_days_per_year: null,
  max_per_year: null,
  requires_no_debt: false,
  locked: [],
};
