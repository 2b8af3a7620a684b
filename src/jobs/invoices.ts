/** Jobs of invoices. */
import { z } from 'zod';
import { idField } from '../schemas/fields.ts';
import { invoiceCancellation, newInvoice } from '../schemas/invoices.ts';
import { operationPayload } from '../schemas/operation-payload.ts';
import { declareJob } from './declaration.ts';

export const invoiceJobs = {
  'issue-invoice': declareJob({
    does: 'Makes the invoice of a contract.',
    lane: 'work',
    payload: operationPayload(z.strictObject({ ...newInvoice.shape, new_invoice: idField('inv') })),
    concerns: ({ input }) => input.contract,
  }),
  'cancel-invoice': declareJob({
    does: 'Cancels an invoice by a credit note.',
    lane: 'work',
    payload: operationPayload(
      z.strictObject({ invoice: idField('inv'), cancellation: invoiceCancellation, new_invoice: idField('inv') }),
    ),
    concerns: ({ input }) => input.invoice,
  }),
  'print-invoice': declareJob({
    does: 'Prints the PDF of an invoice or a credit note.',
    lane: 'outside',
    payload: z.strictObject({ invoice: idField('inv') }),
    concerns: ({ invoice }) => invoice,
  }),
};
