/** The movements of a credit pack: who added or took, when and why, and what was left. */
import { z } from 'zod';
import type { ReadContext } from '../context.ts';
import type { Day } from '../domain/day.ts';
import { dayField } from '../schemas/fields.ts';
import { query } from '../store/database.ts';
import { findContract } from './contracts.ts';
import { type Page, pageOf } from './page.ts';

export const creditMovementSchema = z
  .object({
    id: z.string(),
    object: z.literal('credit_movement'),
    contract: z.string(),
    delta: z.int(),
    balance: z.int().meta({ description: 'What was left after it.' }),
    reason: z.string(),
    actor: z.string(),
    recorded_on: dayField,
    recorded_at: z.string(),
  })
  .meta({ id: 'CreditMovement' });

interface MovementRow {
  id: string;
  contract_id: string;
  delta: number;
  balance: number;
  reason: string;
  actor: string;
  recorded_on: Day;
  recorded_at: Date;
}

function show({ contract_id, recorded_at, ...row }: MovementRow) {
  return {
    ...row,
    object: 'credit_movement' as const,
    contract: contract_id,
    recorded_at: recorded_at.toISOString(),
  };
}

/** Newest first. @throws Refusal `not_found`. */
export async function listCreditMovements(
  ctx: ReadContext,
  contractId: string,
  page: { limit: number; cursor?: string | undefined },
): Promise<Page<ReturnType<typeof show>>> {
  await findContract(ctx, contractId);
  const rows = await query<MovementRow>(
    ctx.reader,
    `select id, contract_id, delta, balance, reason, actor, recorded_on, recorded_at from credit_movement
     where contract_id = ? and (?::text is null or id < ?) order by id desc limit ?`,
    [contractId, page.cursor ?? null, page.cursor ?? null, page.limit + 1],
  );
  return pageOf(rows, page.limit, show);
}
