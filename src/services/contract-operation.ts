/**
 * A change to a contract: the one way to do anything that its schedule follows from.
 *
 * An operation of this kind says only how its input becomes a decision (pure). Loading the chain, showing the
 * schedule before and after, writing it down and telling of it are the same for all.
 */
import type { Context, ReadContext } from '../context.ts';
import type { DecidedContract, Decision, NewId } from '../domain/contract-changes/decision.ts';
import type { IssueState } from '../domain/contract-changes/issue-state.ts';
import type { Day } from '../domain/day.ts';
import { compareEntitlements } from '../domain/issues/compare.ts';
import { subscriptionOf } from '../domain/issues/subscription.ts';
import { type Cents, ZERO } from '../domain/money.ts';
import { suspensionOn } from '../domain/schedule/access.ts';
import type { ContractState as ScheduledContract } from '../domain/schedule/chain.ts';
import { isUnchanged } from '../domain/schedule/compare.ts';
import type { Instalment, Schedule } from '../domain/schedule/instalment.ts';
import type { LockableSetting } from '../domain/schedule/terms.ts';
import { Refusal } from '../errors/refusal.ts';
import { sayWarning } from '../errors/warnings.ts';
import {
  chainUntil,
  loadChain,
  loadChainsOf,
  type StoredChain,
  type StoredContract,
  scheduled,
} from '../store/contract-state.ts';
import { loadPublication, type Publication } from '../store/publications.ts';
import { type ContractSave, differingInstalments, saveContracts } from '../store/save-contract.ts';
import { showEntitlement } from '../views/contract-issues.ts';
import { owedBy } from '../views/owed.ts';
import { type Announcement, announce } from './announce.ts';
import { followContracts } from './contract-money.ts';
import { type CommitItem, type DecisionContext, decideOn, type Operation, type Shown } from './operation.ts';

/** Ids for what the change makes, chosen when it was asked for: a repeated job makes the same records. */
export interface NewIds {
  chg: string[];
  sus: string[];
}

export interface ContractInput {
  new_ids: NewIds;
}

export interface ContractState extends IssueState {
  stored: StoredChain;
  /** What it subscribes to, where it is a subscription to issues. */
  publication: Publication | null;
  /** What the customer owes today; read only where the plan's freeze policy asks. */
  owed: Cents;
}

export interface ContractOperation<Input extends ContractInput> {
  /** The contract that the input is about. */
  contractOf: (ctx: ReadContext, input: Input) => Promise<string> | string;
  /** Pure: what to record. @throws Refusal. */
  decide: (state: ContractState, input: Input, newId: NewId, ctx: DecisionContext) => Decision;
  announcement: (input: Input) => Pick<Announcement, 'type' | 'data'> & { subjects?: string[] };
  /** What else goes with it, in the same transaction. `contract` is as it was before. */
  saved?: (ctx: Context, contract: StoredContract, decision: Decision) => Promise<void>;
  /** The object to answer with, read after it is written. */
  result: (ctx: Context, contract: StoredContract, input: Input) => Promise<object>;
  /** The same for many, in one statement: with it a backlog of these is done together. */
  results?: (ctx: Context, inputs: readonly Input[]) => Promise<object[]>;
}

function idsFrom({ new_ids }: ContractInput): NewId {
  const next = { chg: 0, sus: 0 };
  return (prefix) => {
    const id = new_ids[prefix][next[prefix]];
    next[prefix] += 1;
    if (id === undefined) throw new Error(`the input brought too few ids for ${prefix}`);
    return id;
  };
}

/** @throws Refusal `not_found`, `customer_erased` */
export async function loadContractState(ctx: ReadContext, id: string, locking: boolean): Promise<ContractState> {
  return stateOf(ctx, await loadChain(ctx, id, locking), locking);
}

