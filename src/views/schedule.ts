/** A contract's schedule: its instalments, each with the changes that made it what it is. */
import { z } from 'zod';
import type { ReadContext } from '../context.ts';
import type { Day } from '../domain/day.ts';
import { type PaymentMethod, paymentMethods } from '../domain/payment-method.ts';
import type { InstalmentStatus } from '../domain/schedule/instalment.ts';
import { Refusal } from '../errors/refusal.ts';
import { amountField, dayField } from '../schemas/fields.ts';
import { query, queryOne } from '../store/database.ts';
import { findContract } from './contracts.ts';
import { type Explaining, explainingSql, explanationsField, showExplanation } from './explanation.ts';

export const instalmentSchema = z
  .object({
    id: z.string(),
    object: z.literal('instalment'),
    contract: z.string(),
    number: z.int().meta({ description: 'Counted from the contract’s start; never reused.' }),
    due_on: dayField,
    amount: amountField,
    currency: z.string(),
    status: z.enum(['scheduled', 'waived', 'collecting', 'paid', 'rejected', 'cancelled']),
    method: z.enum(paymentMethods),
    credited_amount: amountField.meta({ description: 'The part of a credit that was taken off it.' }),
    explains: explanationsField,
  })
  .meta({ id: 'Instalment' });

export const scheduleSchema = z
  .object({
    object: z.literal('schedule'),
    contract: z.string(),
    starts_on: dayField,
    ends_on: dayField.nullable(),
    instalments: z.array(instalmentSchema),
  })
  .meta({ id: 'Schedule' });

interface InstalmentRow {
  id: string;
  contract_id: string;
  number: number;
  due_on: Day;
  amount_cents: number;
  status: InstalmentStatus;
  method: PaymentMethod;
  credited_cents: number;
  explains: Explaining[];
}

export const instalmentColumns = `i.id, i.contract_id, i.number, i.due_on, i.amount_cents, i.status, i.method, i.credited_cents,
  coalesce((select json_agg(${explainingSql} order by c.seq)
            from contract_change c
            where c.id = any(i.explains) or (i.credited_cents > 0 and c.contract_id = i.contract_id
                                             and c.data ->> 'suspension' = any(i.explains))), '[]') as explains`;

export function showInstalment(
  { contract_id, amount_cents, credited_cents, explains, ...row }: InstalmentRow,
  ctx: ReadContext,
) {
  return {
    ...row,
    object: 'instalment' as const,
    contract: contract_id,
    amount: amount_cents,
    credited_amount: credited_cents,
    currency: ctx.organization.currency,
    explains: explains.map((one) => showExplanation(one, ctx)),
  };
}

export async function viewSchedule(ctx: ReadContext, contractId: string, until: Day | undefined) {
  const contract = await findContract(ctx, contractId);
  const rows = await query<InstalmentRow>(
    ctx.reader,
    `select ${instalmentColumns} from instalment i
     where i.contract_id = ? and (?::date is null or i.due_on <= ?) order by i.number`,
    [contractId, until ?? null, until ?? null],
    'view-schedule',
  );
  return {
    object: 'schedule' as const,
    contract: contractId,
    starts_on: contract.starts_on,
    ends_on: contract.ends_on,
    instalments: rows.map((row) => showInstalment(row, ctx)),
  };
}

/** @throws Refusal `not_found`, also for an instalment of a deleted contract. */
export async function placeOfInstalment(
  ctx: ReadContext,
  id: string,
): Promise<{ contract_id: string; number: number }> {
  const row = await queryOne<{ contract_id: string; number: number }>(
    ctx.reader,
    `select i.contract_id, i.number from instalment i join contract c on c.id = i.contract_id
     where i.id = ? and i.organization_id = ? and c.deleted_at is null`,
    [id, ctx.organization.id],
    'place-of-instalment',
  );
  if (!row) throw new Refusal('not_found');
  return row;
}

/** @throws Refusal `not_found`. */
export async function findInstalment(ctx: ReadContext, id: string) {
  const row = await queryOne<InstalmentRow>(
    ctx.reader,
    `select ${instalmentColumns} from instalment i where i.id = ? and i.organization_id = ?`,
    [id, ctx.organization.id],
    'find-instalment',
  );
  if (!row) throw new Refusal('not_found');
  return showInstalment(row, ctx);
}
