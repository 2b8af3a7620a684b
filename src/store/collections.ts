/**
 * The rows of collections, drafted and released set-based: a hundred thousand debits in a handful of statements.
 *
 * Always true: one live presentation per instalment, by the unique index `instalment_presented_once`; a line's id and
 * the id of the payment made for it follow from the collection and the instalment, so doing it again makes the same.
 */
import type { Context, ReadContext } from '../context.ts';
import type { CollectionFigures } from '../domain/collections/plausibility.ts';
import type { CollectionState } from '../domain/collections/release.ts';
import type { Day } from '../domain/day.ts';
import type { Cents } from '../domain/money.ts';
import { Refusal } from '../errors/refusal.ts';
import { candidateParameter, candidatesSql } from './collection-candidates.ts';
import { lockCustomersIn } from './customer-money.ts';
import { query, queryOne } from './database.ts';

export interface StoredCollection {
  id: string;
  state: CollectionState | 'drafting' | 'releasing';
  until_on: Day;
  drafted_by: string;
  format: 'pain.008.001.08' | 'pain.008.001.02';
  message_id: string | null;
  /** As it was released. */
  creditor: { name: string; identifier: string } | null;
  version: number;
}

/** @throws Refusal `not_found` */
export async function loadCollection(ctx: ReadContext, id: string, locking: boolean): Promise<StoredCollection> {
  const row = await queryOne<StoredCollection>(
    ctx.reader,
    `select id, state, until_on, drafted_by, format, message_id, creditor, version from collection
     where id = ? and organization_id = ?${locking ? ' for update' : ''}`,
    [id, ctx.organization.id],
  );
  if (!row) throw new Refusal('not_found');
  return row;
}

/** The time part of an id's ULID: ids made from it in SQL sort with it. */
function timePart(id: string): string {
  return id.slice(id.indexOf('_') + 1, id.indexOf('_') + 11);
}

/** Writes a collection with its lines and what is left out. @returns false where it was written before */
export async function insertDraft(ctx: Context, collection: { id: string; until_on: Day }): Promise<boolean> {
  const { id: organization, settings } = ctx.organization;
  const made = await query(
    ctx.trx,
    `insert into collection (id, organization_id, state, until_on, drafted_on, drafted_by, format, line_count, total_cents,
       largest_cents, new_account_count, left_out_count, findings, version, recorded_at)
     values (?, ?, 'drafting', ?, ?, ?, ?, 0, 0, 0, 0, 0, '[]', 1, ?) on conflict (id) do nothing returning id`,
    [collection.id, organization, collection.until_on, ctx.today, ctx.actor, settings.collections.format, ctx.now],
  );
  if (made.length === 0) return false;
  await giveRoom(ctx);
  const [written] = await query<{ lines: number }>(
    ctx.trx,
    `with ${candidatesSql}, lines as (
       insert into collection_line (id, organization_id, collection_id, customer_id, contract_id, instalment_id, payment_id,
         amount_cents, due_on, collection_on, mandate_id, sequence_type, amendment, state)
       select 'lin_' || ? || upper(substr(md5(? || subject_id), 1, 16)), ?, ?, customer_id, contract_id, instalment_id, payment_id,
         amount, due_on, collection_on, mandate_id,
         case when mandate_kind = 'one_off' then 'OOFF' when ? and never_collected then 'FRST' else 'RCUR' end, amendment, 'drafted'
       from candidate where left_out is null
     ), left_out as (
       insert into collection_left_out (organization_id, collection_id, subject_id, kind, customer_id, amount_cents, due_on, reason)
       select ?, ?, subject_id, kind, customer_id, amount, due_on, left_out from candidate where left_out is not null
     )
     select count(*) as lines from candidate where left_out is null`,
    [
      await candidateParameter(ctx, collection.until_on),
      timePart(collection.id),
      collection.id,
      organization,
      collection.id,
      settings.collections.bank_wants_first,
      organization,
      collection.id,
    ],
  );
  // The release reads what was just written, of which the planner would know nothing before the next hour.
  if ((written?.lines ?? 0) > FEW_LINES) await ctx.trx.raw('analyze collection_line');
  return true;
}

/** Sorts and joins of a whole collection stay in memory, for this transaction. */
async function giveRoom(ctx: Context): Promise<void> {
  await ctx.trx.raw(`set local work_mem = '64MB'`);
}

/** Below so many lines no plan is slow. */
const FEW_LINES = 500;

