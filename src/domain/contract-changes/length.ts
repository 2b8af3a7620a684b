/** How long a contract may last at the most: every instalment of a contract with an end is written down. */
import { Refusal } from '../../errors/refusal.ts';
import { type Day, spanDays } from '../day.ts';

const MOST_YEARS = 50;

/** @throws Refusal `term_too_long` */
export function checkLength(startsOn: Day, endsOn: Day): void {
  if (spanDays(startsOn, endsOn) > MOST_YEARS * 366)
    throw new Refusal('term_too_long', { limit: MOST_YEARS }, { pointer: '/ends_on' });
}
