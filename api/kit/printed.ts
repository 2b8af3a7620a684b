/** Prints a document for the one who asks, and answers with its file. */
import type { Response } from 'express';
import type { ReadContext } from '../../src/context.ts';
import { openPrinter } from '../../src/gateways/invoice-pdf/pool.ts';
import type { PrintJob } from '../../src/gateways/invoice-pdf/render.ts';
import { loadLogo } from '../../src/store/invoices.ts';

/** A thread of its own, started by the first document. */
const printer = openPrinter();

/** In the organization's look of today. `name` is the file's, without its ending: letters, digits, dashes. */
export async function sendPdf(ctx: ReadContext, response: Response, name: string, job: PrintJob): Promise<void> {
  const { logo, accent } = ctx.organization.settings.invoicing;
  const { pdf } = await printer.print({ ...job, logo: logo === null ? null : await loadLogo(ctx, logo), accent });
  response.set({
    'Content-Type': 'application/pdf',
    'Content-Disposition': `inline; filename="${name}.pdf"`,
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  });
  response.send(pdf);
}
