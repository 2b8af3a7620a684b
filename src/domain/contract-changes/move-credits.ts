/**
 * Whether credits of a pack may be taken or added.
 *
 * Always true: the balance never falls below zero; nothing is taken before the pack begins or while it is suspended,
 * and nothing is moved once it is over.
 */
import { Refusal } from '../../errors/refusal.ts';
import type { Day } from '../day.ts';

export interface PackState {
  starts_on: Day;
  /** The last day on which it is good. */
  ends_on: Day | null;
  credits_left: number;
  /** The last suspended day of a suspension that covers today; `''` while it is unlimited; null: none does. */
  suspended_until: Day | '' | null;
}

const MOST_CREDITS = 100_000;

/**
 * @param delta credits added, or taken when negative; not zero
 * @throws Refusal `pack_expired`, `pack_not_begun`, `pack_suspended`, `credits_spent`, `credits_too_many`
 */
export function decideMoveCredits(pack: PackState, delta: number, today: Day): { balance: number } {
  const { starts_on, ends_on, credits_left, suspended_until } = pack;
  if (ends_on !== null && ends_on < today) throw new Refusal('pack_expired', { ends_on });
  if (delta < 0 && starts_on > today) throw new Refusal('pack_not_begun', { starts_on });
  if (delta < 0 && suspended_until !== null) throw new Refusal('pack_suspended', { until_on: suspended_until });
  const balance = credits_left + delta;
  if (balance < 0) throw new Refusal('credits_spent', { left: credits_left }, { pointer: '/delta' });
  if (balance > MOST_CREDITS) throw new Refusal('credits_too_many', { limit: MOST_CREDITS }, { pointer: '/delta' });
  return { balance };
}
