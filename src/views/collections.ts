/** Collections as the accountant sees them: lines, and what is left out with the reason and what would mend it. */
import { z } from 'zod';
import type { ReadContext } from '../context.ts';
import { type LeftOutReason, leftOutReasons } from '../domain/collections/left-out.ts';
import type { Day } from '../domain/day.ts';
import { maskedAccount } from '../domain/iban.ts';
import { Refusal } from '../errors/refusal.ts';
import { amountField, dayField } from '../schemas/fields.ts';
import { query, queryOne } from '../store/database.ts';

/** Lines shown with a collection; the rest is in its lists. */
const SHOWN = 1000;

const states = ['drafting', 'draft', 'releasing', 'released', 'sent', 'closed', 'cancelled'] as const;
const lineStates = ['drafted', 'taken_out', 'in_flight', 'settled', 'failed', 'cancelled'] as const;

export const collectionLineSchema = z
  .object({
    id: z.string(),
    object: z.literal('collection_line'),
    kind: z.enum(['instalment', 'representment']),
    customer: z.string(),
    customer_name: z.string(),
    contract: z.string().nullable(),
    instalment: z.string().nullable(),
    payment: z.string().nullable(),
    attempt: z.int(),
    amount: amountField,
    due_on: dayField,
    collection_on: dayField.meta({ description: 'The day the bank is asked to collect on.' }),
    mandate: z.string(),
    account: z.string().meta({ description: 'Masked.' }),
    sequence_type: z.enum(['FRST', 'RCUR', 'OOFF']),
    end_to_end_id: z.string(),
    status: z.enum(lineStates),
  })
  .meta({ id: 'CollectionLine' });

export const leftOutSchema = z
  .object({
    kind: z.enum(['instalment', 'representment']),
    subject: z.string().meta({ description: 'The instalment or payment.' }),
    customer: z.string(),
    customer_name: z.string(),
    amount: amountField,
    due_on: dayField,
    reason: z.string(),
    detail: z.string().meta({ description: 'The reason in words.' }),
    mend: z.string().nullable().meta({ description: 'What would bring it into the next collection.' }),
  })
  .meta({ id: 'LeftOut' });

export const collectionSchema = z
  .object({
    id: z.string(),
    object: z.literal('collection'),
    status: z.enum(states),
    until_on: dayField,
    format: z.string(),
    message_id: z.string().nullable(),
    drafted_on: dayField,
    drafted_by: z.string(),
    released_on: dayField.nullable(),
    released_by: z.string().nullable(),
    sent_on: dayField.nullable(),
    count: z.int(),
    total_amount: amountField,
    largest_amount: amountField,
    new_accounts: z.int(),
    left_out_count: z.int(),
    findings: z
      .array(z.object({ code: z.string(), value: z.int(), limit: z.int() }))
      .meta({ description: 'What the plausibility checks found; a release confirms each by its code.' }),
    by_status: z.record(z.string(), z.object({ count: z.int(), amount: amountField })),
    lines: z.array(collectionLineSchema).meta({ description: `The first ${SHOWN}.` }),
    left_out: z.array(leftOutSchema).meta({ description: `The first ${SHOWN}.` }),
    file: z.object({ bytes: z.int(), sha256: z.string() }).nullable(),
    version: z.int(),
  })
  .meta({ id: 'Collection' });

interface CollectionRow {
  id: string;
  state: (typeof states)[number];
  until_on: Day;
  format: string;
  message_id: string | null;
  drafted_on: Day;
  drafted_by: string;
  released_on: Day | null;
  released_by: string | null;
  sent_on: Day | null;
  line_count: number;
  total_cents: number;
  largest_cents: number;
  new_account_count: number;
  left_out_count: number;
  findings: { code: string; value: number; limit: number }[];
  file_bytes: number | null;
  file_sha256: string | null;
  version: number;
}

const columns = `id, state, until_on, format, message_id, drafted_on, drafted_by, released_on, released_by, sent_on, line_count,
  total_cents, largest_cents, new_account_count, left_out_count, findings, file_bytes, file_sha256, version`;

function showSummary(row: CollectionRow) {
  return {
    id: row.id,
    object: 'collection' as const,
    status: row.state,
    until_on: row.until_on,
    format: row.format,
    message_id: row.message_id,
    drafted_on: row.drafted_on,
    drafted_by: row.drafted_by,
    released_on: row.released_on,
    released_by: row.released_by,
    sent_on: row.sent_on,
    count: row.line_count,
    total_amount: row.total_cents,
    largest_amount: row.largest_cents,
    new_accounts: row.new_account_count,
    left_out_count: row.left_out_count,
    findings: row.findings,
    file: row.file_sha256 === null ? null : { bytes: row.file_bytes ?? 0, sha256: row.file_sha256 },
    version: row.version,
  };
}

