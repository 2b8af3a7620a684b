/**
 * A seeded world of contracts with an end, and their renewals: absences of every policy that overlap, are edited, stopped
 * and taken back, prices, gestures, cancellations, outages, clicks sent twice, and banks whose files come in any order.
 * Told day by day to the engine's decisions and to the naive model, which must agree.
 */
import { createHash } from 'node:crypto';
import { type BankEvent, presentationState } from '../../src/domain/bank-events/presentation.ts';
import { decideCancel } from '../../src/domain/contract-changes/cancel.ts';
import { decideChangePrice } from '../../src/domain/contract-changes/change-price.ts';
import type { Decision } from '../../src/domain/contract-changes/decision.ts';
import { decideEditSuspension } from '../../src/domain/contract-changes/edit-suspension.ts';
import { decideExtend } from '../../src/domain/contract-changes/extend.ts';
import { decideRemoveExtension } from '../../src/domain/contract-changes/remove-extension.ts';
import { decideRemoveSuspension } from '../../src/domain/contract-changes/remove-suspension.ts';
import { decideStopSuspension } from '../../src/domain/contract-changes/stop-suspension.ts';
import { decideSuspend } from '../../src/domain/contract-changes/suspend.ts';
import { decideUndoCancellation } from '../../src/domain/contract-changes/undo-cancellation.ts';
import { addDays, addMonths, type Day, day, daysBetween } from '../../src/domain/day.ts';
import { cents } from '../../src/domain/money.ts';
import { suspensionOn } from '../../src/domain/schedule/access.ts';
import { scheduleChain } from '../../src/domain/schedule/chain.ts';
import type { Fact } from '../../src/domain/schedule/facts.ts';
import type { Schedule } from '../../src/domain/schedule/instalment.ts';
import { instalmentRules } from '../../src/domain/schedule/terms.ts';
import { Refusal } from '../../src/errors/refusal.ts';
import { Desk, suspension } from '../domain/contract-changes/desk.ts';
import { payDue, terms } from '../domain/schedule/contracts.ts';
import { type Random, random } from '../storm/random.ts';
import { NaiveContract } from './naive-contract.ts';
import type { NaivePolicy } from './naive-line.ts';
import type { WorldResult } from './world.ts';

const MEMBERS = 2;
const DAYS = 460;
const KINDS = [
  ...['suspend', 'suspend', 'suspend', 'suspend', 'suspend', 'edit', 'edit', 'stop', 'stop', 'remove'],
  ...['price', 'extend', 'take back', 'cancel', 'undo'],
];
const move = { renewals: 'move', compensation: null } as const;

interface Delivery {
  contract: number;
  number: number;
  /** In the order they come in, with the day. */
  files: { on: Day; events: BankEvent[] }[];
  known: BankEvent[];
  /** What the bank meant in the end. */
  truth: 'paid' | 'rejected';
}

class Member {
  readonly desk: Desk;
  readonly naive: NaiveContract[] = [];
  readonly told: string[] = [];
  private readonly chance: Random;
  private readonly absences = new Map<string, { contract: number; from: Day; days: number | null }>();
  private readonly extensions = new Map<string, number>();
  private deliveries: Delivery[] = [];
  /** As computed since something last changed. */
  private computed: Schedule[] | null = null;

  constructor(chance: Random, startsOn: Day) {
    this.chance = chance;
    const months = chance.pick([3, 6, 12, 12]);
    const price = chance.pick([1999, 5000, 5900]);
    const policy: NaivePolicy = {
      active: chance.chance(0.6),
      shift_end: chance.chance(0.5),
      shift_instalments: chance.chance(0.3),
      ...chance.pick([
        { discount_bps: null, discount_amount: null },
        { discount_bps: 4000, discount_amount: null },
        { discount_bps: null, discount_amount: 1500 },
        { discount_bps: null, discount_amount: 6000 },
      ]),
      amount: chance.chance(0.3) ? chance.pick([0, 200]) : null,
      instalment_rule: chance.pick(instalmentRules),
    };
    const shift_unit = chance.pick(['months_else_days', 'months_else_days', 'days'] as const);
    const spans: [Day, Day][] = [];
    let first = startsOn;
    for (let at = 0; at < chance.int(1, 2); at += 1) {
      const next = addMonths(first, months);
      spans.push([first, addDays(next, -1)]);
      first = next;
    }
    const sold = spans.map(([from, to]) =>
      terms(from, to, { amount: cents(price), shift_unit, freeze: policy as object }),
    );
    this.desk = new Desk(startsOn, ...sold);
    for (const [from, to] of spans)
      this.naive.push(new NaiveContract(from, to, price, policy, shift_unit === 'days', this.naive.at(-1) ?? null));
    this.told.push(JSON.stringify({ spans, price, policy, shift_unit }));
  }

  /** Something happens, or is refused; now and then the desk clicks twice. */
  happen(): void {
    const twice = this.chance.chance(0.15);
    const seed = this.chance.int(1, 1_000_000_000);
    this.once(random(seed));
    if (twice) this.once(random(seed));
  }

