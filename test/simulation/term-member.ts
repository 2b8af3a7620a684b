/**
 * A member with a contract with an end and, maybe, its renewal: what happens is told to the engine's decisions and to the
 * naive model.
 */
import { presentationState } from '../../src/domain/bank-events/presentation.ts';
import { decideCancel } from '../../src/domain/contract-changes/cancel.ts';
import { decideChangeExpiry } from '../../src/domain/contract-changes/change-expiry.ts';
import { decideChangePrice } from '../../src/domain/contract-changes/change-price.ts';
import { type ClosureDecision, decideClosing, decideReopening } from '../../src/domain/contract-changes/close.ts';
import { type Decision, type RenewalChoice, refuseRenewals } from '../../src/domain/contract-changes/decision.ts';
import { decideEditInstalment } from '../../src/domain/contract-changes/edit-instalment.ts';
import { decideEditSuspension } from '../../src/domain/contract-changes/edit-suspension.ts';
import { decideExtend } from '../../src/domain/contract-changes/extend.ts';
import { decideRemoveExtension } from '../../src/domain/contract-changes/remove-extension.ts';
import { decideRemoveSuspension } from '../../src/domain/contract-changes/remove-suspension.ts';
import { decideStopSuspension } from '../../src/domain/contract-changes/stop-suspension.ts';
import { decideSuspend } from '../../src/domain/contract-changes/suspend.ts';
import { decideUndoCancellation } from '../../src/domain/contract-changes/undo-cancellation.ts';
import { addDays, addMonths, type Day, daysBetween } from '../../src/domain/day.ts';
import { type Cents, cents } from '../../src/domain/money.ts';
import { suspensionOn } from '../../src/domain/schedule/access.ts';
import { scheduleChain } from '../../src/domain/schedule/chain.ts';
import type { Fact } from '../../src/domain/schedule/facts.ts';
import type { Schedule } from '../../src/domain/schedule/instalment.ts';
import {
  type FreezePolicy,
  type FreezeSettings,
  instalmentRules,
  type LockableSetting,
  lockableSettings,
} from '../../src/domain/schedule/terms.ts';
import { Refusal } from '../../src/errors/refusal.ts';
import { type PlanTerms, planTerms } from '../../src/schemas/plan.ts';
import { Desk, suspension } from '../domain/contract-changes/desk.ts';
import { payDue, terms } from '../domain/schedule/contracts.ts';
import { type Random, random } from '../storm/random.ts';
import { bankStory, type Delivery } from './bank-story.ts';
import { drawOtherwise } from './draw-otherwise.ts';
import { NaiveChain } from './naive-chain.ts';
import { NaiveContract } from './naive-contract.ts';
import type { NaiveLimits } from './naive-limits.ts';
import type { NaivePolicy, Otherwise } from './naive-line.ts';
import { type CameBack, claimOf, owedOn } from './owing.ts';
import { signedToday } from './signing.ts';
import { dayNumber } from './wall-calendar.ts';

const KINDS = [
  ...['suspend', 'suspend', 'suspend', 'suspend', 'suspend', 'edit', 'edit', 'stop', 'stop', 'remove'],
  ...['end', 'end', 'close', 'close', 'reopen', 'bring', 'bring'],
  ...['price', 'extend', 'take back', 'cancel', 'undo', 'pay ahead', 'pay ahead', 'by hand', 'by hand', 'by hand'],
];
/** What the plan's limits are refused by. */
const LIMITS: readonly string[] = ['suspension_too_short', 'suspension_too_many', 'suspension_too_many_days'];

type Named = { id: string };

/** What the naive model is told of a change, and what is remembered once it was done. */
interface Following {
  tell(naive: NaiveContract, change: Named): void;
  done?(change: Named): void;
  /** The plan's limits forbid it, or that something is owed. */
  forbidden?: { limits: boolean; debt: boolean };
}

