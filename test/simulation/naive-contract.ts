/**
 * A contract with an end and, maybe, its renewal, kept by a clerk with a wall calendar and a pencil, from the rules
 * alone. Written apart from the schedule function, to be compared with it: it knows no function of the engine, walks over
 * single days, and is slow and plain on purpose.
 */
import { chargeAbsences } from './naive-charges.ts';
import { beyond, type Credit, type Reach, reachBack, takeOff } from './naive-credits.ts';
import { isTooMuch, isTooShort, type NaiveLimits } from './naive-limits.ts';
import {
  type Absence,
  FAR,
  firstDay,
  isAway,
  type Line,
  lastDay,
  type Move,
  type NaivePolicy,
  type Otherwise,
  type Paid,
  type Price,
  runsOf,
  toCents,
  type Writing,
  wasThere,
} from './naive-line.ts';
import { dayNumber, dayOf, monthsAfter, pinned, sayNumber, wholeMonths } from './wall-calendar.ts';

/** What a contract hands to its renewal. */
interface Passed {
  moves: Move[];
  /** What cancelled it. */
  cancelled: string | null;
  held: boolean;
}

/** What was sold. */
export interface NaiveSold {
  first: number;
  last: number;
  /** The day of the first line. */
  firstDue: number;
  /** How many months lie between two lines. */
  every: number;
  /** How many lines; null: as many as fall due by the last day. */
  count: number | null;
  price: number;
  policy: NaivePolicy;
  byDaysOnly: boolean;
}

/** A word of the bank on a payment, and when it says that happened. */
interface Word {
  kind: string;
  on: string;
}

const NOTHING: Passed = { moves: [], cancelled: null, held: false };

export class NaiveContract {
  private readonly absences: Absence[] = [];
  private readonly prices: Price[] = [];
  private readonly grants: Credit[] = [];
  private readonly writings: Writing[] = [];
  private readonly extensions = new Map<string, { days: number; said: number }>();
  /** The last day written by hand, and how many lines there are then in all. */
  private end: { id: string; on: number; count: number; said: number; began: number } | null = null;
  /** The most lines there ever were by such a day: those it took away stay on the page. */
  private mostLines = 0;
  private readonly paid = new Map<number, Paid>();
  /** What the bank said of the lines that were paid. */
  private readonly words = new Map<number, Word[]>();
  /** The lines whose money came back, with the day for which it is asked for again. */
  private readonly cameBack = new Map<number, number>();
  private cancellation: { id: string; on: number; prorated: boolean; said: number } | null = null;
  private said = 0;
  private laid: { before: Passed; page: ReturnType<NaiveContract['layOut']> } | null = null;
  private readonly previous: NaiveContract | null;
  private readonly sold: NaiveSold;

  constructor(sold: NaiveSold, previous: NaiveContract | null) {
    this.sold = sold;
    this.previous = previous;
  }

  /**
   * @param back whether the unused days of what is paid already are given back.
   * @param closure the club's, where it is not the member's own wish.
   */
  suspend(
    id: string,
    from: string,
    days: number | null,
    amount: number | null,
    back: boolean,
    otherwise: Otherwise,
    closure: string | null = null,
  ): void {
    this.laid = null;
    this.said += 1;
    const stated = this.stated(from, days, amount, otherwise);
    this.absences.push({ id, said: this.said, ...stated, closure, came_back: false, price: null, credits: new Set() });
    if (back) this.find(id).credits = this.dearer(id);
  }

  /** @param back null: as it was. */
  edit(
    id: string,
    from: string,
    days: number | null,
    amount: number | null,
    back: boolean | null,
    otherwise: Otherwise,
  ): void {
    this.laid = null;
    const absence = this.find(id);
    const stated = this.stated(from, days, amount, otherwise);
    absence.came_back = absence.came_back && stated.to === absence.to;
    Object.assign(absence, stated);
    if (back === null) return;
    absence.credits = new Set();
    if (back) absence.credits = this.dearer(id);
  }

