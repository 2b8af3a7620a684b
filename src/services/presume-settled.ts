/**
 * A direct debit that the bank has said nothing about for the organization's waiting time counts as paid. Whatever the
 * bank says later still has its effect.
 *
 * Always true: the customers are locked first, in a statement of its own: what somebody says of a debit while we wait for
 * its customer is seen.
 */
import type { Context } from '../context.ts';
import { addDays } from '../domain/day.ts';
import { type CustomerIds, lockCustomersIn } from '../store/customer-money.ts';
import { query } from '../store/database.ts';
import { noteTaken } from '../store/mandates.ts';
import { refreshInstalments } from '../store/payments.ts';
import { announce } from './announce.ts';
import { refreshAccessOfMany } from './refresh-access.ts';

const silentSql = `line.organization_id = ? and line.state = 'in_flight' and line.collection_on <= ?`;

const silentBindings = (ctx: Context) => [
  ctx.organization.id,
  addDays(ctx.today, -ctx.organization.settings.collections.presumed_settled_days),
];

/** Whom it concerns. */
export const customersOfSilent = (ctx: Context): CustomerIds[] => [
  { sql: `select line.customer_id from collection_line line where ${silentSql}`, bindings: silentBindings(ctx) },
];

export async function presumeSettled(ctx: Context): Promise<{ presumed: number }> {
  await lockCustomersIn(ctx, ...customersOfSilent(ctx));
  const rows = await query<{ line: string; payment: string; customer: string; claims: string[] }>(
    ctx.trx,
    `with silent as (
       select line.id, line.payment_id, line.customer_id, line.amount_cents from collection_line line
       where ${silentSql}
       order by line.id for no key update of line
     ), told as (
       insert into bank_entry (organization_id, level, covers_all, kind, on_day, amount_cents, line_id, effect, booked, detail)
       select ?, 'transaction', false, 'presumed_settled', ?, amount_cents, id, 'applied', '{bank_in/1}', '{}' from silent
     ), posted as (
       insert into posting (organization_id, payment_id, debit, credit, amount_cents, effective_on, cause, entry, recorded_on, recorded_at)
       select ?, payment_id, 'bank', 'in_flight', amount_cents, ?, 'bank_in:' || payment_id || ':1', 'bank_in:' || payment_id || ':1', ?, ?
       from silent
     ), lines as (
       update collection_line set state = 'settled' from silent where collection_line.id = silent.id
     )
     update payment set state = 'settled', version = payment.version + 1 from silent where payment.id = silent.payment_id
     returning silent.id as line, payment.id as payment, payment.customer_id as customer,
       array(select claim_id from payment_part where payment_id = payment.id) as claims`,
    [...silentBindings(ctx), ctx.organization.id, ctx.today, ctx.organization.id, ctx.today, ctx.today, ctx.now],
  );
  await noteTaken(
    ctx,
    rows.map(({ line }) => line),
  );
  await refreshInstalments(
    ctx,
    rows.flatMap((row) => row.claims),
  );
  await refreshAccessOfMany(
    ctx,
    rows.map((row) => row.customer),
  );
  await announce(
    ctx,
    ...rows.map(({ payment, customer, claims }) => ({
      type: 'payment.settled',
      subjects: [payment, customer, ...claims],
      data: { presumed: true },
    })),
  );
  return { presumed: rows.length };
}