/** A closure as it was asked for. */
interface Closing {
  id: string;
  from: Day;
  days: number;
  /** Null: of the whole club. */
  plan: number | null;
  amount: Cents | null;
  facts: 'kept' | 'credited';
  alike: Otherwise;
  move: RenewalChoice;
}

export class Member {
  readonly desk: Desk;
  readonly naive = new NaiveChain();
  readonly told: string[] = [];
  /** What one of the two did and the other refused. */
  readonly disputes: string[] = [];
  private readonly chance: Random;
  private readonly locked: readonly LockableSetting[];
  private readonly plan: PlanTerms;
  private readonly limits: NaiveLimits;
  /** Which contract each is of. */
  private readonly absences = new Map<string, number>();
  private readonly extensions = new Map<string, number>();
  /** Which plan sold each contract, by place; one that signs itself is of the first. */
  private readonly plans: number[] = [];
  private readonly closures: Closing[] = [];
  private deliveries: Delivery[] = [];
  private readonly cameBack = new Map<string, CameBack>();
  /** Nobody who owes something may be away. */
  private readonly noDebt: boolean;
  /** As computed since something last changed. */
  private computed: Schedule[] | null = null;

  constructor(chance: Random, startsOn: Day) {
    this.chance = chance;
    const months = chance.pick([3, 6, 12, 12]);
    const price = chance.pick([1999, 5000, 5900]);
    const every = chance.chance(0.5) ? 1 : chance.pick([2, 3, 6, 12]);
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
    /** Where the price is asked for in so many lines only. */
    const count = chance.chance(0.15) ? chance.int(1, 12) : null;
    const waits = chance.chance(0.25) ? chance.int(-20, 40) : 0;
    let first = startsOn;
    for (let at = 0; at < chance.int(1, 2); at += 1) {
      const next = addMonths(first, months);
      spans.push([first, addDays(next, -1)]);
      this.plans.push(chance.chance(0.8) ? 1 : 2);
      first = next;
    }
    this.locked = chance.chance(0.2) ? [chance.pick(lockableSettings), chance.pick(lockableSettings)] : [];
    this.limits = drawLimits(chance);
    this.noDebt = chance.chance(0.25);
    const freeze = {
      ...policy,
      ...this.limits,
      requires_no_debt: this.noDebt,
      locked: this.locked,
    } as Partial<FreezePolicy>;
    const sold = spans.map(([from, to]) =>
      terms(from, to, {
        first_due_on: addDays(from, waits),
        interval_months: every,
        instalments: count,
        amount: cents(price),
        shift_unit,
        freeze,
      }),
    );
    this.desk = new Desk(startsOn, ...sold);
    const { contracts } = this.naive;
    for (const [from, to] of spans)
      contracts.push(
        new NaiveContract(
          {
            first: dayNumber(from),
            last: dayNumber(to),
            firstDue: dayNumber(from) + waits,
            every,
            count,
            price,
            policy,
            byDaysOnly: shift_unit === 'days',
          },
          contracts.at(-1) ?? null,
        ),
      );
    this.plan = planTerms.parse({
      amount: price + 300,
      interval_months: every,
      instalments: count,
      term_months: months,
      auto_renew: chance.chance(0.5),
      renewal_price: chance.pick(['kept', 'plan']),
      renew_ahead_months: chance.int(0, 3),
      freeze,
      shift_unit,
    });
    const { auto_renew, renewal_price, renew_ahead_months } = this.plan;
    const renewed = auto_renew ? `${renew_ahead_months} months ahead, price ${renewal_price}` : 'not';
    this.told.push(
      JSON.stringify({
        spans,
        price,
        every,
        waits,
        count,
        policy,
        shift_unit,
        locked: this.locked,
        limits: this.limits,
        noDebt: this.noDebt,
        renewed,
      }),
    );
  }

  /** Something happens, or is refused; now and then the desk clicks twice. */
  happen(): void {
    const twice = this.chance.chance(0.15);
    const seed = this.chance.int(1, 1_000_000_000);
    this.once(random(seed));
    if (twice) this.once(random(seed));
  }

