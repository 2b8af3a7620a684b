/**
 * The term of a contract: its first and last day after everything that moves them.
 *
 * Always true:
 * - by days, the days of the term that are not suspended are conserved: the end moves by the suspended days that lie in it;
 * - a suspension that covers the first day moves the beginning to the day after it;
 * - a suspension wholly before the beginning or after the end changes nothing;
 * - an expiry stated by hand holds given what was recorded before it; what is recorded later moves it on, by the days that
 *   were not suspended then;
 * - whatever moves the end is passed on to the renewal, so the two keep their distance; an end that comes earlier leaves
 *   the renewal where it is.
 */
import { addDays, type Day } from '../day.ts';
import type { Folded } from './fold.ts';
import type { ChainMove, Suspension } from './instalment.ts';
import { moveDay, moveEnd, type Step, stepBetween, stepOfSpan } from './shift.ts';
import { daysBeside, runsOf, type Span } from './suspended-days.ts';
import type { ShiftUnit, Terms } from './terms.ts';
import { type Treatment, treatmentOf } from './treatment.ts';

/** A suspension with what it does to its contract. */
export interface Treated extends Span {
  id: string;
  suspension: Suspension;
  treatment: Treatment;
}

export interface Term {
  /** The first day as sold and moved by the contracts before, without this contract's own suspensions. */
  began_on: Day;
  starts_on: Day;
  /** Without a cancellation. */
  ends_on: Day | null;
  /** The suspensions whose run of days touches the term, with what they do. */
  treated: Treated[];
  held_by: Suspension | null;
  /** How far the end moved, the contracts before included. */
  steps: Step[];
  /** Ids of the changes that moved it. */
  explains: string[];
}

export const notMoved: ChainMove = { steps: [], explains: [], held_by: null, cancellation: null };

export function termOf(terms: Terms, folded: Folded, before: ChainMove): Term {
  const began_on = moveDay(terms.starts_on, before.steps);
  const all = folded.suspensions.map((suspension) => treated(suspension, terms));
  const shifting = all.filter(({ ends_on, treatment }) => treatment.shifts_end && ends_on !== null);
  const steps = [...before.steps];
  const explains = [...before.explains];
  const end = endOf(terms, folded, began_on, shifting, steps, explains);
  const touching: Treated[] = [];
  for (const { starts_on, ends_on, members } of runsOf(all))
    if ((ends_on === null || ends_on >= began_on) && (end === null || starts_on <= end)) touching.push(...members);
  const holding = touching.find(({ ends_on, treatment }) => ends_on === null && treatment.shifts_end);
  return {
    began_on,
    starts_on: startAfter(began_on, shifting),
    ends_on: end,
    treated: touching,
    held_by: holding?.suspension ?? before.held_by,
    steps,
    explains,
  };
}

function treated(suspension: Suspension, terms: Terms): Treated {
  const { id, starts_on, ends_on } = suspension;
  return { id, starts_on, ends_on, suspension, treatment: treatmentOf(suspension, terms) };
}

/** Ids of the changes that made these suspensions. */
export function idsOf(members: readonly Treated[]): string[] {
  return members.flatMap(({ suspension }) => suspension.changes);
}

/** A day stated when the contract began on `was` goes along, now that it begins on `is`. */
export function displaced(was: Day, is: Day, unit: ShiftUnit): Step[] {
  return is <= was ? [] : [stepBetween(was, is, unit)];
}

/** The shifts that move the end, while they are gathered. */
interface Walk {
  /** From the last day as it was sold, or stated by hand. */
  own: Step[];
  /** From the last day as it was sold: what is passed on. */
  steps: Step[];
  explains: string[];
}

/** The last day. Adds to `steps` and `explains` what moved it. */
function endOf(
  terms: Terms,
  folded: Folded,
  began_on: Day,
  shifting: readonly Treated[],
  steps: Step[],
  explains: string[],
): Day | null {
  const { expiry } = folded;
  const lastDay = expiry ? expiry.ends_on : terms.ends_on;
  if (lastDay === null) return null;
  // What was recorded before the stated expiry is in it already.
  const recorded = expiry?.recorded ?? -1;
  const own = expiry ? displaced(expiry.start_was, began_on, terms.shift_unit) : [...steps];
  const walk: Walk = { own, steps, explains };
  if (expiry && terms.ends_on !== null) {
    const step = stepToStated(terms, steps, moveEnd(lastDay, own));
    if (step) steps.push(step);
    explains.push(expiry.id);
  }
  for (const { recorded: at, days, id } of folded.extensions)
    if (at > recorded) moveOn(walk, { months: 0, days }, [id]);
  // A day that is suspended again later is in it already, too.
  const seen = recorded === -1 ? [] : shifting.filter(({ suspension }) => suspension.recorded < recorded);
  const later = seen.length === 0 ? shifting : shifting.filter(({ suspension }) => suspension.recorded > recorded);
  for (const run of runsOf(later).flatMap((each) => daysBeside(each, seen))) {
    if (run.starts_on > moveEnd(lastDay, own) || run.ends_on! < began_on) continue;
    const from = run.starts_on > began_on ? run.starts_on : began_on;
    moveOn(walk, stepOfSpan(from, run.ends_on!, terms.shift_unit), idsOf(run.members));
  }
  return moveEnd(lastDay, own);
}

function moveOn({ own, steps, explains }: Walk, step: Step, ids: readonly string[]): void {
  own.push(step);
  steps.push(step);
  explains.push(...ids);
}

/** From where the end was sold (and moved by the contracts before) to a later one stated by hand; null when it is no later. */
function stepToStated(terms: Terms, before: readonly Step[], stated: Day): Step | null {
  const sold = addDays(terms.ends_on!, 1);
  const from = moveDay(sold, before);
  const to = addDays(stated, 1);
  if (to <= from) return null;
  const step = stepBetween(from, to, terms.shift_unit);
  return moveDay(sold, [...before, step]) === to ? step : stepBetween(from, to, 'days');
}

/** The day after the suspensions that cover the first day, where they move the end. */
function startAfter(began_on: Day, shifting: readonly Treated[]): Day {
  for (const { starts_on, ends_on } of runsOf(shifting))
    if (starts_on <= began_on && ends_on! >= began_on) return addDays(ends_on!, 1);
  return began_on;
}
