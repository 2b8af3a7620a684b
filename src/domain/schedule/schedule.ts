/**
 * The schedule is a function: of what was sold, what happened since, and what can no longer move.
 *
 * Always true:
 * - computing it again changes nothing, also after instalments of it became facts;
 * - facts come back exactly as they are;
 * - changes recorded in another order give the same schedule where they do not conflict;
 * - no amount is below zero, and an open instalment of zero is waived and still listed.
 */
import type { Day } from '../day.ts';
import { ZERO } from '../money.ts';
import { cancelDrafts, endedBy, prorateLast } from './cancellation.ts';
import type { Change } from './changes.ts';
import { applyCharges } from './charges.ts';
import { applyCredits } from './credits.ts';
import { type Draft, draftsOf, soldCount } from './drafts.ts';
import { dueOn, firstStretch } from './due-dates.ts';
import type { Fact } from './facts.ts';
import { fold } from './fold.ts';
import type { ChainMove, Instalment, InstalmentStatus, Schedule, Suspension } from './instalment.ts';
import { suspendedPeriods } from './suspended-days.ts';
import { notMoved, termOf } from './term.ts';
import type { Terms } from './terms.ts';

const NO_IDS: readonly string[] = Object.freeze([]);
const nothingReached = { reached: [], left: ZERO };

/**
 * Computes the schedule of a contract.
 * @param changes in the order they were recorded.
 * @param facts in any order.
 * @param until the last due day to compute for a contract without end (for one that was cancelled, the day it was last
 *   computed until: what lies after its end is listed as cancelled up to here). A contract with an end is listed whole.
 * @param before what the contracts before it in its chain pass on: see `chain.ts`.
 */
export function schedule(
  terms: Terms,
  changes: readonly Change[],
  facts: readonly Fact[],
  until: Day,
  before: ChainMove = notMoved,
): Schedule {
  if (changes.length === 0 && facts.length === 0 && before === notMoved) return scheduleAsSold(terms, until);
  const folded = fold(changes);
  const term = termOf(terms, folded, before);
  const ended = endedBy(folded, term, before);
  const drafts = draftsOf(terms, folded, term, facts, before, until);
  if (ended) cancelDrafts(drafts, ended, term, terms.interval_months);
  applyCharges(drafts, term.treated, terms.interval_months, term.began_on, ended?.prorated_until ?? null);
  if (ended) prorateLast(drafts, ended, terms.interval_months);
  if (before.held_by) hold(drafts, before.held_by);
  const { reached, left } =
    facts.length + folded.credits.length === 0
      ? nothingReached
      : applyCredits(drafts, folded, term.treated, ended?.on === term.ends_on ? null : ended, terms.interval_months);
  return {
    starts_on: term.starts_on,
    ends_on: ended ? ended.on : term.ends_on,
    cancelled_on: ended ? ended.on : null,
    held_by: term.held_by?.id ?? null,
    instalments: drafts.map(settled),
    suspensions: folded.suspensions,
    suspended_periods: suspendedPeriods(folded.suspensions),
    reached,
    credit_left: left,
    passed_on: {
      steps: term.steps,
      explains: term.explains,
      held_by: term.held_by,
      cancellation: before.cancellation ?? folded.cancellation,
    },
  };
}

/** Nothing happened since the sale: the road most contracts take, so it does nothing else. */
function scheduleAsSold(terms: Terms, until: Day): Schedule {
  const { interval_months, amount, method } = terms;
  const count = soldCount(terms);
  const stretch = firstStretch(terms);
  const instalments: Instalment[] = [];
  const status = amount === 0 ? 'waived' : 'scheduled';
  for (let number = 1; count === null || number <= count; number++) {
    const due_on = dueOn(stretch, number, interval_months);
    if (count === null && due_on > until) break;
    instalments.push({ number, due_on, amount, status, method, explains: NO_IDS, credited: ZERO });
  }
  return {
    starts_on: terms.starts_on,
    ends_on: terms.ends_on,
    cancelled_on: null,
    held_by: null,
    instalments,
    suspensions: [],
    suspended_periods: [],
    reached: [],
    credit_left: ZERO,
    passed_on: notMoved,
  };
}

/** The contract before it is suspended without end, so this one cannot begin: nothing is asked for until it is stopped. */
function hold(drafts: readonly Draft[], by: Suspension): void {
  for (const draft of drafts) {
    if (draft.fact || draft.cancelled) continue;
    draft.amount = ZERO;
    draft.explains = [...draft.explains, ...by.changes];
  }
}

function settled(draft: Draft): Instalment {
  const { number, due_on, amount, method, explains, credited, fact } = draft;
  if (fact) {
    // A new object with the same fields in the same order as the others.
    const { status } = fact;
    return {
      number,
      due_on: fact.due_on,
      amount: fact.amount,
      status,
      method: fact.method,
      explains: fact.explains,
      credited: fact.credited,
    };
  }
  const status: InstalmentStatus = draft.cancelled ? 'cancelled' : amount === 0 ? 'waived' : 'scheduled';
  return { number, due_on, amount, status, method, explains, credited };
}
