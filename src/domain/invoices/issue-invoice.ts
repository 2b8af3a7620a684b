/**
 * Making an invoice: from what was sold, tax included, to a document whose figures close and whose identity,
 * mentions and payment state are frozen. The number comes from outside (a counter locked by the issuing transaction).
 *
 * Always true:
 * - the gross total is the sum of the amounts handed in, less their discounts, to the cent;
 * - a document is never negative: money going back takes a credit note;
 * - whatever text is handed in, the document holds clean, bounded text (see `clean-text.ts`).
 */
import type { Language } from '../../errors/language.ts';
import { Refusal } from '../../errors/refusal.ts';
import { cleanOrNull, cleanText } from '../clean-text.ts';
import type { Day } from '../day.ts';
import { type Cents, cents, ratio, sum } from '../money.ts';
import type {
  Buyer,
  DocumentLine,
  InvoiceDocument,
  Period,
  Remainder,
  Seller,
  Settlement,
  TaxTreatment,
} from './document.ts';
import { explainedTreatment, legalMentions, type Terms } from './mentions.ts';
import { cleanBuyer, cleanSeller, requireSeller } from './parties.ts';
import { closeTaxes } from './tax.ts';

export const MAX_LINES = 1000;

export interface DraftLine {
  label: string;
  detail?: string | null;
  nature?: 'goods' | 'services';
  quantity?: number;
  /** Tax included, for the whole quantity, before the discount; negative gives money back. */
  amount: Cents;
  /** Tax included, taken off the amount: at least 0, at most the amount. */
  discount?: { label: string; amount: Cents } | null;
  tax: TaxTreatment;
  period?: Period | null;
  source?: { kind: string; id: string } | null;
}

export interface InvoiceDraft {
  language: Language;
  currency: string;
  seller: Seller;
  buyer: Buyer;
  contract_reference?: string | null;
  /** Default: from the first to the last day of the lines' periods, else the day of issue. */
  supply?: Period | null;
  lines: readonly DraftLine[];
  settlements?: readonly Settlement[];
  /** How the rest is settled; wanted where something is left to pay. */
  remainder?: Remainder | null;
  terms?: Terms;
  vat_on_debits?: boolean;
  note?: string | null;
}

export interface Issue {
  series: string;
  number: string;
  issued_on: Day;
}

/**
 * @throws Refusal `invoice_without_lines`, `invoice_too_long`, `invoice_seller_incomplete`
 */
export function issueInvoice(draft: InvoiceDraft, issue: Issue): InvoiceDocument {
  if (draft.lines.length === 0) throw new Refusal('invoice_without_lines');
  if (draft.lines.length > MAX_LINES) throw new Refusal('invoice_too_long', { limit: MAX_LINES });
  const seller = cleanSeller(draft.seller);
  const buyer = cleanBuyer(draft.buyer, seller.address.country);
  const treatments = settleTreatments(draft.lines, draft.language);
  requireSeller(seller, treatments);

  const grosses = draft.lines.map((line, at) => ({
    gross_amount: cents(line.amount - (line.discount?.amount ?? 0)),
    tax: treatments[at]!,
  }));
  const { nets, taxes } = closeTaxes(grosses);
  const lines = draft.lines.map((line, at) => documentLine(line, at, treatments[at]!, nets[at]!));

  const net = sum(taxes.map((tax) => tax.net_amount));
  const tax = sum(taxes.map((each) => each.tax_amount));
  const gross = cents(net + tax);
  if (gross < 0) throw new RangeError('the total of an invoice is never negative');
  const settlements = [...(draft.settlements ?? [])];
  const paid = sum(settlements.map((settlement) => settlement.amount));
  if (paid > gross || paid < 0) throw new RangeError('the settlements exceed the total');
  const due = cents(gross - paid);
  const vatOnDebits = draft.vat_on_debits ?? false;

  return {
    kind: 'invoice',
    ...issue,
    language: draft.language,
    currency: draft.currency,
    seller,
    buyer,
    contract_reference: cleanOrNull(draft.contract_reference, 60),
    supply: draft.supply ?? supplyOf(lines, issue.issued_on),
    lines,
    taxes,
    totals: { net_amount: net, tax_amount: tax, gross_amount: gross, paid_amount: paid, due_amount: due },
    settlements,
    remainder: due === 0 ? null : (draft.remainder ?? { how: 'payment', due_on: issue.issued_on, method: null }),
    mentions: legalMentions({
      kind: 'invoice',
      language: draft.language,
      sellerCountry: seller.address.country,
      buyerKind: buyer.kind,
      lines,
      vatOnDebits,
      terms: cleanTerms(draft.terms),
    }),
    vat_on_debits: vatOnDebits,
    note: cleanOrNull(draft.note, 600),
    corrects: null,
  };
}

function documentLine(line: DraftLine, at: number, tax: TaxTreatment, net: Cents): DocumentLine {
  const discount = line.discount?.amount ?? 0;
  const gross = line.amount - discount;
  const within = line.amount >= 0 ? discount >= 0 && discount <= line.amount : discount === 0;
  if (!within) throw new RangeError(`line ${at + 1}: a discount takes off at most the amount`);
  const quantity = line.quantity ?? 1;
  if (!Number.isSafeInteger(quantity) || quantity === 0) throw new RangeError(`line ${at + 1}: not a quantity`);
  if (line.period && line.period.from_on > line.period.to_on) throw new RangeError(`line ${at + 1}: not a period`);
  return {
    position: at + 1,
    label: cleanText(line.label, 300) || '—',
    detail: cleanOrNull(line.detail, 300),
    nature: line.nature ?? 'services',
    quantity: line.amount < 0 ? -Math.abs(quantity) : Math.abs(quantity),
    gross_amount: cents(gross),
    net_amount: net,
    discount:
      discount === 0
        ? null
        : {
            label: cleanText(line.discount!.label, 120),
            gross_amount: cents(discount),
            net_amount: ratio(discount, 10_000, 10_000 + tax.rate_bps),
          },
    tax,
    period: line.period ?? null,
    source: line.source ?? null,
    credits: null,
  };
}

/**
 * A document is outside the scope of the tax as a whole or not at all (EN 16931, BR-O-11 to 14): beside taxed or
 * exempt lines, one outside the scope (a rejection fee) is told as exempt, with its reason.
 */
function settleTreatments(lines: readonly DraftLine[], language: Language): TaxTreatment[] {
  const mixed = lines.some((line) => line.tax.category !== 'O');
  return lines.map((line) => {
    const tax = explainedTreatment(line.tax, language);
    return mixed && tax.category === 'O' ? { ...tax, category: 'E' } : tax;
  });
}

function supplyOf(lines: readonly DocumentLine[], issuedOn: Day): Period {
  const periods = lines.map((line) => line.period).filter((period) => period !== null);
  if (periods.length === 0) return { from_on: issuedOn, to_on: issuedOn };
  return {
    from_on: periods.map((period) => period.from_on).reduce((a, b) => (a <= b ? a : b)),
    to_on: periods.map((period) => period.to_on).reduce((a, b) => (a >= b ? a : b)),
  };
}

function cleanTerms(terms: Terms | undefined): Terms {
  return {
    late_penalty: cleanOrNull(terms?.late_penalty, 400),
    early_payment_discount: cleanOrNull(terms?.early_payment_discount, 400),
  };
}
