/**
 * The contract that follows another: when it runs, what it costs, and how its terms are written so that both move together.
 *
 * Always true:
 * - it begins the day after the contract before it ends, and lasts as long as that was sold for;
 * - its due days go on from those of the contract before it;
 * - its terms are kept as if nothing had ever moved the chain, and the chain moves them; so a suspension that is lifted
 *   after the renewal was signed takes the renewal back with the contract before it.
 */
import assert from 'node:assert';
import { addDays, addMonths, type Day, daysBetween } from '../day.ts';
import type { Cents } from '../money.ts';
import type { PaymentMethod } from '../payment-method.ts';
import type { ContractState } from '../schedule/chain.ts';
import { fold } from '../schedule/fold.ts';
import type { Schedule } from '../schedule/instalment.ts';
import { moveDay, type Step, stepBetween } from '../schedule/shift.ts';
import type { Terms } from '../schedule/terms.ts';

export interface Renewal {
  starts_on: Day;
  ends_on: Day;
  first_due_on: Day;
  /** The last price and method agreed for the contract before it. */
  amount: Cents;
  method: PaymentMethod;
}

/** Null where there is nothing to renew: without end, cancelled, or held by a suspension that nobody knows the end of. */
export function renewalOf(contract: ContractState, schedule: Schedule): Renewal | null {
  const { terms, changes } = contract;
  const { ends_on } = terms;
  if (ends_on === null || schedule.ends_on === null) return null;
  if (schedule.cancelled_on !== null || schedule.held_by !== null) return null;
  const length = stepBetween(terms.starts_on, addDays(ends_on, 1), 'months_else_days');
  const starts_on = addDays(schedule.ends_on, 1);
  const sold = soldNext({ ...terms, ends_on });
  const { steps } = schedule.passed_on;
  const goesOn = moveDay(sold.begins_on, steps) === starts_on;
  const { prices, methods } = fold(changes);
  return {
    starts_on,
    ends_on: addDays(moveDay(starts_on, [length]), -1),
    // Where the end was stated by hand, as far from the first day as it was.
    first_due_on: goesOn
      ? moveDay(sold.first_due_on, steps)
      : addDays(starts_on, daysBetween(terms.starts_on, terms.first_due_on)),
    amount: prices.at(-1)?.amount ?? terms.amount,
    method: methods.at(-1)?.method ?? terms.method,
  };
}

/** Where the contract after this one begins and is first due, and the day after its end, had nothing ever moved. */
export function soldNext({ starts_on, ends_on, first_due_on }: Terms & { ends_on: Day }) {
  const begins_on = addDays(ends_on, 1);
  const length = stepBetween(starts_on, begins_on, 'months_else_days');
  return { begins_on, over_on: moveDay(begins_on, [length]), first_due_on: moveDay(first_due_on, [length]) };
}

/**
 * The day that these moves take to `on`; where none is (31 January and a month), the first that they take beyond it.
 * @param expected taken where it is one of several (29, 30 and 31 January, all of which a month takes to 28 February), so that
 *   a contract due on the last days of a month stays on them.
 */
export function dayBeforeMoves(on: Day, steps: readonly Step[], expected?: Day): Day {
  if (expected !== undefined && moveDay(expected, steps) === on) return expected;
  if (steps.length === 0) return on;
  let guess = on;
  for (const { months, days } of steps) guess = addDays(addMonths(guess, -months), -days);
  guess = addDays(guess, -5);
  for (let tries = 0; tries < 40; tries++) {
    if (moveDay(guess, steps) >= on) return guess;
    guess = addDays(guess, 1);
  }
  assert.fail(`no day moves to ${on}`);
}
