/**
 * The rows of issued documents.
 *
 * Always true: the number is counted in the statement that writes the document, which is the last but one of its
 * transaction: a number exists exactly when its document does, and the counter's row is locked as briefly as can be.
 */
import type { Context, ReadContext } from '../context.ts';
import type { Day } from '../domain/day.ts';
import type { InvoiceSource } from '../domain/invoices/choose-instalments.ts';
import type { InvoiceDocument, Settlement } from '../domain/invoices/document.ts';
import { counterPeriod, type NumberSeries, numberParts, patternKey } from '../domain/invoices/number.ts';
import type { Cents } from '../domain/money.ts';
import type { PaymentMethod } from '../domain/payment-method.ts';
import type { InstalmentStatus } from '../domain/schedule/instalment.ts';
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

export async function invoiceSources(ctx: ReadContext, contractId: string): Promise<InvoiceSource[]> {
  const rows = await query<{
    id: string;
    number: number;
    due_on: Day;
    amount_cents: number;
    status: InstalmentStatus;
    method: PaymentMethod;
    invoice: string | null;
    settlements: Settlement[];
  }>(
    ctx.reader,
    `select i.id, i.number, i.due_on, i.amount_cents, i.status, i.method, invoice.number as invoice,
            coalesce((select json_agg(json_build_object('on', p.paid_on, 'amount', part.amount_cents, 'method', p.method)
                                      order by p.paid_on, p.id)
                      from payment_part part join payment p on p.id = part.payment_id
                      where part.claim_id = i.id and p.state = 'settled'), '[]') as settlements
     from instalment i
     left join invoice_line line on line.instalment_id = i.id and line.live
     left join invoice on invoice.id = line.invoice_id
     where i.contract_id = ? order by i.number`,
    [contractId],
    'invoice-sources',
  );
  return rows.map(({ amount_cents, ...row }) => ({ ...row, amount: amount_cents as Cents }));
}

export interface NewDocument {
  id: string;
  customer_id: string;
  contract_id: string;
  corrects_id: string | null;
  series: NumberSeries;
  /** Everything but its number. */
  document: InvoiceDocument;
  look: Look;
}

const sql = `
  with counted as (
    insert into invoice_counter as counter (organization_id, series, period, pattern, restarts, value, last_issued_on)
    values (?, ?, ?, ?, ?, 1, ?)
    on conflict (organization_id, series, period)
      do update set value = counter.value + 1, last_issued_on = greatest(counter.last_issued_on, excluded.last_issued_on)
    returning value, last_issued_on
  ),
  named as (
    select value, last_issued_on, ?::text || lpad(value::text, greatest(?::int, length(value::text)), '0') || ?::text as number
    from counted
  ),
  touched as (update contract set version = version + 1 where id = ?),
  issued as (
    insert into invoice (id, organization_id, customer_id, contract_id, kind, corrects_id, series, period, counter, number,
                         issued_on, currency, gross_cents, document, look, actor, job_id, recorded_at)
    select ?, ?, ?, ?, ?, ?, ?, ?, value, number, ?, ?, ?, ?::jsonb || jsonb_build_object('number', number), ?::jsonb, ?, ?, ?
    from named
    returning id
  ),
  lines as (
    insert into invoice_line (invoice_id, position, organization_id, contract_id, instalment_id, fee_id, gross_cents, live)
    select issued.id, row.position, ?, ?, row.instalment, row.fee, row.amount, true
    from issued, jsonb_to_recordset(?::jsonb) as row (position int, instalment text, fee text, amount bigint)
  )
  select number, last_issued_on from named`;

/** Counts and writes; the contract has another version after it. @returns the number. */
export async function insertDocument(ctx: Context, given: NewDocument): Promise<string> {
  const { series, document } = given;
  const { id: organization } = ctx.organization;
  const period = counterPeriod(series, document.issued_on);
  const parts = numberParts(series, document.issued_on);
  const lines = document.kind === 'credit_note' ? [] : document.lines.map(lineRow);
  const row = await queryOne<{ number: string; last_issued_on: Day }>(
    ctx.trx,
    sql,
    [
      organization,
      series.code,
      period,
      patternKey(series.pattern),
      series.restarts,
      document.issued_on,
      parts.before,
      parts.digits,
      parts.after,
      given.contract_id,
      given.id,
      organization,
      given.customer_id,
      given.contract_id,
      document.kind,
      given.corrects_id,
      series.code,
      period,
      document.issued_on,
      document.currency,
      document.totals.gross_amount,
      JSON.stringify(document),
      JSON.stringify(given.look),
      ctx.actor,
      ctx.job?.id ?? null,
      ctx.now,
      organization,
      given.contract_id,
      JSON.stringify(lines),
    ],
    'insert-document',
  );
  if (!row) throw new Error('the counter gave no number');
  // Midnight passed between reading the day and counting: numbers follow days, so it is done again on the new day.
  if (row.last_issued_on > document.issued_on) throw new Unavailable('the day of the invoice counter');
  return row.number;
}

function lineRow({ position, source, gross_amount }: InvoiceDocument['lines'][number]) {
  const idOf = (kind: string) => (source?.kind === kind ? source.id : null);
  return { position, instalment: idOf('instalment'), fee: idOf('fee'), amount: gross_amount };
}

/** Lines that credit notes took back in whole: what they were made from may move, and be invoiced, again. */
export async function releaseLines(ctx: Context, invoiceId: string, positions: readonly number[]): Promise<void> {
  if (positions.length === 0) return;
  await ctx.trx.raw('update invoice_line set live = false where invoice_id = ? and position = any(?::int[]) and live', [
    invoiceId,
    positions as number[],
  ]);
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
