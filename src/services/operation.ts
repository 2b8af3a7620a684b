/**
 * An operation: a change that can be previewed. The one way to write anything that changes a schedule, a ledger or
 * an access.
 *
 * Always true: the preview and the commit run the same `load` and the same pure `decide`, so what was shown is
 * what is done; a preview takes no lock and writes nothing; `reads` names everything the decision rests on, so a
 * preview token that still matches proves that nothing it showed has changed.
 */
import { createHash } from 'node:crypto';
import type { Context, ReadContext } from '../context.ts';
import type { Day } from '../domain/day.ts';
import { Refusal } from '../errors/refusal.ts';

export interface Warning {
  code: string;
  detail: string;
  params: Readonly<Record<string, string | number>>;
}

/** What a preview shows: the object before and after, and what differs in words and figures. */
export interface Shown {
  before: unknown;
  after: unknown;
  changes: readonly unknown[];
  access: unknown;
  warnings: readonly Warning[];
}

export interface Operation<Input, State, Decision> {
  /** Reads what the decision needs; takes its locks, the parent's first, only when `locking`. */
  load(ctx: ReadContext, input: Input, locking: boolean): Promise<State>;
  /** Its load refuses what is of an erased person by itself: a preview, asked at every keystroke, need not ask twice. */
  refusesErased?: true;
  /** Pure. Returns what is to be written, or throws a Refusal. */
  decide(state: State, input: Input, ctx: DecisionContext): Decision;
  /** May read on (the totals of many contracts); writes nothing. */
  show(state: State, decision: Decision, ctx: ReadContext): Shown | Promise<Shown>;
  /** The versions of everything read. */
  reads(state: State): readonly (string | number | null)[];
  /** The version that If-Match is compared with, where the operation edits one object. */
  version?(state: State): number;
  /** Writes the decision. @returns the object as the API shows it. */
  save(ctx: Context, state: State, decision: Decision, input: Input): Promise<object>;
  /**
   * Several at once, for a backlog: in statements that serve all of them. @returns for each its object, or what refused
   * it, or null for one that must wait because another of the same list touches the same things.
   */
  commitMany?(ctx: Context, items: readonly CommitItem<Input>[]): Promise<(object | Refusal | null)[]>;
}

export interface CommitItem<Input> {
  name: string;
  input: Input;
  expected: Preconditions;
  job_id: string;
}

/** What a pure decision may know besides state and input. */
export type DecisionContext = Pick<ReadContext, 'today' | 'organization' | 'language'>;

/** An operation with its state and decision forgotten, for code that handles any. */
// biome-ignore lint/suspicious/noExplicitAny: state and decision are private to each operation.
type Private = any;
export type AnyOperation = Operation<Private, Private, Private>;

export interface Preconditions {
  preview_token?: string | undefined;
  if_version?: number | undefined;
}

export interface PreviewAnswer extends Shown {
  object: 'preview';
  preview_token: string;
}

function tokenOf(name: string, input: unknown, reads: readonly unknown[], today: Day, settingsVersion: number): string {
  const hash = createHash('sha256').update(JSON.stringify([name, input, reads, today, settingsVersion]));
  return `prv_${hash.digest('base64url')}`;
}

/** A fresh id in the input (of the object to be made) is not part of what was previewed. */
function withoutNewIds(input: unknown): unknown {
  if (input === null || typeof input !== 'object') return input;
  return Object.fromEntries(Object.entries(input).filter(([name]) => !name.startsWith('new_')));
}

/** Checks the preconditions against what was read, then decides. @throws Refusal. */
export function decideOn<Input, State, Decision>(
  ctx: ReadContext,
  name: string,
  operation: Pick<Operation<Input, State, Decision>, 'decide' | 'reads' | 'version'>,
  state: State,
  input: Input,
  expected: Preconditions,
): { decision: Decision; token: () => string } {
  if (expected.if_version !== undefined && operation.version && operation.version(state) !== expected.if_version) {
    throw new Refusal('stale_version');
  }
  const token = () => tokenOf(name, withoutNewIds(input), operation.reads(state), ctx.today, ctx.organization.version);
  if (expected.preview_token !== undefined && expected.preview_token !== token()) throw new Refusal('stale_preview');
  return { decision: operation.decide(state, input, ctx), token };
}

async function loadAndDecide(
  ctx: ReadContext,
  name: string,
  operation: AnyOperation,
  input: unknown,
  locking: boolean,
  expected: Preconditions,
) {
  const state: unknown = await operation.load(ctx, input, locking);
  return { state, ...decideOn(ctx, name, operation, state, input, expected) };
}

/** What the operation would do. Writes nothing, locks nothing. */
export async function previewOperation(
  ctx: ReadContext,
  name: string,
  operation: AnyOperation,
  input: unknown,
  expected: Preconditions = {},
): Promise<PreviewAnswer> {
  const { state, decision, token } = await loadAndDecide(ctx, name, operation, input, false, expected);
  return { object: 'preview', ...(await operation.show(state, decision, ctx)), preview_token: token() };
}

/** Refuses now what would be refused later: called before the job is written. */
export async function checkOperation(
  ctx: ReadContext,
  name: string,
  operation: AnyOperation,
  input: unknown,
  expected: Preconditions = {},
): Promise<void> {
  await loadAndDecide(ctx, name, operation, input, false, expected);
}

/** Does it: in the transaction of the job, under locks, with everything read and decided anew. */
export async function commitOperation(
  ctx: Context,
  name: string,
  operation: AnyOperation,
  input: unknown,
  expected: Preconditions = {},
): Promise<object> {
  const { state, decision } = await loadAndDecide(ctx, name, operation, input, true, expected);
  return operation.save(ctx, state, decision, input);
}