async function stateOf(ctx: ReadContext, stored: StoredChain, locking: boolean): Promise<ContractState> {
  const { terms, customer_id, id, of_erased } = stored.contract;
  // What writes is refused before it comes here; previews are not, nor a failed job that is tried again by hand.
  if (of_erased) throw new Refusal('customer_erased');
  const publication = terms.issues
    ? await loadPublication(ctx, terms.issues.publication, locking ? 'read' : 'none')
    : null;
  return {
    stored,
    publication,
    calendar: publication?.issues ?? null,
    owed: terms.freeze.requires_no_debt ? await owedBy(ctx, customer_id) : ZERO,
    chain: stored.chain.map((one) => withLocks(scheduled(one), ctx.organization.settings.locked_freeze_settings)),
    contract: id,
    today: ctx.today,
    until: chainUntil(stored.chain, ctx.today, ctx.organization.settings.horizon_months),
  };
}

/** The organization's locks, beside those that the plan sold. Locks bind a desk and change no schedule. */
function withLocks(contract: ScheduledContract, locks: readonly LockableSetting[]): ScheduledContract {
  if (locks.length === 0) return contract;
  const { freeze } = contract.terms;
  return { ...contract, terms: { ...contract.terms, freeze: { ...freeze, locked: [...freeze.locked, ...locks] } } };
}

export function contractOperation<Input extends ContractInput>(
  spec: ContractOperation<Input>,
): Operation<Input, ContractState, Decision> {
  const operation: Operation<Input, ContractState, Decision> = {
    refusesErased: true,
    load: async (ctx, input, locking) => loadContractState(ctx, await spec.contractOf(ctx, input), locking),
    decide: (state, input, ctx) => spec.decide(state, input, idsFrom(input), ctx),
    show: (state, decision, ctx) => showContractChange(state, decision, ctx),
    reads: ({ stored, publication }) => [
      ...stored.chain.flatMap((one) => [one.id, one.version]),
      ...(publication ? [publication.id, publication.version] : []),
    ],
    version: (state) => state.stored.contract.version,
    async save(ctx, state, decision, input) {
      const saves = savesOf(state.stored.chain, decision);
      await saveContracts(ctx, saves, ctx.job?.id ?? null);
      await announce(ctx, announcementOf(spec, state, decision, input));
      await spec.saved?.(ctx, state.stored.contract, decision);
      await followContracts(ctx, saves);
      return spec.result(ctx, state.stored.contract, input);
    },
  };
  const { results, saved } = spec;
  if (results === undefined || saved !== undefined) return operation;
  return { ...operation, commitMany: (ctx, items) => commitTogether(ctx, spec, operation, items, results) };
}

function announcementOf<Input extends ContractInput>(
  spec: ContractOperation<Input>,
  { stored: { contract } }: ContractState,
  decision: Decision,
  input: Input,
): Announcement {
  const { type, data, subjects = [] } = spec.announcement(input);
  return {
    type,
    subjects: [contract.id, contract.customer_id, ...subjects],
    data: { ...data, changes: decision.changes.map(({ change }) => change.id) },
  };
}

/** The changes of many contracts in the statements of one; of two on the same chain the second waits. */
async function commitTogether<Input extends ContractInput>(
  ctx: Context,
  spec: ContractOperation<Input>,
  operation: Operation<Input, ContractState, Decision>,
  items: readonly CommitItem<Input>[],
  results: NonNullable<ContractOperation<Input>['results']>,
): Promise<(object | Refusal | null)[]> {
  const answers: (object | Refusal | null)[] = items.map(() => null);
  const contracts: (string | null)[] = [];
  for (const [at, { input }] of items.entries()) {
    try {
      contracts.push(await spec.contractOf(ctx, input));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      answers[at] = error;
      contracts.push(null);
    }
  }
  const chains = await loadChainsOf(ctx, [...new Set(contracts.filter((id) => id !== null))], true);
  const touched = new Set<string>();
  const saves: ContractSave[] = [];
  const announcements: Announcement[] = [];
  const decided: number[] = [];
  for (const [at, { name, input, expected, job_id }] of items.entries()) {
    const contract = contracts[at];
    if (!contract) continue;
    const stored = chains.get(contract);
    if (stored && touched.has(stored.contract.chain_id)) continue;
    try {
      if (!stored) throw new Refusal('not_found');
      const state = await stateOf(ctx, stored, true);
      const { decision } = decideOn(ctx, name, operation, state, input, expected);
      touched.add(stored.contract.chain_id);
      saves.push(...savesOf(state.stored.chain, decision).map((save) => ({ ...save, job_id })));
      announcements.push({ ...announcementOf(spec, state, decision, input), job_id });
      decided.push(at);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      answers[at] = error;
    }
  }
  await saveContracts(ctx, saves, null);
  await announce(ctx, ...announcements);
  await followContracts(ctx, saves);
  const made = await results(
    ctx,
    decided.map((at) => (items[at] as CommitItem<Input>).input),
  );
  for (const [place, at] of decided.entries()) answers[at] = made[place] as object;
  return answers;
}

