/**
 * What became of one presentation of a direct debit, from everything the bank has told about it.
 *
 * The bank tells the same thing up to three times (pain.002, camt.054, camt.053), late, early and in any order. So the
 * state is never moved by a message: the messages are kept, and the state is read off all of them, put in the order of
 * the days on which the bank says they happened.
 *
 * Always true:
 * - the same messages give the same state, in whatever order and however often they came;
 * - a further message never takes an effect back: effects are only added. Each has a key that is unique for ever, so
 *   carrying out "every effect whose key is new" after each message gives each effect once;
 * - a failure beats a success that is told before or after it. Only the reversal of a return makes the debit good
 *   again, and only a failure dated after that reversal makes it fail again;
 * - a reversal that comes before the return it reverses waits for it; nothing is dropped and nothing guessed.
 */
import type { Day } from '../day.ts';

export const bankEventKinds = [
  'accepted',
  'settled',
  'presumed_settled',
  'rejected',
  'returned',
  'refunded',
  'reversed',
] as const;
/**
 * - accepted: the bank took the order (ACCP, ACTC, ACSP …): no money yet
 * - settled: the bank paid it
 * - presumed_settled: the organization's own waiting time has passed without a word of the bank
 * - rejected: refused before settlement, no money moved
 * - returned: taken back after settlement by the debtor's bank
 * - refunded: taken back after settlement at the debtor's demand
 * - reversed: the bank gives back what it had returned by mistake
 */
export type BankEventKind = (typeof bankEventKinds)[number];

export interface BankEvent {
  kind: BankEventKind;
  /** The day on which the bank says it happened (its booking day), not the day on which it was read. */
  on: Day;
  reason_code: string | null;
}

export type PresentationState = 'in_flight' | 'settled' | 'failed';

export type BankEffectKind = 'reopen' | 'close_again' | 'bank_in' | 'bank_out';

export interface BankEffect {
  kind: BankEffectKind;
  /** How many times this has happened to the presentation, this time included. */
  nth: number;
  /** Unique per presentation: `reopen/1`. */
  key: string;
  /** The day it takes effect: that of the message that tells it. */
  on: Day;
  reason_code: string | null;
}

/** The failure that holds, where the presentation has failed. */
export interface Failure {
  nth: number;
  kind: 'rejected' | 'returned' | 'refunded';
  on: Day;
  reason_code: string | null;
}

export interface PresentationOutcome {
  state: PresentationState;
  failure: Failure | null;
  effects: BankEffect[];
  /** What a person should look at: what the bank told does not fit together. */
  doubts: Doubt[];
}

/**
 * - success_after_failure: the bank says paid, on a day after it said failed, and never that the failure was a mistake
 * - reversal_without_return: the bank gives back what it never said it had taken
 */
export type Doubt = 'success_after_failure' | 'reversal_without_return';

/** Same day: a success is older than a failure, a failure older than its reversal. */
const rank: Record<BankEventKind, number> = {
  accepted: 0,
  presumed_settled: 1,
  settled: 2,
  rejected: 3,
  returned: 4,
  refunded: 5,
  reversed: 6,
};

function inOrder(a: BankEvent, b: BankEvent): number {
  if (a.on !== b.on) return a.on < b.on ? -1 : 1;
  if (a.kind !== b.kind) return rank[a.kind] - rank[b.kind];
  const left = a.reason_code ?? '';
  const right = b.reason_code ?? '';
  return left < right ? -1 : left > right ? 1 : 0;
}

function isFailure(event: BankEvent): event is BankEvent & { kind: Failure['kind'] } {
  return event.kind === 'rejected' || event.kind === 'returned' || event.kind === 'refunded';
}

/** The bank's words about one failure, or about one reversal, however often it said them. */
interface Turn {
  failed: boolean;
  words: BankEvent[];
}

/** Failure, reversal, failure …: what repeats the turn before it is the same thing told again. */
function turnsOf(ordered: readonly BankEvent[]): Turn[] {
  const turns: Turn[] = [];
  for (const event of ordered) {
    if (!isFailure(event) && event.kind !== 'reversed') continue;
    const failed = event.kind !== 'reversed';
    const last = turns.at(-1);
    // Nothing is refused before settlement once it was paid back: an old pain.002 was sent again.
    const stale = event.kind === 'rejected' && last !== undefined && !last.failed;
    if (last?.failed === failed) last.words.push(event);
    else if ((failed || last !== undefined) && !stale) turns.push({ failed, words: [event] });
  }
  return turns;
}

export function presentationState(events: readonly BankEvent[]): PresentationOutcome {
  const ordered = [...events].sort(inOrder);
  const turns = turnsOf(ordered);
  const paid = ordered.find((event) => event.kind !== 'accepted' && event.kind !== 'rejected');
  const effects: BankEffect[] = [];
  const add = (kind: BankEffectKind, nth: number, on: Day, reason: string | null = null) =>
    effects.push({ kind, nth, key: `${kind}/${nth}`, on, reason_code: reason });
  if (paid) add('bank_in', 1, paid.on);
  turns.forEach((turn, at) => {
    const nth = Math.floor(at / 2) + 1;
    const { on } = turn.words[0] as BankEvent;
    if (turn.failed) {
      add('reopen', nth, on, reasonOf(turn));
      if (paid) add('bank_out', nth, on);
    } else {
      add('close_again', nth, on);
      add('bank_in', nth + 1, on);
    }
  });
  const failure = failureOf(turns);
  const state = failure ? 'failed' : paid ? 'settled' : 'in_flight';
  return { state, failure, effects, doubts: doubtsOf(ordered, turns) };
}

/** The first reason that any of the messages gives: a statement often leaves it out. */
function reasonOf(turn: Turn): string | null {
  return turn.words.find((word) => word.reason_code !== null)?.reason_code ?? null;
}

function failureOf(turns: readonly Turn[]): Failure | null {
  const last = turns.at(-1);
  if (!last?.failed) return null;
  const worst = last.words.filter(isFailure).at(-1);
  const first = last.words[0];
  if (!worst || !first) return null;
  return { nth: Math.ceil(turns.length / 2), kind: worst.kind, on: first.on, reason_code: reasonOf(last) };
}

function doubtsOf(ordered: readonly BankEvent[], turns: readonly Turn[]): Doubt[] {
  const doubts: Doubt[] = [];
  const last = turns.at(-1);
  const lastWord = last?.words.at(-1);
  if (last?.failed && lastWord && ordered.some((event) => event.kind === 'settled' && event.on > lastWord.on))
    doubts.push('success_after_failure');
  const firstFailure = ordered.find(isFailure);
  if (ordered.some((event) => event.kind === 'reversed' && (!firstFailure || event.on < firstFailure.on)))
    doubts.push('reversal_without_return');
  return doubts;
}

/** The effects that are new: those whose key has not been carried out. */
export function newEffects(outcome: PresentationOutcome, done: ReadonlySet<string>): BankEffect[] {
  return outcome.effects.filter((effect) => !done.has(effect.key));
}
