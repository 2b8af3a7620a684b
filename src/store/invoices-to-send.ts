/** Invoices as messages bring them: those to send by themselves, those that belong to a debt or a payment, their files. */
import type { ReadContext } from '../context.ts';
import { addDays, type Day } from '../domain/day.ts';
import type { Channel } from '../domain/reminders/kinds.ts';
import { NOTICE_WITHIN_DAYS } from '../domain/reminders/notices.ts';
import type { Language } from '../errors/language.ts';
import { query } from './database.ts';
import { canBeWrittenTo, channelOf, untold } from './receivers.ts';

export interface InvoiceToSend {
  invoice: string;
  customer: string;
  contract: string;
  language: Language;
  channel: Channel;
  amount: number;
  issued_on: Day;
}

/** The invoices of the last days that were neither sent nor taken back whole. */
export function invoicesToSend(ctx: ReadContext): Promise<InvoiceToSend[]> {
  const { id, settings } = ctx.organization;
  return query<InvoiceToSend>(
    ctx.reader,
    `select i.id as invoice, i.customer_id as customer, i.contract_id as contract, i.document ->> 'language' as language,
       ${channelOf}, i.gross_cents as amount, i.issued_on
     from invoice i join customer c on c.id = i.customer_id
     where i.organization_id = ? and i.kind = 'invoice' and i.issued_on between ? and ? and ${untold('i.id')}
       and i.gross_cents > coalesce((select sum(note.gross_cents) from invoice note where note.corrects_id = i.id), 0)
       and ${canBeWrittenTo}
     order by i.id`,
    [
      id,
      addDays(ctx.today, -NOTICE_WITHIN_DAYS),
      ctx.today,
      'invoice',
      settings.reminders.letters_for.includes('invoice'),
    ],
    'invoices-to-send',
  );
}

/** The invoices in force of what a payment paid, or of a debt. */
export async function invoicesOf(ctx: ReadContext, subject: { payment: string } | { debt: string }): Promise<string[]> {
  const [claims, id, name] =
    'payment' in subject
      ? ['select claim_id from payment_part where payment_id = ?', subject.payment, 'invoices-of-payment']
      : ['select ?::text', subject.debt, 'invoices-of-debt'];
  const rows = await query<{ invoice_id: string }>(
    ctx.reader,
    `select distinct invoice_id from invoice_line
     where live and organization_id = ? and (instalment_id in (${claims}) or fee_id in (${claims})) order by invoice_id`,
    [ctx.organization.id, id, id],
    name,
  );
  return rows.map(({ invoice_id }) => invoice_id);
}

/** A document as it was printed, named by its hash. */
export interface AttachedInvoice {
  invoice: string;
  number: string;
  /** Null where it was not printed yet. */
  sha256: string | null;
}

export interface InvoiceFileSize {
  invoice: string;
  number: string;
  sha256: string | null;
  /** Null while it is not printed. */
  size: number | null;
  /** A job is at it. */
  printing: boolean;
}

export function fileSizes(ctx: ReadContext, invoices: readonly string[]): Promise<InvoiceFileSize[]> {
  return query<InvoiceFileSize>(
    ctx.reader,
    `select i.id as invoice, i.number, f.sha256, length(f.bytes) as size,
       exists (select 1 from job where job.concerns = i.id and job.name = 'print-invoice' and job.state in ('queued', 'running')) as printing
     from invoice i left join invoice_file f on f.invoice_id = i.id
     where i.id = any(?::text[]) and i.organization_id = ? order by i.id`,
    [invoices, ctx.organization.id],
    'invoice-file-sizes',
  );
}

/** The kept bytes, by invoice. */
export async function fileBytes(ctx: ReadContext, invoices: readonly string[]): Promise<Map<string, Buffer>> {
  const rows = await query<{ invoice: string; bytes: Buffer }>(
    ctx.reader,
    'select invoice_id as invoice, bytes from invoice_file where invoice_id = any(?::text[]) and organization_id = ?',
    [invoices, ctx.organization.id],
    'invoice-file-bytes',
  );
  return new Map(rows.map(({ invoice, bytes }) => [invoice, bytes]));
}
