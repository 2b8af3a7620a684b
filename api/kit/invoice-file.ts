/** Answers with the file of an issued document, or with the job that still prints it. */
import type { Request, Response } from 'express';
import type { ReadContext } from '../../src/context.ts';
import { Refusal } from '../../src/errors/refusal.ts';
import { findInvoiceFile } from '../../src/views/invoices.ts';
import { findJob } from '../../src/views/jobs.ts';
import type { Api } from './api.ts';
import { preferredWait } from './headers.ts';

/** How long it waits when the caller says nothing: most files are there by then. */
const USUAL_WAIT_S = 5;

export async function sendInvoiceFile(
  ctx: ReadContext,
  id: string,
  { request, response, api }: { request: Request; response: Response; api: Api },
): Promise<void> {
  let file = await findInvoiceFile(ctx, id);
  if (!file.bytes && file.job && !file.job.ended_badly) {
    const seconds = preferredWait(request) ?? USUAL_WAIT_S;
    if (seconds > 0) await api.watcher.wait(file.job.id, seconds * 1000);
    file = await findInvoiceFile(ctx, id);
  }
  if (file.bytes && file.sha256) {
    const name = file.number.replace(/[^A-Za-z0-9._-]/g, '-');
    response.set({
      'Content-Type': 'application/pdf',
      'Content-Disposition': `inline; filename="${name}.pdf"`,
      'Cache-Control': 'private, max-age=31536000, immutable',
      'X-Content-Type-Options': 'nosniff',
      'Repr-Digest': `sha-256=:${Buffer.from(file.sha256, 'hex').toString('base64')}:`,
      ETag: `"${file.sha256}"`,
    });
    // Answers 304 to the same ETag.
    response.send(file.bytes);
    return;
  }
  if (!file.job || file.job.ended_badly) throw new Refusal('invoice_print_failed', { job: file.job?.id ?? null });
  response.set({ Location: `/v1/jobs/${file.job.id}`, 'Retry-After': '2' });
  response.status(202).json({ job: await findJob(ctx, file.job.id, ctx.language) });
}
