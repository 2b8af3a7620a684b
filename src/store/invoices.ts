/**
 * The rows of issued documents.
 *
 * Always true: the number is counted in the transaction that writes the document, by its last statement: a number exists
 * exactly when its document does, and the counter's row is locked as briefly as can be (decision 0093).
 */
import type { Context, ReadContext } from '../context.ts';
import type { Day } from '../domain/day.ts';
import type { InvoiceDocument } from '../domain/invoices/document.ts';
import { counterPeriod, type NumberSeries, numberParts, patternKey } from '../domain/invoices/number.ts';
import { Unavailable } from '../errors/refusal.ts';
import { query, queryOne } from './database.ts';

/** What a document is printed with besides its text. */
export interface Look {
  logo: string | null;
  accent: string | null;
}

export interface StoredInvoice {
  id: string;
  customer_id: string;
  contract_id: string;
  kind: 'invoice' | 'credit_note';
  document: InvoiceDocument;
  look: Look;
}

export async function loadInvoice(ctx: ReadContext, id: string): Promise<StoredInvoice | null> {
  return queryOne<StoredInvoice>(
    ctx.reader,
    'select id, customer_id, contract_id, kind, document, look from invoice where id = ? and organization_id = ?',
    [id, ctx.organization.id],
    'load-invoice',
  );
}

/** The credit notes issued against an invoice, in order. */
export async function creditNotesOf(ctx: ReadContext, invoiceId: string): Promise<InvoiceDocument[]> {
  const rows = await query<{ document: InvoiceDocument }>(
    ctx.reader,
    'select document from invoice where corrects_id = ? order by counter, id',
    [invoiceId],
  );
  return rows.map((row) => row.document);
}

export interface NewDocument {
  id: string;
  customer_id: string;
  contract_id: string;
  corrects_id: string | null;
  /** Everything but its number. */
  document: InvoiceDocument;
  look: Look;
  /** The job that makes it, where several jobs are done together. */
  job_id?: string;
}

const writeSql = `
  with given as materialized (
    select * from jsonb_to_recordset(?::jsonb)
      as row (id text, customer text, contract text, kind text, corrects text, currency text, gross bigint, document jsonb,
              look jsonb, job text, lines jsonb)
  ),
  touched as (update contract set version = version + 1 where id = any(?::text[])),
  written as (
    insert into invoice_body (id, organization_id, customer_id, contract_id, kind, corrects_id, issued_on, currency,
                              gross_cents, document, look, actor, job_id, recorded_at)
    select id, ?, customer, contract, kind, corrects, ?, currency, gross, document, look, ?, job, ? from given
  )
  insert into invoice_line (invoice_id, position, organization_id, contract_id, instalment_id, fee_id, sale_entry, gross_cents,
                            live, given_up)
  select given.id, row.position, ?, given.contract, row.instalment, row.fee, coalesce(
           (select 'sale:' || i.id || ':' || i.sold_revision from instalment i where i.id = row.instalment),
           (select max(posting.entry) from posting where posting.claim_id = row.fee and starts_with(posting.cause, 'sale:'))),
         row.amount, true, false
  from given, jsonb_to_recordset(given.lines) as row (position int, instalment text, fee text, amount bigint)`;

const numberSql = `
  -- Counted by an update where the series is there already: who waits for an upsert starts again each time and may starve.
  with next as (
    update invoice_counter set value = value + ?, last_issued_on = greatest(last_issued_on, ?)
    where organization_id = ? and series = ? and period = ?
    returning value, last_issued_on
  ),
  first as (
    insert into invoice_counter as counter (organization_id, series, period, pattern, restarts, value, last_issued_on)
    select ?, ?, ?, ?, ?, ?::bigint, ?::date where not exists (select 1 from next)
    on conflict (organization_id, series, period)
      do update set value = counter.value + excluded.value,
                    last_issued_on = greatest(counter.last_issued_on, excluded.last_issued_on)
    returning value, last_issued_on
  ),
  counted as (select * from next union all select * from first)
  insert into invoice_number (id, organization_id, series, period, counter, number)
  select given.id, ?, ?, ?, nth.counter,
         ?::text || lpad(nth.counter::text, greatest(?::int, length(nth.counter::text)), '0') || ?::text
  from counted, unnest(?::text[]) with ordinality as given (id, place),
       lateral (select counted.value - ? + given.place as counter) nth
  returning id, number, (select last_issued_on from counted)`;