  private once(chance: Random): void {
    const at = chance.int(0, this.naive.contracts.length - 1);
    const kind = this.desk.schedule(at).cancelled_on !== null && chance.chance(0.5) ? 'undo' : chance.pick(KINDS);
    try {
      this.decide(kind, chance, at);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
    }
  }

  private decide(kind: string, chance: Random, at: number): void {
    const { desk } = this;
    desk.owed = this.owed();
    const from = addDays(desk.today, chance.int(-25, 60));
    const months = addMonths(from, chance.int(1, 3));
    const days = chance.chance(0.15) ? null : chance.chance(0.4) ? daysBetween(from, months) : chance.int(1, 110);
    const amount = chance.chance(0.5) ? null : cents(chance.pick([0, 200, 1500, 7000]));
    const facts = chance.pick(['kept', 'credited'] as const);
    const move = drawChoice(chance);
    const otherwise = drawOtherwise(chance);
    const { first, last, policy } = otherwise;
    const beyond_limits = chance.chance(0.4);
    const own = { first_instalment: first, last_instalment: last, freeze: policy as Partial<FreezeSettings> };
    const given = { amount, ...own, beyond_limits };
    const said = `${from} ${days} days at ${amount}, ${JSON.stringify(otherwise)}`;
    const state = (contract: number) => desk.state(`c${contract + 1}`);
    const picked = this.absences.size === 0 ? null : chance.pick([...this.absences]);
    if ((kind === 'suspend' || kind === 'edit') && this.isLocked(given)) {
      const input = suspension(from, days, { ...given, ...move });
      this.agree(`locked ${kind}`, false, () =>
        kind === 'suspend' || picked === null
          ? decideSuspend(state(at), input, desk.newId)
          : decideEditSuspension(state(picked[1]), { ...input, suspension: picked[0], facts: null }, desk.newId),
      );
    } else if (kind === 'suspend') {
      const input = suspension(from, days, { ...given, facts, ...move });
      this.act(at, `suspend ${said}, ${facts}`, move, () => decideSuspend(state(at), input, desk.newId), {
        tell: (naive, change) => naive.suspend(idOf(change), from, days, amount, facts === 'credited', otherwise),
        done: (change) => this.absences.set(idOf(change), at),
        forbidden: {
          limits: !beyond_limits && this.naive.contracts[at]!.forbids(this.limits, from, days, null),
          debt: this.noDebt && this.naive.owes(desk.today) > 0,
        },
      });
    } else if (kind === 'edit' && picked !== null) {
      const [id, contract] = picked;
      const treated = chance.chance(0.5) ? null : facts;
      const { closure } = desk.schedule(contract).suspensions.find((one) => one.id === id)!;
      const input = { ...suspension(from, days, { ...given, ...move, closure }), suspension: id, facts: treated };
      const back = treated && treated === 'credited';
      this.act(
        contract,
        `edit ${id} ${said}, ${treated}`,
        move,
        () => decideEditSuspension(state(contract), input, desk.newId),
        {
          tell: (naive) => naive.edit(id, from, days, amount, back, otherwise),
          forbidden: {
            limits: !beyond_limits && this.naive.contracts[contract]!.forbids(this.limits, from, days, id),
            debt: false,
          },
        },
      );
    } else if (kind === 'stop' && picked !== null) {
      const [id, contract] = picked;
      const on = addDays(desk.today, chance.int(-10, 30));
      const price = chance.chance(0.8) ? null : cents(4500);
      const isBeyond = beyond_limits && !this.locked.includes('limits');
      const input = { suspension: id, on, amount: price, beyond_limits: isBeyond, ...move };
      this.act(
        contract,
        `stop ${id} ${on} ${price}`,
        move,
        () => decideStopSuspension(state(contract), input, desk.newId),
        {
          tell: (naive, change) => naive.back(id, on, price && { id: change.id, amount: price }),
          forbidden: {
            limits: !isBeyond && this.naive.contracts[contract]!.forbidsBack(this.limits, id, on),
            debt: false,
          },
        },
      );
    } else if (kind === 'remove' && picked !== null) {
      const [id, contract] = picked;
      const input = { suspension: id, ...move };
      this.act(contract, `remove ${id}`, move, () => decideRemoveSuspension(state(contract), input, desk.newId), {
        tell: (naive) => naive.forget(id),
        done: () => this.absences.delete(id),
      });
    } else if (kind === 'close') {
      const { ends_on } = desk.schedule(at);
      this.close({
        id: `closure_${this.closures.length + 1}`,
        // Often over the days on which one contract follows another.
        from: chance.chance(0.4) ? addDays(ends_on!, -chance.int(0, 25)) : from,
        days: chance.chance(0.3) ? Math.min(days ?? 30, 7) : (days ?? 30),
        plan: chance.chance(0.6) ? null : chance.int(1, 2),
        amount,
        facts,
        alike: { policy, first: null, last: null },
        move: chance.chance(0.4) ? refuseRenewals : move,
      });
    } else if (kind === 'reopen' && this.closures.length > 0) {
      this.reopen(chance.pick(this.closures));
    } else if (kind === 'price') {
      const price = cents(chance.pick([1500, 4500, 5500, 6990]));
      const input = { from_on: from, amount: price, facts };
      this.act(
        at,
        `price ${from} ${price}, ${facts}`,
        refuseRenewals,
        () => decideChangePrice(state(at), input, desk.newId),
        {
          tell: (naive, change) => naive.charge(change.id, from, price, facts === 'credited'),
        },
      );
    } else if (kind === 'extend') {
      const more = chance.int(1, 30);
      const input = { days: more, reason: '', ...move };
      this.act(at, `extend ${more}`, move, () => decideExtend(state(at), input, desk.newId), {
        tell: (naive, change) => naive.extend(change.id, more),
        done: (change) => this.extensions.set(change.id, at),
      });
    } else if (kind === 'end') {
      const { ends_on } = desk.schedule(at);
      const on = chance.chance(0.5) ? addDays(desk.today, chance.int(-5, 200)) : addDays(ends_on!, chance.int(-70, 70));
      const input = { ends_on: on, instalments: null, ...move };
      this.act(at, `ends ${on}`, move, () => decideChangeExpiry(state(at), input, desk.newId), {
        tell: (naive, change) => naive.writeEnd(change.id, on),
      });
    } else if (kind === 'take back' && this.extensions.size > 0) {
      const [id, contract] = chance.pick([...this.extensions]);
      const whole = { ...state(contract), calendar: null };
      const input = { extension: id, ...move };
      this.act(contract, `take back ${id}`, move, () => decideRemoveExtension(whole, input, desk.newId), {
        tell: (naive) => naive.takeBack(id),
        done: () => this.extensions.delete(id),
      });
    } else if (kind === 'cancel') {
      const on = addDays(desk.today, chance.int(-5, 120));
      const last_period = chance.pick(['whole', 'prorated'] as const);
      const input = { on, last_period, reason: '', waive_notice: false, ...move };
      this.act(at, `cancel ${on} ${last_period}`, move, () => decideCancel(state(at), input, desk.newId), {
        tell: (naive, change) => naive.cancel(change.id, on, last_period === 'prorated'),
      });
    } else if (kind === 'undo') {
      this.act(at, 'undo', move, () => decideUndoCancellation(state(at), move, desk.newId), {
        tell: (naive) => naive.goOn(),
      });
    } else if (kind === 'by hand') {
      const number = chance.int(1, 13);
      const due_on = chance.chance(0.5) ? null : addDays(desk.today, chance.int(-3, 150));
      const written = `write over c${at + 1} ${number}: ${due_on} ${amount}`;
      const isDone = this.naive.contracts[at]!.write(desk.today, number, amount, due_on);
      this.agree(written, isDone, () =>
        this.record(decideEditInstalment(state(at), { number, amount, due_on }, desk.newId), written),
      );
    } else if (kind === 'bring') {
      this.bring(chance.int(1, 3));
    } else if (kind === 'pay ahead') {
      const count = chance.int(1, 4);
      const open = this.schedules()[at]!.instalments.filter(({ status }) => status === 'scheduled');
      const next = open.sort((a, b) => (a.due_on === b.due_on ? a.number - b.number : a.due_on < b.due_on ? -1 : 1));
      const now = next.slice(0, count).map((one): Fact => ({ ...one, status: 'paid' }));
      this.told.push(`${desk.today} pay ahead c${at + 1} ${now.map(({ number }) => number)}`);
      this.setFacts(at, [...desk.chain[at]!.facts, ...now]);
      this.naive.contracts[at]!.payAhead(count);
    }
  }

