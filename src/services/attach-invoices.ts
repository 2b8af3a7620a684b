/**
 * The invoices that a message brings with it.
 *
 * Always true: only the bytes that were kept when the document was printed are attached; a document that is not printed
 * yet is waited for; more than a mail may carry is never sent in part.
 */
import type { Context } from '../context.ts';
import { type AttachedInvoice, fileBytes, fileSizes, invoicesOf } from '../store/invoices-to-send.ts';
import type { StoredMessage } from '../store/messages.ts';
import { stagesOf } from './send-reminders.ts';

/** Mail servers commonly take 10 MB, and a third is added on the way. */
export const MAX_ATTACHED_BYTES = 6 * 1024 * 1024;

const WHILE_PRINTING_MS = 2000;
/** Printing has failed: an operator retries its job. */
const UNTIL_A_PERSON_PRINTS_MS = 60_000;

export interface InvoiceBytes extends AttachedInvoice {
  bytes: Buffer;
}

/** The ids of the invoices that belong to a message, by the organization's settings. */
export async function invoicesOfMessage(ctx: Context, message: StoredMessage): Promise<string[]> {
  const { receipt_with_invoice } = ctx.organization.settings.reminders;
  if (message.kind === 'invoice') return [message.subject_id];
  if (message.kind === 'receipt' && receipt_with_invoice) return invoicesOf(ctx, { payment: message.subject_id });
  if (message.kind !== 'reminder') return [];
  const stage = stagesOf(ctx).find((one) => one.stage === message.stage);
  return stage?.attach_invoice ? invoicesOf(ctx, { debt: message.subject_id }) : [];
}

export type Attachments =
  | { attached: InvoiceBytes[] }
  | { not_yet: 'document_not_printed'; look_again_ms: number }
  | { too_large: number };

/** Those that lie in the envelope of a letter: they are printed with it. */
export async function encloseInvoices(ctx: Context, invoices: readonly string[]): Promise<AttachedInvoice[]> {
  const files = invoices.length === 0 ? [] : await fileSizes(ctx, invoices);
  return files.map(({ invoice, number, sha256 }) => ({ invoice, number, sha256 }));
}

export async function attachInvoices(ctx: Context, invoices: readonly string[]): Promise<Attachments> {
  if (invoices.length === 0) return { attached: [] };
  const files = await fileSizes(ctx, invoices);
  const missing = files.filter((file) => file.size === null);
  if (missing.length > 0) {
    const look_again_ms = missing.every((file) => file.printing) ? WHILE_PRINTING_MS : UNTIL_A_PERSON_PRINTS_MS;
    return { not_yet: 'document_not_printed', look_again_ms };
  }
  const size = files.reduce((sum, file) => sum + (file.size as number), 0);
  if (size > MAX_ATTACHED_BYTES) return { too_large: size };
  const bytes = await fileBytes(ctx, invoices);
  return {
    attached: files.map(({ invoice, number, sha256 }) => ({
      invoice,
      number,
      sha256,
      bytes: bytes.get(invoice) as Buffer,
    })),
  };
}
