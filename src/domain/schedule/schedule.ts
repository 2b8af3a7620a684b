/**
 * The schedule is a function: of what was sold, what happened since, and what can no longer move.
 *
 * Always true:
 * - computing it again changes nothing, also after instalments of it became facts;
 * - facts come back exactly as they are;
 * - changes recorded in another order give the same schedule where they do not conflict;
 * - no amount is below zero, and an open instalment of zero is waived and still listed.
 */
import { addDays, type Day } from '../day.ts';
import { type Cents, ZERO } from '../money.ts';
import type { Change } from './changes.ts';
import { applyCharges, type Draft } from './charges.ts';
import { dueOn, firstStretch, type Stretch, shiftFrom, stretchOf } from './due-dates.ts';
import type { Fact } from './facts.ts';
import { type Folded, fold } from './fold.ts';
import type { Instalment, Schedule } from './instalment.ts';
import { moveDay, stepOfSpan } from './shift.ts';
import { runsOf, suspendedPeriods } from './suspended-days.ts';
import { displaced, type Term, termOf } from './term.ts';
import type { Terms } from './terms.ts';

const NO_IDS: readonly string[] = Object.freeze([]);

/**
 * Computes the schedule of a contract.
 * @param changes in the order they were recorded.
 * @param facts in any order.
 * @param until the last due day to compute for an open-ended contract; a contract with an end is listed whole.
 */
export function schedule(terms: Terms, changes: readonly Change[], facts: readonly Fact[], until: Day): Schedule {
  if (changes.length === 0 && facts.length === 0) return scheduleAsSold(terms, until);
  const folded = fold(changes);
  const term = termOf(terms, folded, []);
  const stretches = stretchesOf(terms, term);
  const counts = countsOf(terms, folded);
  const drafts = draftsOf(terms, folded, stretches, counts.listed, facts, until);
  applyCharges(drafts, term.treated, terms.interval_months);
  return {
    starts_on: term.starts_on,
    ends_on: term.ends_on,
    cancelled_on: null,
    held_by: term.held_by,
    instalments: settled(drafts, terms, facts),
    suspensions: folded.suspensions,
    suspended_periods: suspendedPeriods(folded.suspensions),
    reached: [],
    credit_left: ZERO,
    end_moved: term.moved,
    end_explains: term.explains,
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
    if (terms.ends_on === null && due_on > until) break;
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
    end_moved: [],
    end_explains: NO_IDS,
  };
}

/** How many instalments were sold; null: without end. */
export function soldCount(terms: Terms): number | null {
  if (terms.instalments !== null || terms.ends_on === null) return terms.instalments;
  const stretch = firstStretch(terms);
  let count = 0;
  while (dueOn(stretch, count + 1, terms.interval_months) <= terms.ends_on) count++;
  return count;
}

function countsOf(terms: Terms, folded: Folded): { due: number | null; listed: number | null } {
  const sold = soldCount(terms);
  const due = folded.expiry ? folded.expiry.instalments : sold;
  return { due, listed: due === null ? null : Math.max(due, sold ?? 0, folded.highest_count) };
}

/** The due dates, after the suspensions that move instalments. */
function stretchesOf(terms: Terms, term: Term): Stretch[] {
  const stretches = [firstStretch(terms)];
  const moving = term.treated.filter(({ treatment }) => treatment.shifts_instalments);
  for (const run of runsOf(moving.map(({ suspension }) => suspension))) {
    const from = run.starts_on > terms.starts_on ? run.starts_on : terms.starts_on;
    const explains = run.members.flatMap(({ changes }) => changes);
    shiftFrom(
      stretches,
      run.starts_on,
      stepOfSpan(from, run.ends_on!, terms.shift_unit),
      explains,
      terms.interval_months,
    );
  }
  return stretches;
}

function draftsOf(
  terms: Terms,
  folded: Folded,
  stretches: readonly Stretch[],
  count: number | null,
  facts: readonly Fact[],
  until: Day,
): Draft[] {
  const interval = terms.interval_months;
  const factOf = new Map(facts.map((fact) => [fact.number, fact]));
  const lastFact = facts.reduce((last, fact) => Math.max(last, fact.number), 0);
  const drafts: Draft[] = [];
  for (let number = 1; count === null || number <= count || number <= lastFact; number++) {
    const stretch = stretchOf(stretches, number);
    const computed = dueOn(stretch, number, interval);
    if (terms.ends_on === null && computed > until && number > lastFact) break;
    const fact = factOf.get(number);
    let due_on = fact?.due_on ?? computed;
    let explains = stretch.explains;
    const dueEdit = folded.dueEdits.get(number);
    if (dueEdit && !fact) {
      due_on = moveDay(dueEdit.due_on!, displaced(dueEdit.start_was, terms.starts_on, terms.shift_unit));
      explains = [...explains, dueEdit.id];
    }
    let normal = terms.amount;
    const price = folded.prices.findLast(({ from_on }) => from_on <= due_on);
    if (price) {
      normal = price.amount;
      explains = [...explains, price.id];
    }
    const amountEdit = folded.amountEdits.get(number);
    if (amountEdit && !fact) {
      normal = amountEdit.amount!;
      explains = [...explains, amountEdit.id];
    }
    drafts.push({
      number,
      due_on,
      period_starts_on: computed,
      period_ends_on: addDays(dueOn(stretch, number + 1, interval), -1),
      normal,
      amount: normal,
      explains,
      fact: fact?.explains ?? null,
      stated: amountEdit?.recorded ?? -1,
    });
  }
  return drafts;
}

function settled(drafts: readonly Draft[], terms: Terms, facts: readonly Fact[]): Instalment[] {
  const factOf = new Map(facts.map((fact) => [fact.number, fact]));
  return drafts.map(({ number, due_on, amount, explains }) => {
    const fact = factOf.get(number);
    if (fact) return { ...fact };
    const asked: Cents = amount > 0 ? amount : ZERO;
    const status = asked === 0 ? 'waived' : 'scheduled';
    return { number, due_on, amount: asked, status, method: terms.method, explains, credited: ZERO };
  });
}
