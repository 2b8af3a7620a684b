/**
 * Takes back what the release of a collection wrote, set-based.
 *
 * Always true: nothing that was written is deleted: each posting is reversed, each presentation ends as cancelled, and a
 * representment is asked for again by a payment of its own that stands where the first stood.
 */
import type { Context, ReadContext } from '../context.ts';
import { query, queryOne } from './database.ts';
import { refreshInstalments } from './payments.ts';

const flying = `collection_line line where line.collection_id = ? and line.state = 'in_flight'`;

/** Takes the locks of everybody in a collection, in the order that everybody takes them in. */
export async function lockCustomersOf(ctx: Context, collectionId: string): Promise<string[]> {
  const rows = await query<{ id: string }>(
    ctx.trx,
    `select customer.id from customer where id in (select line.customer_id from ${flying}) order by id for no key update`,
    [collectionId],
  );
  return rows.map(({ id }) => id);
}

/** The contracts whose instalments are in a collection: no fact any more once it is taken back. */
export async function contractsOf(ctx: ReadContext, collectionId: string): Promise<string[]> {
  const rows = await query<{ id: string }>(
    ctx.reader,
    `select distinct i.contract_id as id from ${flying.replace(
      ' where ',
      ` join payment_part part on part.payment_id = line.payment_id
       join instalment i on i.id = part.claim_id where `,
    )} order by 1`,
    [collectionId],
  );
  return rows.map(({ id }) => id);
}

/** Whether the bank, or somebody in its stead, has already answered for a line of it. */
export async function isAnswered(ctx: ReadContext, collectionId: string): Promise<boolean> {
  const row = await queryOne(
    ctx.reader,
    `select 1 from collection_line line where line.collection_id = ?
       and (line.state in ('settled', 'failed') or exists (select 1 from bank_entry e where e.line_id = line.id)) limit 1`,
    [collectionId],
  );
  return row !== null;
}

/** Needs the customers' locks. @returns how many presentations ended */
export async function withdrawLines(ctx: Context, collectionId: string): Promise<number> {
  const { trx, today, now, actor } = ctx;
  const organization = ctx.organization.id;
  const [{ claims = [] } = {}] = await query<{ claims: string[] }>(
    trx,
    `with part as materialized (
       select part.* from ${flying.replace(' where ', ' join payment_part part on part.payment_id = line.payment_id where ')}
     ), posted as (
       insert into posting (organization_id, customer_id, claim_id, payment_id, debit, credit, amount_cents, effective_on,
                            cause, entry, reverses, recorded_on, recorded_at)
       select ?, customer_id, claim_id, payment_id, 'receivable', 'in_flight', amount_cents, ?, 'withdrawn:' || payment_id || ':' || claim_id,
         'withdrawn:' || payment_id, 'presented:' || payment_id || ':' || claim_id, ?, ? from part
     ), opened as (
       select claim_id, sum(amount_cents)::bigint as amount from part group by claim_id
     ), fees as (
       update fee set covered_cents = fee.covered_cents - opened.amount from opened where fee.id = opened.claim_id
     ), instalments as (
       update instalment set covered_cents = instalment.covered_cents - opened.amount from opened where instalment.id = opened.claim_id
     )
     select array_agg(claim_id) as claims from opened`,
    [collectionId, organization, today, today, now],
  );
  await askAgain(ctx, collectionId, actor);
  await trx.raw(
    `update payment set state = 'cancelled', version = payment.version + 1 from ${flying} and payment.id = line.payment_id`,
    [collectionId],
  );
  const ended = await query<{ mandate: string }>(
    trx,
    `update collection_line set state = 'cancelled' where collection_id = ? and state = 'in_flight' returning mandate_id as mandate`,
    [collectionId],
  );
  await restoreMandates(ctx, collectionId, [...new Set(ended.map(({ mandate }) => mandate))]);
  await refreshInstalments(ctx, claims ?? []);
  return ended.length;
}

/** A representment was asked for before the collection and is asked for after it: by another payment of the same words. */
async function askAgain(ctx: Context, collectionId: string, actor: string): Promise<void> {
  const id = `'pay_' || substr(line.id, 5, 10) || upper(substr(md5('again ' || line.id), 1, 16))`;
  await ctx.trx.raw(
    `insert into payment (id, organization_id, customer_id, state, amount_cents, credit_cents, method, label, due_on, mandate_id,
       attempt, first_attempt_id, rejections, needs_person, refunded_cents, actor, version, recorded_at)
     select ${id}, p.organization_id, p.customer_id, 'pending', p.amount_cents, 0, p.method, p.label, p.due_on, p.mandate_id,
       p.attempt, p.first_attempt_id, 0, false, 0, ?, 1, ?
     from ${flying.replace(' where ', ' join payment p on p.id = line.payment_id where ')} and line.instalment_id is null`,
    [actor, ctx.now, collectionId],
  );
  await ctx.trx.raw(
    `insert into payment_part (organization_id, payment_id, claim_id, customer_id, position, amount_cents)
     select part.organization_id, ${id}, part.claim_id, part.customer_id, part.position, part.amount_cents
     from ${flying.replace(' where ', ' join payment_part part on part.payment_id = line.payment_id where ')} and line.instalment_id is null`,
    [collectionId],
  );
}

/** The mandates are as if they had not been presented then: their 36 months, and the one time of a one-off. */
async function restoreMandates(ctx: Context, collectionId: string, mandateIds: readonly string[]): Promise<void> {
  await ctx.trx.raw(
    `update mandate set last_collected_on = (select max(line.collection_on) from collection_line line
         where line.mandate_id = mandate.id and line.state in ('in_flight', 'settled', 'failed')),
       known_collection_id = case when mandate.known_collection_id = ? then (select min(line.collection_id) from collection_line line
         where line.mandate_id = mandate.id and line.state in ('in_flight', 'settled', 'failed')) else mandate.known_collection_id end,
       state = case when mandate.state = 'used' then 'active' else mandate.state end, version = version + 1
     where id = any(?::text[])`,
    [collectionId, [...mandateIds]],
  );
}
