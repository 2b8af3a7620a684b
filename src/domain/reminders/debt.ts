/**
 * A debt as reminders see it, and the reasons for which it is left in peace.
 *
 * Always true:
 * - only what is owed and not already on its way is asked for: a debit at the bank or a cheque being cashed is money
 *   in flight, and where it covers the debt nothing is sent;
 * - a promise to pay by a day keeps the engine quiet up to and including that day, a hold until the day it ends;
 * - once the customer's bank has reported a death (MD07), nothing is sent for any debt of that customer, ever.
 */
import type { Day } from '../day.ts';
import { type Cents, cents } from '../money.ts';

export interface DebtToRemind {
  debt: string;
  customer: string;
  /** The due day that was missed; for a rejected payment that is not asked for again, the day of the rejection. */
  missed_on: Day;
  /** What is still owed, with fees. */
  owed_amount: Cents;
  /** What of it has been sent to the bank or handed over, and is neither settled nor rejected yet. */
  in_flight_amount: Cents;
  /** The last day of the customer's promise. */
  promised_on: Day | null;
  /** Kept from reminders by a person: up to and including a day, or with no end. */
  hold: { until_on: Day | null } | null;
  /** The customer's bank has reported a death. */
  deceased: boolean;
  /** The customer has an e-mail address that does not bounce. */
  has_email: boolean;
}

/** Why nothing is sent for a debt today; `until_on` is the last quiet day where one is known. */
export interface Silence {
  debt: string;
  why: 'deceased' | 'paid' | 'in_flight' | 'on_hold' | 'promised' | 'all_sent' | 'told_today' | 'not_yet';
  until_on: Day | null;
}

/** What may be asked of the customer now. */
export function askedAmount(debt: DebtToRemind): Cents {
  return cents(Math.max(0, debt.owed_amount - debt.in_flight_amount));
}

/** Why this debt is left in peace today whatever its stage, or null. Asked again just before a message is sent. */
export function silenceOf(debt: DebtToRemind, today: Day): Silence | null {
  const silence = (why: Silence['why'], until_on: Day | null = null) => ({ debt: debt.debt, why, until_on });
  if (debt.deceased) return silence('deceased');
  if (debt.owed_amount <= 0) return silence('paid');
  if (askedAmount(debt) === 0) return silence('in_flight');
  if (debt.hold && (debt.hold.until_on === null || today <= debt.hold.until_on))
    return silence('on_hold', debt.hold.until_on);
  if (debt.promised_on !== null && today <= debt.promised_on) return silence('promised', debt.promised_on);
  if (today <= debt.missed_on) return silence('not_yet', debt.missed_on);
  return null;
}
