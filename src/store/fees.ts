/** The rows of fees. What is sold of a fee is written with its postings. */
import type { Context } from '../context.ts';
import type { Day } from '../domain/day.ts';
import type { Cents } from '../domain/money.ts';

export interface NewFee {
  id: string;
  customer: string;
  kind: 'rejection' | 'cancellation' | 'refund' | 'other';
  article: string | null;
  label: string;
  amount: Cents;
  tax_rate_bps: number;
  due_on: Day;
  /** The instalment that it is paid with. */
  follows: string | null;
  /** The payment whose rejection brought it. */
  payment: string | null;
}

/** Writes fees, not sold yet: their sale is posted next, in the same transaction. */
export async function insertFees(ctx: Context, fees: readonly NewFee[]): Promise<void> {
  if (fees.length === 0) return;
  await ctx.trx
    .raw(
      `insert into fee (id, organization_id, customer_id, kind, article, label, amount_cents, tax_rate_bps, due_on, follows_id,
                        payment_id, sold_cents, covered_cents, recorded_on, recorded_at)
       select row.id, ?, row.customer, row.kind, row.article, row.label, row.amount, row.tax_rate_bps, row.due_on, row.follows,
              row.payment, 0, 0, ?, ?
       from jsonb_to_recordset(?::jsonb) as row (id text, customer text, kind text, article text, label text, amount bigint,
         tax_rate_bps int, due_on date, follows text, payment text)`,
      [ctx.organization.id, ctx.today, ctx.now, JSON.stringify(fees)],
    )
    .options({ name: 'insert-fees' });
}

/** Claims for money given back that have become larger: more was given back before the payment came back again. */
export async function raiseFees(ctx: Context, fees: readonly { id: string; amount: Cents }[]): Promise<void> {
  if (fees.length === 0) return;
  await ctx.trx.raw(
    `update fee set amount_cents = greatest(fee.amount_cents, row.amount)
     from jsonb_to_recordset(?::jsonb) as row (id text, amount bigint) where fee.id = row.id`,
    [JSON.stringify(fees)],
  );
}
