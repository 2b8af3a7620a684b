/** An amount to take back from an invoice, shared over its lines: each whole in turn, the last one in part. */
import { Refusal } from '../../errors/refusal.ts';
import { type Cents, cents, decimal, sum } from '../money.ts';
import { type CreditRequest, leftToCredit } from './credit-note.ts';
import type { InvoiceDocument } from './document.ts';

/** @throws Refusal `credit_nothing_left`, `credit_exceeds_invoice` */
export function creditByAmount(
  invoice: InvoiceDocument,
  earlier: readonly InvoiceDocument[],
  amount: Cents,
): CreditRequest[] {
  const left = leftToCredit(invoice, earlier).filter((one) => one.gross_amount > 0);
  if (left.length === 0) throw new Refusal('credit_nothing_left', { number: invoice.number });
  const most = sum(left.map((one) => one.gross_amount));
  if (amount > most) throw new Refusal('credit_exceeds_invoice', { left: decimal(most) }, { pointer: '/amount' });
  const requests: CreditRequest[] = [];
  let rest: number = amount;
  for (const { line, gross_amount } of left) {
    if (rest === 0) break;
    const part = Math.min(rest, gross_amount);
    requests.push({ line: line.position, amount: cents(part) });
    rest -= part;
  }
  return requests;
}
