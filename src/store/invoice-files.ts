/** The printed files of issued documents: written once, never changed. */
import type { Context, ReadContext } from '../context.ts';
import type { InvoiceDocument } from '../domain/invoices/document.ts';
import { queryOne } from './database.ts';
import { loadInvoice, loadLogo } from './invoices.ts';

export interface Print {
  document: InvoiceDocument;
  logo: Buffer | null;
  accent: string | null;
}

/** What a document is printed from. */
export async function loadPrint(ctx: ReadContext, invoiceId: string): Promise<Print> {
  const invoice = await loadInvoice(ctx, invoiceId);
  if (!invoice) throw new Error(`no invoice ${invoiceId}`);
  const { document, look } = invoice;
  return { document, logo: look.logo === null ? null : await loadLogo(ctx, look.logo), accent: look.accent };
}

export interface PrintedRow {
  invoice: string;
  sha256: string;
  pages: number;
  warnings: string[];
}

export function findPrinted(ctx: ReadContext, invoiceId: string): Promise<PrintedRow | null> {
  return queryOne<PrintedRow>(
    ctx.reader,
    'select invoice_id as invoice, sha256, pages, warnings from invoice_file where invoice_id = ? and organization_id = ?',
    [invoiceId, ctx.organization.id],
  );
}

export async function keepPrinted(
  ctx: Context,
  invoiceId: string,
  file: { pdf: Buffer; sha256: string; pages: number; warnings: readonly string[] },
): Promise<void> {
  await ctx.trx.raw(
    `insert into invoice_file (invoice_id, organization_id, bytes, sha256, pages, warnings, rendered_at)
     values (?, ?, ?, ?, ?, ?, ?) on conflict (invoice_id) do nothing`,
    [
      invoiceId,
      ctx.organization.id,
      file.pdf,
      file.sha256,
      file.pages,
      JSON.stringify(file.warnings),
      ctx.now,
    ] as never,
  );
}
