/**
 * Edits a plan that is on sale.
 *
 * Always true: contracts keep what was sold; the edit holds for what is signed from now on, automatic renewals included.
 */
import type { Context } from '../context.ts';
import { Refusal } from '../errors/refusal.ts';
import { type PlanEdit, type PlanKind, planTerms } from '../schemas/plan.ts';
import { queryOne } from '../store/database.ts';
import { announce } from './announce.ts';
import { checkIssues } from './create-plan.ts';

/** @throws Refusal `not_found`, `stale_version`, `nothing_to_change`, those of a new plan. */
export async function editPlan(
  ctx: Context,
  id: string,
  { name, freeze, ...edit }: PlanEdit,
  ifVersion: number | undefined,
): Promise<void> {
  const before = await queryOne<{ name: string; kind: PlanKind; terms: unknown; version: number }>(
    ctx.trx,
    'select name, kind, terms, version from plan where id = ? and organization_id = ? for no key update',
    [id, ctx.organization.id],
  );
  if (!before) throw new Refusal('not_found');
  if (ifVersion !== undefined && ifVersion !== before.version) throw new Refusal('stale_version');
  const was = planTerms.parse(before.terms);
  const policy = { ...was.freeze, ...freeze };
  if (policy.discount_bps !== null && policy.discount_amount !== null)
    throw new Refusal('plan_ambiguous_discount', {}, { pointer: '/freeze/discount_amount' });
  const terms = planTerms.parse({ ...was, ...edit, freeze: policy });
  if ((before.kind === 'credits') !== (terms.credits !== null))
    throw new Refusal('plan_field_of_other_kind', {}, { pointer: '/credits' });
  await checkIssues(ctx, { ...terms, kind: before.kind });
  const fields = [
    ...(name === undefined || name === before.name ? [] : ['name']),
    ...Object.keys(terms).filter(
      (key) => JSON.stringify(terms[key as keyof typeof terms]) !== JSON.stringify(was[key as keyof typeof was]),
    ),
  ];
  if (fields.length === 0) throw new Refusal('nothing_to_change');
  await ctx.trx.raw('update plan set name = ?, terms = ?, version = version + 1 where id = ?', [
    name ?? before.name,
    JSON.stringify(terms),
    id,
  ]);
  await announce(ctx, { type: 'plan.edited', subjects: [id], data: { fields } });
}
