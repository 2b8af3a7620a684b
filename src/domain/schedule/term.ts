/**
 * The term of a contract: its first and last day after everything that moves them.
 *
 * Always true:
 * - by days, the days of the term that are not suspended are conserved: the end moves by the suspended days that lie in it;
 * - a suspension that covers the first day moves the beginning to the day after it;
 * - a suspension wholly before the beginning or after the end changes nothing;
 * - an expiry stated by hand holds given what was recorded before it; what is recorded later moves it on.
 */
import { addDays, type Day, later } from '../day.ts';
import type { Folded } from './fold.ts';
import type { Suspension } from './instalment.ts';
import { moveDay, moveEnd, type Step, stepBetween, stepOfSpan } from './shift.ts';
import { runsOf } from './suspended-days.ts';
import type { ShiftUnit, Terms } from './terms.ts';
import { type Treatment, treatmentOf } from './treatment.ts';

export interface Treated {
  suspension: Suspension;
  treatment: Treatment;
}

export interface Term {
  starts_on: Day;
  /** Before a cancellation. */
  ends_on: Day | null;
  /** The suspensions that touch the term, with what they do. */
  treated: Treated[];
  held_by: string | null;
  /** How far the end moved from where it was sold. */
  moved: Step[];
  /** Ids of the changes that moved it. */
  explains: string[];
}

/** @param before what the contracts before it in its chain moved it by. */
export function termOf(terms: Terms, folded: Folded, before: readonly Step[]): Term {
  const starts_on = moveDay(terms.starts_on, before);
  const all = folded.suspensions.map((suspension) => ({ suspension, treatment: treatmentOf(suspension, terms) }));
  const term: Term = { starts_on, ends_on: null, treated: all, held_by: null, moved: [], explains: [] };
  const sold = terms.ends_on === null ? null : moveEnd(terms.ends_on, before);

  let end = sold;
  let recorded = -1;
  if (folded.expiry) {
    const { ends_on, start_was, id } = folded.expiry;
    recorded = folded.expiry.recorded;
    end = ends_on === null ? null : moveEnd(ends_on, displaced(start_was, starts_on, terms.shift_unit));
    term.explains.push(id);
    if (sold !== null && end !== null && end > sold)
      term.moved.push(stepBetween(addDays(sold, 1), addDays(end, 1), terms.shift_unit));
  }
  for (const extension of folded.extensions) {
    if (extension.recorded < recorded || end === null) continue;
    end = addDays(end, extension.days);
    term.moved.push({ months: 0, days: extension.days });
    term.explains.push(extension.id);
  }

  if (end !== null) {
    const shifting = all.filter(
      ({ suspension, treatment }) =>
        treatment.shifts_end && suspension.ends_on !== null && suspension.recorded > recorded,
    );
    end = walk(term, end, shifting, terms.shift_unit);
  }
  term.starts_on = startAfter(starts_on, all);
  term.ends_on = end;
  term.treated = all.filter(
    ({ suspension }) =>
      (suspension.ends_on === null || suspension.ends_on >= starts_on) && (end === null || suspension.starts_on <= end),
  );
  term.held_by =
    term.treated.find(({ suspension, treatment }) => suspension.ends_on === null && treatment.shifts_end)?.suspension
      .id ?? null;
  return term;
}

/** How far a day stated when the contract began on `was` goes along, now that it begins on `is`. */
export function displaced(was: Day, is: Day, unit: ShiftUnit): Step[] {
  return is <= was ? [] : [stepBetween(was, is, unit)];
}

function walk(term: Term, from: Day, shifting: readonly Treated[], unit: ShiftUnit): Day {
  const steps: Step[] = [];
  let end = from;
  for (const run of runsOf(shifting.map(({ suspension }) => suspension))) {
    const last = run.ends_on!;
    if (run.starts_on > end || last < term.starts_on) continue;
    steps.push(stepOfSpan(later(run.starts_on, term.starts_on), last, unit));
    end = moveEnd(from, steps);
    for (const member of run.members) term.explains.push(...member.changes);
  }
  term.moved.push(...steps);
  return end;
}

/** The day after the suspensions that cover the first day, where they move the end. */
function startAfter(starts_on: Day, all: readonly Treated[]): Day {
  const shifting = all.filter(({ suspension, treatment }) => treatment.shifts_end && suspension.ends_on !== null);
  const run = runsOf(shifting.map(({ suspension }) => suspension)).find(
    ({ starts_on: first, ends_on }) => first <= starts_on && ends_on! >= starts_on,
  );
  return run ? addDays(run.ends_on!, 1) : starts_on;
}
