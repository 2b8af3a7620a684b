/** What a member of a simulated world owes: the claims as `src/store/customer-money.ts` loads them, read as `src/views/owed.ts` does. */
import type { Day } from '../../src/domain/day.ts';
import { type Cents, sum, ZERO } from '../../src/domain/money.ts';
import { type ClaimStanding, debtsOf, type OpenPayment } from '../../src/domain/payments/claims.ts';
import type { Schedule } from '../../src/domain/schedule/instalment.ts';

/** A payment that the bank took back: when that was learned, and for which day it is asked for again. */
export interface CameBack {
  learned_on: Day;
  again_on: Day;
}

export const claimOf = (contract: number, number: number) => `c${contract + 1}-${number}`;

/** @param cameBack by claim. @returns what should have been paid before today, and was not. */
export function owedOn(today: Day, schedules: readonly Schedule[], cameBack: ReadonlyMap<string, CameBack>): Cents {
  const claims: ClaimStanding[] = [];
  const payments: OpenPayment[] = [];
  for (const [contract, { instalments }] of schedules.entries())
    for (const { number, due_on, amount, status } of instalments) {
      if (due_on >= today || (status !== 'scheduled' && status !== 'rejected')) continue;
      const id = claimOf(contract, number);
      const back = cameBack.get(id);
      const reopened_on = back?.learned_on ?? null;
      claims.push({ id, kind: 'instalment', amount, due_on, reopened_on, follows: null, settled_amount: ZERO });
      if (!back) continue;
      const allocations = [{ claim: id, amount }];
      payments.push({ id: `p-${id}`, state: 'pending', due_on: back.again_on, collection_on: null, allocations });
    }
  const debts = debtsOf(claims, payments);
  return sum(debts.filter((debt) => debt.due_on < today && debt.in_flight_on === null).map((debt) => debt.amount));
}
