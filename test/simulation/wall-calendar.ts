/** Days as numbers and months as a wall calendar shows them, for the naive models. No function of the engine. */
const DAY = 86_400_000;

/** The last day of what nobody knows the end of. */
export const FOREVER = 1_000_000;

export const dayNumber = (text: string) => Date.parse(`${text}T00:00:00Z`) / DAY;

const said = new Map<number, string>();

/** A day as text; each is written once. */
export function sayNumber(day: number): string {
  let text = said.get(day);
  if (text === undefined) {
    text = new Date(day * DAY).toISOString().substring(0, 10);
    said.set(day, text);
  }
  return text;
}

const places = new Map<number, Pinned>();

/** Which date of which month a day is. */
function placeOf(day: number): Pinned {
  let place = places.get(day);
  if (place === undefined) {
    const at = new Date(day * DAY);
    place = { month: at.getUTCFullYear() * 12 + at.getUTCMonth(), date: at.getUTCDate() };
    places.set(day, place);
  }
  return place;
}

/** A date of a month: the 31st of a month of 30 days is its last one. */
export interface Pinned {
  /** Months since the year 0. */
  month: number;
  date: number;
}

const lookedUp = new Map<number, number>();

/** The day of a date; each is looked up once. */
export function dayOf({ month, date }: Pinned): number {
  let day = lookedUp.get(month * 32 + date);
  if (day === undefined) {
    day = lookUp(month, date);
    lookedUp.set(month * 32 + date, day);
  }
  return day;
}

function lookUp(month: number, date: number): number {
  const [year, at] = [Math.floor(month / 12), month % 12];
  const last = new Date(Date.UTC(year, at + 1, 0)).getUTCDate();
  return Date.UTC(year, at, Math.min(date, last)) / DAY;
}

/** Where a day hangs after moves; months in a row add up before they are looked up. */
export function pinned(day: number, moves: readonly ({ months: number } | { days: number })[]): Pinned {
  let place = placeOf(day);
  for (const move of moves) {
    if ('months' in move) place = { ...place, month: place.month + move.months };
    else place = pinned(dayOf(place) + move.days, []);
  }
  return place;
}

export function monthsAfter(day: number, months: number): number {
  return dayOf(pinned(day, [{ months }]));
}

/** How many months fit from one day up to another. */
export function wholeMonths(from: number, to: number): number {
  let months = 0;
  while (monthsAfter(from, months + 1) <= to) months += 1;
  return months;
}