/** @throws Refusal `not_found` */
export async function findCollection(ctx: ReadContext, id: string) {
  const row = await queryOne<CollectionRow>(
    ctx.reader,
    `select ${columns} from collection where id = ? and organization_id = ?`,
    [id, ctx.organization.id],
  );
  if (!row) throw new Refusal('not_found');
  const byStatus = await query<{ state: string; count: number; amount: number }>(
    ctx.reader,
    `select state, count(*) as count, sum(amount_cents)::bigint as amount from collection_line where collection_id = ? group by 1`,
    [id],
  );
  return {
    ...showSummary(row),
    by_status: Object.fromEntries(byStatus.map(({ state, count, amount }) => [state, { count, amount }])),
    lines: await linesOf(ctx, id, '', SHOWN),
    left_out: await leftOutOf(ctx, id, SHOWN),
  };
}

export const collectionSummarySchema = collectionSchema
  .omit({ by_status: true, lines: true, left_out: true })
  .meta({ id: 'CollectionSummary' });

export async function listCollections(ctx: ReadContext, filter: { limit: number; cursor?: string | undefined }) {
  const rows = await query<CollectionRow>(
    ctx.reader,
    `select ${columns} from collection where organization_id = ? and (?::text is null or id < ?) order by id desc limit ?`,
    [ctx.organization.id, filter.cursor ?? null, filter.cursor ?? null, filter.limit + 1],
  );
  const shown = rows.slice(0, filter.limit);
  const has_more = rows.length > filter.limit;
  return {
    object: 'list' as const,
    data: shown.map(showSummary),
    has_more,
    next_cursor: has_more ? (shown.at(-1)?.id ?? null) : null,
  };
}

interface LineRow {
  id: string;
  customer: string;
  customer_name: string;
  contract: string | null;
  instalment: string | null;
  payment: string | null;
  attempt: number;
  amount: number;
  due_on: Day;
  collection_on: Day;
  mandate: string;
  iban_country: string;
  iban_last4: string;
  sequence_type: 'FRST' | 'RCUR' | 'OOFF';
  state: (typeof lineStates)[number];
}

async function linesOf(ctx: ReadContext, collectionId: string, after: string, limit: number) {
  const rows = await query<LineRow>(
    ctx.reader,
    `select line.id, line.customer_id as customer, customer.name as customer_name, line.contract_id as contract,
       line.instalment_id as instalment, line.payment_id as payment, coalesce(payment.attempt, 1) as attempt,
       line.amount_cents as amount, line.due_on, line.collection_on, line.mandate_id as mandate, mandate.iban_country,
       mandate.iban_last4, line.sequence_type, line.state
     from collection_line line join customer on customer.id = line.customer_id join mandate on mandate.id = line.mandate_id
     left join payment on payment.id = line.payment_id
     where line.collection_id = ? and line.state <> 'taken_out' and line.id > ?
     order by line.id limit ?`,
    [collectionId, after, limit],
  );
  return rows.map(({ iban_country, iban_last4, state, ...row }) => ({
    ...row,
    object: 'collection_line' as const,
    kind: row.instalment === null ? ('representment' as const) : ('instalment' as const),
    account: maskedAccount(iban_country, iban_last4),
    end_to_end_id: row.id.replace('_', '-'),
    status: state,
  }));
}

async function leftOutOf(ctx: ReadContext, collectionId: string, limit: number) {
  const rows = await query<{
    kind: 'instalment' | 'representment';
    subject: string;
    customer: string;
    customer_name: string;
    amount: number;
    due_on: Day;
    reason: string;
  }>(
    ctx.reader,
    `select kind, subject_id as subject, customer_id as customer, customer.name as customer_name, amount, due_on, reason from (
       select kind, subject_id, customer_id, greatest(amount_cents, 0) as amount, due_on, reason from collection_left_out where collection_id = ?
       union all
       select case when instalment_id is null then 'representment' else 'instalment' end, coalesce(instalment_id, payment_id),
         customer_id, amount_cents, due_on, reason from collection_line where collection_id = ? and state = 'taken_out'
     ) out join customer on customer.id = out.customer_id
     order by due_on, subject_id limit ?`,
    [collectionId, collectionId, limit],
  );
  return rows.map((row) => {
    const words = leftOutReasons[row.reason as LeftOutReason];
    return { ...row, detail: words.why[ctx.language], mend: words.mend?.[ctx.language] ?? null };
  });
}

/** A page of lines, in the order of the file. */
export async function listLines(ctx: ReadContext, id: string, filter: { limit: number; cursor?: string | undefined }) {
  const collection = await queryOne(ctx.reader, 'select 1 from collection where id = ? and organization_id = ?', [
    id,
    ctx.organization.id,
  ]);
  if (!collection) throw new Refusal('not_found');
  const rows = await linesOf(ctx, id, filter.cursor ?? '', filter.limit + 1);
  const shown = rows.slice(0, filter.limit);
  const has_more = rows.length > filter.limit;
  return {
    object: 'list' as const,
    data: shown,
    has_more,
    next_cursor: has_more ? (shown.at(-1)?.id ?? null) : null,
  };
}
