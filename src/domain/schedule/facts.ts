/**
 * Facts: the instalments that can no longer move, because they are paid, rejected, with the bank, or invoiced.
 *
 * Always true:
 * - the schedule gives a fact back exactly as it is;
 * - a fact remembers which changes made it what it was when it became one (`explains`) and how much credit was used on
 *   it (`credited`), so that recalculating after it was paid finds the same schedule and spends no credit twice.
 */
import type { Day } from '../day.ts';
import type { Cents } from '../money.ts';
import type { PaymentMethod } from '../payment-method.ts';

/** `scheduled` and `waived` are facts when an invoice fixed them. */
export type FactStatus = 'scheduled' | 'waived' | 'collecting' | 'paid' | 'rejected';

export interface Fact {
  number: number;
  due_on: Day;
  amount: Cents;
  status: FactStatus;
  method: PaymentMethod;
  /** Ids of changes, as the instalment had them when it became a fact. */
  explains: readonly string[];
  credited: Cents;
}
