/** Closures: what was closed, how far that is, and who was left out and why. */
import { z } from 'zod';
import type { ReadContext } from '../context.ts';
import { newClosure } from '../schemas/closures.ts';
import { dayField } from '../schemas/fields.ts';
import { type Closure, closureRows, loadClosure } from '../store/closures.ts';
import { query } from '../store/database.ts';
import { type Page, pageOf } from './page.ts';

export const closureSchema = z
  .object({
    id: z.string(),
    object: z.literal('closure'),
    starts_on: dayField,
    ends_on: dayField,
    reason: z.string(),
    plan: z.string().nullable(),
    terms: newClosure,
    state: z.enum(['closing', 'closed', 'undoing', 'undone']),
    totals: z.object({
      contracts: z.int(),
      suspended: z.int(),
      instalments: z.int(),
      ends_moved: z.int(),
      left_out: z.int(),
    }),
    actor: z.string(),
    created_on: dayField,
    removed_on: dayField.nullable(),
    version: z.int(),
  })
  .meta({ id: 'Closure' });

export const leftOutSchema = z.object({
  contract: z.string(),
  doing: z.enum(['closing', 'undoing']),
  code: z.string(),
  params: z.record(z.string(), z.unknown()),
});

function show({ plan_id, cursor: _, ...closure }: Closure) {
  return { ...closure, object: 'closure' as const, plan: plan_id, reason: closure.terms.reason };
}

export async function findClosure(ctx: ReadContext, id: string): Promise<ReturnType<typeof show>> {
  return show(await loadClosure(ctx, id, false));
}

export async function listClosures(
  ctx: ReadContext,
  page: { limit: number; cursor?: string | undefined },
): Promise<Page<ReturnType<typeof show>>> {
  return pageOf(await closureRows(ctx, page.cursor ?? null, page.limit + 1), page.limit, show);
}

/** The contracts that a closure left out, by their id. */
export async function listLeftOut(
  ctx: ReadContext,
  closureId: string,
  page: { limit: number; cursor?: string | undefined },
) {
  await loadClosure(ctx, closureId, false);
  const rows = await query<{ id: string; doing: string; code: string; params: object }>(
    ctx.reader,
    `select contract_id as id, doing, code, params from closure_left_out
     where closure_id = ? and (?::text is null or contract_id < ?) order by contract_id desc limit ?`,
    [closureId, page.cursor ?? null, page.cursor ?? null, page.limit + 1],
  );
  return pageOf(rows, page.limit, ({ id, ...row }) => ({ contract: id, ...row }));
}
