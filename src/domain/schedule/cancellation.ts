/**
 * Cancellation: the last day of a contract, and what is due for the period that day cuts.
 *
 * Always true:
 * - instalments whose period begins after the last day are cancelled, and say what they would have been;
 * - the period that the last day cuts is due whole, or for its days up to that day, rounded once;
 * - facts stay; the fee is a sale of its own and no instalment;
 * - a contract that is cancelled takes with it the renewals signed ahead.
 */
import { addDays, type Day, spanDays } from '../day.ts';
import { ratio } from '../money.ts';
import { type Draft, periodOf } from './drafts.ts';
import type { Folded } from './fold.ts';
import type { ChainMove } from './instalment.ts';
import type { Term } from './term.ts';

export interface Ended {
  id: string;
  /** The last day; the day before the first when it never begins. */
  on: Day;
  /** The last day, where the last period is due for its days only. */
  prorated_until: Day | null;
  recorded: number;
}

/** The cancellation in force, of the contract or of one before it in its chain. */
export function endedBy(folded: Folded, term: Term, before: ChainMove): Ended | null {
  const never = addDays(term.starts_on, -1);
  if (before.cancellation)
    return { id: before.cancellation.id, on: never, prorated_until: null, recorded: Number.POSITIVE_INFINITY };
  const { cancellation } = folded;
  if (!cancellation) return null;
  const { id, recorded, last_period } = cancellation;
  if (cancellation.on < term.starts_on) return { id, on: never, prorated_until: null, recorded };
  if (term.ends_on !== null && cancellation.on >= term.ends_on)
    return { id, on: term.ends_on, prorated_until: null, recorded: -1 };
  return { id, on: cancellation.on, prorated_until: last_period === 'prorated' ? cancellation.on : null, recorded };
}

/** Marks the instalments that are no longer due. A cancellation at the natural end takes none away. */
export function cancelDrafts(drafts: readonly Draft[], ended: Ended, term: Term, interval: number): void {
  if (ended.on === term.ends_on) return;
  for (const draft of drafts) {
    if (draft.fact || draft.cancelled || periodOf(draft, interval).first <= ended.on) continue;
    draft.cancelled = true;
    draft.explains = [...draft.explains, ended.id];
  }
}

/** The last period, for its days; an amount stated by hand after the cancellation stays. */
export function prorateLast(drafts: readonly Draft[], ended: Ended, interval: number): void {
  const last = ended.prorated_until;
  if (last === null) return;
  for (const draft of drafts) {
    const period = periodOf(draft, interval);
    if (draft.fact || draft.cancelled || period.last <= last || draft.stated > ended.recorded) continue;
    if (!draft.by_days)
      draft.amount = ratio(draft.amount, spanDays(period.first, last), spanDays(period.first, period.last));
    draft.explains = [...draft.explains, ended.id];
  }
}
