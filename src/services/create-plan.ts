/** Puts a plan on sale. */
import type { Context } from '../context.ts';
import { Refusal } from '../errors/refusal.ts';
import { newId } from '../ids.ts';
import { type NewPlan, planTerms } from '../schemas/plan.ts';
import { announce } from './announce.ts';

/** @returns the id. @throws Refusal `currency_mismatch`. */
export async function createPlan(ctx: Context, input: NewPlan): Promise<string> {
  const { name, kind, currency, ...terms } = input;
  if (currency !== undefined && currency !== ctx.organization.currency) {
    throw new Refusal('currency_mismatch', { currency: ctx.organization.currency }, { pointer: '/currency' });
  }
  const id = newId('pln');
  await ctx.trx.raw(
    'insert into plan (id, organization_id, name, kind, terms, version, created_at) values (?, ?, ?, ?, ?, 1, ?)',
    [id, ctx.organization.id, name, kind, JSON.stringify(planTerms.parse(terms)), ctx.now],
  );
  await announce(ctx, { type: 'plan.created', subjects: [id], data: { name, kind } });
  return id;
}
