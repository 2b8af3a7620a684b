/**
 * A contract with an end and, maybe, its renewal, kept by a clerk with a wall calendar and a pencil, from the rules
 * alone. Written apart from the schedule function, to be compared with it: it knows no function of the engine, walks over
 * single days, and is slow and plain on purpose.
 */
import { dayNumber, dayOf, monthsAfter, type Pinned, pinned, sayNumber, wholeMonths } from './wall-calendar.ts';

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

interface Absence {
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

interface Paid {
  due: number;
  amount: number;
  status: 'paid' | 'rejected';
  /** The absences that had moved or priced it. */
  under: Set<string>;
}

type Move = { months: number } | { days: number };

interface Line {
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

interface Run {
  from: number;
  /** The last day; `FAR` while nobody knows. */
  to: number;
  members: Absence[];
}

/** What a contract hands to its renewal. */
interface Passed {
  moves: Move[];
  cancelled: boolean;
  held: boolean;
}

const FAR = 1_000_000;
const NOTHING: Passed = { moves: [], cancelled: false, held: false };

/** Half a cent and more is a cent. */
const toCents = (amount: number) => Math.floor(amount + 0.5 + 1e-9);

export class NaiveContract {
  private readonly absences: Absence[] = [];
  private readonly prices: { from: number; amount: number; said: number }[] = [];
  private readonly extensions = new Map<string, number>();
  private readonly paid = new Map<number, Paid>();
  private cancellation: { on: number; prorated: boolean } | null = null;
  private said = 0;
  private laid: { before: Passed; page: ReturnType<NaiveContract['layOut']> } | null = null;
  private readonly first: number;
  private readonly last: number;
  private readonly price: number;
  private readonly policy: NaivePolicy;
  private readonly byDaysOnly: boolean;

  constructor(startsOn: string, endsOn: string, price: number, policy: NaivePolicy, byDaysOnly: boolean) {
    this.first = dayNumber(startsOn);
    this.last = dayNumber(endsOn);
    this.price = price;
    this.policy = policy;
    this.byDaysOnly = byDaysOnly;
  }

  suspend(id: string, from: string, days: number | null, amount: number | null): void {
    this.laid = null;
    const first = dayNumber(from);
    const to = days === null ? null : first + days - 1;
    this.absences.push({ id, from: first, to, amount, came_back: false, price: null });
  }

  edit(id: string, from: string, days: number | null, amount: number | null): void {
    this.laid = null;
    const absence = this.find(id);
    const first = dayNumber(from);
    const to = days === null ? null : first + days - 1;
    absence.came_back = absence.came_back && to === absence.to;
    Object.assign(absence, { from: first, to, amount });
  }

  back(id: string, on: string, amount: number | null): void {
    this.laid = null;
    const absence = this.find(id);
    absence.came_back ||= absence.to === null;
    const last = dayNumber(on) - 1;
    absence.to = absence.to === null ? last : Math.min(absence.to, last);
    this.said += 1;
    absence.price = amount === null ? null : { amount, said: this.said };
  }

  forget(id: string): void {
    this.laid = null;
    this.absences.splice(this.absences.indexOf(this.find(id)), 1);
  }

  charge(from: string, amount: number): void {
    this.laid = null;
    this.said += 1;
    this.prices.push({ from: dayNumber(from), amount, said: this.said });
  }

  extend(id: string, days: number): void {
    this.laid = null;
    this.extensions.set(id, days);
  }

  takeBack(id: string): void {
    this.laid = null;
    this.extensions.delete(id);
  }

  cancel(on: string, prorated: boolean): void {
    this.laid = null;
    this.cancellation = { on: dayNumber(on), prorated };
  }

