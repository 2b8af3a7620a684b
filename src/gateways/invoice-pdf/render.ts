/**
 * A document as the bytes of a PDF. No clock, no network, no randomness: the same job gives the same bytes.
 * It runs in a render thread (see `pool.ts`), because a document may ask for more time than a request has.
 */
import type { Day } from '../../domain/day.ts';
import type { InvoiceDocument } from '../../domain/invoices/document.ts';
import type { StatementDocument } from '../../domain/invoices/statement.ts';
import type { Language } from '../../errors/language.ts';
import { facturX } from '../../formats/factur-x.ts';
import type { PaperLetter } from '../../formats/mail/paper-letter.ts';
import { embedFacturX, nameCreator } from './archive.ts';
import { drawInvoice } from './invoice-sheet.ts';
import { drawLetter } from './letter-sheet.ts';
import { prepareLogo } from './logo.ts';
import { Sheet } from './sheet.ts';
import { drawStatement } from './statement-sheet.ts';
import { words } from './words.ts';

export type PrintJob = (
  | { kind: 'invoice'; document: InvoiceDocument }
  | { kind: 'statement'; document: StatementDocument }
  | { kind: 'letters'; letters: PaperLetter[] }
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
  const { name, language, sender, on } = headOf(job);
  const xml = job.kind === 'invoice' ? facturX(job.document) : null;
  const identity = xml ?? JSON.stringify(job.kind === 'letters' ? job.letters : job.document);
  const sheet = new Sheet({ title: name, language, on, identity });
  nameCreator(sheet, sender);
  if (xml !== null) embedFacturX(sheet, xml, on);
  if (job.kind === 'invoice') drawInvoice(sheet, job.document, look);
  else if (job.kind === 'statement') drawStatement(sheet, job.document, look);
  else for (const letter of job.letters) drawLetter(sheet, letter, look);
  return { pdf: sheet.finish(), xml, pages: sheet.pageCount, warnings };
}

interface Head {
  name: string;
  language: Language;
  sender: string;
  on: Day;
}

function headOf(job: PrintJob): Head {
  if (job.kind === 'letters') {
    const [first] = job.letters;
    if (!first) throw new RangeError('a print of no letters');
    const { letter, seller, on } = first;
    const name = job.letters.length === 1 ? letter.subject : `${words.letters[letter.language]} ${on}`;
    return { name, language: letter.language, sender: seller.name, on };
  }
  const { language, seller, issued_on } = job.document;
  const name =
    job.kind === 'invoice'
      ? `${words[job.document.kind][language]} ${job.document.number}`
      : `${words.statement[language]} ${job.document.period.to_on}`;
  return { name, language, sender: seller.name, on: issued_on };
}