  private once(chance: Random): void {
    const at = chance.int(0, this.naive.length - 1);
    const kind = this.desk.schedule(at).cancelled_on !== null && chance.chance(0.5) ? 'undo' : chance.pick(KINDS);
    try {
      this.decide(kind, chance, at);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
    }
  }

  private decide(kind: string, chance: Random, at: number): void {
    const { desk } = this;
    const state = desk.state(`c${at + 1}`);
    const naive = this.naive[at]!;
    const from = addDays(desk.today, chance.int(-25, 60));
    const months = addMonths(from, chance.int(1, 3));
    const days = chance.chance(0.15) ? null : chance.chance(0.4) ? daysBetween(from, months) : chance.int(1, 110);
    const amount = chance.chance(0.5) ? null : cents(chance.pick([0, 200, 1500, 7000]));
    const ids = [...this.absences.keys()];
    if (kind === 'suspend') {
      const decision = this.record(
        decideSuspend(state, suspension(from, days, { amount, ...move }), desk.newId),
        `${kind} c${at + 1} ${from} ${days} days at ${amount}`,
      );
      const id = idOf(decision);
      this.absences.set(id, { contract: at, from, days });
      naive.suspend(id, from, days, amount);
    } else if (kind === 'edit' && ids.length > 0) {
      const id = chance.pick(ids);
      const { contract } = this.absences.get(id)!;
      const input = { ...suspension(from, days, { amount, ...move }), suspension: id, facts: null };
      this.record(
        decideEditSuspension(desk.state(`c${contract + 1}`), input, desk.newId),
        `edit ${id} ${from} ${days} days at ${amount}`,
      );
      this.absences.set(id, { contract, from, days });
      this.naive[contract]!.edit(id, from, days, amount);
    } else if (kind === 'stop' && ids.length > 0) {
      const id = chance.pick(ids);
      const { contract } = this.absences.get(id)!;
      const on = addDays(desk.today, chance.int(-10, 30));
      const input = {
        suspension: id,
        on,
        amount: chance.chance(0.8) ? null : cents(4500),
        beyond_limits: false,
        ...move,
      };
      this.record(
        decideStopSuspension(desk.state(`c${contract + 1}`), input, desk.newId),
        `stop ${id} ${on} ${input.amount}`,
      );
      this.naive[contract]!.back(id, on, input.amount);
    } else if (kind === 'remove' && ids.length > 0) {
      const id = chance.pick(ids);
      const { contract } = this.absences.get(id)!;
      this.record(
        decideRemoveSuspension(desk.state(`c${contract + 1}`), { suspension: id, ...move }, desk.newId),
        `remove ${id}`,
      );
      this.absences.delete(id);
      this.naive[contract]!.forget(id);
    } else if (kind === 'price') {
      const price = cents(chance.pick([4500, 5500, 6990]));
      this.record(
        decideChangePrice(state, { from_on: from, amount: price, facts: 'kept' }, desk.newId),
        `price c${at + 1} ${from} ${price}`,
      );
      naive.charge(from, price);
    } else if (kind === 'extend') {
      const more = chance.int(1, 30);
      const decision = this.record(
        decideExtend(state, { days: more, reason: '', ...move }, desk.newId),
        `extend c${at + 1} ${more}`,
      );
      const { id } = decision.changes[0]!.change;
      this.extensions.set(id, at);
      naive.extend(id, more);
    } else if (kind === 'take back' && this.extensions.size > 0) {
      const id = chance.pick([...this.extensions.keys()]);
      const contract = this.extensions.get(id)!;
      const input = { extension: id, ...move };
      const whole = { ...desk.state(`c${contract + 1}`), calendar: null };
      this.record(decideRemoveExtension(whole, input, desk.newId), `take back ${id}`);
      this.extensions.delete(id);
      this.naive[contract]!.takeBack(id);
    } else if (kind === 'cancel') {
      const on = addDays(desk.today, chance.int(-5, 120));
      const last_period = chance.pick(['whole', 'prorated'] as const);
      const input = { on, last_period, reason: '', waive_notice: false, ...move };
      this.record(decideCancel(state, input, desk.newId), `cancel c${at + 1} ${on} ${last_period}`);
      naive.cancel(on, last_period === 'prorated');
    } else if (kind === 'undo') {
      this.record(decideUndoCancellation(state, move, desk.newId), `undo c${at + 1}`);
      naive.goOn();
    }
  }

  private schedules(): Schedule[] {
    this.computed ??= scheduleChain(this.desk.chain, this.desk.until);
    return this.computed;
  }

  private setFacts(contract: number, facts: readonly Fact[]): void {
    this.desk.chain = this.desk.chain.map((one, at) => (at === contract ? { ...one, facts } : one));
    this.computed = null;
  }

  private record(decision: Decision, told: string): Decision {
    this.told.push(`${this.desk.today} ${told}`);
    this.computed = null;
    return this.desk.record(decision);
  }

  /** What is due by today is collected; now and then the bank has more to say about it. */
  collect(today: Day): void {
    for (const [at, naive] of this.naive.entries()) {
      const open = this.schedules()[at]!.instalments.filter(({ status }) => status === 'scheduled');
      const now = payDue(open, today);
      if (now.length > 0) this.setFacts(at, [...this.desk.chain[at]!.facts, ...now]);
      naive.pay(today);
      for (const { number } of now) if (this.chance.chance(0.2)) this.deliveries.push(this.story(at, number, today));
    }
  }

