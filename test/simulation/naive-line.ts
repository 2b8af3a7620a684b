/** A line of the clerk's page, who is away and when, and the days they are away together. No function of the engine. */
import { dayOf, FOREVER, type Pinned, pinned } from './wall-calendar.ts';

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

/** What the desk may say of an absence differently from what follows by itself. */
export interface Otherwise {
  policy: Partial<NaivePolicy>;
  first: number | null;
  last: number | null;
}

export interface Absence {
  id: string;
  /** When it was first said. */
  said: number;
  from: number;
  /** The last day; null while nobody knows. */
  to: number | null;
  amount: number | null;
  /** The plan's rules, but for what the desk set differently this time. */
  policy: NaivePolicy;
  /** The first and last line that the desk wants to be suspended, by number; null: as the rules have it. */
  chosen: { first: number | null; last: number | null };
  /** The closure that it is part of; null: the member's own. */
  closure: string | null;
  /** It was without end, and ended when the member came back. */
  came_back: boolean;
  /** A new price from the day back, and when that was said. */
  price: { id: string; amount: number; said: number } | null;
  /** The lines that were paid, and whose unused days were to be given back. */
  credits: ReadonlySet<number>;
}

export interface Price {
  id: string;
  from: number;
  amount: number;
  said: number;
  /** The lines that were paid, and of which the dearer part was to be given back. */
  credits: ReadonlySet<number>;
}

export interface Paid {
  due: number;
  amount: number;
  status: 'paid' | 'rejected';
  /** What had moved or priced it. */
  under: ReadonlySet<string>;
  /** The part of it that earlier money paid for. */
  credited: number;
  /** Its day, and its amount, had been written by hand. */
  dayByHand: boolean;
  amountByHand: boolean;
}

export type Move = { months: number } | { days: number };

export interface Line {
  number: number;
  /** How many months it is for. */
  every: number;
  /** Where it hangs on the calendar as if nothing were paid. */
  place: Pinned;
  /** Who moved it there. */
  movers: ReadonlySet<string>;
  /** Where it hung before it was moved, one after the other. */
  rubbedOut: { place: Pinned; movers: ReadonlySet<string> }[];
  due: number;
  amount: number;
  status: string;
  paid: Paid | undefined;
  cancelled: boolean;
  under: Set<string>;
  claims: Absence[];
  byDays: boolean;
  credited: number;
  /** When its amount was written by hand; 0: it was not. */
  written: number;
  dayByHand: boolean;
}

/** Something written over a line by hand; null leaves that as it was. */
export interface Writing {
  number: number;
  amount: number | null;
  due: number | null;
  said: number;
  /** When the contract began then. */
  began: number;
}

export interface Run {
  from: number;
  /** The last day; `FAR` while nobody knows. */
  to: number;
  members: Absence[];
}

export const FAR = FOREVER;

/** Half a cent and more is a cent. */
export const toCents = (amount: number) => Math.floor(amount + 0.5 + 1e-9);

/**
 * The period that a line is for begins where it hangs, and ends the day before the next one would; a day written by hand
 * moves no period. One that was paid is for the period it had when it was; where no such place can be read on the page any
 * more, for as many months from its day. Where its day was written by hand, that is the last place to which only those had moved
 * it who had when it was paid.
 */
export function firstDay(line: Line): number {
  return dayOf(hungAt(line));
}

export function lastDay(line: Line): number {
  const { month, date } = hungAt(line);
  return dayOf({ month: month + line.every, date }) - 1;
}

function hungAt({ place, movers, rubbedOut, paid }: Line): Pinned {
  if (!paid) return place;
  const places = [...rubbedOut, { place, movers }];
  if (paid.dayByHand)
    return places.findLast((one) => [...one.movers].every((id) => paid.under.has(id)))?.place ?? pinned(paid.due, []);
  if (dayOf(place) === paid.due) return place;
  return places.find((one) => dayOf(one.place) === paid.due)?.place ?? pinned(paid.due, []);
}

export function isAway({ from, to }: Pick<Absence, 'from' | 'to'>, day: number): boolean {
  return from <= day && (to ?? FAR) >= day;
}

/** A line remembers who moved or priced it, and what was said with it. */
export function wasThere({ under }: Line, { id, price }: Absence): void {
  under.add(id);
  if (price) under.add(price.id);
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
