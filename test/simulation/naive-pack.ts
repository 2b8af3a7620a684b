/**
 * A pack of visits as the rules page tells of it, kept day by day in a diary and knowing nothing of the engine: it is good
 * from its first day to its last, but on the days of a pause; a visit takes one, and nobody gets below none. Each day of a
 * pause puts the last day off by one where the pack was sold so. Who is at the desk may write another last day over it:
 * they have seen the pauses that were said before, so only days that a later one adds put it off from there.
 */
import { dayNumber, FOREVER, sayNumber } from './wall-calendar.ts';

interface Pause {
  said: number;
  from: number;
  /** The last day; `FOREVER` while nobody knows. */
  to: number;
  closure: string | null;
}

export class NaivePack {
  private readonly first: number;
  private readonly putsOff: boolean;
  /** As it was sold; null: it never expires, and no pause puts off what it is given later. */
  private readonly sold: number | null;
  private readonly pauses = new Map<string, Pause>();
  private written: { last: number | null; said: number } | null = null;
  private left: number;
  private said = 0;
  /** As counted since something was last told. */
  private counted: { start: number; last: number | null } | null = null;

  constructor(first: string, last: string | null, credits: number, putsOff: boolean) {
    this.first = dayNumber(first);
    this.sold = last === null ? null : dayNumber(last);
    this.left = credits;
    this.putsOff = putsOff && last !== null;
  }

  /** May it be paused on these days? Not what never expires, nor before it begins or after its end. */
  mayPause(from: string, days: number | null): boolean {
    const last = this.last();
    return last !== null && dayNumber(from) <= last && lastOf(from, days) >= this.start();
  }

  pause(id: string, from: string, days: number | null, closure: string | null = null): void {
    this.counted = null;
    this.said += 1;
    this.pauses.set(id, { said: this.said, from: dayNumber(from), to: lastOf(from, days), closure });
  }

  /** As if it had been said so at first. */
  pauseOtherwise(id: string, from: string, days: number | null): void {
    this.counted = null;
    Object.assign(this.pauses.get(id)!, { from: dayNumber(from), to: lastOf(from, days) });
  }

  back(id: string, on: string): void {
    this.counted = null;
    const pause = this.pauses.get(id)!;
    pause.to = Math.min(pause.to, dayNumber(on) - 1);
  }

  forget(id: string): void {
    this.counted = null;
    this.pauses.delete(id);
  }

  /** Is it good on one of these days? A closure leaves what never expires alone. */
  runsOn(from: string, days: number): boolean {
    const last = this.last();
    if (last === null) return false;
    for (let day = dayNumber(from); day < dayNumber(from) + days; day += 1)
      if (this.start() <= day && day <= last) return true;
    return false;
  }

  closedBy(closure: string): string | null {
    return [...this.pauses].find(([, pause]) => pause.closure === closure)?.[0] ?? null;
  }

  /** @param day null: it never expires. @returns whether it was done. */
  writeLast(day: string | null): boolean {
    const last = day === null ? null : dayNumber(day);
    if (last === null && this.sold !== null) return false;
    if (last === this.last() || (last !== null && last < this.start())) return false;
    this.counted = null;
    this.said += 1;
    this.written = { last, said: this.said };
    return true;
  }

  /** @returns whether it was done */
  move(today: string, count: number): boolean {
    const day = dayNumber(today);
    if (day > (this.last() ?? FOREVER)) return false;
    if (count < 0 && (day < this.start() || this.isPaused(day, () => true))) return false;
    if (this.left + count < 0) return false;
    this.left += count;
    return true;
  }

  say(): string {
    const last = this.last();
    return `${this.left} left until ${last === null ? null : sayNumber(last)}`;
  }

  private isPaused(day: number, which: (pause: Pause) => boolean): boolean {
    return [...this.pauses.values()].some((pause) => which(pause) && pause.from <= day && day <= pause.to);
  }

  private start(): number {
    return this.count().start;
  }

  private last(): number | null {
    return this.count().last;
  }

  private count() {
    this.counted ??= { start: this.countStart(), last: this.countLast() };
    return this.counted;
  }

  /** A pause over the first day puts that off too. */
  private countStart(): number {
    let day = this.first;
    while (this.putsOff && this.isPaused(day, ({ to }) => to < FOREVER)) day += 1;
    return day;
  }

  private countLast(): number | null {
    let last = this.written === null ? this.sold : this.written.last;
    if (last === null || !this.putsOff) return last;
    const seen = this.written?.said ?? 0;
    for (let day = this.first; day <= last; day += 1) {
      const isNew = this.isPaused(day, ({ said, to }) => said > seen && to < FOREVER);
      const wasSeen = this.isPaused(day, ({ said, to }) => said < seen && to < FOREVER);
      if (isNew && !wasSeen) last += 1;
    }
    return last;
  }
}

function lastOf(from: string, days: number | null): number {
  return days === null ? FOREVER : dayNumber(from) + days - 1;
}
