/**
 * Where a customer's person is written down, and how each place forgets it. A new column that holds what tells who a
 * customer is gets its line here; the doctor looks whether anything of an erased customer was left.
 */
import type { Context, ReadContext } from '../context.ts';
import type { Day } from '../domain/day.ts';
import type { ErasureQuestion } from '../domain/erasure.ts';
import { lockTrail } from './trail-chain.ts';

/** Everything that hangs on the customer, by id: what events and jobs name. */
export async function idsOfCustomer(ctx: ReadContext, customer: string): Promise<string[]> {
  const tables = [
    'contract',
    'instalment',
    'payment',
    'mandate',
    'message',
    'fee',
    'invoice',
    'promise',
    'reminder_hold',
  ];
  const own = tables.map((table) => `union select id from ${table} where customer_id = :customer`).join('\n');
  const parts = ['suspension', 'contract_change'].map(
    (table) => `union select part.id from ${table} part join contract on contract.id = part.contract_id
      where contract.customer_id = :customer`,
  );
  const { rows } = await ctx.reader.raw(`select cast(:customer as text) as id ${own} ${parts.join('\n')}`, {
    customer,
  });
  return (rows as { id: string }[]).map(({ id }) => id);
}

interface Place {
  table: string;
  /** Finds the rows: bindings `:customer`, `:ids`, `:organization`. */
  where: string;
  /** What is left of them; none: the rows go. */
  set: string | null;
}

const contracts = 'contract_id in (select id from contract where customer_id = :customer)';

/** In the order in which they are done. */
const places: readonly Place[] = [
  {
    table: 'event_link',
    where:
      'event_id in (select id from event where subjects && cast(:ids as text[]) and organization_id = :organization)',
    set: 'data_salt = null',
  },
  {
    table: 'event',
    where: 'subjects && cast(:ids as text[]) and organization_id = :organization',
    set: `data = without_words(data) || jsonb_build_object('erased', cast(:event as text))`,
  },
  {
    table: 'job',
    where: `organization_id = :organization and concerns = any(cast(:ids as text[])) and state in ('done', 'failed', 'discarded')`,
    set: 'payload = without_words(payload), result = without_words(result), reason_params = without_words(reason_params)',
  },
  {
    table: 'idempotency_key',
    where: `organization_id = :organization and exists (select from unnest(cast(:ids as text[])) id where answer::text like '%' || id || '%')`,
    set: null,
  },
  { table: 'contract_change', where: contracts, set: 'data = without_reasons(data)' },
  { table: 'suspension', where: contracts, set: 'data = without_reasons(data)' },
  { table: 'credit_movement', where: contracts, set: `reason = ''` },
  {
    table: 'suppressed_address',
    where: `organization_id = :organization and suppressed_address.address = (select email from customer where id = :customer)
      and not exists (select from customer other where other.organization_id = :organization and other.id <> :customer
                      and other.email = suppressed_address.address)`,
    set: null,
  },
  {
    table: 'message',
    where: 'customer_id = :customer',
    set: `recipient = null, subject_line = null, facts = null, reply = null, reason = 'erased'`,
  },
  { table: 'promise', where: 'customer_id = :customer and note is not null', set: 'note = null' },
  { table: 'reminder_hold', where: 'customer_id = :customer and note is not null', set: 'note = null' },
  { table: 'payment', where: 'customer_id = :customer and label is not null', set: 'label = null' },
  {
    table: 'bank_entry',
    where:
      'organization_id = :organization and line_id in (select id from collection_line where customer_id = :customer)',
    set: 'detail = without_words(detail), account_index = null',
  },
  {
    table: 'mandate',
    where: 'customer_id = :customer',
    set: `sealed_iban = '', iban_index = id, iban_last4 = '0000', iban_country = 'XX', suspended_for = null,
      state = case when state in ('active', 'suspended') then 'revoked' else state end, version = version + 1`,
  },
  {
    table: 'customer',
    where: 'id = :customer',
    set: `name = id, email = null, address = null, business = null, birth_on = null, external_id = null, badge = null, deceased_on = null,
      erased_at = :now, books_kept_until_on = :kept_until_on, version = version + 1`,
  },
];

export interface ErasureOf {
  customer: string;
  ids: string[];
  /** The event that tells of it. */
  event: string;
  kept_until_on: Day | null;
}

/** @returns how many rows of each table */
export async function eraseEverywhere(ctx: Context, erasure: ErasureOf): Promise<Record<string, number>> {
  const bindings = { ...erasure, organization: ctx.organization.id, now: ctx.now };
  await lockTrail(ctx.trx);
  await ctx.trx.raw(`set local echeance.erasing = 'on'`);
  const counts: Record<string, number> = {};
  for (const { table, where, set } of places) {
    const sql = set === null ? `delete from ${table} where ${where}` : `update ${table} set ${set} where ${where}`;
    counts[table] = ((await ctx.trx.raw(sql, bindings)) as unknown as { rowCount: number }).rowCount;
  }
  await ctx.trx.raw(`set local echeance.erasing = 'off'`);
  return counts;
}

/** How many rows of each table an erasure would touch. */
export async function countEverywhere(
  ctx: ReadContext,
  customer: string,
  ids: string[],
): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { table, where } of places) {
    const { rows } = await ctx.reader.raw(`select count(*)::int as count from ${table} where ${where}`, {
      customer,
      ids,
      organization: ctx.organization.id,
    });
    counts[table] = rows[0].count;
  }
  return counts;
}

export interface Standing extends ErasureQuestion {
  erased: boolean;
  /** The last day that the books speak of them. */
  last_booked_on: Day | null;
  invoices: number;
  postings: number;
}

/** @returns null where there is no such customer */
export async function standingOf(ctx: ReadContext, customer: string, ids: string[]): Promise<Standing | null> {
  const { rows } = await ctx.reader.raw(
    `select erased_at is not null as erased,
       exists (select from contract where customer_id = c.id and deleted_at is null and (ends_on is null or ends_on >= :today)) as running_contract,
       (select coalesce(sum(case when debit = 'receivable' then amount_cents else 0 end)
                      - sum(case when credit = 'receivable' then amount_cents else 0 end), 0) <> 0
        from posting where customer_id = c.id) as owed,
       (select coalesce(sum(case when debit = 'customer_credit' then amount_cents else 0 end)
                      - sum(case when credit = 'customer_credit' then amount_cents else 0 end), 0) <> 0
        from posting where customer_id = c.id) as credit,
       exists (select from payment where customer_id = c.id and state in ('pending', 'collecting')) as in_flight,
       exists (select from job where organization_id = c.organization_id and concerns = any(cast(:ids as text[])) and state in ('queued', 'running'))
         or exists (select from message where customer_id = c.id and state in ('queued', 'sending')) as open_work,
       (select max(last_collected_on) from mandate where customer_id = c.id) as last_collected_on,
       greatest((select max(effective_on) from posting where customer_id = c.id),
                (select max(issued_on) from invoice where customer_id = c.id)) as last_booked_on,
       (select count(*)::int from invoice where customer_id = c.id) as invoices,
       (select count(*)::int from posting where customer_id = c.id) as postings
     from customer c where c.id = :customer and c.organization_id = :organization`,
    { customer, ids, today: ctx.today, organization: ctx.organization.id },
  );
  return (rows as Standing[])[0] ?? null;
}