  back(id: string, on: string, price: { id: string; amount: number } | null): void {
    this.laid = null;
    const absence = this.find(id);
    absence.came_back ||= absence.to === null;
    const last = dayNumber(on) - 1;
    absence.to = absence.to === null ? last : Math.min(absence.to, last);
    this.said += 1;
    absence.price = price === null ? null : { ...price, said: this.said };
  }

  forget(id: string): void {
    this.laid = null;
    this.absences.splice(this.absences.indexOf(this.find(id)), 1);
  }

  charge(id: string, from: string, amount: number, back: boolean): void {
    this.laid = null;
    this.said += 1;
    const price = { id, from: dayNumber(from), amount, said: this.said, credits: new Set<number>() };
    this.prices.push(price);
    if (back) price.credits = this.dearer(id);
  }

  /**
   * Does the plan forbid to be away so? Nobody is forbidden what the club did by closing, nor does it count for them.
   * @param id of the absence that is stated anew.
   */
  forbids(limits: NaiveLimits, from: string, days: number | null, id: string | null): boolean {
    if (id !== null && this.find(id).closure !== null) return false;
    const on = dayNumber(from);
    const one = { from: on, to: days === null ? null : on + days - 1 };
    const others = this.absences.filter((other) => other.id !== id && other.closure === null);
    return isTooShort(one, limits) || isTooMuch(one, others, this.lay().began, limits);
  }

  /** Is it too short for the plan, with the member back on this day? */
  forbidsBack(limits: NaiveLimits, id: string, on: string): boolean {
    const { from, closure } = this.find(id);
    return closure === null && isTooShort({ from, to: dayNumber(on) - 1 }, limits);
  }

  /** Is there a day among these on which it runs? */
  runsOn(from: string, days: number): boolean {
    const { start, end } = this.lay();
    for (let day = dayNumber(from); day < dayNumber(from) + days; day += 1) if (start <= day && day <= end) return true;
    return false;
  }

  /** The absence that a closure made of it; null: none, or none any more. */
  closedBy(closure: string): string | null {
    return this.absences.find((one) => one.closure === closure)?.id ?? null;
  }

  /** Writes over a line, if it may be. @returns whether it was done. */
  write(today: string, number: number, amount: number | null, due: string | null): boolean {
    const { lines, began } = this.lay();
    const line = lines.find((one) => one.number === number);
    if (!line || line.paid || line.cancelled) return false;
    const day = due === null ? null : dayNumber(due);
    if (day !== null && day < dayNumber(today)) return false;
    if ((amount ?? line.amount) === line.amount && (day ?? line.due) === line.due) return false;
    this.laid = null;
    this.said += 1;
    this.writings.push({ number, amount, due: day, said: this.said, began });
    return true;
  }

  /** Something off the next lines from a day on. */
  grant(from: string, amount: number): void {
    this.laid = null;
    this.said += 1;
    this.grants.push({ from: dayNumber(from), amount, said: this.said, price: null });
  }

  extend(id: string, days: number): void {
    this.laid = null;
    this.said += 1;
    this.extensions.set(id, { days, said: this.said });
  }

  takeBack(id: string): void {
    this.laid = null;
    this.extensions.delete(id);
  }

  /**
   * Writes another last day over the one it has. Each whole interval that is gained or lost adds or takes away a line, but where
   * the price was asked for in so many; what is paid stays.
   */
  writeEnd(id: string, on: string): void {
    const { end, began, lines } = this.lay();
    const { every, count } = this.sold;
    const last = dayNumber(on);
    let there = Math.max(0, ...lines.filter(({ cancelled }) => !cancelled).map(({ number }) => number));
    if (count === null || count === this.naturalCount()) {
      there += Math.floor(wholeMonths(end + 1, last + 1) / every);
      there -= Math.floor(wholeMonths(last + 1, end + 1) / every);
    }
    there = Math.max(0, there, ...this.paid.keys());
    this.laid = null;
    this.said += 1;
    this.end = { id, on: last, count: there, said: this.said, began };
    this.mostLines = Math.max(this.mostLines, there);
  }

