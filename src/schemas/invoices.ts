/** Inputs about invoices, as clients send them. */
import { z } from 'zod';
import { MAX_AMOUNT } from '../domain/money.ts';
import { idField, lineField } from './fields.ts';

export const newInvoice = z.strictObject({
  contract: idField('ctr'),
  instalments: z.array(idField('ins')).min(1).max(600).optional().meta({
    description:
      'Paid or due instalments of the contract. Where neither these nor fees are named, all that are paid and not invoiced yet.',
  }),
  fees: z.array(idField('fee')).min(1).max(100).optional().meta({
    description: 'Fees of the customer (of a rejection, of a cancellation) that are paid or due.',
  }),
});
export type NewInvoice = z.infer<typeof newInvoice>;

const positiveAmount = z.int().min(1).max(MAX_AMOUNT).meta({ description: 'Minor units (cents), tax included.' });

export const invoiceCancellation = z.strictObject({
  lines: z
    .array(
      z.strictObject({
        line: z.int().min(1).max(1000).meta({ description: 'Its position on the invoice.' }),
        amount: positiveAmount.optional().meta({ description: 'What to take back; without it, all that is left.' }),
      }),
    )
    .min(1)
    .max(1000)
    .optional(),
  amount: positiveAmount.optional().meta({ description: 'Shared over the lines from the first on.' }),
  still_owed: z.boolean().optional().meta({
    description:
      'Only the document was wrong: what it was for stays owed or paid, and may be invoiced again. For whole lines only. Otherwise what was not paid is no longer owed, and what was paid becomes the customer’s credit.',
  }),
  reason: lineField(300),
});
export type InvoiceCancellation = z.infer<typeof invoiceCancellation>;
