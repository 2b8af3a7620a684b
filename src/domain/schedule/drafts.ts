/**
 * Instalments in the making: number, due day and normal price, before suspensions charge them differently.
 *
 * Always true:
 * - the period of an instalment runs from its computed due day to the day before the next one's, so the periods of a
 *   contract neither overlap nor leave a gap, unless a suspension moved them apart;
 * - a due day stated by hand moves no period and no other instalment.
 */
import { addDays, addMonths, type Day, later, wholeMonthsBetween } from '../day.ts';
import { type Cents, ZERO } from '../money.ts';
import type { PaymentMethod } from '../payment-method.ts';
import { dueOn, firstStretch, type Stretch, shiftFrom, stretchOf } from './due-dates.ts';
import type { Fact } from './facts.ts';
import type { Folded } from './fold.ts';
import type { ChainMove } from './instalment.ts';
import { moveDay, type Step, stepOfSpan } from './shift.ts';
import { daysBeside, runsOf, type Span } from './suspended-days.ts';
import { displaced, idsOf, type Term, type Treated } from './term.ts';
import type { Terms } from './terms.ts';

export interface Draft {
  number: number;
  due_on: Day;
  /** What it costs when nothing suspends it. */
  normal: Cents;
  amount: Cents;
  method: PaymentMethod;
  explains: readonly string[];
  fact: Fact | null;
  /** Where its period comes from; null for a fact due on a day that no computation gives. */
  stretch: Stretch | null;
  /** The suspensions that charge it. */
  claims: Treated[] | null;
  /** Its amount was stated by hand at this place in the list of changes, earlier suspensions included in it; else -1. */
  stated: number;
  cancelled: boolean;
  /** Its amount already counts only the days up to a prorated cancellation. */
  by_days: boolean;
  credited: Cents;
}

export function draftsOf(
  terms: Terms,
  folded: Folded,
  term: Term,
  facts: readonly Fact[],
  before: ChainMove,
  until: Day,
): Draft[] {
  const { interval_months: interval, amount, method } = terms;
  const moving = term.treated.filter(({ treatment }) => treatment.shifts_instalments);
  const { stretches, laid } = stretchesOf(terms, term, moving, before);
  const { due, listed } = countsOf(terms, folded);
  const factOf = facts.length === 0 ? null : new Map(facts.map((fact) => [fact.number, fact]));
  const lastFact = facts.reduce((last, fact) => Math.max(last, fact.number), 0);
  const untouched = isUntouched(folded);
  const drafts: Draft[] = [];
  for (let number = 1; listed === null || number <= listed || number <= lastFact; number++) {
    const stretch = stretchOf(stretches, number);
    const due_on = dueOn(stretch, number, interval);
    if (listed === null && due_on > until && number > lastFact) break;
    const draft: Draft = {
      number,
      due_on,
      normal: amount,
      amount,
      method,
      explains: stretch.explains,
      fact: factOf?.get(number) ?? null,
      stretch,
      claims: null,
      stated: -1,
      cancelled: due !== null && number > due,
      by_days: false,
      credited: ZERO,
    };
    if (draft.fact !== null) setFact(draft, draft.fact, folded, laid, interval);
    else if (!untouched) setOpen(draft, terms, folded, term, moving);
    drafts.push(draft);
  }
  return drafts;
}

/** The days that an instalment is for. */
export function periodOf({ number, due_on, stretch }: Draft, interval: number): { first: Day; last: Day } {
  const first = stretch === null ? due_on : dueOn(stretch, number, interval);
  const next = stretch === null ? addMonths(due_on, interval) : dueOn(stretch, number + 1, interval);
  return { first, last: addDays(next, -1) };
}

/**
 * A fact keeps its day and amount; its period is the one it was paid for. A day stated by hand moved no period: it is that of
 * the last stretch to which only such suspensions moved it that had when it became a fact.
 * @param laid every stretch there was, in the order they were laid: also those that a later one took the place of.
 */