/** The contracts that record something, and those of the chain that follow them. */
export function savesOf(chain: readonly StoredContract[], decision: Decision): ContractSave[] {
  return decision.contracts.flatMap(({ id, after }) => {
    const contract = chain.find((one) => one.id === id) as StoredContract;
    const changes = decision.changes.filter((one) => one.contract === id).map((one) => one.change);
    const follows =
      after.starts_on !== contract.starts_on ||
      after.ends_on !== contract.ends_on ||
      differingInstalments(contract, after).length > 0;
    if (changes.length === 0 && !follows) return [];
    return [{ contract, changes, schedule: after, materialised_until: contract.materialised_until }];
  });
}

function showSide(schedule: Schedule) {
  const { starts_on, ends_on, cancelled_on, suspended_periods } = schedule;
  return { starts_on, ends_on, cancelled_on, suspended_periods, instalments: schedule.instalments.map(showInstalment) };
}

function showInstalment({ number, due_on, amount, status, method, explains, credited }: Instalment) {
  return { number, due_on, amount, status, method, credited_amount: credited, explains };
}

function showContractChange(state: ContractState, decision: Decision, ctx: DecisionContext): Shown {
  const subject = decision.contracts.find(({ id }) => id === state.contract) as DecidedContract;
  const issues = issuesBeforeAndAfter(state, decision);
  return {
    before: { ...showSide(subject.before), ...(issues && { issues: showEntitlement(issues.before) }) },
    after: { ...showSide(subject.after), ...(issues && { issues: showEntitlement(issues.after) }) },
    changes: decision.contracts
      .map(({ id, comparison }) => ({
        contract: id,
        ...comparison,
        ...(issues?.differ && id === state.contract && { entitlement: issues.differ }),
      }))
      .filter((one) => !isUnchanged(one) || one.reached.length > 0 || one.entitlement),
    access: {
      today: ctx.today,
      before: accessOf(subject.before, ctx.today),
      after: accessOf(subject.after, ctx.today),
    },
    warnings: decision.warnings.map(({ code, params }) => ({
      code,
      detail: sayWarning({ code, params }, ctx.language),
      params,
    })),
  };
}

/** What becomes of the issues, where the contract is a subscription to them. */
function issuesBeforeAndAfter(state: ContractState, decision: Decision) {
  const contract = state.chain.find(({ id }) => id === state.contract);
  if (!contract?.terms.issues || state.calendar === null) return null;
  const appended = decision.changes.filter((one) => one.contract === contract.id).map(({ change }) => change);
  const before = subscriptionOf(contract, state.calendar, state.today);
  const after = subscriptionOf(
    { ...contract, changes: [...contract.changes, ...appended] },
    state.calendar,
    state.today,
  );
  return { before, after, differ: compareEntitlements(before, after) };
}

function accessOf(schedule: Schedule, today: Day) {
  const suspended = suspensionOn(schedule, today);
  return suspended
    ? {
        state: 'suspended',
        reason: suspended.suspensions[0]?.reason ?? null,
        since_on: suspended.since_on,
        until_on: suspended.until_on,
      }
    : { state: 'active', reason: null, since_on: null, until_on: null };
}
