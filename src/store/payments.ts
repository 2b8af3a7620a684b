/** The rows of payments and their parts. */
import type { Context } from '../context.ts';
import type { Day } from '../domain/day.ts';
import type { FreedMoney } from '../domain/ledger/credit-notes.ts';
import { type Allocation, allocated } from '../domain/ledger/settlements.ts';
import { type Cents, cents } from '../domain/money.ts';
import type { PaymentMethod } from '../domain/payment-method.ts';
import { without } from '../domain/payments/allocation.ts';
import type { ShrunkPayment } from '../domain/payments/asked.ts';
import type { PaymentState } from '../domain/payments/lifecycle.ts';
import type { StoredPayment } from './customer-money.ts';

export interface NewPayment {
  id: string;
  customer: string;
  state: Extract<PaymentState, 'pending' | 'collecting' | 'settled'>;
  amount: Cents;
  credit: Cents;
  method: PaymentMethod;
  label: string | null;
  due_on: Day;
  paid_on: Day | null;
  mandate: string | null;
  attempt: number;
  first_attempt: string;
  allocations: readonly Allocation[];
}

/** Many payments with their parts, in one statement. */
export async function insertPayments(ctx: Context, payments: readonly NewPayment[]): Promise<void> {
  if (payments.length === 0) return;
  const parts = payments.flatMap(({ id, customer, allocations }) =>
    allocations.map(({ claim, amount }, position) => ({ payment: id, customer, claim, amount, position })),
  );
  const rows = payments.map(({ allocations: _, ...row }) => row);
  await ctx.trx
    .raw(
      `with given as (select ?::jsonb as it), made as (
         insert into payment (id, organization_id, customer_id, state, amount_cents, credit_cents, method, label, due_on, paid_on,
           mandate_id, attempt, first_attempt_id, rejections, needs_person, refunded_cents, actor, version, recorded_at)
         select row.id, ?, row.customer, row.state, row.amount, row.credit, row.method, row.label, row.due_on, row.paid_on,
           row.mandate, row.attempt, row.first_attempt, 0, false, 0, ?, 1, ?
         from given, jsonb_to_recordset(it -> 'payments') as row (id text, customer text, state text, amount bigint, credit bigint,
           method text, label text, due_on date, paid_on date, mandate text, attempt int, first_attempt text)
       )
       insert into payment_part (organization_id, payment_id, claim_id, customer_id, position, amount_cents)
       select ?, row.payment, row.claim, row.customer, row.position, row.amount
       from given, jsonb_to_recordset(it -> 'parts') as row (payment text, claim text, customer text, position int, amount bigint)`,
      [JSON.stringify({ payments: rows, parts }), ctx.organization.id, ctx.actor, ctx.now, ctx.organization.id],
    )
    .options({ name: 'insert-payments' });
}

export interface PaymentEdit {
  state?: PaymentState;
  amount?: Cents;
  credit?: Cents;
  method?: PaymentMethod;
  label?: string | null;
  due_on?: Day;
  paid_on?: Day;
  mandate?: string | null;
  rejections?: number;
  rejected_on?: Day | null;
  reason_code?: string | null;
  needs_person?: boolean;
  refunded?: Cents;
}

const columnOf: Record<keyof PaymentEdit, string> = {
  state: 'state',
  amount: 'amount_cents',
  credit: 'credit_cents',
  method: 'method',
  label: 'label',
  due_on: 'due_on',
  paid_on: 'paid_on',
  mandate: 'mandate_id',
  rejections: 'rejections',
  rejected_on: 'rejected_on',
  reason_code: 'reason_code',
  needs_person: 'needs_person',
  refunded: 'refunded_cents',
};

/** Changes a payment; its parts too where they are given. Needs the customer's lock. */
export async function updatePayment(
  ctx: Context,
  id: string,
  edit: PaymentEdit,
  allocations?: readonly Allocation[],
): Promise<void> {
  const names = Object.keys(edit) as (keyof PaymentEdit)[];
  const sets = names.map((name) => `${columnOf[name]} = ?`);
  await ctx.trx.raw(`update payment set ${[...sets, 'version = version + 1'].join(', ')} where id = ?`, [
    ...names.map((name) => edit[name] as never),
    id,
  ]);
  if (allocations) await replaceParts(ctx, id, allocations);
}

