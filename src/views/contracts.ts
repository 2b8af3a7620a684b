/** Contracts as the desk sees them. */
import { z } from 'zod';
import type { ReadContext } from '../context.ts';
import type { Day } from '../domain/day.ts';
import { type PaymentMethod, paymentMethods } from '../domain/payment-method.ts';
import type { Terms } from '../domain/schedule/terms.ts';
import { Refusal } from '../errors/refusal.ts';
import { amountField, dayField } from '../schemas/fields.ts';
import { planKinds } from '../schemas/plan.ts';
import { query, queryOne } from '../store/database.ts';
import { type Page, pageOf } from './page.ts';

export const contractSchema = z
  .object({
    id: z.string(),
    object: z.literal('contract'),
    customer: z.string(),
    plan: z.string(),
    kind: z.enum(planKinds),
    renews: z.string().nullable(),
    starts_on: dayField,
    ends_on: dayField.nullable(),
    cancelled_on: dayField.nullable().meta({ description: 'Its last day, where it was cancelled.' }),
    credits_left: z.int().nullable().meta({ description: 'Of a credit pack.' }),
    publication: z.string().nullable().meta({ description: 'Of a subscription to issues.' }),
    first_issue: z.int().nullable().meta({ description: 'Of a subscription to issues; the others: `/issues`.' }),
    first_due_on: dayField,
    interval_months: z.int(),
    amount: amountField.meta({ description: 'The price in force today.' }),
    sold_amount: amountField.meta({ description: 'The price it was sold at.' }),
    currency: z.string(),
    method: z.enum(paymentMethods),
    scheduled_until: dayField
      .nullable()
      .meta({ description: 'An open-ended contract’s instalments are written down up to here.' }),
    version: z.int(),
    created_at: z.string(),
  })
  .meta({ id: 'Contract' });

interface ContractRow {
  id: string;
  customer_id: string;
  plan_id: string;
  kind: (typeof planKinds)[number];
  renews_id: string | null;
  terms: Terms;
  starts_on: Day;
  ends_on: Day | null;
  cancelled_on: Day | null;
  credits_left: number | null;
  price_now: number | null;
  method_now: PaymentMethod | null;
  materialised_until: Day | null;
  version: number;
  created_at: Date;
}

/** The price in force: the last one that a change (or a stopped suspension) set, as far as its day has come. */
export const priceNow = `(select (change.data ->> 'amount')::bigint from contract_change change
    where change.contract_id = contract.id and change.kind in ('price_changed', 'suspension_stopped')
      and change.data ->> 'amount' is not null and coalesce(change.data ->> 'from_on', change.data ->> 'on') <= ?
    order by coalesce(change.data ->> 'from_on', change.data ->> 'on') desc, change.seq desc limit 1)`;

const columns = `id, customer_id, plan_id, kind, renews_id, terms, starts_on, ends_on, cancelled_on, credits_left,
  materialised_until, version, created_at, ${priceNow} as price_now,
  (select change.data ->> 'method' from contract_change change
    where change.contract_id = contract.id and change.kind = 'method_changed' and change.data ->> 'from_on' <= ?
    order by change.data ->> 'from_on' desc, change.seq desc limit 1) as method_now`;

function show(row: ContractRow, currency: string) {
  return {
    id: row.id,
    object: 'contract' as const,
    customer: row.customer_id,
    plan: row.plan_id,
    kind: row.kind,
    renews: row.renews_id,
    starts_on: row.starts_on,
    ends_on: row.ends_on,
    cancelled_on: row.cancelled_on,
    credits_left: row.credits_left,
    publication: row.terms.issues?.publication ?? null,
    first_issue: row.terms.issues?.first ?? null,
    first_due_on: row.terms.first_due_on,
    interval_months: row.terms.interval_months,
    amount: row.price_now ?? row.terms.amount,
    sold_amount: row.terms.amount,
    currency,
    method: row.method_now ?? row.terms.method,
    scheduled_until: row.ends_on === null ? row.materialised_until : null,
    version: row.version,
    created_at: row.created_at.toISOString(),
  };
}

export type ContractView = ReturnType<typeof show>;

export async function findContract(ctx: ReadContext, id: string): Promise<ContractView> {
  const row = await queryOne<ContractRow>(
    ctx.reader,
    `select ${columns} from contract where id = ? and organization_id = ? and deleted_at is null`,
    [ctx.today, ctx.today, id, ctx.organization.id],
    'find-contract',
  );
  if (!row) throw new Refusal('not_found');
  return show(row, ctx.organization.currency);
}

export async function listContracts(
  ctx: ReadContext,
  filter: { limit: number; cursor?: string | undefined; customer?: string | undefined; plan?: string | undefined },
): Promise<Page<ContractView>> {
  const { customer = null, plan = null, cursor = null } = filter;
  const rows = await query<ContractRow>(
    ctx.reader,
    `select ${columns} from contract
     where organization_id = ? and deleted_at is null and (?::text is null or id < ?)
       and (?::text is null or customer_id = ?) and (?::text is null or plan_id = ?)
     order by id desc limit ?`,
    [ctx.today, ctx.today, ctx.organization.id, cursor, cursor, customer, customer, plan, plan, filter.limit + 1],
  );
  return pageOf(rows, filter.limit, (row) => show(row, ctx.organization.currency));
}
