/**
 * Issued documents as people see them: what they said when they were issued, and how they stand today.
 *
 * Always true: `paid_amount` and `due_amount` are today's; the document inside keeps those of the day of issue.
 */
import { z } from 'zod';
import type { ReadContext } from '../context.ts';
import type { Day } from '../domain/day.ts';
import { maskAccountNumbers } from '../domain/iban.ts';
import type { InvoiceDocument } from '../domain/invoices/document.ts';
import { Refusal } from '../errors/refusal.ts';
import { amountField, dayField } from '../schemas/fields.ts';
import { query, queryOne } from '../store/database.ts';
import { type Page, pageOf } from './page.ts';

const statuses = ['open', 'partly_paid', 'paid', 'cancelled', 'issued'] as const;

const summaryFields = {
  id: z.string(),
  object: z.enum(['invoice', 'credit_note']),
  number: z.string(),
  status: z
    .enum(statuses)
    .meta({ description: 'A credit note is `issued`; an invoice taken back whole, `cancelled`.' }),
  customer: z.string(),
  contract: z.string(),
  corrects: z.string().nullable().meta({ description: 'The invoice that a credit note takes back.' }),
  issued_on: dayField,
  currency: z.string(),
  gross_amount: amountField,
  credited_amount: amountField.meta({ description: 'Taken back by credit notes.' }),
  paid_amount: amountField,
  due_amount: amountField,
  pdf: z.object({
    url: z.string(),
    ready: z.boolean(),
    sha256: z.string().nullable(),
    pages: z.int().nullable(),
    warnings: z.array(z.string()),
  }),
};

export const invoiceSummarySchema = z.object(summaryFields).meta({ id: 'InvoiceSummary' });
export const invoiceSchema = z
  .object({
    ...summaryFields,
    credit_notes: z.array(z.string()),
    document: z.looseObject({}).meta({ description: 'All that it says, as it was issued.' }),
  })
  .meta({ id: 'Invoice' });

interface SummaryRow {
  id: string;
  kind: 'invoice' | 'credit_note';
  number: string;
  customer_id: string;
  contract_id: string;
  corrects_id: string | null;
  issued_on: Day;
  currency: string;
  gross_cents: number;
  credited_cents: number;
  paid_cents: number;
  sha256: string | null;
  pages: number | null;
  warnings: string[] | null;
}

const columns = `invoice.id, invoice.kind, invoice.number, invoice.customer_id, invoice.contract_id, invoice.corrects_id,
  invoice.issued_on, invoice.currency, invoice.gross_cents,
  coalesce((select sum(note.gross_cents)::bigint from invoice note where note.corrects_id = invoice.id), 0) as credited_cents,
  coalesce((select sum(claim.covered_cents - coalesce((
              select sum(part.amount_cents) from payment_part part join payment p on p.id = part.payment_id
              where part.claim_id = claim.id and p.state = 'collecting'), 0))::bigint
            from invoice_line line, lateral (
              select i.id, i.covered_cents from instalment i where i.id = line.instalment_id
              union all select f.id, f.covered_cents from fee f where f.id = line.fee_id) claim
            where line.invoice_id = invoice.id and line.live), 0) as paid_cents,
  file.sha256, file.pages, file.warnings`;

const tables = 'invoice left join invoice_file file on file.invoice_id = invoice.id';

function show(row: SummaryRow) {
  const owed = Math.max(0, row.gross_cents - row.credited_cents);
  const paid = Math.min(owed, row.paid_cents);
  const note = row.kind === 'credit_note';
  return {
    id: row.id,
    object: row.kind,
    number: row.number,
    status: note ? ('issued' as const) : statusOf(owed, paid, row),
    customer: row.customer_id,
    contract: row.contract_id,
    corrects: row.corrects_id,
    issued_on: row.issued_on,
    currency: row.currency,
    gross_amount: row.gross_cents,
    credited_amount: row.credited_cents,
    paid_amount: note ? 0 : paid,
    due_amount: note ? 0 : owed - paid,
    pdf: {
      url: `/v1/invoices/${row.id}/pdf`,
      ready: row.sha256 !== null,
      sha256: row.sha256,
      pages: row.pages,
      warnings: row.warnings ?? [],
    },
  };
}

