/**
 * Which instalments of a contract an invoice is made for.
 *
 * Always true:
 * - only what is paid or due is invoiced, and only what costs something;
 * - an instalment stands on one invoice at a time: it may be invoiced again once a credit note took its line back;
 * - nothing asked for: all that is paid and not invoiced yet.
 */
import { Refusal } from '../../errors/refusal.ts';
import type { Day } from '../day.ts';
import type { Cents } from '../money.ts';
import type { PaymentMethod } from '../payment-method.ts';
import type { InstalmentStatus } from '../schedule/instalment.ts';
import type { Settlement } from './document.ts';

export interface InvoiceSource {
  id: string;
  number: number;
  due_on: Day;
  amount: Cents;
  status: InstalmentStatus;
  method: PaymentMethod;
  /** The number of the invoice that it stands on. */
  invoice: string | null;
  /** What was received for it. */
  settlements: readonly Settlement[];
}

/**
 * @throws Refusal `not_found`, `invoice_without_lines`, `invoice_instalment_invoiced`, `invoice_instalment_free`,
 * `invoice_instalment_not_due`
 */
export function chooseInstalments(
  all: readonly InvoiceSource[],
  asked: readonly string[] | null,
  today: Day,
): InvoiceSource[] {
  if (asked === null) {
    const paid = all.filter((one) => one.status === 'paid' && one.amount > 0 && one.invoice === null);
    if (paid.length === 0) throw new Refusal('invoice_without_lines');
    return paid;
  }
  const wanted = new Set(asked);
  for (const id of wanted) if (!all.some((one) => one.id === id)) throw new Refusal('not_found');
  const chosen = all.filter((one) => wanted.has(one.id));
  if (chosen.length === 0) throw new Refusal('invoice_without_lines');
  for (const one of chosen) {
    const { number, invoice, due_on } = one;
    if (invoice !== null) throw new Refusal('invoice_instalment_invoiced', { number, invoice });
    if (one.amount === 0 || one.status === 'waived' || one.status === 'cancelled')
      throw new Refusal('invoice_instalment_free', { number });
    if (one.status !== 'paid' && due_on > today) throw new Refusal('invoice_instalment_not_due', { number, due_on });
  }
  return chosen;
}
