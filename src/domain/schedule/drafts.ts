/**
 * Instalments in the making: number, due day, period and normal price, before suspensions charge them differently.
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
import type { ChainMove, Suspension } from './instalment.ts';
import { moveDay, stepOfSpan } from './shift.ts';
import { runsOf } from './suspended-days.ts';
import { displaced, type Term } from './term.ts';
import type { Terms } from './terms.ts';

export interface Draft {
  number: number;
  due_on: Day;
  period_starts_on: Day;
  period_ends_on: Day;
  /** What it costs when nothing suspends it. */
  normal: Cents;
  amount: Cents;
  method: PaymentMethod;
  explains: readonly string[];
  fact: Fact | null;
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
  const interval = terms.interval_months;
  const moving = term.treated.filter(({ treatment }) => treatment.shifts_instalments).map((each) => each.suspension);
  const stretches = stretchesOf(terms, term, moving, before);
  const { due, listed } = countsOf(terms, folded);
  const factOf = facts.length === 0 ? null : new Map(facts.map((fact) => [fact.number, fact]));
  const lastFact = facts.reduce((last, fact) => Math.max(last, fact.number), 0);
  const drafts: Draft[] = [];
  for (let number = 1; listed === null || number <= listed || number <= lastFact; number++) {
    const stretch = stretchOf(stretches, number);
    const computed = dueOn(stretch, number, interval);
    if (listed === null && computed > until && number > lastFact) break;
    const fact = factOf?.get(number) ?? null;
    const next = dueOn(stretch, number + 1, interval);
    const draft: Draft = {
      number,
      due_on: computed,
      period_starts_on: computed,
      period_ends_on: addDays(next, -1),
      normal: terms.amount,
      amount: terms.amount,
      method: terms.method,
      explains: stretch.explains,
      fact,
      stated: -1,
      cancelled: due !== null && number > due,
      by_days: false,
      credited: ZERO,
    };
    if (fact) setFact(draft, fact, stretches, interval);
    else setOpen(draft, terms, folded, term, moving);
    drafts.push(draft);
  }
  return drafts;
}

/** A fact keeps its day and amount; its period is the one it was paid for. */
function setFact(draft: Draft, fact: Fact, stretches: readonly Stretch[], interval: number): void {
  draft.due_on = fact.due_on;
  draft.normal = fact.amount;
  draft.amount = fact.amount;
  if (fact.due_on === draft.period_starts_on) return;
  const paidFor = stretches.find((stretch) => dueOn(stretch, fact.number, interval) === fact.due_on);
  const next = paidFor ? dueOn(paidFor, fact.number + 1, interval) : addMonths(fact.due_on, interval);
  draft.period_starts_on = fact.due_on;
  draft.period_ends_on = addDays(next, -1);
}

function setOpen(draft: Draft, terms: Terms, folded: Folded, term: Term, moving: readonly Suspension[]): void {
  const explains: string[] = [];
  const dueEdit = folded.dueEdits.get(draft.number);
  if (dueEdit) {
    let on = moveDay(dueEdit.due_on!, displaced(dueEdit.start_was, term.began_on, terms.shift_unit));
    for (const run of runsOf(moving.filter(({ recorded }) => recorded > dueEdit.recorded)))
      if (on >= run.starts_on) on = moveDay(on, [runStep(terms, term, run)]);
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
    explains.push(amountEdit.id);
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
function stretchesOf(terms: Terms, term: Term, moving: readonly Suspension[], before: ChainMove): Stretch[] {
  const stretches = [firstStretch(terms, before.steps, before.explains)];
  for (const run of runsOf(moving)) {
    const explains = run.members.flatMap(({ changes }) => changes);
    shiftFrom(stretches, run.starts_on, runStep(terms, term, run), explains, terms.interval_months);
  }
  return stretches;
}

function runStep(terms: Terms, term: Term, run: { starts_on: Day; ends_on: Day | null }) {
  return stepOfSpan(later(run.starts_on, term.began_on), run.ends_on!, terms.shift_unit);
}
