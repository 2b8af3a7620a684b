/**
 * The rows of the ledger.
 *
 * Always true: postings and what they make of their claims (`sold_cents`, `covered_cents`) are written by one
 * statement, so an instalment or fee always says what the ledger says of it. A claim for money given back is sold by
 * the return that made it owed, against the account of the money, and is nobody's income.
 */
import type { Context, ReadContext } from '../context.ts';
import type { Day } from '../domain/day.ts';
import type { Posting } from '../domain/ledger/posting.ts';
import type { Cents } from '../domain/money.ts';
import type { CustomerIds } from './customer-money.ts';
import { query } from './database.ts';

const income = "('revenue', 'fee_income', 'tax')";

const postSql = `
  with posted as (
    insert into posting (organization_id, customer_id, claim_id, payment_id, debit, credit, amount_cents, effective_on,
                         cause, entry, reverses, recorded_on, recorded_at)
    select ?, row.customer, row.claim, row.payment, row.debit, row.credit, row.amount, row.effective_on,
           row.cause, row.entry, row.reverses, ?, ?
    from jsonb_to_recordset(?::jsonb) as row (customer text, claim text, payment text, debit text, credit text,
      amount bigint, effective_on date, cause text, entry text, reverses text)
    returning claim_id, payment_id, debit, credit, amount_cents, cause
  ), sided as (
    select posted.claim_id, posted.cause, case when posted.debit = 'receivable' then posted.amount_cents else -posted.amount_cents end as owed,
      credit in ${income} or debit in ${income} or given_back.id is not null as is_sale
    from posted left join fee given_back on given_back.id = posted.claim_id and given_back.kind = 'refund'
      and given_back.payment_id = posted.payment_id
    where posted.claim_id is not null
  ), moved as (
    select claim_id, coalesce(sum(owed) filter (where is_sale), 0)::bigint as sold,
      coalesce(sum(-owed) filter (where not is_sale), 0)::bigint as covered,
      max(case when starts_with(cause, 'sale:') or starts_with(cause, 'back:sale:') then 1 else 0 end) as revisions
    from sided group by claim_id
  ), instalments as (
    update instalment set
      sold_cents = case when instalment.sold_cents is null and moved.revisions = 0 then null
                        else coalesce(instalment.sold_cents, 0) + moved.sold end,
      sold_revision = instalment.sold_revision + moved.revisions,
      covered_cents = instalment.covered_cents + moved.covered
    from moved where instalment.id = moved.claim_id
  )
  update fee set sold_cents = fee.sold_cents + moved.sold, covered_cents = fee.covered_cents + moved.covered
  from moved where fee.id = moved.claim_id`;

/** Writes postings, in order. @throws a unique violation of `posting_cause_taken` where one was posted before */
export async function post(ctx: Context, postings: readonly Posting[]): Promise<void> {
  if (postings.length === 0) return;
  await ctx.trx
    .raw(postSql, [ctx.organization.id, ctx.today, ctx.now, JSON.stringify(postings)])
    .options({ name: 'post' });
}

/** What a credit note left of instalments is their amount; one that nothing is left of is waived. */
export async function keepWhatIsSold(ctx: Context, claimIds: readonly string[]): Promise<void> {
  await ctx.trx.raw(
    `update instalment set amount_cents = sold_cents, status = case when sold_cents = 0 then 'waived' else status end
     where id = any(?::text[])`,
    [[...claimIds]],
  );
}

export interface PostingRow extends Omit<Posting, 'amount' | 'customer' | 'claim' | 'payment'> {
  customer_id: string | null;
  claim_id: string | null;
  payment_id: string | null;
  amount_cents: number;
}

/** What `postingFrom` reads. */
export const postingColumns =
  'id, cause, entry, debit, credit, amount_cents, effective_on, customer_id, claim_id, payment_id, reverses';

export function postingFrom(row: PostingRow): Posting {
  const { cause, entry, debit, credit, effective_on, reverses } = row;
  return {
    cause,
    entry,
    debit,
    credit,
    amount: row.amount_cents as Cents,
    effective_on,
    customer: row.customer_id,
    claim: row.claim_id,
    payment: row.payment_id,
    reverses,
  };
}

/** Every posting that touches a customer, in the order recorded. */
export async function postingsOfCustomer(ctx: ReadContext, customerId: string): Promise<Posting[]> {
  const rows = await query<PostingRow>(
    ctx.reader,
    `select ${postingColumns} from posting where customer_id = ? order by id`,
    [customerId],
    'postings-of-customer',
  );
  return rows.map(postingFrom);
}

/** Every posting of a payment, in the order recorded. */
export async function postingsOfPayment(ctx: ReadContext, paymentId: string): Promise<Posting[]> {
  const rows = await query<PostingRow>(
    ctx.reader,
    `select ${postingColumns} from posting where payment_id = ? order by id`,
    [paymentId],
    'postings-of-payment',
  );
  return rows.map(postingFrom);
}

