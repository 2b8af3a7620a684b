/**
 * A closure, carried out: the chains in the order of their ids, many per transaction, each transaction leaving behind
 * how far it came. A job that dies and is started again goes on from there, so each contract is suspended once.
 *
 * A step has three parts, because two steps overlap: it takes its chains (all the locks it needs), changes them, and
 * concludes once the step before it is committed.
 */
import type { Context, ReadContext } from '../context.ts';
import { type ClosureDecision, decideClosing, decideReopening } from '../domain/contract-changes/close.ts';
import { newId } from '../ids.ts';
import type { NewClosure } from '../schemas/closures.ts';
import {
  type Closed,
  type Closure,
  type ClosureTotals,
  chainsClosed,
  chainsRunning,
  insertLeftOut,
  loadClosure,
  updateClosure,
} from '../store/closures.ts';
import { chainUntil, loadChains, type StoredContract, scheduled } from '../store/contract-state.ts';
import { type ContractSave, saveContracts } from '../store/save-contract.ts';
import { type Announcement, announce } from './announce.ts';
import { followContracts } from './contract-money.ts';
import { savesOf } from './contract-operation.ts';
import { renewalChoice, suspensionInput } from './suspension-input.ts';

/** Enough to share the cost of a transaction, few enough to hold no lock for long. */
export const CHAINS_PER_STEP = 250;

export type ClosureOf = Closed & { id: string; terms: NewClosure };

/** What a closure makes of one chain. Pure, but for the ids it makes. */
export function closeChain(ctx: ReadContext, closure: ClosureOf, chain: readonly StoredContract[]): ClosureDecision {
  const { plan_id, terms } = closure;
  const concerned = chain.filter(
    ({ kind, ends_on, plan_id: plan }) =>
      (kind === 'membership' || (kind === 'credits' && ends_on !== null)) && (plan_id === null || plan === plan_id),
  );
  const { plan: _, renewals: __, compensation: ___, ...suspension } = terms;
  return decideClosing(
    stateOf(ctx, chain),
    new Set(concerned.map(({ id }) => id)),
    { ...suspensionInput(suspension), ends_on: terms.ends_on, closure: closure.id },
    renewalChoice(terms),
    newId,
  );
}

function stateOf(ctx: ReadContext, chain: readonly StoredContract[]) {
  return {
    chain: chain.map(scheduled),
    today: ctx.today,
    until: chainUntil(chain, ctx.today, ctx.organization.settings.horizon_months),
  };
}

export type Doing = 'closing' | 'undoing';

export interface TakenChains {
  closure: Closure;
  chains: StoredContract[][];
  /** Where the next step goes on. */
  last: string;
}

export interface ChangedChains {
  saves: ContractSave[];
  announcements: Announcement[];
  left_out: ClosureDecision['left_out'];
  totals: Omit<ClosureTotals, 'contracts'>;
}

/** The next chains after one, locked. @returns null when none is left. */
export async function takeChains(
  ctx: Context,
  closureId: string,
  doing: Doing,
  after: string,
): Promise<TakenChains | null> {
  const closure = await loadClosure(ctx, closureId, false);
  if (closure.state !== doing) return null;
  const ids =
    doing === 'closing'
      ? await chainsRunning(ctx, closure, after, CHAINS_PER_STEP)
      : await chainsClosed(ctx, closureId, after, CHAINS_PER_STEP);
  const last = ids.at(-1);
  return last === undefined ? null : { closure, chains: await loadChains(ctx, ids, true), last };
}

export async function changeChains(
  ctx: Context,
  { closure, chains }: TakenChains,
  doing: Doing,
): Promise<ChangedChains> {
  const changed: ChangedChains = {
    saves: [],
    announcements: [],
    left_out: [],
    totals: { suspended: 0, instalments: 0, ends_moved: 0, left_out: 0 },
  };
  for (const chain of chains) {
    const decision =
      doing === 'closing'
        ? closeChain(ctx, closure, chain)
        : decideReopening(stateOf(ctx, chain), closure.id, renewalChoice(closure.terms), newId);
    changed.saves.push(...savesOf(chain, decision));
    changed.left_out.push(...decision.left_out);
    changed.announcements.push(...announcementsOf(closure, doing, chain, decision));
    if (doing === 'closing') addTo(changed.totals, decision);
    else changed.totals.suspended -= decision.done.length;
  }
  await saveContracts(ctx, changed.saves, ctx.job?.id ?? null);
  return changed;
}

/** The end of a step: what follows from its changes, and how far the closure came. @returns how many are done in all. */
export async function concludeStep(
  ctx: Context,
  doing: Doing,
  after: string,
  { closure: { id }, last }: TakenChains,
  { saves, announcements, left_out, totals: added }: ChangedChains,
): Promise<{ done: number; total: number }> {
  await announce(ctx, ...announcements);
  await followContracts(ctx, saves);
  await insertLeftOut(ctx, id, doing, left_out);
  const closure = await loadClosure(ctx, id, true);
  if (closure.state !== doing || closure.cursor !== after) throw new Error('another step of this closure went before');
  const totals = {
    contracts: closure.totals.contracts,
    suspended: closure.totals.suspended + added.suspended,
    instalments: closure.totals.instalments + added.instalments,
    ends_moved: closure.totals.ends_moved + added.ends_moved,
    left_out: closure.totals.left_out + added.left_out,
  };
  await updateClosure(ctx, { ...closure, cursor: last, totals });
  const done = doing === 'closing' ? totals.suspended + totals.left_out : totals.contracts - totals.suspended;
  return { done, total: totals.contracts };
}

/** No chain is left. */
export async function endClosure(ctx: Context, closureId: string, doing: Doing): Promise<void> {
  const closure = await loadClosure(ctx, closureId, true);
  if (closure.state !== doing) return;
  await updateClosure(ctx, {
    ...closure,
    state: doing === 'closing' ? 'closed' : 'undone',
    removed_on: doing === 'closing' ? null : ctx.today,
    version: closure.version + 1,
  });
  await announce(ctx, {
    type: doing === 'closing' ? 'closure.closed' : 'closure.undone',
    subjects: [closure.id],
    data: { ...closure.totals },
  });
}

function announcementsOf(
  closure: Closure,
  doing: Doing,
  chain: readonly StoredContract[],
  { done, changes }: ClosureDecision,
): Announcement[] {
  return done.map((id) => {
    const own = changes.filter(({ contract }) => contract === id);
    const suspensions = own.flatMap(({ change }) => ('suspension' in change ? [change.suspension] : []));
    return {
      type: doing === 'closing' ? 'suspension.added' : 'suspension.removed',
      subjects: [id, (chain[0] as StoredContract).customer_id, ...suspensions],
      data: {
        ...(doing === 'closing' ? { starts_on: closure.starts_on, reason: closure.terms.reason } : {}),
        closure: closure.id,
        changes: own.map(({ change }) => change.id),
      },
    };
  });
}

/** What a closure did, counted. */
export function addTo(
  totals: { suspended: number; instalments: number; ends_moved: number; left_out: number },
  decision: ClosureDecision,
): void {
  totals.suspended += decision.done.length;
  totals.left_out += decision.left_out.length;
  for (const { comparison } of decision.contracts) {
    totals.instalments += comparison.instalments.length;
    if (comparison.ends_on) totals.ends_moved += 1;
  }
}
