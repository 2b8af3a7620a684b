/**
 * Cancelling an invoice by a credit note, whole or in part. An item is credited at what one of its kind was sold
 * for; the last part of a line takes what is left of it, to the cent: 163.99 for two equal items is 82.00, then 81.99.
 *
 * Always true:
 * - credit notes never take back more than the invoice asked for, line by line;
 * - once every line is taken back, the credit notes sum to the invoice in gross, net and tax, per rate;
 * - the tax of a part is that of everything credited so far less that of before, so no part drifts from its
 *   own base × rate by more than a cent or so, however many parts there are and in whatever order they come.
 */
import { Refusal } from '../../errors/refusal.ts';
import { cleanOrNull } from '../clean-text.ts';
import { type Cents, cents, ratio, sum } from '../money.ts';
import type { DocumentLine, InvoiceDocument, Remainder, Settlement } from './document.ts';
import type { Issue } from './issue-invoice.ts';
import { legalMentions } from './mentions.ts';
import { closeTaxes, taxKey } from './tax.ts';

/** A line to take back: so many of its units, or an amount (tax included); neither takes all that is left. */
export interface CreditRequest {
  line: number;
  quantity?: number;
  amount?: Cents;
}

export interface CreditTerms {
  reason?: string | null;
  note?: string | null;
  /** Money already given back on the day of issue. */
  settlements?: readonly Settlement[];
  /** How the rest goes back; default: all of it kept on the customer's account. */
  remainder?: Remainder | null;
}

export interface LeftOnLine {
  line: DocumentLine;
  quantity: number;
  gross_amount: Cents;
}

/** What can still be credited, line by line, given the credit notes issued so far against this invoice. */
export function leftToCredit(invoice: InvoiceDocument, earlier: readonly InvoiceDocument[]): LeftOnLine[] {
  const credited = new Map<number, { quantity: number; gross: number }>();
  for (const line of earlier.flatMap((note) => note.lines)) {
    const before = credited.get(line.credits!.position) ?? { quantity: 0, gross: 0 };
    credited.set(line.credits!.position, {
      quantity: before.quantity + line.credits!.quantity,
      gross: before.gross + line.gross_amount,
    });
  }
  return invoice.lines.flatMap((line) => {
    const before = credited.get(line.position) ?? { quantity: 0, gross: 0 };
    const left = {
      line,
      quantity: line.quantity - before.quantity,
      gross_amount: cents(line.gross_amount - before.gross),
    };
    const finished = line.gross_amount === 0 ? left.quantity === 0 : left.gross_amount === 0;
    return finished ? [] : [left];
  });
}

/**
 * @param earlier every credit note issued against this invoice so far
 * @param requests what to take back; `'all'` takes everything that is left
 * @throws Refusal `credit_nothing_left`, `credit_line_unknown`, `credit_line_twice`, `credit_exceeds_line`
 */
export function creditInvoice(
  invoice: InvoiceDocument,
  earlier: readonly InvoiceDocument[],
  requests: 'all' | readonly CreditRequest[],
  issue: Issue,
  terms: CreditTerms = {},
): InvoiceDocument {
  const left = leftToCredit(invoice, earlier);
  if (left.length === 0) throw new Refusal('credit_nothing_left', { number: invoice.number });
  const parts =
    requests === 'all'
      ? left.map((each) => wholeOf(each, left.length === invoice.lines.length && earlier.length === 0))
      : eachLineOnce(requests).map((request) => partOf(invoice, left, request));
  if (parts.length === 0) throw new Refusal('invoice_without_lines');

  const before = new Map<string, number>();
  for (const line of earlier.flatMap((note) => note.lines))
    before.set(taxKey(line.tax), (before.get(taxKey(line.tax)) ?? 0) + line.gross_amount);
  const { nets, taxes } = closeTaxes(parts, before);
  const lines = parts.map((part, at) => ({ ...part, position: at + 1, net_amount: nets[at]! }));

  const net = sum(taxes.map((tax) => tax.net_amount));
  const tax = sum(taxes.map((each) => each.tax_amount));
  const gross = cents(net + tax);
  if (gross < 0) throw new RangeError('the total of a credit note is never negative');
  const settlements = [...(terms.settlements ?? [])];
  const paid = sum(settlements.map((settlement) => settlement.amount));
  if (paid > gross || paid < 0) throw new RangeError('the settlements exceed the total');
  const due = cents(gross - paid);

  return {
    ...invoice,
    kind: 'credit_note',
    ...issue,
    lines,
    taxes,
    totals: { net_amount: net, tax_amount: tax, gross_amount: gross, paid_amount: paid, due_amount: due },
    settlements,
    remainder: due === 0 ? null : (terms.remainder ?? { how: 'offset', kept_amount: due }),
    mentions: legalMentions({
      kind: 'credit_note',
      language: invoice.language,
      sellerCountry: invoice.seller.address.country,
      buyerKind: invoice.buyer.kind,
      lines,
      vatOnDebits: invoice.vat_on_debits,
      terms: { late_penalty: null, early_payment_discount: null },
    }),
    note: cleanOrNull(terms.note, 600),
    corrects: {
      number: invoice.number,
      issued_on: invoice.issued_on,
      reason: cleanOrNull(terms.reason, 300),
    },
  };
}

/** All that is left of a line; the first time it is the line itself, its discount told again. */
function wholeOf(left: LeftOnLine, untouched: boolean): DocumentLine {
  const { line } = left;
  const quantity = left.quantity === 0 ? Math.sign(line.quantity) : left.quantity;
  return {
    ...line,
    quantity,
    gross_amount: left.gross_amount,
    discount: untouched ? line.discount : null,
    credits: { position: line.position, quantity: left.quantity },
  };
}

function partOf(invoice: InvoiceDocument, lefts: readonly LeftOnLine[], request: CreditRequest): DocumentLine {
  if (!invoice.lines.some((line) => line.position === request.line))
    throw new Refusal('credit_line_unknown', { number: invoice.number, line: request.line });
  const left = lefts.find((each) => each.line.position === request.line);
  const tooMuch = () => new Refusal('credit_exceeds_line', { line: request.line });
  if (!left) throw tooMuch();
  const { line } = left;
  const sign = Math.sign(line.quantity);
  if (request.amount !== undefined) {
    const gross = Math.abs(request.amount);
    if (gross === 0 || gross > Math.abs(left.gross_amount)) throw tooMuch();
    if (gross === Math.abs(left.gross_amount)) return wholeOf(left, false);
    const credits = { position: line.position, quantity: 0 };
    return { ...line, quantity: sign, gross_amount: cents(gross * sign), discount: null, credits };
  }
  const quantity = request.quantity ?? Math.abs(left.quantity);
  if (request.quantity !== undefined && (!Number.isSafeInteger(quantity) || quantity < 1)) throw tooMuch();
  if (quantity > Math.abs(left.quantity)) throw tooMuch();
  if (quantity === Math.abs(left.quantity)) return wholeOf(left, false);
  const fair = Math.abs(ratio(line.gross_amount, quantity, Math.abs(line.quantity)));
  const gross = Math.min(fair, Math.abs(left.gross_amount)) * sign + 0;
  return {
    ...line,
    quantity: quantity * sign,
    gross_amount: cents(gross),
    discount: null,
    credits: { position: line.position, quantity: quantity * sign },
  };
}

function eachLineOnce(requests: readonly CreditRequest[]): readonly CreditRequest[] {
  const seen = new Set<number>();
  for (const { line } of requests) {
    if (seen.has(line)) throw new Refusal('credit_line_twice', { line });
    seen.add(line);
  }
  return requests;
}
