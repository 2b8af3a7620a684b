/**
 * The ids that requests may name, learned from answers: whose they are, how fresh, of what kind and in what state, and
 * which were told of together, so that an invoice can name instalments of its own contract.
 */
import type { Random } from '../storm/random.ts';

/** By the prefix of the ids. */
export type IdsByPrefix = Map<string, string[]>;

const MOST_OF_A_KIND = 80;
const MOST_KIN = 120;
const FRESH = 12;
/** Changes of contracts that may be taken back by their own id. */
export const extensions: readonly string[] = ['extended', 'issues_extended'];
const anyId = /^([a-z]{3})_[0-9A-HJKMNP-TV-Z]{26}$/;

export class Pools {
  readonly own: IdsByPrefix;
  readonly foreign: IdsByPrefix;
  /** Secrets of invitations and sessions that answers showed once. */
  readonly invitations: string[] = [];
  readonly sessions: string[] = [];
  /** Somebody who can sign in. */
  person: { organization: string; email: string } | null = null;
  /** The day it is where the requests go. */
  today: string;
  /** What collections ask the bank for, in cents, by the ids of their lines. */
  readonly amounts = new Map<string, number>();
  /** The reason that somebody is to decide about, by the ids of the bank's files. */
  readonly undecided = new Map<string, string | null>();
  private readonly kin = new Map<string, Set<string>>();
  /** The kind and the state that each was last told with. */
  private readonly traits = new Map<string, string[]>();
  /** Contracts that an extension was entered for, and those whose history has told of one. */
  private readonly prolonged = new Set<string>();
  private readonly extended = new Set<string>();
  private readonly spared: ReadonlySet<string>;

  /** @param spared ids that no request may name: the keys that the requests are made with. */
  constructor(own: IdsByPrefix, foreign: IdsByPrefix, today: string, spared: ReadonlySet<string> = new Set()) {
    this.own = own;
    this.foreign = foreign;
    this.today = today;
    this.spared = spared;
  }

  /** One of ours; where there is any, one of the wanted kind or state, that belongs to what was named before. */
  sensible(
    prefix: string,
    named: readonly string[],
    chance: Random,
    wanted: readonly string[] = [],
  ): string | undefined {
    const isWanted = (id: string) => this.traits.get(id)?.some((trait) => wanted.includes(trait));
    const related = named.flatMap((id) => [...(this.kin.get(id) ?? [])]).filter((id) => id.startsWith(`${prefix}_`));
    const all = this.own.get(prefix) ?? [];
    const choices = [related.filter(isWanted), wanted.length > 0 ? all.filter(isWanted) : related, all];
    const pool = choices.find((some) => some.length > 0 && chance.chance(0.9)) ?? all;
    if (pool.length === 0) return undefined;
    return chance.pick(chance.chance(0.6) ? pool.slice(-FRESH) : pool);
  }

  /** Those of ours that were last told in one of some states. */
  inState(prefix: string, states: readonly string[]): string[] {
    return (this.own.get(prefix) ?? []).filter((id) => this.traits.get(id)?.some((trait) => states.includes(trait)));
  }

  learn(path: string, body: unknown): void {
    const around = path.split(/[/?]/).filter((part) => anyId.test(part));
    // What was entered is told in the contract's history alone.
    const [contract] = around;
    if (contract && /\/extensions(\?|$)/.test(path) && !path.includes('dry_run=true')) this.prolonged.add(contract);
    this.walk(body, around);
  }

  /** A session that is over is not used again. */
  forgetSession(token: string): void {
    const at = this.sessions.indexOf(token);
    if (at >= 0) this.sessions.splice(at, 1);
  }

  private walk(value: unknown, around: readonly string[]): void {
    if (Array.isArray(value)) for (const one of value) this.walk(one, around);
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return;
    if ('object' in value && value.object === 'test_clock' && 'today' in value) this.today = String(value.today);
    const entries = Object.entries(value);
    if ('id' in value && typeof value.id === 'string' && 'object' in value)
      this.characterize(value.id, value as Record<string, unknown>);
    const told = entries.flatMap(([, one]) => (typeof one === 'string' && anyId.test(one) ? [one] : []));
    for (const id of told) this.remember(id);
    const together = [...around.slice(-6), ...told];
    for (const id of told) for (const other of together) if (id !== other) this.relate(id, other);
    for (const [name, one] of entries) {
      if (name === 'invitation_token' && typeof one === 'string') keep(this.invitations, one);
      if (name === 'token' && typeof one === 'string') keep(this.sessions, one);
      if (typeof one === 'object') this.walk(one, together);
    }
  }

  private characterize(id: string, told: Record<string, unknown>): void {
    const { kind, status, state, amount, by_reason, count, contract } = told;
    const traits = [kind, status, state].filter((one) => typeof one === 'string');
    this.traits.set(id, traits);
    if (typeof contract === 'string' && traits.some((trait) => extensions.includes(trait))) {
      this.extended.add(contract);
      this.traits.set(contract, [...(this.traits.get(contract) ?? []), 'has_extension']);
    }
    if (this.extended.has(id)) traits.push('has_extension');
    if (this.prolonged.has(id)) traits.push('was_prolonged');
    if (id.startsWith('col_') && status === 'draft' && Number(count) > 0) this.traits.get(id)?.push('draft_with_lines');
    if (Array.isArray(by_reason)) this.characterizeFile(id, by_reason);
    if (id.startsWith('lin_') && typeof amount === 'number') this.amounts.set(id, amount);
  }

  private characterizeFile(id: string, reasons: { reason_code: string | null; needs_person: number }[]): void {
    const waits = reasons.find(({ needs_person }) => needs_person > 0);
    if (!waits) return;
    this.traits.set(id, ['undecided']);
    this.undecided.set(id, waits.reason_code);
  }

  private remember(id: string): void {
    if (this.spared.has(id)) return;
    const prefix = id.slice(0, 3);
    const pool = this.own.get(prefix) ?? [];
    this.own.set(prefix, pool);
    if (!pool.includes(id)) keep(pool, id);
  }

  private relate(one: string, other: string): void {
    for (const [id, relative] of [
      [one, other],
      [other, one],
    ] as const) {
      const kin = this.kin.get(id) ?? new Set();
      this.kin.set(id, kin);
      if (!this.spared.has(relative)) kin.add(relative);
      if (kin.size > MOST_KIN) kin.delete(kin.values().next().value as string);
    }
  }
}

function keep(pool: string[], one: string): void {
  pool.push(one);
  if (pool.length > MOST_OF_A_KIND) pool.shift();
}