function setFact(draft: Draft, fact: Fact, folded: Folded, laid: readonly Stretch[], interval: number): void {
  const { due_on, amount, number, explains } = fact;
  draft.normal = amount;
  draft.amount = amount;
  const amountEdit = folded.amountEdits.get(number);
  if (amountEdit) draft.stated = amountEdit.recorded;
  const isComputed = due_on === draft.due_on;
  draft.due_on = due_on;
  const dueEdit = folded.dueEdits.get(number);
  const own = laid.filter(({ first }) => first <= number);
  if (dueEdit && explains.includes(dueEdit.id))
    draft.stretch = own.findLast(({ movers }) => movers.every((id) => explains.includes(id))) ?? null;
  else if (!isComputed) draft.stretch = own.find((stretch) => dueOn(stretch, number, interval) === due_on) ?? null;
}

/** Nothing changes a single open instalment: no price, no method, nothing by hand. */
function isUntouched({ prices, methods, dueEdits, amountEdits, expiry }: Folded): boolean {
  return prices.length + methods.length + dueEdits.size + amountEdits.size === 0 && expiry === null;
}

function setOpen(draft: Draft, terms: Terms, folded: Folded, term: Term, moving: readonly Treated[]): void {
  const explains: string[] = [];
  const dueEdit = folded.dueEdits.get(draft.number);
  if (dueEdit) {
    let on = moveDay(dueEdit.due_on!, displaced(dueEdit.start_was, term.began_on, terms.shift_unit));
    const seen = moving.filter(({ suspension }) => suspension.recorded < dueEdit.recorded);
    for (const run of runsOf(moving.filter(({ suspension }) => suspension.recorded > dueEdit.recorded))) {
      if (on < run.starts_on) continue;
      const stretches = daysBeside(run, seen).filter(({ ends_on }) => ends_on! >= term.began_on);
      on = moveDay(
        on,
        stretches.map((each) => runStep(terms, term, each)),
      );
    }
    draft.due_on = on;
    explains.push(dueEdit.id);
  }
  const price = folded.prices.findLast(({ from_on }) => from_on <= draft.due_on);
  if (price) {
    draft.normal = price.amount;
    explains.push(price.id);
  }
  const method = folded.methods.findLast(({ from_on }) => from_on <= draft.due_on);
  if (method) {
    draft.method = method.method;
    explains.push(method.id);
  }
  const amountEdit = folded.amountEdits.get(draft.number);
  if (amountEdit) {
    draft.normal = amountEdit.amount!;
    draft.stated = amountEdit.recorded;
    if (amountEdit.id !== dueEdit?.id) explains.push(amountEdit.id);
  }
  if (draft.cancelled && folded.expiry) explains.push(folded.expiry.id);
  draft.amount = draft.normal;
  if (explains.length > 0) draft.explains = [...draft.explains, ...explains];
}

/** How many instalments were sold; null: without end. */
export function soldCount(terms: Terms): number | null {
  if (terms.instalments !== null || terms.ends_on === null) return terms.instalments;
  if (terms.ends_on < terms.first_due_on) return 0;
  return Math.floor(wholeMonthsBetween(terms.first_due_on, terms.ends_on) / terms.interval_months) + 1;
}

/** How many are due, and how many are listed (those that an expiry took away stay listed as cancelled). */
function countsOf(terms: Terms, folded: Folded): { due: number | null; listed: number | null } {
  const sold = soldCount(terms);
  if (!folded.expiry) return { due: sold, listed: sold };
  const due = folded.expiry.instalments;
  return { due, listed: sold === null || due === null ? null : Math.max(sold, folded.highest_count) };
}

/** The due dates, after the suspensions that move instalments. */
function stretchesOf(
  terms: Terms,
  term: Term,
  moving: readonly Treated[],
  before: ChainMove,
): { stretches: Stretch[]; laid: Stretch[] } {
  const stretches = [firstStretch(terms, before.steps, before.explains)];
  const laid = [...stretches];
  for (const run of runsOf(moving)) {
    const by = { explains: idsOf(run.members), movers: run.members.map(({ suspension }) => suspension.changes[0]!) };
    shiftFrom(stretches, run.starts_on, runStep(terms, term, run), by, terms.interval_months);
    laid.push(stretches.at(-1)!);
  }
  return { stretches, laid };
}

function runStep(terms: Terms, term: Term, run: Span): Step {
  return stepOfSpan(later(run.starts_on, term.began_on), run.ends_on!, terms.shift_unit);
}
