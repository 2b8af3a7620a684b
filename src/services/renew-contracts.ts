/**
 * Automatic renewal: the next contract is signed ahead of the end of the one before it, as a desk would sign it.
 *
 * Always true:
 * - a contract is renewed by itself once: a renewal that the desk deleted is not signed again (the database holds it
 *   unique as well);
 * - the plan's terms of the day are what is sold, at the customer's last price unless the plan says its own;
 * - what is cancelled, without end, or held by an unlimited suspension is not renewed; once that is stopped, it is.
 */
import type { Context } from '../context.ts';
import { subject } from '../domain/contract-changes/decision.ts';
import { renewalOf } from '../domain/contract-changes/renewal.ts';
import { Refusal } from '../errors/refusal.ts';
import { newId } from '../ids.ts';
import { enqueueMany } from '../jobs/enqueue.ts';
import { planTerms } from '../schemas/plan.ts';
import { lockChains } from '../store/contract-state.ts';
import { query, queryOne } from '../store/database.ts';
import { announce } from './announce.ts';
import { loadContractState } from './contract-operation.ts';
import { commitOperation } from './operation.ts';
import { signContract } from './sign-contract.ts';

const CONTRACTS_PER_JOB = 25;

/** No plan signs more than twelve months ahead; saying so lets the index of ends be used. */
const due = `
  contract.organization_id = ? and contract.deleted_at is null and contract.cancelled_on is null
  and contract.kind = 'membership' and contract.ends_on between ?::date and ?::date + interval '12 months'
  and (plan.terms ->> 'auto_renew')::boolean
  and contract.ends_on <= (?::date + make_interval(months => (plan.terms ->> 'renew_ahead_months')::int))::date
  and not exists (select 1 from contract renewal where renewal.renews_id = contract.id)`;

export async function sweepRenewals(ctx: Context): Promise<{ contracts: number }> {
  const rows = await query<{ id: string }>(
    ctx.trx,
    `select contract.id from contract join plan on plan.id = contract.plan_id where ${due} order by contract.id`,
    [ctx.organization.id, ctx.today, ctx.today, ctx.today],
  );
  const ids = rows.map(({ id }) => id);
  const payloads = [];
  for (let at = 0; at < ids.length; at += CONTRACTS_PER_JOB)
    payloads.push({ contracts: ids.slice(at, at + CONTRACTS_PER_JOB), on: ctx.today });
  await enqueueMany(ctx, 'renew-contracts', payloads);
  return { contracts: ids.length };
}

export async function renewContracts(ctx: Context, ids: readonly string[]): Promise<{ renewed: string[] }> {
  await lockChains(ctx, ids);
  const renewed: string[] = [];
  for (const id of [...ids].sort()) {
    const renewal = await renewContract(ctx, id);
    if (renewal !== null) renewed.push(renewal);
  }
  return { renewed };
}

/** Under the lock of its chain. @returns the id of the renewal, or null where there is none to sign any more. */
async function renewContract(ctx: Context, id: string): Promise<string | null> {
  const still = await queryOne<{ customer_id: string; plan_id: string; terms: unknown }>(
    ctx.trx,
    `select contract.customer_id, contract.plan_id, plan.terms from contract join plan on plan.id = contract.plan_id
     where ${due} and contract.id = ?`,
    [ctx.organization.id, ctx.today, ctx.today, ctx.today, id],
  );
  if (!still) return null;
  const { contract, schedule } = subject(await loadContractState(ctx, id, true));
  const renewal = renewalOf(contract, schedule);
  if (!renewal) return null;
  const terms = planTerms.parse(still.terms);
  const new_contract = newId('ctr');
  try {
    await commitOperation(ctx, 'sign-contract', signContract, {
      ...renewal,
      amount: terms.renewal_price === 'plan' ? terms.amount : renewal.amount,
      customer: still.customer_id,
      plan: still.plan_id,
      renews: id,
      new_contract,
    });
    return new_contract;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    await announce(ctx, {
      type: 'renewal.refused',
      subjects: [id, still.customer_id],
      data: { code: error.code, params: error.params },
    });
    return null;
  }
}
