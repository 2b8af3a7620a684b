/** Puts a plan on sale. */
import type { Context } from '../context.ts';
import type { RefusalCode } from '../errors/catalogue/index.ts';
import { Refusal } from '../errors/refusal.ts';
import { newId } from '../ids.ts';
import { type NewPlan, planTerms } from '../schemas/plan.ts';
import { loadPublication } from '../store/publications.ts';
import { announce } from './announce.ts';

/** @returns the id. @throws Refusal `currency_mismatch`. */
export async function createPlan(ctx: Context, input: NewPlan): Promise<string> {
  const { name, kind, currency, ...terms } = input;
  if (currency !== undefined && currency !== ctx.organization.currency) {
    throw new Refusal('currency_mismatch', { currency: ctx.organization.currency }, { pointer: '/currency' });
  }
  await checkIssues(ctx, input);
  const id = newId('pln');
  await ctx.trx.raw(
    'insert into plan (id, organization_id, name, kind, terms, version, created_at) values (?, ?, ?, ?, ?, 1, ?)',
    [id, ctx.organization.id, name, kind, JSON.stringify(planTerms.parse(terms)), ctx.now],
  );
  await announce(ctx, { type: 'plan.created', subjects: [id], data: { name, kind } });
  return id;
}

/** What a plan of issues says, and no other. @throws Refusal. */
export async function checkIssues(
  ctx: Context,
  {
    kind,
    publication,
    issues,
    term_months,
    auto_renew,
  }: Pick<NewPlan, 'kind' | 'publication' | 'issues' | 'term_months' | 'auto_renew'>,
): Promise<void> {
  const refuse = (code: RefusalCode, pointer: string): never => {
    throw new Refusal(code, {}, { pointer });
  };
  if (kind !== 'issues') {
    if (publication !== null) refuse('plan_field_of_other_kind', '/publication');
    if (issues !== null) refuse('plan_field_of_other_kind', '/issues');
    return;
  }
  if (issues === null) refuse('plan_of_issues_incomplete', '/issues');
  if (publication === null) return refuse('plan_of_issues_incomplete', '/publication');
  if (term_months !== null) refuse('plan_field_of_other_kind', '/term_months');
  if (auto_renew) refuse('plan_field_of_other_kind', '/auto_renew');
  if (!(await loadPublication(ctx, publication))) refuse('publication_unknown', '/publication');
}
