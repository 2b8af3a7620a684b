/**
 * A document as the bytes of a PDF. No clock, no network, no randomness: the same job gives the same bytes.
 * It runs in a render thread (see `pool.ts`), because a document may ask for more time than a request has.
 */
import type { InvoiceDocument } from '../../domain/invoices/document.ts';
import type { StatementDocument } from '../../domain/invoices/statement.ts';
import { facturX } from '../../formats/factur-x.ts';
import { embedFacturX, nameCreator } from './archive.ts';
import { drawInvoice } from './invoice-sheet.ts';
import { prepareLogo } from './logo.ts';
import { Sheet } from './sheet.ts';
import { drawStatement } from './statement-sheet.ts';
import { words } from './words.ts';

export type PrintJob = (
  | { kind: 'invoice'; document: InvoiceDocument }
  | { kind: 'statement'; document: StatementDocument }
) & {
  /** PNG or JPEG, at most a megabyte. */
  logo?: Uint8Array | null;
  /** The organization's colour, `#rrggbb`. */
  accent?: string | null;
};

/** What was left out of the document, for whoever looks after the settings. */
export type PrintWarning = 'logo_unreadable';

export interface Printed {
  pdf: Buffer;
  /** The Factur-X file inside; null in a statement, which has none. */
  xml: string | null;
  pages: number;
  warnings: PrintWarning[];
}

export function renderPdf(job: PrintJob): Printed {
  const warnings: PrintWarning[] = [];
  const logo = job.logo ? prepareLogo(job.logo) : null;
  if (job.logo && logo === null) warnings.push('logo_unreadable');
  const look = { logo, accent: job.accent ?? null };
  const { language, seller, issued_on } = job.document;
  const xml = job.kind === 'invoice' ? facturX(job.document) : null;
  const name =
    job.kind === 'invoice'
      ? `${words[job.document.kind][language]} ${job.document.number}`
      : `${words.statement[language]} ${job.document.period.to_on}`;
  const sheet = new Sheet({ title: name, language, on: issued_on, identity: xml ?? JSON.stringify(job.document) });
  nameCreator(sheet, seller.name);
  if (xml !== null) embedFacturX(sheet, xml, issued_on);
  if (job.kind === 'invoice') drawInvoice(sheet, job.document, look);
  else drawStatement(sheet, job.document, look);
  return { pdf: sheet.finish(), xml, pages: sheet.pageCount, warnings };
}
