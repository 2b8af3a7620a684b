/**
 * The fee of a return that the bank takes back, where it stands on an invoice already: its line is credited by a credit
 * note in the same transaction, so that nobody is asked for a fee of a return that never was.
 *
 * Always true: only a fee of which nothing is paid or in flight; the others wait for a person.
 */
import type { Context } from '../context.ts';
import { newId } from '../ids.ts';
import { cancelInvoice } from './cancel-invoice.ts';
import { commitOperation } from './operation.ts';
import type { ReturnPlan } from './plan-return.ts';

const reasons = {
  fr: 'Rejet annulé par la banque',
  en: 'The bank took the return back',
  de: 'Rückgabe von der Bank zurückgenommen',
};

/** After everything else of the return is written: the credit note reads it, and counts its number last. */
export async function creditInvoicedFee(ctx: Context, { returned, restoration }: ReturnPlan): Promise<void> {
  const line = returned.fee?.invoiced;
  const amount = restoration?.fee_credited ?? 0;
  if (!line || amount === 0) return;
  await commitOperation(ctx, 'cancel-invoice', cancelInvoice, {
    invoice: line.invoice,
    cancellation: { lines: [{ line: line.position, amount }], reason: reasons[line.language] },
    new_invoice: newId('inv'),
  });
}
