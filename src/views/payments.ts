/** Payments as the API shows them: asked for, in flight, received, come back. */
import { z } from 'zod';
import type { ReadContext } from '../context.ts';
import type { Day } from '../domain/day.ts';
import { type PaymentMethod, paymentMethods } from '../domain/payment-method.ts';
import { type PaymentState, paymentStates } from '../domain/payments/lifecycle.ts';
import { Refusal } from '../errors/refusal.ts';
import { amountField, dayField } from '../schemas/fields.ts';
import { query, queryOne } from '../store/database.ts';
import { type Page, pageOf } from './page.ts';

export const paymentSchema = z
  .object({
    id: z.string(),
    object: z.literal('payment'),
    customer: z.string(),
    contract: z.string().nullable(),
    instalment: z.string().nullable().meta({ description: 'The first instalment that it is for.' }),
    amount: amountField,
    credit_amount: amountField.meta({ description: 'What of it was kept as the customer’s credit.' }),
    refunded_amount: amountField,
    currency: z.string(),
    method: z.enum(paymentMethods),
    status: z.enum(paymentStates),
    label: z.string().nullable(),
    due_on: dayField,
    paid_on: dayField.nullable().meta({ description: 'The day it was received, or handed to the bank.' }),
    rejected_on: dayField.nullable(),
    reason_code: z.string().nullable(),
    needs_person: z
      .boolean()
      .meta({ description: 'It came back, and a person decides whether it is asked for again.' }),
    attempt: z.int().meta({ description: '1 asks for the first time; a representment counts on.' }),
    first_attempt: z.string(),
    mandate: z.string().nullable(),
    collection: z.string().nullable(),
    collection_on: dayField.nullable(),
    parts: z.array(z.object({ claim: z.string(), amount: amountField })),
    version: z.int(),
  })
  .meta({ id: 'Payment' });

interface PaymentRow {
  id: string;
  customer: string;
  contract: string | null;
  instalment: string | null;
  amount_cents: number;
  credit_cents: number;
  refunded_cents: number;
  method: PaymentMethod;
  state: PaymentState;
  label: string | null;
  due_on: Day;
  paid_on: Day | null;
  rejected_on: Day | null;
  reason_code: string | null;
  needs_person: boolean;
  attempt: number;
  first_attempt: string;
  mandate: string | null;
  collection: string | null;
  collection_on: Day | null;
  parts: { claim: string; amount: number }[];
  version: number;
}

const select = `
  select p.id, p.customer_id as customer, first.contract_id as contract, first.id as instalment, p.amount_cents, p.credit_cents,
    p.refunded_cents, p.method, p.state, p.label, p.due_on, p.paid_on, p.rejected_on, p.reason_code, p.needs_person, p.attempt,
    p.first_attempt_id as first_attempt, p.mandate_id as mandate, line.collection_id as collection, line.collection_on, p.version,
    coalesce((select json_agg(json_build_object('claim', part.claim_id, 'amount', part.amount_cents) order by part.position)
              from payment_part part where part.payment_id = p.id), '[]') as parts
  from payment p
  left join lateral (select i.id, i.contract_id from payment_part part join instalment i on i.id = part.claim_id
                     where part.payment_id = p.id order by part.position limit 1) first on true
  left join lateral (select l.collection_id, l.collection_on from collection_line l
                     where l.payment_id = p.id and l.state in ('in_flight', 'settled', 'failed') limit 1) line on true`;

function show({ amount_cents, credit_cents, refunded_cents, state, ...row }: PaymentRow, currency: string) {
  return {
    ...row,
    object: 'payment' as const,
    amount: amount_cents,
    credit_amount: credit_cents,
    refunded_amount: refunded_cents,
    status: state,
    currency,
  };
}

export type PaymentView = ReturnType<typeof show>;

/** @throws Refusal `not_found` */
export async function findPayment(ctx: ReadContext, id: string): Promise<PaymentView> {
  const row = await queryOne<PaymentRow>(
    ctx.reader,
    `${select} where p.id = ? and p.organization_id = ?`,
    [id, ctx.organization.id],
    'find-payment',
  );
  if (!row) throw new Refusal('not_found');
  return show(row, ctx.organization.currency);
}

/** The given payments, in the order of their due days. */
export async function findPayments(ctx: ReadContext, ids: readonly string[]): Promise<PaymentView[]> {
  const rows = await query<PaymentRow>(
    ctx.reader,
    `${select} where p.id = any(?::text[]) and p.organization_id = ? order by p.due_on, p.id`,
    [ids, ctx.organization.id],
  );
  return rows.map((row) => show(row, ctx.organization.currency));
}

export interface PaymentFilter {
  limit: number;
  cursor?: string | undefined;
  customer?: string | undefined;
  status?: PaymentState | undefined;
  needs_person?: boolean | undefined;
}

export async function listPayments(ctx: ReadContext, filter: PaymentFilter): Promise<Page<PaymentView>> {
  const rows = await query<PaymentRow>(
    ctx.reader,
    `${select}
     where p.organization_id = ? and (?::text is null or p.id < ?) and (?::text is null or p.customer_id = ?)
       and (?::text is null or p.state = ?) and (?::boolean is null or p.needs_person = ?)
     order by p.id desc limit ?`,
    [
      ctx.organization.id,
      filter.cursor ?? null,
      filter.cursor ?? null,
      filter.customer ?? null,
      filter.customer ?? null,
      filter.status ?? null,
      filter.status ?? null,
      filter.needs_person ?? null,
      filter.needs_person ?? null,
      filter.limit + 1,
    ],
  );
  return pageOf(rows, filter.limit, (row) => show(row, ctx.organization.currency));
}