/** Asks again about every line: those with another answer than at the draft are taken out, the others get today's day. */
export async function recheckLines(ctx: Context, collection: StoredCollection): Promise<void> {
  await giveRoom(ctx);
  await lockCustomersIn(ctx, {
    sql: `select customer_id from collection_line where collection_id = ? and state = 'drafted'`,
    bindings: [collection.id],
  });
  await ctx.trx.raw(
    `with ${candidatesSql}, checked as (
       select line.id, c.collection_on, c.amendment,
         case when c.subject_id is null then 'changed_since_draft'
              when c.left_out is not null then c.left_out
              when c.amount <> line.amount_cents or c.due_on <> line.due_on or c.mandate_id <> line.mandate_id
                then 'changed_since_draft' end as reason
       from collection_line line left join candidate c on c.subject_id = coalesce(line.instalment_id, line.payment_id)
       where line.collection_id = ? and line.state = 'drafted'
     )
     update collection_line line set state = case when checked.reason is null then 'drafted' else 'taken_out' end,
       reason = checked.reason, collection_on = coalesce(checked.collection_on, line.collection_on),
       amendment = case when checked.reason is null then checked.amendment else line.amendment end
     from checked where line.id = checked.id
       and (checked.reason is not null or checked.collection_on <> line.collection_on
            or checked.amendment is distinct from line.amendment)`,
    [await candidateParameter(ctx, collection.until_on), collection.id],
  );
}

interface FiguresRow {
  lines: number;
  total: Cents;
  largest: Cents;
  new_accounts: number;
}

/** What stands in a collection now. */
export async function figuresOf(ctx: ReadContext, collectionId: string): Promise<CollectionFigures> {
  const row = await queryOne<FiguresRow>(
    ctx.reader,
    `select count(*) as lines, coalesce(sum(line.amount_cents), 0)::bigint as total, coalesce(max(line.amount_cents), 0)::bigint as largest,
       count(*) filter (where mandate.last_collected_on is null or line.amendment is not null) as new_accounts
     from collection_line line join mandate on mandate.id = line.mandate_id
     where line.collection_id = ? and line.state <> 'taken_out'`,
    [collectionId],
  );
  return row as FiguresRow;
}

/** How many released collections a new one is compared with. */
const COMPARED_WITH = 6;

export async function lastFigures(ctx: ReadContext, collectionId: string): Promise<CollectionFigures[]> {
  return query<FiguresRow>(
    ctx.reader,
    `select line_count as lines, total_cents as total, largest_cents as largest, new_account_count as new_accounts
     from collection where organization_id = ? and id <> ? and state in ('releasing', 'released', 'sent', 'closed')
     order by id desc limit ?`,
    [ctx.organization.id, collectionId, COMPARED_WITH],
  );
}

/** Writes down what a collection holds. */
export async function updateFigures(
  ctx: Context,
  collectionId: string,
  figures: CollectionFigures,
  change: { state: StoredCollection['state']; findings: unknown },
): Promise<void> {
  await ctx.trx.raw(
    `update collection set state = ?, line_count = ?, total_cents = ?, largest_cents = ?, new_account_count = ?,
       left_out_count = (select count(*) from collection_left_out where collection_id = ?)
         + (select count(*) from collection_line where collection_id = ? and state = 'taken_out'),
       findings = ?, version = version + 1 where id = ?`,
    [
      change.state,
      figures.lines,
      figures.total,
      figures.largest,
      figures.new_accounts,
      collectionId,
      collectionId,
      JSON.stringify(change.findings),
      collectionId,
    ],
  );
}

/**
 * The lines of a collection at its release: all but those taken out. Not said as `state = 'in_flight'`, of which the
 * planner knows only that there were hardly any before, and would join a hundred thousand row by row.
 */
const presented = `line.state <> 'taken_out'`;

/**
 * Hands the lines over: a payment for each, its postings, its instalment in flight. Needs the customers' locks.
 * @param tell hears which share of it is done, of 1
 */
