/** A member with a pack of visits: what happens is told to the engine's decisions and to the naive pack. */
import { decideChangeExpiry } from '../../src/domain/contract-changes/change-expiry.ts';
import { type ClosureDecision, decideClosing, decideReopening } from '../../src/domain/contract-changes/close.ts';
import { type Decision, refuseRenewals } from '../../src/domain/contract-changes/decision.ts';
import { decideEditSuspension } from '../../src/domain/contract-changes/edit-suspension.ts';
import { decideMoveCredits } from '../../src/domain/contract-changes/move-credits.ts';
import { decideRemoveSuspension } from '../../src/domain/contract-changes/remove-suspension.ts';
import { decideStopSuspension } from '../../src/domain/contract-changes/stop-suspension.ts';
import { decideSuspend } from '../../src/domain/contract-changes/suspend.ts';
import { addDays, type Day } from '../../src/domain/day.ts';
import { type Cents, cents } from '../../src/domain/money.ts';
import { suspensionOn } from '../../src/domain/schedule/access.ts';
import type { Schedule } from '../../src/domain/schedule/instalment.ts';
import type { FreezeSettings } from '../../src/domain/schedule/terms.ts';
import { Refusal } from '../../src/errors/refusal.ts';
import { Desk, suspension } from '../domain/contract-changes/desk.ts';
import { terms } from '../domain/schedule/contracts.ts';
import type { Random } from '../storm/random.ts';
import { NaivePack } from './naive-pack.ts';

const CREDITS = 10;
const KINDS = [
  ...['visit', 'visit', 'visit', 'visit', 'visit', 'visit', 'twice', 'several', 'gift'],
  ...['pause', 'pause', 'pause', 'edit', 'stop', 'remove', 'close', 'reopen', 'last day', 'last day'],
];

export class PackMember {
  readonly desk: Desk;
  readonly told: string[] = [];
  /** What one of the two did and the other refused. */
  private readonly disputes: string[] = [];
  private readonly chance: Random;
  private readonly naive: NaivePack;
  /** What is to pay, as it was sold: nothing that happens to a pack changes it. */
  private readonly price: string;
  private paying: string;
  private readonly pauses = new Set<string>();
  private closures = 0;
  private left = CREDITS;
  private computed: Schedule;

  /** @param valid for so many days; null: it never expires. */
  constructor(chance: Random, first: Day, valid: number | null) {
    this.chance = chance;
    const putsOff = chance.chance(0.5);
    const instalments = chance.pick([1, 1, 3]);
    const last = valid === null ? null : addDays(first, valid - 1);
    // As `src/services/sign-contract.ts` sells a pack.
    const freeze = { active: true, shift_end: putsOff };
    const amount = cents(9000 / instalments);
    this.desk = new Desk(first, terms(first, last, { amount, instalments, shift_unit: 'days', freeze, pack: true }));
    this.naive = new NaivePack(first, last, CREDITS, putsOff);
    this.computed = this.desk.schedule();
    this.price = this.toPay();
    this.paying = this.price;
    this.told.push(JSON.stringify({ first, last, putsOff, instalments }));
  }

  both(): [string, string] {
    const ours = `${this.left} left until ${this.computed.ends_on}, ${this.paying}${this.disputes.join()}`;
    return [ours, `${this.naive.say()}, ${this.price}`];
  }

  happen(): void {
    const { chance, desk, naive } = this;
    const kind = chance.pick(KINDS);
    const from = addDays(desk.today, chance.int(-10, 12));
    const days = chance.chance(0.1) ? null : chance.int(1, 40);
    const amount = chance.chance(0.2) ? cents(chance.pick([0, 500])) : null;
    const freeze: Partial<FreezeSettings> = chance.chance(0.1) ? { discount_bps: 5000 } : {};
    const input = suspension(from, days, { amount, freeze, beyond_limits: true });
    const said = `${from} ${days} days at ${amount}`;
    const pause = this.pauses.size === 0 ? null : chance.pick([...this.pauses]);
    if (kind === 'visit') this.move(-1);
    else if (kind === 'twice') for (let at = 0; at < 2; at += 1) this.move(-1);
    else if (kind === 'several') this.move(-chance.int(2, 5));
    else if (kind === 'gift') this.move(chance.int(1, 4));
    else if (kind === 'pause') {
      // The desk is refused for what never expires before it is decided: `src/services/suspend-contract.ts`.
      if (this.computed.ends_on === null) return;
      const isDone = naive.mayPause(from, days);
      const decision = this.agree(`pause ${said}`, isDone, () => decideSuspend(desk.state(), input, desk.newId));
      const change = decision?.changes[0]?.change;
      if (!change || !('suspension' in change)) return;
      naive.pause(change.suspension, from, days);
      this.pauses.add(change.suspension);
    } else if (kind === 'close') this.close(from, days ?? 14, amount, freeze);
    else if (kind === 'reopen' && this.closures > 0) this.reopen(`closure_${chance.int(1, this.closures)}`);
    else if (kind === 'last day') {
      const ends_on = chance.chance(0.1) ? null : addDays(desk.today, chance.int(-5, 60));
      const { instalments } = desk.chain[0]!.terms;
      this.agree(`last day ${ends_on}`, naive.writeLast(ends_on), () =>
        decideChangeExpiry(desk.state(), { ends_on, instalments, ...refuseRenewals }, desk.newId),
      );
    } else if (pause !== null) this.change(kind, pause, from, days, input);
  }