function statusOf(owed: number, paid: number, row: SummaryRow): 'cancelled' | 'paid' | 'partly_paid' | 'open' {
  if (owed === 0 && row.credited_cents > 0) return 'cancelled';
  if (paid === owed) return 'paid';
  return paid > 0 ? 'partly_paid' : 'open';
}

export type InvoiceSummary = ReturnType<typeof show>;

export async function findInvoice(
  ctx: ReadContext,
  id: string,
): Promise<InvoiceSummary & { credit_notes: string[]; document: InvoiceDocument }> {
  const row = await queryOne<SummaryRow & { document: InvoiceDocument; credit_notes: string[] }>(
    ctx.reader,
    `select ${columns}, invoice.document,
       coalesce((select json_agg(note.id order by note.id) from invoice note where note.corrects_id = invoice.id), '[]')
         as credit_notes
     from ${tables} where invoice.id = ? and invoice.organization_id = ?`,
    [id, ctx.organization.id],
    'find-invoice',
  );
  if (!row) throw new Refusal('not_found');
  return { ...show(row), credit_notes: row.credit_notes, document: row.document };
}

export interface JustIssued {
  id: string;
  customer: string;
  contract: string;
  corrects: string | null;
  document: InvoiceDocument;
}

/**
 * A document in the moment it is issued, without reading it back. It is kept with the job that made it, where no
 * account number stands in clear, not even the organization's own.
 */
export function showIssued({ id, customer, contract, corrects, document }: JustIssued) {
  const { kind, number, issued_on, currency, totals } = document;
  const row = {
    id,
    kind,
    number,
    customer_id: customer,
    contract_id: contract,
    corrects_id: corrects,
    issued_on,
    currency,
    gross_cents: totals.gross_amount,
    credited_cents: 0,
    paid_cents: totals.paid_amount,
    sha256: null,
    pages: null,
    warnings: null,
  };
  const { iban } = document.seller;
  const seller = { ...document.seller, iban: iban && maskAccountNumbers(iban) };
  return { ...show(row), credit_notes: [], document: { ...document, seller } };
}

export interface InvoiceFilter {
  limit: number;
  cursor?: string | undefined;
  customer?: string | undefined;
  contract?: string | undefined;
  kind?: 'invoice' | 'credit_note' | undefined;
}

export async function listInvoices(ctx: ReadContext, filter: InvoiceFilter): Promise<Page<InvoiceSummary>> {
  const { cursor = null, customer = null, contract = null, kind = null } = filter;
  const rows = await query<SummaryRow>(
    ctx.reader,
    `select ${columns} from ${tables}
     where invoice.organization_id = ? and (?::text is null or invoice.id < ?)
       and (?::text is null or invoice.customer_id = ?) and (?::text is null or invoice.contract_id = ?)
       and (?::text is null or invoice.kind = ?)
     order by invoice.id desc limit ?`,
    [ctx.organization.id, cursor, cursor, customer, customer, contract, contract, kind, kind, filter.limit + 1],
  );
  return pageOf(rows, filter.limit, show);
}

export interface InvoiceFile {
  number: string;
  /** Null while it is not printed. */
  bytes: Buffer | null;
  sha256: string | null;
  /** The job that prints it. */
  job: { id: string; ended_badly: boolean } | null;
}

export async function findInvoiceFile(ctx: ReadContext, id: string): Promise<InvoiceFile> {
  const row = await queryOne<Omit<InvoiceFile, 'job'> & { job_id: string | null; job_state: string | null }>(
    ctx.reader,
    `select invoice.number, file.bytes, file.sha256, job.id as job_id, job.state as job_state
     from ${tables}
     left join lateral (
       select job.id, job.state from job
       where job.organization_id = invoice.organization_id and job.concerns = invoice.id and job.name = 'print-invoice'
       order by job.id desc limit 1
     ) job on file.invoice_id is null
     where invoice.id = ? and invoice.organization_id = ?`,
    [id, ctx.organization.id],
  );
  if (!row) throw new Refusal('not_found');
  const { job_id, job_state, ...file } = row;
  const ended_badly = job_state === 'failed' || job_state === 'discarded';
  return { ...file, job: job_id === null ? null : { id: job_id, ended_badly } };
}