export async function presentLines(ctx: Context, collectionId: string, tell: (share: number) => void): Promise<void> {
  const { trx, today, now, actor } = ctx;
  const organization = ctx.organization.id;
  await trx.raw(
    `update collection_line set state = 'in_flight',
       payment_id = coalesce(payment_id, 'pay_' || ? || upper(substr(md5(id), 1, 16)))
     where collection_id = ? and state = 'drafted'`,
    [timePart(collectionId), collectionId],
  );
  tell(0.2);
  const line = `collection_line line where line.collection_id = ? and ${presented}`;
  await trx.raw(
    `insert into payment (id, organization_id, customer_id, state, amount_cents, credit_cents, method, due_on, paid_on, mandate_id,
       attempt, first_attempt_id, rejections, needs_person, refunded_cents, actor, version, recorded_at)
     select line.payment_id, ?, line.customer_id, 'collecting', line.amount_cents, 0, 'direct_debit', line.due_on, ?, line.mandate_id,
       1, line.payment_id, 0, false, 0, ?, 1, ? from ${line} and line.instalment_id is not null`,
    [organization, today, actor, now, collectionId],
  );
  tell(0.4);
  await trx.raw(
    `insert into payment_part (organization_id, payment_id, claim_id, customer_id, position, amount_cents)
     select ?, line.payment_id, line.instalment_id, line.customer_id, 0, line.amount_cents
     from ${line} and line.instalment_id is not null`,
    [organization, collectionId],
  );
  await trx.raw(
    `update payment set state = 'collecting', paid_on = ?, mandate_id = line.mandate_id, version = payment.version + 1
     from ${line} and line.instalment_id is null and payment.id = line.payment_id`,
    [today, collectionId],
  );
  tell(0.5);
  await postPresented(ctx, collectionId);
  tell(0.9);
  await trx.raw(
    `update mandate set last_collected_on = greatest(mandate.last_collected_on, used.on_day),
       state = case when mandate.kind = 'one_off' then 'used' else mandate.state end,
       known_collection_id = coalesce(mandate.known_collection_id, ?), version = mandate.version + 1
     from (select line.mandate_id, max(line.collection_on) as on_day from ${line} group by 1) used
     where mandate.id = used.mandate_id`,
    [collectionId, collectionId],
  );
}

/** Posts what is handed over, and before it the sale of what is handed over before its day. */
async function postPresented(ctx: Context, collectionId: string): Promise<void> {
  await ctx.trx.raw(
    `with part as materialized (
       select line.payment_id, line.instalment_id as claim_id, line.customer_id, line.amount_cents
       from collection_line line where line.collection_id = ? and ${presented} and line.instalment_id is not null
       union all
       select part.payment_id, part.claim_id, part.customer_id, part.amount_cents
       from collection_line line join payment_part part on part.payment_id = line.payment_id
       where line.collection_id = ? and ${presented} and line.instalment_id is null
     ), unsold as materialized (
       select i.id, i.customer_id, i.amount_cents, least(i.due_on, ?::date) as on_day,
         round(i.amount_cents::numeric * c.tax_rate_bps / (10000 + c.tax_rate_bps))::bigint as tax
       from collection_line line join instalment i on i.id = line.instalment_id join contract c on c.id = i.contract_id
       where line.collection_id = ? and ${presented} and i.sold_cents is null
     ), posted as (
       insert into posting (organization_id, customer_id, claim_id, payment_id, debit, credit, amount_cents, effective_on,
                            cause, entry, recorded_on, recorded_at)
       select ?, customer_id, claim_id, payment_id, debit, credit, amount, on_day, cause, entry, ?, ?
       from (
         select 1 as rank, unsold.customer_id, unsold.id as claim_id, null as payment_id, 'receivable' as debit, line.account as credit,
           line.amount, unsold.on_day, 'sale:' || unsold.id || ':1' || line.suffix as cause, 'sale:' || unsold.id || ':1' as entry
         from unsold, lateral (values ('revenue', unsold.amount_cents - unsold.tax, ''), ('tax', unsold.tax, ':tax'))
           as line (account, amount, suffix)
         where line.amount > 0
         union all
         select 2, customer_id, claim_id, payment_id, 'in_flight', 'receivable', amount_cents, ?,
           'presented:' || payment_id || ':' || claim_id, 'presented:' || payment_id from part
       ) row order by rank, claim_id
     ), covered as (
       select claim_id, sum(amount_cents)::bigint as amount from part group by claim_id
     ), fees as (
       update fee set covered_cents = fee.covered_cents + covered.amount from covered where fee.id = covered.claim_id
     ), instalments as (
       update instalment set sold_cents = coalesce(instalment.sold_cents, instalment.amount_cents),
         sold_revision = greatest(instalment.sold_revision, 1), covered_cents = instalment.covered_cents + covered.amount,
         status = 'collecting'
       from covered where instalment.id = covered.claim_id returning instalment.contract_id
     )
     update contract set version = version + 1 where id in (select contract_id from instalments)`,
    [collectionId, collectionId, ctx.today, collectionId, ctx.organization.id, ctx.today, ctx.now, ctx.today],
  );
}

/** Customers of a collection whose door is shut: their debts are in flight now. */
export async function blockedCustomersOf(ctx: ReadContext, collectionId: string): Promise<string[]> {
  const rows = await query<{ id: string }>(
    ctx.reader,
    `select distinct customer.id from collection_line line join customer on customer.id = line.customer_id
     where line.collection_id = ? and ${presented} and customer.access_state = 'blocked' order by 1`,
    [collectionId],
  );
  return rows.map(({ id }) => id);
}
