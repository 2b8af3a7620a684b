/** Plans as they are on sale. */
import { z } from 'zod';
import type { ReadContext } from '../context.ts';
import { Refusal } from '../errors/refusal.ts';
import { planKinds, planTerms } from '../schemas/plan.ts';
import { query, queryOne } from '../store/database.ts';
import { type Page, pageOf } from './page.ts';

export const planSchema = z
  .object({
    id: z.string(),
    object: z.literal('plan'),
    name: z.string(),
    kind: z.enum(planKinds),
    currency: z.string(),
    ...planTerms.shape,
    version: z.int(),
    created_at: z.string(),
  })
  .meta({ id: 'Plan' });

interface PlanRow {
  id: string;
  name: string;
  kind: (typeof planKinds)[number];
  terms: unknown;
  version: number;
  created_at: Date;
}

function show(row: PlanRow, currency: string) {
  const { id, name, kind, version } = row;
  return {
    id,
    object: 'plan' as const,
    name,
    kind,
    currency,
    ...planTerms.parse(row.terms),
    version,
    created_at: row.created_at.toISOString(),
  };
}

export type PlanView = ReturnType<typeof show>;

export async function findPlan(ctx: ReadContext, id: string): Promise<PlanView> {
  const row = await queryOne<PlanRow>(
    ctx.reader,
    'select id, name, kind, terms, version, created_at from plan where id = ? and organization_id = ?',
    [id, ctx.organization.id],
  );
  if (!row) throw new Refusal('not_found');
  return show(row, ctx.organization.currency);
}

export async function listPlans(
  ctx: ReadContext,
  page: { limit: number; cursor?: string | undefined },
): Promise<Page<PlanView>> {
  const rows = await query<PlanRow>(
    ctx.reader,
    `select id, name, kind, terms, version, created_at from plan
     where organization_id = ? and (?::text is null or id < ?) order by id desc limit ?`,
    [ctx.organization.id, page.cursor ?? null, page.cursor ?? null, page.limit + 1],
  );
  return pageOf(rows, page.limit, (row) => show(row, ctx.organization.currency));
}
