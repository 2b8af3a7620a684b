/**
 * A pack of visits as the rules page tells of it, kept day by day in a diary and knowing nothing of the engine: it is good
 * from its first day to its last, but on the days of a pause; a visit takes one, and nobody gets below none. A pause puts the
 * last day off by its days where the pack was sold so; who is at the desk may write another last day over it.
 */
import { dayNumber, sayNumber } from './wall-calendar.ts';

export class NaivePack {
  private readonly first: string;
  private readonly putsOff: boolean;
  private last: string;
  private left: number;
  private readonly paused = new Set<string>();

  constructor(first: string, last: string, credits: number, putsOff: boolean) {
    this.first = first;
    this.last = last;
    this.left = credits;
    this.putsOff = putsOff;
  }

  pause(from: string, days: number): void {
    for (let at = 0; at < days; at += 1) {
      this.paused.add(sayNumber(dayNumber(from) + at));
      if (this.putsOff) this.last = sayNumber(dayNumber(this.last) + 1);
    }
  }

  writeLast(day: string): void {
    this.last = day;
  }

  /** @returns whether it was done */
  move(today: string, count: number): boolean {
    if (today > this.last) return false;
    if (count < 0 && (today < this.first || this.paused.has(today))) return false;
    if (this.left + count < 0) return false;
    this.left += count;
    return true;
  }

  say(): string {
    return `${this.left} left until ${this.last}`;
  }
}