  /** The member brings the money for what came back, where the bank will say no more of it. */
  private bring(most: number): void {
    const isSaid = (id: string) => this.deliveries.every(({ contract, number }) => claimOf(contract, number) !== id);
    for (const id of [...this.cameBack.keys()].filter(isSaid).slice(0, most)) {
      const [contract, number] = id.slice(1).split('-').map(Number) as [number, number];
      this.told.push(`${this.desk.today} bring the money for ${id}`);
      this.setStatus({ contract: contract - 1, number }, 'paid');
      this.cameBack.delete(id);
      this.naive.contracts[contract - 1]!.bring(number);
    }
  }

  /** The club closes, or what one plan sold. Plans' limits, locks and debts stop nothing of it. */
  private close(closing: Closing): void {
    const { id, from, days, plan, amount, facts, alike, move } = closing;
    const state = this.desk.state();
    const isOf = (_: unknown, at: number) => plan === null || (this.plans[at] ?? 1) === plan;
    const concerned = new Set(state.chain.filter(isOf).map((one) => one.id));
    const freeze = alike.policy as Partial<FreezeSettings>;
    const input = { ...suspension(from, null, { amount, freeze, facts }), unlimited: false };
    const closed = { ...input, ends_on: addDays(from, days - 1), closure: id };
    const decision = decideClosing(state, concerned, closed, move, this.desk.newId);
    const ids = new Map(
      decision.changes.flatMap(({ contract, change }) =>
        'suspension' in change ? [[contract, change.suspension] as const] : [],
      ),
    );
    const idAt = (at: number) => ids.get(`c${at + 1}`) ?? 'nothing';
    const told = this.naive.tellEach(
      this.desk.today,
      move,
      (one, at) => isOf(one, at) && one.runsOn(from, days),
      (one, at) => one.suspend(idAt(at), from, days, amount, facts === 'credited', alike, id),
    );
    this.followed(`close ${JSON.stringify(closing)}`, decision, told);
    for (const at of told.done) this.absences.set(idAt(at), at);
    this.closures.push(closing);
  }

