/**
 * What an invoice of a contract is made for: instalments, and fees beside them.
 *
 * Always true:
 * - only what is paid or due is invoiced, and only what costs something;
 * - each stands on one invoice at a time: it may be invoiced again once a credit note took its line back and said that
 *   it is still owed;
 * - nothing asked for: all that is paid and not invoiced yet, the contract's own fees included.
 */
import type { RefusalCode } from '../../errors/catalogue/index.ts';
import { Refusal } from '../../errors/refusal.ts';
import type { Day } from '../day.ts';
import type { Cents } from '../money.ts';
import type { PaymentMethod } from '../payment-method.ts';
import type { InstalmentStatus } from '../schedule/instalment.ts';
import type { Settlement } from './document.ts';

interface Invoiceable {
  id: string;
  due_on: Day;
  amount: Cents;
  status: InstalmentStatus;
  /** The number of the invoice that it stands on. */
  invoice: string | null;
  /** The ledger has sold it. */
  sold: boolean;
  /** What was received for it. */
  settlements: readonly Settlement[];
  /** The payment by which it is asked for again after it came back. */
  asked: { method: PaymentMethod; due_on: Day } | null;
  /** The day on which the bank collects it, once it is with the bank. */
  collect_on: Day | null;
}

export interface InstalmentSource extends Invoiceable {
  kind: 'instalment';
  number: number;
  method: PaymentMethod;
}

export interface FeeSource extends Invoiceable {
  kind: 'fee';
  label: string;
  tax_rate_bps: number;
  /** It came with this contract, and not with another one of the customer. */
  own: boolean;
}

export type InvoiceSource = InstalmentSource | FeeSource;

export interface AskedSources {
  instalments?: readonly string[] | undefined;
  fees?: readonly string[] | undefined;
}

const codes = {
  instalment: {
    invoiced: 'invoice_instalment_invoiced',
    free: 'invoice_instalment_free',
    not_due: 'invoice_instalment_not_due',
  },
  fee: { invoiced: 'invoice_fee_invoiced', free: 'invoice_fee_free', not_due: 'invoice_fee_not_due' },
} satisfies Record<InvoiceSource['kind'], Record<string, RefusalCode>>;

/**
 * @throws Refusal `not_found`, `invoice_without_lines`, `invoice_instalment_invoiced`, `invoice_instalment_free`,
 * `invoice_instalment_not_due` and the same of fees
 */
export function chooseSources(all: readonly InvoiceSource[], asked: AskedSources, today: Day): InvoiceSource[] {
  if (asked.instalments === undefined && asked.fees === undefined) {
    const paid = all.filter(
      (one) =>
        one.status === 'paid' && one.amount > 0 && one.invoice === null && (one.kind === 'instalment' || one.own),
    );
    if (paid.length === 0) throw new Refusal('invoice_without_lines');
    return paid;
  }
  const chosen = [...named(all, 'instalment', asked.instalments ?? []), ...named(all, 'fee', asked.fees ?? [])];
  for (const one of chosen) refuseUnready(one, today);
  return chosen;
}

function named(all: readonly InvoiceSource[], kind: InvoiceSource['kind'], ids: readonly string[]): InvoiceSource[] {
  const wanted = new Set(ids);
  const found = all.filter((one) => one.kind === kind && wanted.has(one.id));
  if (found.length < wanted.size) throw new Refusal('not_found');
  return found;
}

function refuseUnready(one: InvoiceSource, today: Day): void {
  const name: Record<string, string | number> =
    one.kind === 'instalment' ? { number: one.number } : { label: one.label };
  const { invoiced, free, not_due } = codes[one.kind];
  const { invoice, due_on } = one;
  if (invoice !== null) throw new Refusal(invoiced, { ...name, invoice });
  if (one.amount === 0 || one.status === 'waived' || one.status === 'cancelled') throw new Refusal(free, name);
  if (one.status !== 'paid' && due_on > today) throw new Refusal(not_due, { ...name, due_on });
}