  cancel(id: string, on: string, prorated: boolean): void {
    this.laid = null;
    this.said += 1;
    this.cancellation = { id, on: dayNumber(on), prorated, said: this.said };
  }

  goOn(): void {
    this.laid = null;
    this.cancellation = null;
  }

  /** A file of the bank: of all that it said until now, what happened last is so. @param again when it is asked for again. */
  hear(number: number, words: readonly Word[], again: string): void {
    const all = [...(this.words.get(number) ?? []), ...words];
    this.words.set(number, all);
    const isBack = all.reduce((last, word) => (word.on >= last.on ? word : last)).kind === 'returned';
    if (!isBack) this.cameBack.delete(number);
    else if (!this.cameBack.has(number)) this.cameBack.set(number, dayNumber(again));
  }

  /** What should have been paid before today, and was not. */
  owes(today: string): number {
    const isLate = ({ number, due, paid, status }: Line) =>
      paid ? (this.cameBack.get(number) ?? FAR) < dayNumber(today) : status === 'scheduled' && due < dayNumber(today);
    return this.lay()
      .lines.filter(isLate)
      .reduce((all, { amount }) => all + amount, 0);
  }

  /** The member brings the money for a line that came back. */
  bring(number: number): void {
    this.bankSaid(number, 'paid');
    this.cameBack.delete(number);
  }

  /** The bank's last word on a payment. */
  bankSaid(number: number, status: 'paid' | 'rejected'): void {
    this.laid = null;
    const paid = this.paid.get(number);
    if (paid) paid.status = status;
  }

  mayEnter(today: string): boolean {
    const day = dayNumber(today);
    return !this.absences.some((one) => one.from <= day && (one.to ?? FAR) >= day);
  }

  /** Pays what is due by today. @returns the numbers paid. */
  pay(today: string): number[] {
    return this.settle(this.lay().lines.filter((line) => line.due <= dayNumber(today)));
  }

  /** Pays the next lines before they are due. @returns the numbers paid. */
  payAhead(count: number): number[] {
    const open = this.lay().lines.filter(({ status }) => status === 'scheduled');
    return this.settle(open.sort((a, b) => a.due - b.due || a.number - b.number).slice(0, count));
  }

  /** The same page once more, to try something on. */
  copy(previous: NaiveContract | null): NaiveContract {
    const { absences, prices, grants, writings, extensions, paid, cancellation, said, end, mostLines } = this;
    const copy = new NaiveContract(this.sold, previous);
    return Object.assign(copy, {
      absences: absences.map((one) => ({ ...one })),
      prices: [...prices],
      grants: [...grants],
      writings: [...writings],
      extensions: new Map(extensions),
      paid: new Map(paid),
      cancellation,
      said,
      end,
      mostLines,
    });
  }

  /**
   * The contract that follows, if it is time: from the day after the last one, for as long as this one was sold for; due on as
   * this one was, at the last price. Written down as if nothing had ever moved, for whatever moved this one moves it too.
   */
  renewal(today: string, monthsAhead: number, price: number | null): NaiveContract | null {
    const { end, passed } = this.lay();
    if (passed.cancelled !== null || passed.held) return null;
    if (end < dayNumber(today) || end > monthsAfter(dayNumber(today), monthsAhead)) return null;
    const sold = this.sold.last + 1;
    const months = wholeMonths(this.sold.first, sold);
    const length: Move = monthsAfter(this.sold.first, months) === sold ? { months } : { days: sold - this.sold.first };
    const asIfNeverMoved = (day: number, expected: number) => {
      if (moved(expected, passed.moves) === day) return expected;
      let before = day - 2000;
      while (moved(before, passed.moves) < day) before += 1;
      return before;
    };
    const first = asIfNeverMoved(end + 1, sold);
    const last = asIfNeverMoved(moved(end + 1, [length]), moved(sold, [length])) - 1;
    // Where the last day was written by hand, as far from the first day as before.
    const dueNext = moved(this.sold.firstDue, [length]);
    const isMoved = moved(sold, passed.moves) === end + 1;
    const due = isMoved ? moved(dueNext, passed.moves) : end + 1 + this.sold.firstDue - this.sold.first;
    const firstDue = asIfNeverMoved(due, dueNext);
    const agreed = price ?? this.priceOn(FAR)?.amount ?? this.sold.price;
    return new NaiveContract({ ...this.sold, first, last, firstDue, price: agreed }, this);
  }