  /** Undoes a closure, where it still closes something. */
  private reopen({ id, move }: Closing): void {
    const decision = decideReopening(this.desk.state(), id, move, this.desk.newId);
    const ids = this.naive.contracts.map((one) => one.closedBy(id));
    const told = this.naive.tellEach(
      this.desk.today,
      move,
      (_, at) => ids[at] !== null,
      (one, at) => one.forget(ids[at]!),
    );
    this.followed(`reopen ${id}`, decision, told);
    for (const at of told.done) this.absences.delete(ids[at]!);
  }

  /** Records what a closure did to the contracts; both must have done it to the same, and left out the same. */
  private followed(what: string, decision: ClosureDecision, told: { done: number[]; leftOut: number[] }): void {
    this.record(decision, what);
    const say = (done: readonly string[], leftOut: readonly string[]) => `did ${done}, left out ${leftOut}`;
    const name = (at: number) => `c${at + 1}`;
    const leftOut = decision.left_out.map(({ contract, code }) =>
      code === 'renewal_has_facts' ? contract : `${contract} for ${code}`,
    );
    const [ours, theirs] = [say(decision.done, leftOut), say(told.done.map(name), told.leftOut.map(name))];
    if (ours !== theirs) this.disputes.push(`${what}: ${ours} / naive ${theirs}`);
  }

