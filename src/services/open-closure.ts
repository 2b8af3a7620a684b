/** Closes an organization, or what one plan sold, for a time: previewed with its totals, carried out in steps. */
import type { ReadContext } from '../context.ts';
import { spanDays } from '../domain/day.ts';
import { Refusal } from '../errors/refusal.ts';
import { sayWarning } from '../errors/warnings.ts';
import type { NewClosure } from '../schemas/closures.ts';
import { type Closed, chainsRunning, countWithoutDays, fingerprintOf, insertClosure } from '../store/closures.ts';
import { loadChains } from '../store/contract-state.ts';
import { queryOne } from '../store/database.ts';
import { announce } from './announce.ts';
import { addTo, CHAINS_PER_STEP, closeChain } from './closure-steps.ts';
import type { Operation, Shown, Warning } from './operation.ts';

export interface OpenClosureInput {
  closure: NewClosure;
  new_closure: string;
}

interface State {
  closure: Closed & { id: string; terms: NewClosure };
  count: number;
  digest: string;
}

const MOST_DAYS = 366;
const EXAMPLES = 20;

export const openClosure: Operation<OpenClosureInput, State, { contracts: number }> = {
  async load(ctx, { closure: terms, new_closure }) {
    const { starts_on, ends_on, plan = null } = terms;
    if (plan !== null) {
      const known = await queryOne(ctx.reader, 'select 1 from plan where id = ? and organization_id = ?', [
        plan,
        ctx.organization.id,
      ]);
      if (!known) throw new Refusal('plan_unknown', {}, { pointer: '/plan' });
    }
    const closure = { id: new_closure, plan_id: plan, starts_on, ends_on, terms };
    return { closure, ...(await fingerprintOf(ctx, closure)) };
  },
  decide({ closure: { starts_on, ends_on }, count }) {
    if (ends_on < starts_on)
      throw new Refusal('suspension_ends_before_it_begins', { starts_on }, { pointer: '/ends_on' });
    if (spanDays(starts_on, ends_on) > MOST_DAYS)
      throw new Refusal('closure_too_long', { limit: MOST_DAYS }, { pointer: '/ends_on' });
    if (count === 0) throw new Refusal('closure_suspends_nothing');
    return { contracts: count };
  },
  show: showTotals,
  reads: ({ closure, count, digest }) => [closure.plan_id, count, digest],
  async save(ctx, { closure }, { contracts }) {
    await insertClosure(ctx, {
      ...closure,
      state: 'closing',
      cursor: '',
      totals: { contracts, suspended: 0, instalments: 0, ends_moved: 0, left_out: 0 },
      version: 1,
      actor: ctx.actor,
      created_on: ctx.today,
      removed_on: null,
    });
    const { starts_on, ends_on, reason, plan = null } = closure.terms;
    const data = { starts_on, ends_on, reason, plan, contracts };
    await announce(ctx, { type: 'closure.opened', subjects: [closure.id], data });
    return { id: closure.id };
  },
};

/** Goes through all contracts as the job will, a batch at a time, and keeps only sums and a few examples. */
async function showTotals({ closure, count }: State, _decision: unknown, ctx: ReadContext): Promise<Shown> {
  const totals = { suspended: 0, instalments: 0, ends_moved: 0, left_out: 0 };
  const amount = { before: 0, after: 0 };
  const changes: unknown[] = [];
  const warned = new Map<string, { warning: Warning; contracts: number }>();
  const refused = new Map<string, number>();
  let cursor = '';
  for (;;) {
    const ids = await chainsRunning(ctx, closure, cursor, CHAINS_PER_STEP);
    const last = ids.at(-1);
    if (last === undefined) break;
    for (const chain of await loadChains(ctx, ids, false)) {
      const decision = closeChain(ctx, closure, chain);
      addTo(totals, decision);
      for (const { id, comparison } of decision.contracts) {
        for (const { before, after } of comparison.instalments) {
          amount.before += before?.amount ?? 0;
          amount.after += after?.amount ?? 0;
        }
        if (changes.length < EXAMPLES) changes.push({ contract: id, ...comparison });
      }
      for (const { code, params } of decision.warnings) {
        const known = warned.get(code);
        if (known) known.contracts += 1;
        else
          warned.set(code, {
            warning: { code, detail: sayWarning({ code, params }, ctx.language), params },
            contracts: 1,
          });
      }
      for (const { code } of decision.left_out) refused.set(code, (refused.get(code) ?? 0) + 1);
    }
    cursor = last;
  }
  const left = await countWithoutDays(ctx, closure);
  for (const [code, contracts] of [
    ['closure_leaves_issues', left.issues],
    ['closure_leaves_packs', left.credits],
  ] as const) {
    if (contracts === 0) continue;
    refused.set(code, contracts);
    const params = { contracts };
    warned.set(code, { warning: { code, detail: sayWarning({ code, params }, ctx.language), params }, contracts });
  }
  const { suspended, instalments, ends_moved } = totals;
  return {
    before: { contracts: count, instalments, amount: amount.before },
    after: {
      contracts_suspended: suspended,
      ends_moved,
      instalments_changed: instalments,
      amount: amount.after,
      left_out: [...refused].map(([code, contracts]) => ({ code, contracts })),
    },
    changes,
    access: null,
    warnings: [...warned.values()].map(({ warning, contracts }) => ({
      ...warning,
      params: { ...warning.params, contracts },
    })),
  };
}