  isPaidFor(): boolean {
    return this.paid.size > 0;
  }

  /** From when to when, then each line, then what is left of credits. */
  say(): string[] {
    const { lines, start, end, left } = this.lay();
    const said = lines.map(
      ({ number, due, amount, status, credited, paid }) =>
        `${number} ${sayNumber(due)} ${amount} (${paid?.credited ?? credited} less) ${status}`,
    );
    return [`${sayNumber(start)} to ${sayNumber(end)}`, ...said, `${left} left`];
  }

  /** What is paid and would be less now. */
  reached(): Reach[] {
    return this.lay().reached;
  }

  private settle(those: readonly Line[]): number[] {
    const open = those.filter(({ status }) => status === 'scheduled');
    for (const line of open) {
      const { number, due, amount, under, credited, dayByHand } = line;
      this.paid.set(number, {
        due,
        amount,
        status: 'paid',
        under,
        credited,
        dayByHand,
        amountByHand: line.written > 0,
      });
    }
    if (open.length > 0) this.laid = null;
    return open.map(({ number }) => number);
  }

  /** The lines that were paid and that this makes dearer than they would be. */
  private dearer(id: string): Set<number> {
    const reached = this.lay().reached.filter(({ by, difference }) => by === id && difference > 0);
    this.laid = null;
    return new Set(reached.map(({ number }) => number));
  }

  private stated(from: string, days: number | null, amount: number | null, { policy, first, last }: Otherwise) {
    const on = dayNumber(from);
    const own = { ...this.sold.policy, ...policy };
    // A discount is by percent or by an amount: one that is given takes the place of the plan's.
    if ((policy.discount_bps ?? null) !== null) own.discount_amount = null;
    if ((policy.discount_amount ?? null) !== null) own.discount_bps = null;
    return { from: on, to: days === null ? null : on + days - 1, amount, policy: own, chosen: { first, last } };
  }

  private find(id: string): Absence {
    const absence = this.absences.find((one) => one.id === id);
    if (!absence) throw new Error(`nobody is away for ${id}`);
    return absence;
  }

  private length(from: number, to: number): Move {
    const months = this.sold.byDaysOnly ? 0 : wholeMonths(from, to + 1);
    return months > 0 && monthsAfter(from, months) === to + 1 ? { months } : { days: to + 1 - from };
  }

  /** Laid out anew only when something was told since. */
  private lay() {
    const before: Passed = this.previous?.lay().passed ?? NOTHING;
    if (this.laid === null || this.laid.before !== before) this.laid = { before, page: this.layOut(before) };
    return this.laid.page;
  }