async function replaceParts(ctx: Context, id: string, allocations: readonly Allocation[]): Promise<void> {
  await ctx.trx.raw('delete from payment_part where payment_id = ?', [id]);
  await ctx.trx.raw(
    `insert into payment_part (organization_id, payment_id, claim_id, customer_id, position, amount_cents)
     select p.organization_id, p.id, row.claim, p.customer_id, row.position, row.amount
     from payment p, jsonb_to_recordset(?::jsonb) as row (claim text, amount bigint, position int) where p.id = ?`,
    [JSON.stringify(allocations.map((part, position) => ({ ...part, position }))), id],
  );
}

/** Payments of which money was set free: it is credit that they made. */
export async function keepAsCredit(
  ctx: Context,
  payments: readonly Pick<StoredPayment, 'id' | 'credit' | 'allocations'>[],
  freed: readonly FreedMoney[],
): Promise<void> {
  for (const { id, credit, allocations } of payments) {
    const parts = freed.filter(({ payment }) => payment === id);
    if (parts.length === 0) continue;
    const excess = new Map(parts.map(({ claim, amount }) => [claim, amount as number]));
    await updatePayment(ctx, id, { credit: cents(credit + allocated(parts)) }, without(allocations, excess));
  }
}

/** Payments asked for that are now smaller, or no longer asked for. A cancelled one keeps what it had asked. */
export async function shrinkPayments(ctx: Context, shrunk: readonly ShrunkPayment[]): Promise<void> {
  for (const { payment, amount, allocations } of shrunk) {
    if (amount === 0) await updatePayment(ctx, payment, { state: 'cancelled' });
    else await updatePayment(ctx, payment, { amount }, allocations);
  }
}

/**
 * Sets the status of instalments from what the ledger and the payments say of them, and the version of their
 * contracts, whose previews rest on it.
 */
export async function refreshInstalments(ctx: Context, claimIds: readonly string[]): Promise<void> {
  if (claimIds.length === 0) return;
  await ctx.trx
    .raw(
      `with now_is as (
         select i.id, i.contract_id, case
           when i.status in ('cancelled', 'waived') then i.status
           when exists (select 1 from payment_part part join payment p on p.id = part.payment_id
                        where part.claim_id = i.id and p.state = 'collecting') then 'collecting'
           when i.sold_cents is not null and i.covered_cents = i.sold_cents then 'paid'
           when i.reopened_on is not null then 'rejected'
           else 'scheduled' end as status
         from instalment i where i.id = any(?::text[])
       ), set_status as (
         update instalment set status = now_is.status from now_is
         where instalment.id = now_is.id and instalment.status <> now_is.status
       )
       update contract set version = version + 1 where id in (select contract_id from now_is)`,
      [[...claimIds]],
    )
    .options({ name: 'refresh-instalments' });
}

/** Claims whose payment came back on a day. */
export async function markReopened(ctx: Context, claimIds: readonly string[], on: Day | null): Promise<void> {
  if (claimIds.length === 0) return;
  await ctx.trx.raw(
    `with i as (update instalment set reopened_on = ? where id = any(?::text[]))
     update fee set reopened_on = ? where id = any(?::text[])`,
    [on, [...claimIds], on, [...claimIds]],
  );
}

export interface ReturnedRow {
  id: string;
  state: PaymentState;
  rejections: number;
  rejected_on: Day | null;
  reason_code: string | null;
  needs_person: boolean;
  line: string | null;
  line_state: string | null;
}

/** Writes what became of payments that the bank told about, and of their presentations. */
export async function updateReturned(ctx: Context, rows: readonly ReturnedRow[]): Promise<void> {
  if (rows.length === 0) return;
  await ctx.trx
    .raw(
      `with row as (
         select * from jsonb_to_recordset(?::jsonb) as row (id text, state text, rejections int, rejected_on date, reason_code text,
           needs_person boolean, line text, line_state text)
       ), lines as (
         update collection_line set state = row.line_state from row where collection_line.id = row.line
       )
       update payment set state = row.state, rejections = row.rejections, rejected_on = row.rejected_on,
         reason_code = row.reason_code, needs_person = row.needs_person, version = payment.version + 1
       from row where payment.id = row.id`,
      [JSON.stringify(rows)],
    )
    .options({ name: 'update-returned' });
}