  /** A pause that was said before. What is refused of it is told to nobody. */
  private change(kind: string, pause: string, from: Day, days: number | null, input: ReturnType<typeof suspension>) {
    const { desk, naive } = this;
    const choice = { suspension: pause, ...refuseRenewals };
    try {
      if (kind === 'edit') {
        const { closure } = this.computed.suspensions.find(({ id }) => id === pause)!;
        const edit = { ...input, ...choice, closure, facts: null };
        this.record(`edit ${pause} ${from} ${days}`, decideEditSuspension(desk.state(), edit, desk.newId));
        naive.pauseOtherwise(pause, from, days);
      } else if (kind === 'stop') {
        const stop = { on: from, amount: null, beyond_limits: true, ...choice };
        this.record(`stop ${pause} ${from}`, decideStopSuspension(desk.state(), stop, desk.newId));
        naive.back(pause, from);
      } else if (kind === 'remove') {
        this.record(`remove ${pause}`, decideRemoveSuspension(desk.state(), choice, desk.newId));
        naive.forget(pause);
        this.pauses.delete(pause);
      }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
    }
  }

  private close(from: Day, days: number, amount: Cents | null, freeze: Partial<FreezeSettings>): void {
    const { desk, naive, computed } = this;
    this.closures += 1;
    const closure = `closure_${this.closures}`;
    // As `src/services/closure-steps.ts` chooses them: what never expires has no days to give back.
    const concerned = new Set(computed.ends_on === null ? [] : ['c1']);
    const input = { ...suspension(from, null, { amount, freeze }), unlimited: false };
    const closed = { ...input, ends_on: addDays(from, days - 1), closure };
    const isDone = naive.runsOn(from, days);
    const decision = decideClosing(desk.state(), concerned, closed, refuseRenewals, desk.newId);
    this.follow(`${closure} ${from} ${days} days at ${amount}`, decision, isDone, (id) => {
      naive.pause(id, from, days, closure);
      this.pauses.add(id);
    });
  }

  private reopen(closure: string): void {
    const { desk, naive } = this;
    const own = naive.closedBy(closure);
    const decision = decideReopening(desk.state(), closure, refuseRenewals, desk.newId);
    this.follow(`undo ${closure}`, decision, own !== null, (id) => {
      naive.forget(id);
      this.pauses.delete(id);
    });
  }

  private follow(what: string, decision: ClosureDecision, isDone: boolean, tell: (suspension: string) => void): void {
    this.record(what, decision);
    if (decision.done.length > 0 !== isDone) this.disputes.push(`; ${what}: did ${decision.done} / naive ${isDone}`);
    for (const { change } of decision.changes) if ('suspension' in change) tell(change.suspension);
  }

  private move(delta: number): void {
    const { desk, computed, naive } = this;
    const away = suspensionOn(computed, desk.today);
    const state = {
      starts_on: computed.starts_on,
      ends_on: computed.ends_on,
      credits_left: this.left,
      suspended_until: away === null ? null : (away.until_on ?? ('' as const)),
    };
    this.told.push(`${desk.today} ${delta}`);
    this.agree(`${delta}`, naive.move(desk.today, delta), () => {
      this.left = decideMoveCredits(state, delta, desk.today).balance;
      return null;
    });
  }

  /** Does the engine do what the naive pack did, and refuse what it refused? */
  private agree(what: string, isDone: boolean, decide: () => Decision | null): Decision | null {
    let refused: string | null = null;
    let decision: Decision | null = null;
    try {
      decision = decide();
      if (decision !== null) this.record(what, decision);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      refused = error.code;
    }
    if ((refused === null) !== isDone) this.disputes.push(`; ${what}: refused ${refused} / naive did ${isDone}`);
    return decision;
  }

  private record(what: string, decision: Decision): void {
    this.told.push(`${this.desk.today} ${what}`);
    this.desk.record(decision);
    this.computed = this.desk.schedule();
    this.paying = this.toPay();
  }

  private toPay(): string {
    return this.computed.instalments
      .map(({ due_on, amount, status }) => `${due_on} ${amount}${status === 'scheduled' ? '' : ` ${status}`}`)
      .join();
  }
}