  /** Does the desk set differently what the organization locked? */
  private isLocked(given: {
    amount: number | null;
    freeze: object;
    first_instalment: number | null;
    last_instalment: number | null;
    beyond_limits: boolean;
  }) {
    const set = new Set<string>();
    if (given.amount !== null) set.add('amount');
    if (given.beyond_limits) set.add('limits');
    if (given.first_instalment !== null || given.last_instalment !== null) set.add('instalments');
    for (const name of Object.keys(given.freeze))
      set.add(name.startsWith('discount') ? 'discount' : name === 'instalment_rule' ? name : 'shift');
    return this.locked.some((one) => set.has(one));
  }

  /** Does the engine do what the naive model did, and refuse what it refused? */
  private agree(what: string, isDone: boolean, act: () => unknown): void {
    let refused = 'nothing';
    try {
      act();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      refused = error.code;
    }
    if ((refused === 'nothing') !== isDone) this.disputes.push(`${what}: refused ${refused} / naive did ${isDone}`);
  }

  /**
   * Tells both. A renewal that has facts is moved or not as the desk chose: where it chose not, the engine must refuse exactly
   * what would move one in the naive model.
   */
  private act(contract: number, what: string, choice: RenewalChoice, decide: () => Decision, follow: Following): void {
    const told = `c${contract + 1} ${what}, renewals ${choice.renewals}, ${choice.compensation}`;
    let decision: Decision | null = null;
    try {
      decision = decide();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const isAllowed =
        (LIMITS.includes(error.code) && !follow.forbidden?.limits) ||
        (error.code === 'suspension_debt' && !follow.forbidden?.debt);
      if (isAllowed) this.disputes.push(`${told}: ${error.code} / naive allows it`);
      if (error.code !== 'renewal_has_facts') throw error;
    }
    if (decision !== null && (follow.forbidden?.limits || follow.forbidden?.debt))
      this.disputes.push(`${told}: done / naive forbids it`);
    const change = decision === null ? { id: 'nothing', suspension: 'nothing' } : decision.changes[0]!.change;
    const tell = (naive: NaiveContract) => follow.tell(naive, change);
    if (choice.renewals === 'refuse' && this.naive.wouldMove(contract, tell) !== (decision === null))
      this.disputes.push(`${told}: ${decision === null ? 'refused' : 'done'} / naive otherwise`);
    if (decision === null) return;
    this.record(decision, told);
    this.naive.tell(contract, this.desk.today, choice.compensation, tell);
    follow.done?.(change);
  }

  /** What ends soon is renewed, where the plan renews by itself. */
  renew(today: Day): void {
    const { plan, desk } = this;
    if (!plan.auto_renew) return;
    const signed = signedToday(desk.chain, plan, today, desk.until);
    if (signed !== null) {
      this.told.push(`${today} ${signed.id} is signed`);
      desk.chain = [...desk.chain, signed];
      this.computed = null;
    }
    const price = plan.renewal_price === 'plan' ? plan.amount : null;
    const isSigned = this.naive.renew(today, plan.renew_ahead_months, price);
    if (isSigned !== (signed !== null)) this.disputes.push(`${today} renewed ${signed !== null} / naive ${isSigned}`);
  }

  private schedules(): Schedule[] {
    this.computed ??= scheduleChain(this.desk.chain, this.desk.until);
    return this.computed;
  }