  private layOut(before: Passed) {
    const began = moved(this.sold.first, before.moves);
    const movesEnd = ({ policy }: Absence) => !policy.active || policy.shift_end;
    const known = this.absences.filter((one) => one.to !== null && movesEnd(one));
    let start = began;
    for (const { from, to } of runsOf(known)) if (from <= began && to >= began) start = to + 1;
    const { moves, end } = this.moveEnd(before, began, known);
    const touching = runsOf(this.absences)
      .filter(({ from, to }) => to >= began && from <= end)
      .flatMap(({ members }) => members);
    const held = before.held || touching.some((one) => one.to === null && movesEnd(one));
    const lines = this.place(before, began, touching);
    const cancelled = before.cancelled ?? this.cancellation?.id ?? null;
    const { last, prorated, leaves, said } = this.ending(before, start, end);
    this.priceNormally(lines);
    if (leaves)
      for (const line of lines) {
        if (line.paid || firstDay(line) <= last) continue;
        line.cancelled = true;
        line.under.add(cancelled!);
      }
    chargeAbsences(lines, touching, began, this.sold.every, prorated ? last : null);
    if (prorated)
      for (const line of lines) {
        if (line.paid || line.cancelled || lastDay(line) <= last || line.written > said) continue;
        line.under.add(cancelled!);
        if (line.byDays) continue;
        const days = last - firstDay(line) + 1;
        line.amount = toCents((line.amount * days) / (lastDay(line) - firstDay(line) + 1));
      }
    for (const line of lines) {
      if (before.held && !line.paid && !line.cancelled) line.amount = 0;
    }
    const inOrder = touching.sort((a, b) => a.from - b.from || (a.id < b.id ? -1 : 1));
    const reached = lines.flatMap((line) => reachBack(line, this.priceOn(line.due), inOrder));
    if (leaves) reached.push(...lines.flatMap((line) => beyond(line, last, prorated, cancelled!)));
    const left = takeOff(lines, [...reached.flatMap(({ parts }) => parts), ...this.grants]);
    for (const line of lines) {
      line.status = line.paid?.status ?? (line.cancelled ? 'cancelled' : line.amount === 0 ? 'waived' : 'scheduled');
    }
    return { lines, began, start, end: last, reached, left, passed: { moves, cancelled, held } };
  }

  /** How far the last day moves from where it was sold, or written by hand by somebody who had seen what was said before. */
  private moveEnd(before: Passed, began: number, known: readonly Absence[]): { moves: Move[]; end: number } {
    const { end } = this;
    const sold = this.sold.last + 1;
    const moves = [...before.moves];
    const own = end === null ? [...moves] : began > end.began ? [this.length(end.began, began - 1)] : [];
    const over = () => moved((end?.on ?? this.sold.last) + 1, own);
    if (end !== null && over() > moved(sold, moves)) {
      const step = this.length(moved(sold, moves), over() - 1);
      const isThere = moved(sold, [...moves, step]) === over();
      moves.push(isThere ? step : { days: over() - moved(sold, moves) });
    }
    const later = ({ said }: { said: number }) => said > (end?.said ?? 0);
    const steps = [...this.extensions.values()].filter(later).map(({ days }): Move => ({ days }));
    moves.push(...steps);
    own.push(...steps);
    const seen = known.filter((one) => !later(one));
    for (const run of runsOf(known.filter(later)))
      for (const { from, to } of newStretches(run.from, run.to, seen)) {
        if (from >= over() || to < began) continue;
        const step = this.length(Math.max(from, began), to);
        moves.push(step);
        own.push(step);
      }
    return { moves, end: over() - 1 };
  }

  private naturalCount(): number {
    const { firstDue, last, every } = this.sold;
    let count = 0;
    while (monthsAfter(firstDue, count * every) <= last) count += 1;
    return count;
  }

  private ending(before: Passed, start: number, end: number) {
    if (before.cancelled !== null) return { last: start - 1, prorated: false, leaves: true, said: 0 };
    if (this.cancellation === null || this.cancellation.on >= end)
      return { last: end, prorated: false, leaves: false, said: 0 };
    if (this.cancellation.on < start) return { last: start - 1, prorated: false, leaves: true, said: 0 };
    return { last: this.cancellation.on, leaves: true, ...this.cancellation };
  }

  private movesDues({ amount, to, policy }: Absence): boolean {
    return to !== null && (amount ?? policy.amount) === null && (!policy.active || policy.shift_instalments);
  }

