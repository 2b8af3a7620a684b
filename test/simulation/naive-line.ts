/** A line of the clerk's page, who is away and when, and the days they are away together. No function of the engine. */
import { dayOf, type Pinned } from './wall-calendar.ts';

/** What the plan says of absences. */
export interface NaivePolicy {
  active: boolean;
  shift_end: boolean;
  shift_instalments: boolean;
  discount_bps: number | null;
  discount_amount: number | null;
  amount: number | null;
  instalment_rule: 'whole_months' | 'due_inside' | 'prorated';
}

export interface Absence {
  id: string;
  from: number;
  /** The last day; null while nobody knows. */
  to: number | null;
  amount: number | null;
  /** It was without end, and ended when the member came back. */
  came_back: boolean;
  /** A new price from the day back, and when that was said. */
  price: { amount: number; said: number } | null;
}

export interface Paid {
  due: number;
  amount: number;
  status: 'paid' | 'rejected';
  /** The absences that had moved or priced it. */
  under: ReadonlySet<string>;
}

export type Move = { months: number } | { days: number };

export interface Line {
  number: number;
  /** Where it hangs on the calendar as if nothing were paid. */
  place: Pinned;
  due: number;
  amount: number;
  status: string;
  paid: Paid | undefined;
  cancelled: boolean;
  under: Set<string>;
  claims: Absence[];
  byDays: boolean;
}

export interface Run {
  from: number;
  /** The last day; `FAR` while nobody knows. */
  to: number;
  members: Absence[];
}

export const FAR = 1_000_000;

/** Half a cent and more is a cent. */
export const toCents = (amount: number) => Math.floor(amount + 0.5 + 1e-9);

/** The period that a line is for begins where it hangs, and ends the day before the next one would. */
export function firstDay({ place }: Line): number {
  return dayOf(place);
}

export function lastDay({ place }: Line): number {
  return dayOf({ ...place, month: place.month + 1 }) - 1;
}

export function isAway({ from, to }: Absence, day: number): boolean {
  return from <= day && (to ?? FAR) >= day;
}

/** Walks over the days: those with somebody away, next to each other, are one run. */
export function runsOf(those: readonly Absence[]): Run[] {
  const runs: Run[] = [];
  if (those.length === 0) return runs;
  const lastKnown = Math.max(...those.map(({ from, to }) => Math.max(from, to ?? from)));
  let run: Run | null = null;
  for (let day = Math.min(...those.map(({ from }) => from)); day <= lastKnown; day += 1) {
    const away = those.filter((one) => isAway(one, day));
    if (away.length === 0) {
      run = null;
      continue;
    }
    if (run === null) {
      run = { from: day, to: day, members: [] };
      runs.push(run);
    }
    for (const one of away) if (!run.members.includes(one)) run.members.push(one);
    run.to = away.some(({ to }) => to === null) ? FAR : day;
  }
  return runs;
}
