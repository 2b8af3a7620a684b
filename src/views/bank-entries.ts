/** What banks told, entry by entry, with what it was matched with and what it did. */
import { z } from 'zod';
import type { ReadContext } from '../context.ts';
import { latenessOf } from '../domain/bank-events/lateness.ts';
import { bankEventKinds } from '../domain/bank-events/presentation.ts';
import type { Day } from '../domain/day.ts';
import { reasonOf } from '../domain/return-reasons.ts';
import { addTargetDays } from '../domain/target-calendar.ts';
import { Refusal } from '../errors/refusal.ts';
import { amountField, dayField, lineField } from '../schemas/fields.ts';
import { query, queryOne } from '../store/database.ts';
import type { Page } from './page.ts';

export const SHOWN_WITH_FILE = 100;

export const bankEntryKinds = [...bankEventKinds, 'unknown'] as const;
export const bankEntryEffects = ['applied', 'repeated', 'noted', 'waiting', 'unmatched', 'spread'] as const;

/**
 * What keeps an unmatched entry from its debit. not_understood: what it means is unknown; not_released: its debit was drafted and never handed over;
 * not_presented: it was taken out or taken back; no_debit_fits: it names none, and none or several fit what it tells.
 */
export const unmatchedReasons = [
  'not_understood',
  'currency_differs',
  'not_released',
  'not_presented',
  'amount_differs',
  'group_not_found',
  'id_not_ours',
  'no_debit_fits',
] as const;

export const bankEntrySchema = z
  .object({
    object: z.literal('bank_entry'),
    position: z
      .int()
      .nullable()
      .meta({ description: 'Its place in the file; null: follows from a word about a group.' }),
    kind: z.enum(bankEntryKinds),
    on: dayField.meta({ description: 'The bank’s own day.' }),
    reason_code: z.string().nullable(),
    reason: z.string().nullable().meta({ description: 'In words.' }),
    amount: amountField.nullable(),
    charge_amount: amountField.nullable().meta({ description: 'What the bank keeps for itself, beside the amount.' }),
    end_to_end_id: z.string().nullable(),
    mandate_reference: z.string().nullable(),
    effect: z.enum(bankEntryEffects).meta({
      description:
        'applied: it booked something; repeated: told before; noted: nothing is to be booked; waiting: a person must decide; unmatched: names no debit of ours (yet); spread: a group, told on to its debits.',
    }),
    booked: z.array(z.string()).meta({ description: 'The effects that it brought, such as reopen/1.' }),
    why: z
      .string()
      .nullable()
      .meta({
        description: `Why it is noted or waits, or, unmatched, what keeps it from its debit: ${unmatchedReasons.join(', ')}.`,
      }),
    late: z
      .enum(['reject', 'return', 'refund_8_weeks', 'refund_13_months', 'out_of_time'])
      .nullable()
      .meta({ description: 'By the rules of the scheme, where it came back.' }),
    payment: z.string().nullable(),
    customer: z.string().nullable(),
    customer_name: z.string().nullable(),
    detail: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'BankEntry' });

interface EntryRow {
  id: number;
  position: number | null;
  kind: (typeof bankEntryKinds)[number];
  on: Day;
  reason_code: string | null;
  amount: number | null;
  charge_amount: number | null;
  end_to_end_id: string | null;
  mandate_reference: string | null;
  effect: (typeof bankEntryEffects)[number];
  booked: string[];
  why: string | null;
  collection_on: Day | null;
  payment: string | null;
  customer: string | null;
  customer_name: string | null;
  detail: Record<string, unknown>;
}

function show(ctx: ReadContext, { id: _, collection_on, ...row }: EntryRow) {
  return {
    object: 'bank_entry' as const,
    ...row,
    reason: row.reason_code === null ? null : reasonOf(row.reason_code).name[ctx.language],
    late: lateness(row.kind, collection_on, row.on),
  };
}

/** Business days within which a debtor's bank returns a debit by itself. */
const RETURN_DAYS = 5;

function lateness(kind: EntryRow['kind'], collectionOn: Day | null, on: Day) {
  if (collectionOn === null || !['rejected', 'returned', 'refunded'].includes(kind)) return null;
  return latenessOf(collectionOn, on, addTargetDays(collectionOn, RETURN_DAYS));
}

const select = `
  select e.id, e.position, e.kind, e.on_day as "on", e.reason_code, e.amount_cents as amount, e.charge_cents as charge_amount,
    e.end_to_end_id, e.mandate_reference, e.effect, e.booked,
    case when e.effect <> 'unmatched' then e.why
      when e.kind = 'unknown' then 'not_understood'
      when e.currency <> organization.currency then 'currency_differs'
      when named.state = 'drafted' then 'not_released'
      when named.state in ('taken_out', 'cancelled') then 'not_presented'
      when named.id is not null then 'amount_differs'
      when e.covers_all or e.level <> 'transaction' and e.end_to_end_id is null then 'group_not_found'
      when e.end_to_end_id is not null then 'id_not_ours'
      else 'no_debit_fits' end as why, line.collection_on, line.payment_id as payment,
    line.customer_id as customer, customer.name as customer_name, e.detail
  from bank_entry e left join collection_line line on line.id = e.line_id left join customer on customer.id = line.customer_id
  join organization on organization.id = e.organization_id
  left join collection_line named on e.effect = 'unmatched' and named.id = replace(e.end_to_end_id, '-', '_')
    and named.organization_id = e.organization_id`;

export async function firstEntries(ctx: ReadContext, message: string) {
  const rows = await query<EntryRow>(
    ctx.reader,
    `${select} where e.message_id = ? and e.organization_id = ? order by e.id limit ?`,
    [message, ctx.organization.id, SHOWN_WITH_FILE],
  );
  return rows.map((row) => show(ctx, row));
}

export const bankEntryQuery = {
  limit: z.coerce.number().int().min(1).max(100).default(20).meta({ description: 'How many at most.' }),
  cursor: z
    .string()
    .regex(/^\d{1,15}$/)
    .optional()
    .meta({ description: '`next_cursor` of the page before.' }),
  effect: z.enum(bankEntryEffects).optional(),
  reason_code: lineField(40).optional(),
};

export interface BankEntryFilter {
  limit: number;
  cursor?: string | undefined;
  effect?: (typeof bankEntryEffects)[number] | undefined;
  reason_code?: string | undefined;
}

/** The entries of a file, in its order. @throws Refusal `not_found` */
export async function listBankEntries(
  ctx: ReadContext,
  message: string,
  filter: BankEntryFilter,
): Promise<Page<ReturnType<typeof show>>> {
  const found = await queryOne(ctx.reader, 'select 1 from bank_message where id = ? and organization_id = ?', [
    message,
    ctx.organization.id,
  ]);
  if (!found) throw new Refusal('not_found');
  const rows = await query<EntryRow>(
    ctx.reader,
    `${select} where e.message_id = ? and e.organization_id = ? and e.id > ? and (?::text is null or e.effect = ?)
       and (?::text is null or e.reason_code = ?) order by e.id limit ?`,
    [
      message,
      ctx.organization.id,
      Number(filter.cursor ?? 0),
      filter.effect ?? null,
      filter.effect ?? null,
      filter.reason_code ?? null,
      filter.reason_code ?? null,
      filter.limit + 1,
    ],
  );
  const shown = rows.slice(0, filter.limit);
  const has_more = rows.length > filter.limit;
  return {
    object: 'list',
    data: shown.map((row) => show(ctx, row)),
    has_more,
    next_cursor: has_more ? String(shown.at(-1)?.id) : null,
  };
}