/**
 * Writes documents of one series and counts them; each contract has another version after it. To be the last of the
 * transaction: from the count to the commit nobody else issues in the series. @returns their numbers, in the order given.
 */
export async function insertDocuments(
  ctx: Context,
  series: NumberSeries,
  documents: readonly NewDocument[],
): Promise<string[]> {
  const issued_on = documents[0]?.document.issued_on;
  if (issued_on === undefined) return [];
  await query(
    ctx.trx,
    writeSql,
    [
      JSON.stringify(documents.map((one) => documentRow(one, ctx.job?.id ?? null))),
      documents.map((one) => one.contract_id),
      ctx.organization.id,
      issued_on,
      ctx.actor,
      ctx.now,
      ctx.organization.id,
    ],
    'write-documents',
  );
  return giveNumbers(
    ctx,
    series,
    issued_on,
    documents.map(({ id }) => id),
  );
}

async function giveNumbers(
  ctx: Context,
  series: NumberSeries,
  issuedOn: Day,
  ids: readonly string[],
): Promise<string[]> {
  const { id: organization } = ctx.organization;
  const period = counterPeriod(series, issuedOn);
  const parts = numberParts(series, issuedOn);
  const count = ids.length;
  const rows = await query<{ id: string; number: string; last_issued_on: Day }>(
    ctx.trx,
    numberSql,
    [
      count,
      issuedOn,
      organization,
      series.code,
      period,
      organization,
      series.code,
      period,
      patternKey(series.pattern),
      series.restarts,
      count,
      issuedOn,
      organization,
      series.code,
      period,
      parts.before,
      parts.digits,
      parts.after,
      ids,
      count,
    ],
    'number-documents',
  );
  // Midnight passed between reading the day and counting: numbers follow days, so it is done again on the new day.
  if (rows.some((row) => row.last_issued_on > issuedOn)) throw new Unavailable('the day of the invoice counter');
  const numbers = new Map(rows.map((row) => [row.id, row.number]));
  return ids.map((id) => {
    const number = numbers.get(id);
    if (number === undefined) throw new Error('the counter gave no number');
    return number;
  });
}

function documentRow(given: NewDocument, job: string | null) {
  const { number: _, ...document } = given.document;
  return {
    id: given.id,
    customer: given.customer_id,
    contract: given.contract_id,
    kind: document.kind,
    corrects: given.corrects_id,
    currency: document.currency,
    gross: document.totals.gross_amount,
    document,
    look: given.look,
    job: given.job_id ?? job,
    lines: document.kind === 'credit_note' ? [] : document.lines.map(lineRow),
  };
}

function lineRow({ position, source, gross_amount }: InvoiceDocument['lines'][number]) {
  const idOf = (kind: string) => (source?.kind === kind ? source.id : null);
  return { position, instalment: idOf('instalment'), fee: idOf('fee'), amount: gross_amount };
}

/**
 * Lines that credit notes took back in whole. `givenUp`: nothing is owed for them any more; else what they were made
 * from may move, and be invoiced, again.
 */
export async function releaseLines(
  ctx: Context,
  invoiceId: string,
  positions: readonly number[],
  givenUp: boolean,
): Promise<void> {
  if (positions.length === 0) return;
  await ctx.trx.raw(
    'update invoice_line set live = false, given_up = ? where invoice_id = ? and position = any(?::int[]) and live',
    [givenUp, invoiceId, positions as number[]],
  );
}

export interface UsedSeries {
  series: string;
  pattern: string;
  restarts: NumberSeries['restarts'];
}

export function usedSeries(ctx: ReadContext): Promise<UsedSeries[]> {
  return query<UsedSeries>(
    ctx.reader,
    'select distinct series, pattern, restarts from invoice_counter where organization_id = ?',
    [ctx.organization.id],
  );
}

export async function loadLogo(ctx: ReadContext, id: string): Promise<Buffer | null> {
  const row = await queryOne<{ bytes: Buffer }>(
    ctx.reader,
    'select bytes from logo where id = ? and organization_id = ?',
    [id, ctx.organization.id],
  );
  return row?.bytes ?? null;
}
