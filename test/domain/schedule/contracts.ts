/** Contracts, changes and facts for the schedule's tests, said briefly. */

import { addDays, type Day, day } from '../../../src/domain/day.ts';
import { cents, decimal, fromDecimal, ZERO } from '../../../src/domain/money.ts';
import type { Change, SuspensionTerms } from '../../../src/domain/schedule/changes.ts';
import { plainSuspension } from '../../../src/domain/schedule/changes.ts';
import type { Fact } from '../../../src/domain/schedule/facts.ts';
import type { Instalment, Schedule } from '../../../src/domain/schedule/instalment.ts';
import { type FreezePolicy, noFreezePolicy, type Terms } from '../../../src/domain/schedule/terms.ts';

export function terms(
  starts_on: string,
  ends_on: string | null,
  given: Partial<Omit<Terms, 'freeze'>> & { freeze?: Partial<FreezePolicy> } = {},
): Terms {
  const { freeze, ...rest } = given;
  return {
    starts_on: day(starts_on),
    ends_on: ends_on === null ? null : day(ends_on),
    first_due_on: day(starts_on),
    interval_months: 1,
    instalments: null,
    amount: cents(5000),
    method: 'direct_debit',
    shift_unit: 'months_else_days',
    notice_days: 0,
    ...rest,
    freeze: { ...noFreezePolicy, ...freeze },
  };
}

/** `''` is open, `45 days` counts inclusively from the first day, else the last day. */
export function lastDay(first: Day, text: string): Day | null {
  if (text === '') return null;
  const days = /^(\d+) days$/.exec(text);
  return days ? addDays(first, Number(days[1]) - 1) : day(text);
}

export function suspend(
  suspension: string,
  from: string,
  to: string | null,
  given: Partial<SuspensionTerms> = {},
): Extract<Change, { kind: 'suspension_added' }> {
  const last = to === null ? null : lastDay(day(from), to);
  return {
    id: `${suspension}+`,
    kind: 'suspension_added',
    suspension,
    ...plainSuspension(day(from), last, 'broken leg'),
    ...given,
  };
}

export function stop(suspension: string, on: string, amount: number | null = null): Change {
  return {
    id: `${suspension}!`,
    kind: 'suspension_stopped',
    suspension,
    on: day(on),
    amount: amount === null ? null : cents(amount),
  };
}

export function paid(number: number, due_on: string, amount: number, explains: readonly string[] = []): Fact {
  return {
    number,
    due_on: day(due_on),
    amount: cents(amount),
    status: 'paid',
    method: 'direct_debit',
    explains,
    credited: ZERO,
  };
}

/** Instalments of a schedule that fell due by a day, paid as they stand. */
export function payDue(instalments: readonly Instalment[], by: Day): Fact[] {
  return instalments.flatMap((each) =>
    each.due_on <= by && each.status !== 'waived' && each.status !== 'cancelled' ? [{ ...each, status: 'paid' }] : [],
  ) as Fact[];
}

export const amountOf = (text: string) => (text === '' ? null : fromDecimal(text));
export const numberOf = (text: string) => (text === '' ? null : Number(text));

/** `08-05 2.00, 09-05 0.00 waived`. */
export function say(instalments: readonly Instalment[]): string[] {
  return instalments.map(
    ({ due_on, amount, status }) =>
      `${due_on.slice(5)} ${decimal(amount)}${status === 'scheduled' ? '' : ` ${status}`}`,
  );
}

export function sayPeriods({ suspended_periods }: Schedule): string {
  return suspended_periods
    .map(({ starts_on, ends_on }) => (ends_on ? `${starts_on} to ${ends_on}` : `${starts_on} on`))
    .join(', ');
}
