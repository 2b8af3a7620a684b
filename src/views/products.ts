/** A customer's products, active and past, in one view. */
import { z } from 'zod';
import type { ReadContext } from '../context.ts';
import type { Day } from '../domain/day.ts';
import { amountField, dayField } from '../schemas/fields.ts';
import { planKinds } from '../schemas/plan.ts';
import { query } from '../store/database.ts';
import { priceNow } from './contracts.ts';
import { findCustomer } from './customers.ts';
import { type Page, pageOf } from './page.ts';
import { subscriptionEnds } from './subscription-ends.ts';

/** `active` has not ended, so it may still be to come; `past` has ended. */
export const standings = ['active', 'past'] as const;

const paymentStates = ['due', 'scheduled', 'paid', 'free'] as const;

export const productSchema = z
  .object({
    id: z.string().meta({ description: 'The contract.' }),
    object: z.literal('product'),
    name: z.string(),
    kind: z.enum(planKinds),
    plan: z.string(),
    standing: z.enum(standings),
    starts_on: dayField,
    expires_on: dayField.nullable().meta({
      description: 'Last day, included; of a subscription to issues, the day of its last issue. Null: none is known.',
    }),
    cancelled_on: dayField.nullable(),
    credits_left: z.int().nullable(),
    amount: amountField.meta({ description: 'The price in force.' }),
    currency: z.string(),
    payment_state: z.enum(paymentStates).meta({
      description:
        'due: something was to be paid by today and is not; scheduled: only later; paid: all; free: nothing.',
    }),
    due_amount: amountField,
    due_since_on: dayField.nullable(),
    renews: z.string().nullable(),
    notes: z.array(z.object({ note: z.string(), change: z.string(), actor: z.string(), recorded_on: dayField })),
  })
  .meta({ id: 'Product' });

interface ProductRow {
  id: string;
  name: string;
  kind: (typeof planKinds)[number];
  plan: string;
  starts_on: Day;
  expires_on: Day | null;
  cancelled_on: Day | null;
  credits_left: number | null;
  amount: number;
  renews: string | null;
  due_amount: number;
  due_since_on: Day | null;
  open_count: number;
  paid_count: number;
  notes: { note: string; change: string; actor: string; recorded_on: Day }[];
}

const sql = `
  select contract.id, plan.name, contract.kind, contract.plan_id as plan, contract.starts_on, expiry.expires_on,
    contract.cancelled_on, contract.credits_left, contract.renews_id as renews,
    coalesce(${priceNow}, (contract.terms ->> 'amount')::bigint) as amount,
    due.*,
    coalesce((select json_agg(json_build_object('note', change.data ->> 'note', 'change', change.id, 'actor', change.actor,
                                                'recorded_on', change.recorded_on) order by change.seq)
              from contract_change change where change.contract_id = contract.id and change.data ->> 'note' is not null), '[]') as notes
  from contract join plan on plan.id = contract.plan_id
  cross join lateral (
    select coalesce(sum(amount_cents) filter (where was_due), 0)::bigint as due_amount,
      min(due_on) filter (where was_due) as due_since_on,
      count(*) filter (where phase = 'open') as open_count,
      count(*) filter (where status = 'paid') as paid_count
    from (select amount_cents, due_on, status, phase,
                 status = 'rejected' or (status = 'scheduled' and due_on <= ?) as was_due
          from instalment where contract_id = contract.id) each) due
  cross join lateral (select coalesce(contract.ends_on, (?::jsonb ->> contract.id)::date) as expires_on) expiry
  where contract.customer_id = ? and contract.organization_id = ? and contract.deleted_at is null
    and (?::text is null or contract.id < ?)
    and (?::boolean is null or (expiry.expires_on is not null and expiry.expires_on < ?) = ?)
  order by contract.id desc limit ?`;

/** The last sold first. @throws Refusal `not_found`. */
export async function listProducts(
  ctx: ReadContext,
  customerId: string,
  filter: { limit: number; cursor?: string | undefined; standing?: (typeof standings)[number] | undefined },
): Promise<Page<z.infer<typeof productSchema>>> {
  const { organization, today } = ctx;
  await findCustomer(ctx, customerId);
  const cursor = filter.cursor ?? null;
  const past = filter.standing === undefined ? null : filter.standing === 'past';
  const rows = await query<ProductRow>(ctx.reader, sql, [
    today,
    today,
    JSON.stringify(await subscriptionEnds(ctx, customerId)),
    customerId,
    organization.id,
    cursor,
    cursor,
    past,
    today,
    past,
    filter.limit + 1,
  ]);
  return pageOf(rows, filter.limit, ({ open_count, paid_count, ...row }) => ({
    ...row,
    object: 'product' as const,
    standing: row.expires_on !== null && row.expires_on < today ? ('past' as const) : ('active' as const),
    currency: organization.currency,
    payment_state: paymentState(row.due_amount, open_count, paid_count),
  }));
}

function paymentState(due: number, open: number, paid: number): (typeof paymentStates)[number] {
  if (due > 0) return 'due';
  if (open > 0) return 'scheduled';
  return paid > 0 ? 'paid' : 'free';
}
