/**
 * A closure, carried out: the chains in the order of their ids, many per transaction, each transaction leaving behind
 * how far it came. A job that dies and is started again goes on from there, so each contract is suspended once.
 */
import type { Context, ReadContext } from '../context.ts';
import { type ClosureDecision, decideClosing, decideReopening } from '../domain/contract-changes/close.ts';
import { newId } from '../ids.ts';
import type { NewClosure } from '../schemas/closures.ts';
import {
  type Closed,
  type Closure,
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

/** One step. @returns how many contracts are done in all, and whether chains are left. */
export async function closureStep(
  ctx: Context,
  closureId: string,
  doing: 'closing' | 'undoing',
): Promise<{ done: number; total: number; more: boolean }> {
  const closure = await loadClosure(ctx, closureId, true);
  if (closure.state !== doing) return { done: 0, total: 0, more: false };
  const ids =
    doing === 'closing'
      ? await chainsRunning(ctx, closure, closure.cursor, CHAINS_PER_STEP)
      : await chainsClosed(ctx, closureId, closure.cursor, CHAINS_PER_STEP);
  const last = ids.at(-1);
  if (last === undefined) return end(ctx, closure, doing);
  const saves: ContractSave[] = [];
  const announcements: Announcement[] = [];
  const totals = { ...closure.totals };
  const leftOut: ClosureDecision['left_out'] = [];
  for (const chain of await loadChains(ctx, ids, true)) {
    const decision =
      doing === 'closing'
        ? closeChain(ctx, closure, chain)
        : decideReopening(stateOf(ctx, chain), closureId, renewalChoice(closure.terms), newId);
    saves.push(...savesOf(chain, decision));
    leftOut.push(...decision.left_out);
    announcements.push(...announcementsOf(closure, doing, chain, decision));
    if (doing === 'closing') addTo(totals, decision);
    else totals.suspended -= decision.done.length;
  }
  await saveContracts(ctx, saves, ctx.job?.id ?? null);
  await announce(ctx, ...announcements);
  await followContracts(ctx, saves);
  await insertLeftOut(ctx, closureId, doing, leftOut);
  await updateClosure(ctx, { ...closure, cursor: last, totals });
  const { contracts, suspended, left_out } = totals;
  const done = doing === 'closing' ? suspended + left_out : contracts - suspended;
  return { done, total: contracts, more: true };
}

async function end(ctx: Context, closure: Closure, doing: 'closing' | 'undoing') {
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
  const { contracts } = closure.totals;
  return { done: contracts, total: contracts, more: false };
}

function announcementsOf(
  closure: Closure,
  doing: 'closing' | 'undoing',
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