  private place(before: Passed, began: number, touching: readonly Absence[]): Line[] {
    const lines: Line[] = [];
    const { firstDue, every } = this.sold;
    const first = pinned(firstDue, before.moves);
    const sold = this.sold.count ?? this.naturalCount();
    const most = this.end === null ? sold : Math.max(sold, this.mostLines);
    for (let at = 0; at < most; at += 1) {
      const place = { month: first.month + at * every, date: first.date };
      const paid = this.paid.get(at + 1);
      lines.push({
        number: at + 1,
        every,
        place,
        movers: new Set(),
        rubbedOut: [],
        due: 0,
        amount: 0,
        status: '',
        paid,
        cancelled: !paid && at >= (this.end?.count ?? most),
        under: new Set(paid?.under),
        claims: [],
        byDays: false,
        credited: 0,
        written: 0,
        dayByHand: false,
      });
    }
    for (const { from, to, members } of runsOf(touching.filter((one) => this.movesDues(one)))) {
      const at = lines.findIndex((line) => dayOf(line.place) >= from);
      if (at === -1) continue;
      const move = this.length(Math.max(from, began), to);
      const anchor = 'days' in move ? pinned(dayOf(lines[at]!.place) + move.days, []) : null;
      for (const [index, line] of lines.entries()) {
        if (index < at) continue;
        line.rubbedOut.push({ place: line.place, movers: line.movers });
        line.movers = new Set([...line.movers, ...members.map(({ id }) => id)]);
        if ('months' in move) line.place = { ...line.place, month: line.place.month + move.months };
        else line.place = { month: anchor!.month + (index - at) * every, date: anchor!.date };
        if (!line.paid) for (const one of members) wasThere(line, one);
      }
    }
    for (const line of lines) line.due = line.paid?.due ?? this.dueByHand(line, began, touching) ?? dayOf(line.place);
    return lines;
  }

  /** The day last written over a line; what is said afterwards moves it on, and so does a contract that begins later. */
  private dueByHand(line: Line, began: number, touching: readonly Absence[]): number | null {
    const writing = this.writings.findLast(({ number, due }) => number === line.number && due !== null);
    if (!writing) return null;
    line.dayByHand = true;
    let due = writing.due!;
    if (began > writing.began) due = moved(due, [this.length(writing.began, began - 1)]);
    const moving = touching.filter((one) => this.movesDues(one));
    const seen = moving.filter(({ said }) => said < writing.said);
    for (const { from, to } of runsOf(moving.filter(({ said }) => said > writing.said)))
      if (due >= from) {
        const stretches = newStretches(Math.max(from, began), to, seen);
        due = moved(
          due,
          stretches.map((each) => this.length(each.from, each.to)),
        );
      }
    return due;
  }

  private priceOn(day: number): Price | undefined {
    const back = this.absences.flatMap(({ to, price }) =>
      price !== null && to !== null ? [{ from: to + 1, ...price, credits: new Set<number>() }] : [],
    );
    const prices = [...this.prices, ...back].sort((a, b) => a.from - b.from || a.said - b.said);
    return prices.findLast(({ from }) => from <= day);
  }

  private priceNormally(lines: readonly Line[]): void {
    for (const line of lines) {
      const price = this.priceOn(line.due);
      line.amount = line.paid?.amount ?? price?.amount ?? this.sold.price;
      if (price && !line.paid) line.under.add(price.id);
      const writing = this.writings.findLast(({ number, amount }) => number === line.number && amount !== null);
      if (!writing || line.paid) continue;
      line.amount = writing.amount!;
      line.written = writing.said;
    }
  }
}

function moved(day: number, moves: readonly Move[]): number {
  return dayOf(pinned(day, moves));
}

/** The days of an absence that nobody had seen before, next to each other: each day counts once. */
function newStretches(from: number, to: number, seen: readonly Absence[]): { from: number; to: number }[] {
  const stretches: { from: number; to: number }[] = [];
  let first: number | null = null;
  for (let day = from; day <= to + 1; day += 1) {
    if (day <= to && !seen.some((one) => isAway(one, day))) first ??= day;
    else if (first !== null) {
      stretches.push({ from: first, to: day - 1 });
      first = null;
    }
  }
  return stretches;
}