  goOn(): void {
    this.laid = null;
    this.cancellation = null;
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
  pay(today: string, before: Passed = NOTHING): number[] {
    const due = this.lay(before).lines.filter((line) => line.status === 'scheduled' && line.due <= dayNumber(today));
    for (const { number, due: on, amount, under } of due)
      this.paid.set(number, { due: on, amount, status: 'paid', under });
    if (due.length > 0) this.laid = null;
    return due.map(({ number }) => number);
  }

  passed(before: Passed = NOTHING): Passed {
    return this.lay(before).passed;
  }

  /** From when to when, then each line; and what is handed on. */
  say(before: Passed = NOTHING): { said: string[]; passed: Passed } {
    const { lines, passed, start, end } = this.lay(before);
    const said = lines.map(({ number, due, amount, status }) => `${number} ${sayNumber(due)} ${amount} ${status}`);
    return { said: [`${sayNumber(start)} to ${sayNumber(end)}`, ...said], passed };
  }

  private find(id: string): Absence {
    const absence = this.absences.find((one) => one.id === id);
    if (!absence) throw new Error(`nobody is away for ${id}`);
    return absence;
  }

  /** Walks over the days: those with somebody away, next to each other, are one run. */
  private runs(those: readonly Absence[]): Run[] {
    const runs: Run[] = [];
    if (those.length === 0) return runs;
    const lastKnown = Math.max(...those.map(({ from, to }) => Math.max(from, to ?? from)));
    let run: Run | null = null;
    for (let day = Math.min(...those.map(({ from }) => from)); day <= lastKnown; day += 1) {
      const away = those.filter(({ from, to }) => from <= day && (to ?? FAR) >= day);
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

  private length(from: number, to: number): Move {
    const months = this.byDaysOnly ? 0 : wholeMonths(from, to + 1);
    return months > 0 && monthsAfter(from, months) === to + 1 ? { months } : { days: to + 1 - from };
  }

  /** Laid out anew only when something was told since. */
  private lay(before: Passed) {
    if (this.laid === null || this.laid.before !== before) this.laid = { before, page: this.layOut(before) };
    return this.laid.page;
  }

  private layOut(before: Passed) {
    const { policy } = this;
    const shiftsEnd = !policy.active || policy.shift_end;
    const began = moved(this.first, before.moves);
    const known = this.absences.filter(({ to }) => to !== null);
    const moves: Move[] = [...before.moves, ...[...this.extensions.values()].map((days) => ({ days }))];
    let start = began;
    if (shiftsEnd)
      for (const { from, to } of this.runs(known)) {
        if (from <= began && to >= began) start = to + 1;
        if (from <= moved(this.last + 1, moves) - 1 && to >= began) moves.push(this.length(Math.max(from, began), to));
      }
    const end = moved(this.last + 1, moves) - 1;
    const touching = this.runs(this.absences)
      .filter(({ from, to }) => to >= began && from <= end)
      .flatMap(({ members }) => members);
    const held = before.held || (shiftsEnd && touching.some(({ to }) => to === null));
    const lines = this.place(before, began, touching);
    const { last, prorated, leaves } = this.ending(before, start, end);
    this.priceNormally(lines);
    if (leaves) for (const line of lines) if (!line.paid && firstDay(line) > last) line.cancelled = true;
    this.chargeAbsences(lines, touching, began, prorated ? last : null);
    if (prorated)
      for (const line of lines) {
        if (line.paid || line.cancelled || line.byDays || lastDay(line) <= last) continue;
        const days = last - firstDay(line) + 1;
        line.amount = toCents((line.amount * days) / (lastDay(line) - firstDay(line) + 1));
      }
    for (const line of lines) {
      if (before.held && !line.paid && !line.cancelled) line.amount = 0;
      line.status = line.paid?.status ?? (line.cancelled ? 'cancelled' : line.amount === 0 ? 'waived' : 'scheduled');
    }
    const cancelled = before.cancelled || this.cancellation !== null;
    return { lines, start, end: last, passed: { moves, cancelled, held } };
  }

  private ending(before: Passed, start: number, end: number) {
    if (before.cancelled) return { last: start - 1, prorated: false, leaves: true };
    if (this.cancellation === null || this.cancellation.on >= end) return { last: end, prorated: false, leaves: false };
    if (this.cancellation.on < start) return { last: start - 1, prorated: false, leaves: true };
    return { last: this.cancellation.on, prorated: this.cancellation.prorated, leaves: true };
  }

  private movesDues({ amount, to }: Absence): boolean {
    const { policy } = this;
    return to !== null && (amount ?? policy.amount) === null && (!policy.active || policy.shift_instalments);
  }

  private place(before: Passed, began: number, touching: readonly Absence[]): Line[] {
    const lines: Line[] = [];
    for (let at = 0; monthsAfter(this.first, at) <= this.last; at += 1) {
      const first = pinned(this.first, before.moves);
      const place = { month: first.month + at, date: first.date };
      const paid = this.paid.get(at + 1);
      lines.push({
        number: at + 1,
        place,
        due: 0,
        amount: 0,
        status: '',
        paid,
        cancelled: false,
        under: new Set(paid?.under),
        claims: [],
        byDays: false,
      });
    }
    for (const { from, to, members } of this.runs(touching.filter((one) => this.movesDues(one)))) {
      const at = lines.findIndex((line) => dayOf(line.place) >= from);
      if (at === -1) continue;
      const move = this.length(Math.max(from, began), to);
      const anchor = 'days' in move ? pinned(dayOf(lines[at]!.place) + move.days, []) : null;
      for (const [index, line] of lines.entries()) {
        if (index < at) continue;
        if ('months' in move) line.place = { ...line.place, month: line.place.month + move.months };
        else line.place = { month: anchor!.month + index - at, date: anchor!.date };
        if (!line.paid) for (const { id } of members) line.under.add(id);
      }
    }
    for (const line of lines) line.due = line.paid?.due ?? dayOf(line.place);
    return lines;
  }

  private priceNormally(lines: readonly Line[]): void {
    const back = this.absences.flatMap(({ to, price }) =>
      price !== null && to !== null ? [{ from: to + 1, ...price }] : [],
    );
    const prices = [...this.prices, ...back].sort((a, b) => a.from - b.from || a.said - b.said);
    for (const line of lines)
      line.amount = line.paid?.amount ?? prices.findLast(({ from }) => from <= line.due)?.amount ?? this.price;
  }

  /** What an instalment costs while this one is away; null: nothing special. */
  private cost({ amount, to }: Absence, normal: number): number | null {
    const { policy } = this;
    const fixed = amount ?? policy.amount;
    if (fixed !== null) return fixed;
    if (!policy.active || policy.shift_instalments) return to === null ? 0 : null;
    if (policy.discount_bps === null && policy.discount_amount === null) return null;
    const off = toCents((normal * (policy.discount_bps ?? 0)) / 10_000) + (policy.discount_amount ?? 0);
    return Math.max(0, normal - off);
  }

  private rule(absence: Absence): NaivePolicy['instalment_rule'] {
    const rule = this.policy.instalment_rule;
    if ((absence.amount ?? this.policy.amount) !== null)
      return rule === 'whole_months' && absence.came_back ? 'due_inside' : rule;
    if (!this.policy.active || this.policy.shift_instalments) return 'due_inside';
    return rule === 'prorated' ? 'prorated' : 'due_inside';
  }

  private chargeAbsences(lines: readonly Line[], touching: readonly Absence[], began: number, until: number | null) {
    const charging = touching.filter((one) => this.cost(one, 0) !== null);
    const ruled = (rule: string) => charging.filter((one) => this.rule(one) === rule);
    for (const { from, to, members } of this.runs(ruled('whole_months'))) {
      let left = to === FAR ? FAR : wholeMonths(Math.max(from, began), to + 1);
      for (const line of lines) {
        const its = line.paid ? members.some(({ id }) => line.paid!.under.has(id)) : !line.cancelled;
        if (left <= 0 || line.due < from || line.claims.length > 0 || !its) continue;
        left -= 1;
        const there = members.filter((one) => one.from <= line.due && (one.to ?? FAR) >= line.due);
        line.claims = there.length > 0 ? there : members;
      }
    }
    for (const line of lines) {
      if (line.paid || line.cancelled) continue;
      for (const one of ruled('due_inside'))
        if (one.from <= line.due && (one.to ?? FAR) >= line.due) line.claims.push(one);
      const normal = line.amount;
      if (line.claims.length > 0) line.amount = Math.min(...line.claims.map((one) => this.cost(one, normal)!));
      for (const { id } of line.claims) line.under.add(id);
      this.chargeDays(line, normal, ruled('prorated'), until);
    }
  }

  /** Each day of its period at its own price. */
  private chargeDays(line: Line, normal: number, those: readonly Absence[], until: number | null): void {
    let total = 0;
    let touched = false;
    for (let day = firstDay(line); day <= lastDay(line); day += 1) {
      if (until !== null && day > until) continue;
      const away = those.filter(({ from, to }) => from <= day && (to ?? FAR) >= day);
      if (away.length > 0) touched = true;
      for (const { id } of away) line.under.add(id);
      total += away.length === 0 ? normal : Math.min(...away.map((one) => this.cost(one, normal)!));
    }
    if (!touched) return;
    const amount = toCents(total / (lastDay(line) - firstDay(line) + 1));
    if (line.claims.length === 0 || amount < line.amount) line.amount = amount;
    line.byDays = true;
  }
}

function moved(day: number, moves: readonly Move[]): number {
  return dayOf(pinned(day, moves));
}

/** The period that a line is for begins where it hangs, and ends the day before the next one would. */
function firstDay({ place }: Line): number {
  return dayOf(place);
}

function lastDay({ place }: Line): number {
  return dayOf({ ...place, month: place.month + 1 }) - 1;
}