  private owed(): Cents {
    return owedOn(this.desk.today, this.schedules(), this.cameBack);
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
    for (const [at, naive] of this.naive.contracts.entries()) {
      const open = this.schedules()[at]!.instalments.filter(({ status }) => status === 'scheduled');
      const now = payDue(open, today);
      if (now.length > 0) this.setFacts(at, [...this.desk.chain[at]!.facts, ...now]);
      naive.pay(today);
      for (const { number } of now)
        if (this.chance.chance(0.2)) this.deliveries.push(bankStory(this.chance, at, number, today));
    }
  }

  readFiles(today: Day): void {
    for (const delivery of this.deliveries)
      while (delivery.files[0] && delivery.files[0].on <= today) {
        const { events } = delivery.files.shift()!;
        delivery.known.push(...events);
        const { state } = presentationState(delivery.known);
        this.setStatus(delivery, state === 'failed' ? 'rejected' : 'paid');
        const again = addDays(today, this.chance.int(0, 30));
        const id = claimOf(delivery.contract, delivery.number);
        if (state !== 'failed') this.cameBack.delete(id);
        else if (!this.cameBack.has(id)) this.cameBack.set(id, { learned_on: today, again_on: again });
        const naive = this.naive.contracts[delivery.contract]!;
        naive.hear(delivery.number, events, again);
        if (delivery.files.length === 0) naive.bankSaid(delivery.number, delivery.truth);
      }
    this.deliveries = this.deliveries.filter(({ files }) => files.length > 0);
  }

  private setStatus({ contract, number }: Pick<Delivery, 'contract' | 'number'>, status: 'paid' | 'rejected'): void {
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
    for (const [at, naive] of this.naive.contracts.entries()) {
      const schedule = this.schedules()[at]!;
      const { starts_on, ends_on, instalments, credit_left, reached } = schedule;
      const waiting = new Set(this.deliveries.filter(({ contract }) => contract === at).map(({ number }) => number));
      const told = (number: number, text: string) => (waiting.has(number) ? '?' : text);
      const enters = suspensionOn(schedule, today) === null;
      ours.push(`${starts_on} to ${ends_on}`, `enters ${enters}`);
      for (const { number, due_on, amount, credited, status } of instalments)
        ours.push(`c${at + 1} ${number} ${due_on} ${amount} (${credited} less) ${told(number, status)}`);
      ours.push(`${credit_left} left`, ...reached.map(sayReach).sort());
      const [term, ...lines] = naive.say();
      theirs.push(term!, `enters ${naive.mayEnter(today)}`);
      for (const [index, line] of lines.slice(0, -1).entries())
        theirs.push(`c${at + 1} ${waiting.has(index + 1) ? line.replace(/[a-z]+$/, '?') : line}`);
      theirs.push(lines.at(-1)!, ...naive.reached().map(sayReach).sort());
    }
    ours.push(`owes ${this.owed()}`, ...this.disputes);
    theirs.push(`owes ${this.naive.owes(today)}`);
    return { ours, theirs };
  }
}

function sayReach({
  by,
  number,
  difference,
  credit,
}: {
  by: string;
  number: number;
  difference: number;
  credit: number;
}) {
  return `${number} is ${difference} dearer than by ${by}, ${credit} back`;
}

function drawLimits(chance: Random): NaiveLimits {
  const some = (values: readonly number[]) => (chance.chance(0.2) ? chance.pick(values) : null);
  return {
    min_months: some([1, 1, 2]),
    min_days: some([7, 30]),
    max_days_per_year: some([45, 90]),
    max_per_year: some([1, 3]),
  };
}

function drawChoice(chance: Random): RenewalChoice {
  if (chance.chance(0.2)) return refuseRenewals;
  return { renewals: 'move', compensation: chance.chance(0.8) ? null : cents(chance.pick([1, 700, 8000])) };
}

function idOf(change: Named): string {
  if (!('suspension' in change)) throw new Error('no suspension was added');
  return change.suspension as string;
}