  /** The bank's words in the order they are true, each up to three times, in files in any order. */
  private story(contract: number, number: number, on: Day): Delivery {
    const { chance } = this;
    const turns = chance.int(0, 3);
    const kinds = ['settled', 'returned', 'reversed', 'returned'].slice(0, turns + 1) as BankEvent['kind'][];
    const events = kinds.map((kind, at) => ({ kind, on: addDays(on, at * 2), reason_code: null }));
    const files = new Map<Day, BankEvent[]>();
    for (const event of events.flatMap((one) => Array.from({ length: chance.int(1, 3) }, () => one))) {
      const read = addDays(on, 6 + chance.int(1, 20));
      files.set(
        read,
        [...(files.get(read) ?? []), event].sort(() => chance.next() - 0.5),
      );
    }
    const ordered = [...files]
      .map(([read, said]) => ({ on: read, events: said }))
      .sort((a, b) => (a.on < b.on ? -1 : 1));
    const truth = kinds.at(-1) === 'returned' ? 'rejected' : 'paid';
    return { contract, number, files: ordered, known: [], truth };
  }

  readFiles(today: Day): void {
    for (const delivery of this.deliveries)
      while (delivery.files[0] && delivery.files[0].on <= today) {
        delivery.known.push(...delivery.files.shift()!.events);
        const { state } = presentationState(delivery.known);
        this.setStatus(delivery, state === 'failed' ? 'rejected' : 'paid');
        if (delivery.files.length === 0) this.naive[delivery.contract]!.bankSaid(delivery.number, delivery.truth);
      }
    this.deliveries = this.deliveries.filter(({ files }) => files.length > 0);
  }

  private setStatus({ contract, number }: Delivery, status: 'paid' | 'rejected'): void {
    const { facts } = this.desk.chain[contract]!;
    this.setFacts(
      contract,
      facts.map((fact): Fact => (fact.number === number ? { ...fact, status } : fact)),
    );
  }

  /** Both as text; of what the bank has not finished telling, nothing is said. */
  both(today: Day): { ours: string[]; theirs: string[] } {
    const ours: string[] = [];
    const theirs: string[] = [];
    for (const [at, naive] of this.naive.entries()) {
      const schedule = this.schedules()[at]!;
      const { starts_on, ends_on, instalments } = schedule;
      const waiting = new Set(this.deliveries.filter(({ contract }) => contract === at).map(({ number }) => number));
      const status = (number: number, text: string) => (waiting.has(number) ? '?' : text);
      const enters = suspensionOn(schedule, today) === null;
      ours.push(`${starts_on} to ${ends_on}`, `enters ${enters}`);
      for (const one of instalments)
        ours.push(`c${at + 1} ${one.number} ${one.due_on} ${one.amount} ${status(one.number, one.status)}`);
      const said = naive.say();
      theirs.push(said[0]!, `enters ${naive.mayEnter(today)}`);
      for (const [index, line] of said.slice(1).entries())
        theirs.push(`c${at + 1} ${waiting.has(index + 1) ? line.replace(/[a-z]+$/, '?') : line}`);
    }
    return { ours, theirs };
  }
}

function idOf({ changes }: Decision): string {
  const { change } = changes[0]!;
  if (!('suspension' in change)) throw new Error('no suspension was added');
  return change.suspension;
}

/** @param most stops after so many happenings: a failing world is shrunk by lowering it. */
export function runTermWorld(seed: number, most = Number.POSITIVE_INFINITY): WorldResult {
  const chance = random(seed * 7919);
  const hash = createHash('sha256');
  let events = 0;
  for (let index = 0; index < MEMBERS; index += 1) {
    const startsOn = addDays(day('2011-01-01'), chance.int(0, 800));
    const member = new Member(chance.fork(), startsOn);
    const life = chance.fork();
    let outage = 0;
    for (let today = addDays(startsOn, -20); today < addDays(startsOn, DAYS); today = addDays(today, 1)) {
      member.desk.today = today;
      if (outage > 0) {
        outage -= 1;
        continue;
      }
      let changed = false;
      if (events < most && life.chance(0.08)) {
        events += 1;
        changed = true;
        member.happen();
      }
      member.collect(today);
      member.readFiles(today);
      if (life.chance(0.01)) outage = life.int(1, 12);
      if (!changed && Number(today.slice(8)) % 10 !== 0) continue;
      const { ours, theirs } = member.both(today);
      hash.update(`${today} ${ours.join(',')}\n`);
      const at = ours.findIndex((line, place) => line !== theirs[place]);
      if (at >= 0 || ours.length !== theirs.length) {
        const said = `member ${index} on ${today}: ${ours[at]} / naive ${theirs[at]}; ${member.told.join('; ')}`;
        return { seed, hash: hash.digest('hex'), disagreement: said, events };
      }
    }
  }
  return { seed, hash: hash.digest('hex'), disagreement: null, events };
}