/** The postings of one business event of the organization. */
export async function postingsOfEntry(ctx: ReadContext, entry: string): Promise<Posting[]> {
  const rows = await query<PostingRow>(
    ctx.reader,
    `select ${postingColumns} from posting where organization_id = ? and cause >= ? and cause < ? and entry = ? order by id`,
    [ctx.organization.id, `${entry}:`, `${entry};`, entry],
    'postings-of-entry',
  );
  return rows.map(postingFrom);
}

/** The postings of some claims, in the order recorded. */
export async function postingsOfClaims(ctx: ReadContext, claimIds: readonly string[]): Promise<Posting[]> {
  if (claimIds.length === 0) return [];
  const rows = await query<PostingRow>(
    ctx.reader,
    `select ${postingColumns} from posting where claim_id = any(?::text[]) order by id`,
    [claimIds],
    'postings-of-claims',
  );
  return rows.map(postingFrom);
}

/** What is due and not sold; `i` is the instalment. */
const dueSql = `i.organization_id = ? and i.due_on <= ? and i.sold_cents is null and i.amount_cents > 0 and i.phase = 'open'
  and i.status = 'scheduled'`;

/** The customers with something to sell. */
export function customersWithDue(ctx: ReadContext): CustomerIds {
  return {
    sql: `select i.customer_id from instalment i where ${dueSql}`,
    bindings: [ctx.organization.id, ctx.today],
  };
}

/** The customers with credit. */
export function customersWithCredit(ctx: ReadContext): CustomerIds {
  return {
    sql: `select p.customer_id from posting p
      where p.organization_id = ? and (p.credit = 'customer_credit' or p.debit = 'customer_credit')
      group by p.customer_id
      having sum(case when p.credit = 'customer_credit' then p.amount_cents else -p.amount_cents end) > 0`,
    bindings: [ctx.organization.id],
  };
}

/**
 * Sells every instalment that is due and not sold, in one statement.
 * Needs their customers' locks.
 * @param contractIds only those of these contracts; null: all of the organization
 * @returns how many were sold
 */
export async function sellDue(ctx: Context, contractIds: readonly string[] | null): Promise<number> {
  const [row] = await query<{ sold: number }>(
    ctx.trx,
    `with due as (
       select i.id, i.customer_id, i.amount_cents, i.due_on,
         round(i.amount_cents::numeric * c.tax_rate_bps / (10000 + c.tax_rate_bps))::bigint as tax
       from instalment i join contract c on c.id = i.contract_id
       where ${dueSql} and c.deleted_at is null
         ${contractIds === null ? '' : 'and i.contract_id = any(?::text[])'}
       order by i.id for no key update of i
     ), posted as (
       insert into posting (organization_id, customer_id, claim_id, debit, credit, amount_cents, effective_on, cause, entry,
                            recorded_on, recorded_at)
       select ?, due.customer_id, due.id, 'receivable', line.account, line.amount, due.due_on,
              'sale:' || due.id || ':1' || line.suffix, 'sale:' || due.id || ':1', ?, ?
       from due, lateral (values ('revenue', due.amount_cents - due.tax, ''), ('tax', due.tax, ':tax'))
         as line (account, amount, suffix)
       where line.amount > 0
     ), sold as (
       update instalment set sold_cents = due.amount_cents, sold_revision = 1 from due where instalment.id = due.id
       returning instalment.id
     )
     select count(*) as sold from sold`,
    [
      ctx.organization.id,
      ctx.today,
      ...(contractIds === null ? [] : [contractIds]),
      ctx.organization.id,
      ctx.today,
      ctx.now,
    ],
    contractIds === null ? 'sell-due' : 'sell-due-of-contracts',
  );
  return row?.sold ?? 0;
}

export interface ResaleRow {
  id: string;
  customer_id: string;
  due_on: Day;
  /** What it should be sold for now. */
  amount: Cents;
  covered: Cents;
  sold_revision: number;
  tax_rate_bps: number;
}

/** Instalments of contracts that were sold for another amount than they have now, or are cancelled. */
export async function soldOtherwise(ctx: Context, contractIds: readonly string[]): Promise<ResaleRow[]> {
  return query<ResaleRow>(
    ctx.trx,
    `select i.id, i.customer_id, i.due_on, case when i.status = 'cancelled' then 0 else i.amount_cents end as amount,
       i.covered_cents as covered, i.sold_revision, c.tax_rate_bps
     from instalment i join contract c on c.id = i.contract_id
     where i.contract_id = any(?::text[]) and i.sold_cents is not null
       and i.sold_cents <> case when i.status = 'cancelled' then 0 else i.amount_cents end
     order by i.id`,
    [contractIds],
    'sold-otherwise',
  );
}
