/**
 * How late a direct debit came back, by the rules of the SEPA core scheme.
 *
 * Always true:
 * - before or on the collection day: a reject, no money moved;
 * - within 5 business days: a return by the debtor's bank; within 8 weeks: a refund that the debtor need not explain;
 *   within 13 months: a refund of a debit that the debtor had not authorised;
 * - later than that the bank owes an explanation: the money is gone all the same, and a person looks at it.
 */
import { addDays, addMonths, type Day } from '../day.ts';

export type Lateness = 'reject' | 'return' | 'refund_8_weeks' | 'refund_13_months' | 'out_of_time';

const REFUND_DAYS = 56;
const UNAUTHORISED_MONTHS = 13;

/** @param lastReturnDay the fifth business day after the collection (the caller knows the bank calendar) */
export function latenessOf(collectionOn: Day, cameBackOn: Day, lastReturnDay: Day): Lateness {
  if (cameBackOn <= collectionOn) return 'reject';
  if (cameBackOn <= lastReturnDay) return 'return';
  if (cameBackOn <= addDays(collectionOn, REFUND_DAYS)) return 'refund_8_weeks';
  return cameBackOn <= addMonths(collectionOn, UNAUTHORISED_MONTHS) ? 'refund_13_months' : 'out_of_time';
}
