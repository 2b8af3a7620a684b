/**
 * The electronic half of an invoice: Factur-X 1.0 (version 1.09 of the specification), profile EN 16931, the XML of
 * UN/CEFACT Cross Industry Invoice. Types 380 (invoice) and 381 (credit note, which names the invoice it corrects).
 *
 * Always true:
 * - the same document gives the same bytes;
 * - whatever text the document holds, the XML is well formed: no control character, everything escaped;
 * - amounts are those of the document, written by slicing, never computed here, unit prices aside.
 *
 * The order of elements is the schema's and is not free.
 */

import type { Day } from '../domain/day.ts';
import type {
  Address,
  Buyer,
  DocumentLine,
  InvoiceDocument,
  Period,
  Seller,
  TaxTotal,
} from '../domain/invoices/document.ts';
import { operationOf } from '../domain/invoices/mentions.ts';
import { taxRegistration } from '../domain/invoices/parties.ts';
import { unitPrice } from '../domain/invoices/unit-price.ts';
import { decimal } from '../domain/money.ts';
import type { PaymentMethod } from '../domain/payment-method.ts';
import { labelled, sayAmount } from '../domain/wording.ts';
import { xmlText } from './xml-text.ts';

export const FACTUR_X_PROFILE = 'EN 16931';
export const FACTUR_X_FILE = 'factur-x.xml';

const PROFILE_URN = 'urn:cen.eu:en16931:2017';
/** SIREN, in the list of identifier schemes (ISO 6523). */
const SIREN_SCHEME = '0002';

/** UNTDID 4461. */
const MEANS: Record<PaymentMethod, string> = {
  direct_debit: '59',
  transfer: '58',
  card: '48',
  cash: '10',
  cheque: '20',
};
const NOT_DEFINED = '1';

/** Writes elements; `null` and empty contents leave the element out. */
function tag(name: string, content: string | null, attributes = ''): string {
  return content === null || content === '' ? '' : `<${name}${attributes}>${content}</${name}>`;
}

function text(name: string, content: string | null, attributes = ''): string {
  return tag(name, content === null ? null : xmlText(content), attributes);
}

function dateTime(name: string, on: Day): string {
  return `<${name}><udt:DateTimeString format="102">${on.replaceAll('-', '')}</udt:DateTimeString></${name}>`;
}

function period(name: string, span: Period): string {
  return `<${name}>${dateTime('ram:StartDateTime', span.from_on)}${dateTime('ram:EndDateTime', span.to_on)}</${name}>`;
}

function percent(rateBps: number): string {
  return tag('ram:RateApplicablePercent', decimal(rateBps));
}

export function facturX(document: InvoiceDocument): string {
  const outsideScope = document.lines.every((line) => line.tax.category === 'O');
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
    '<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"' +
    ' xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"' +
    ' xmlns:qdt="urn:un:unece:uncefact:data:standard:QualifiedDataType:100"' +
    ' xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100">' +
    context(document) +
    header(document) +
    '<rsm:SupplyChainTradeTransaction>' +
    document.lines.map(line).join('') +
    agreement(document, outsideScope) +
    delivery(document) +
    settlement(document) +
    '</rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>\n'
  );
}

/** BT-23: B, S or M for goods, services, both; 1 where something is to be paid, 2 where it is paid already. */
function businessProcess(document: InvoiceDocument): string {
  const operation = { goods: 'B', services: 'S', both: 'M' }[operationOf(document.lines)];
  return `${operation}${document.totals.due_amount === 0 ? 2 : 1}`;
}

function context(document: InvoiceDocument): string {
  return (
    '<rsm:ExchangedDocumentContext>' +
    `<ram:BusinessProcessSpecifiedDocumentContextParameter>${text('ram:ID', businessProcess(document))}</ram:BusinessProcessSpecifiedDocumentContextParameter>` +
    `<ram:GuidelineSpecifiedDocumentContextParameter>${text('ram:ID', PROFILE_URN)}</ram:GuidelineSpecifiedDocumentContextParameter>` +
    '</rsm:ExchangedDocumentContext>'
  );
}

function header(document: InvoiceDocument): string {
  const notes = [
    ...document.mentions,
    ...(document.note === null ? [] : [{ subject: 'AAI', text: document.note }]),
    ...(document.corrects?.reason ? [{ subject: 'ACD', text: document.corrects.reason }] : []),
  ].filter((note) => note.text !== '');
  return (
    '<rsm:ExchangedDocument>' +
    text('ram:ID', document.number) +
    tag('ram:TypeCode', document.kind === 'invoice' ? '380' : '381') +
    dateTime('ram:IssueDateTime', document.issued_on) +
    notes
      .map((note) => tag('ram:IncludedNote', text('ram:Content', note.text) + text('ram:SubjectCode', note.subject)))
      .join('') +
    '</rsm:ExchangedDocument>'
  );
}

function line(item: DocumentLine): string {
  const price = unitPrice(item);
  const beforeDiscount = item.discount
    ? `<ram:SpecifiedTradeAllowanceCharge><ram:ChargeIndicator><udt:Indicator>false</udt:Indicator></ram:ChargeIndicator>${tag('ram:ActualAmount', decimal(item.discount.net_amount))}${text('ram:ReasonCode', '95')}${text('ram:Reason', item.discount.label)}</ram:SpecifiedTradeAllowanceCharge>`
    : '';
  return (
    '<ram:IncludedSupplyChainTradeLineItem>' +
    `<ram:AssociatedDocumentLineDocument><ram:LineID>${item.position}</ram:LineID></ram:AssociatedDocumentLineDocument>` +
    `<ram:SpecifiedTradeProduct>${text('ram:Name', item.label)}${text('ram:Description', item.detail)}</ram:SpecifiedTradeProduct>` +
    `<ram:SpecifiedLineTradeAgreement><ram:NetPriceProductTradePrice>${tag('ram:ChargeAmount', price)}</ram:NetPriceProductTradePrice></ram:SpecifiedLineTradeAgreement>` +
    `<ram:SpecifiedLineTradeDelivery><ram:BilledQuantity unitCode="C62">${item.quantity}</ram:BilledQuantity></ram:SpecifiedLineTradeDelivery>` +
    '<ram:SpecifiedLineTradeSettlement>' +
    `<ram:ApplicableTradeTax><ram:TypeCode>VAT</ram:TypeCode>${tag('ram:CategoryCode', item.tax.category)}${item.tax.category === 'O' ? '' : percent(item.tax.rate_bps)}</ram:ApplicableTradeTax>` +
    (item.period ? period('ram:BillingSpecifiedPeriod', item.period) : '') +
    beforeDiscount +
    `<ram:SpecifiedTradeSettlementLineMonetarySummation>${tag('ram:LineTotalAmount', decimal(item.net_amount))}</ram:SpecifiedTradeSettlementLineMonetarySummation>` +
    '</ram:SpecifiedLineTradeSettlement></ram:IncludedSupplyChainTradeLineItem>'
  );
}

function agreement(document: InvoiceDocument, outsideScope: boolean): string {
  return (
    '<ram:ApplicableHeaderTradeAgreement>' +
    text('ram:BuyerReference', document.buyer.customer_number) +
    sellerParty(document.seller, outsideScope) +
    buyerParty(document.buyer, outsideScope) +
    tag('ram:ContractReferencedDocument', text('ram:IssuerAssignedID', document.contract_reference)) +
    '</ram:ApplicableHeaderTradeAgreement>'
  );
}

function sellerParty(seller: Seller, outsideScope: boolean): string {
  const legal = [seller.legal_form, seller.register_entry].filter((each) => each !== null).join(' - ');
  // A seller outside the scope of the tax names no VAT number (EN 16931, BR-O-2).
  const vat = outsideScope ? null : seller.vat_number;
  const other = outsideScope || vat !== null ? null : taxRegistration(seller);
  return (
    '<ram:SellerTradeParty>' +
    text('ram:Name', seller.name) +
    text('ram:Description', legal) +
    tag(
      'ram:SpecifiedLegalOrganization',
      text('ram:ID', seller.siren, ` schemeID="${SIREN_SCHEME}"`) + text('ram:TradingBusinessName', seller.trade_name),
    ) +
    address(seller.address) +
    tag('ram:URIUniversalCommunication', text('ram:URIID', seller.email, ' schemeID="EM"')) +
    tag('ram:SpecifiedTaxRegistration', text('ram:ID', vat, ' schemeID="VA"')) +
    tag('ram:SpecifiedTaxRegistration', text('ram:ID', other, ' schemeID="FC"')) +
    '</ram:SellerTradeParty>'
  );
}

function buyerParty(buyer: Buyer, outsideScope: boolean): string {
  return (
    '<ram:BuyerTradeParty>' +
    text('ram:Name', buyer.name) +
    tag('ram:SpecifiedLegalOrganization', text('ram:ID', buyer.siren, ` schemeID="${SIREN_SCHEME}"`)) +
    tag('ram:DefinedTradeContact', text('ram:PersonName', buyer.attention)) +
    address(buyer.address) +
    tag('ram:URIUniversalCommunication', text('ram:URIID', buyer.email, ' schemeID="EM"')) +
    tag('ram:SpecifiedTaxRegistration', text('ram:ID', outsideScope ? null : buyer.vat_number, ' schemeID="VA"')) +
    '</ram:BuyerTradeParty>'
  );
}

function address(where: Address): string {
  return (
    '<ram:PostalTradeAddress>' +
    text('ram:PostcodeCode', where.postal_code) +
    text('ram:LineOne', where.lines[0] ?? null) +
    text('ram:LineTwo', where.lines[1] ?? null) +
    text('ram:LineThree', where.lines[2] ?? null) +
    text('ram:CityName', where.city) +
    text('ram:CountryID', where.country) +
    '</ram:PostalTradeAddress>'
  );
}

function delivery(document: InvoiceDocument): string {
  return `<ram:ApplicableHeaderTradeDelivery><ram:ActualDeliverySupplyChainEvent>${dateTime('ram:OccurrenceDateTime', document.supply.to_on)}</ram:ActualDeliverySupplyChainEvent></ram:ApplicableHeaderTradeDelivery>`;
}

function settlement(document: InvoiceDocument): string {
  const { totals, remainder, corrects } = document;
  const debit = remainder?.how === 'direct_debit' ? remainder : null;
  return (
    '<ram:ApplicableHeaderTradeSettlement>' +
    (debit ? text('ram:CreditorReferenceID', document.seller.creditor_identifier) : '') +
    text('ram:PaymentReference', document.number) +
    tag('ram:InvoiceCurrencyCode', document.currency) +
    paymentMeans(document) +
    document.taxes.map((total) => taxTotal(total, document)).join('') +
    period('ram:BillingSpecifiedPeriod', document.supply) +
    paymentTerms(document) +
    '<ram:SpecifiedTradeSettlementHeaderMonetarySummation>' +
    tag('ram:LineTotalAmount', decimal(totals.net_amount)) +
    tag('ram:TaxBasisTotalAmount', decimal(totals.net_amount)) +
    tag('ram:TaxTotalAmount', decimal(totals.tax_amount), ` currencyID="${document.currency}"`) +
    tag('ram:GrandTotalAmount', decimal(totals.gross_amount)) +
    tag('ram:TotalPrepaidAmount', decimal(totals.paid_amount)) +
    tag('ram:DuePayableAmount', decimal(totals.due_amount)) +
    '</ram:SpecifiedTradeSettlementHeaderMonetarySummation>' +
    (corrects
      ? `<ram:InvoiceReferencedDocument>${text('ram:IssuerAssignedID', corrects.number)}<ram:FormattedIssueDateTime><qdt:DateTimeString format="102">${corrects.issued_on.replaceAll('-', '')}</qdt:DateTimeString></ram:FormattedIssueDateTime></ram:InvoiceReferencedDocument>`
      : '') +
    '</ram:ApplicableHeaderTradeSettlement>'
  );
}

function methodOf(document: InvoiceDocument): PaymentMethod | null {
  const { remainder, settlements } = document;
  if (remainder?.how === 'direct_debit') return 'direct_debit';
  if (remainder?.how === 'refund') return remainder.method;
  if (remainder?.how === 'payment') return remainder.method ?? (document.seller.iban ? 'transfer' : null);
  return settlements.at(-1)?.method ?? null;
}

function paymentMeans(document: InvoiceDocument): string {
  const method = methodOf(document);
  const toSeller = method === 'transfer' && document.kind === 'invoice' ? document.seller.iban : null;
  // A transfer without an account to send it to would break BR-61: told as an instrument not defined.
  const code = method === null || (method === 'transfer' && toSeller === null) ? NOT_DEFINED : MEANS[method];
  return (
    '<ram:SpecifiedTradeSettlementPaymentMeans>' +
    tag('ram:TypeCode', code) +
    (toSeller === null
      ? ''
      : tag('ram:PayeePartyCreditorFinancialAccount', text('ram:IBANID', toSeller)) +
        tag('ram:PayeeSpecifiedCreditorFinancialInstitution', text('ram:BICID', document.seller.bic))) +
    '</ram:SpecifiedTradeSettlementPaymentMeans>'
  );
}

function taxTotal(total: TaxTotal, document: InvoiceDocument): string {
  // BT-8: 5 where the tax falls due on the invoice's day (goods, or the option for debits), 72 on payment.
  const onInvoice = document.vat_on_debits || operationOf(document.lines) === 'goods';
  return (
    '<ram:ApplicableTradeTax>' +
    tag('ram:CalculatedAmount', decimal(total.tax_amount)) +
    '<ram:TypeCode>VAT</ram:TypeCode>' +
    text('ram:ExemptionReason', total.tax.exemption_reason) +
    tag('ram:BasisAmount', decimal(total.net_amount)) +
    tag('ram:CategoryCode', total.tax.category) +
    text('ram:ExemptionReasonCode', total.tax.exemption_code) +
    tag('ram:DueDateTypeCode', onInvoice ? '5' : '72') +
    (total.tax.category === 'O' ? '' : percent(total.tax.rate_bps)) +
    '</ram:ApplicableTradeTax>'
  );
}

function paymentTerms(document: InvoiceDocument): string {
  const { remainder, totals } = document;
  if (remainder === null) return '';
  const dueOn = remainder.how === 'payment' ? remainder.due_on : 'on' in remainder ? remainder.on : null;
  const words = {
    offset: { fr: 'Déduit ou à valoir', en: 'Deducted or kept on account', de: 'Wird abgezogen oder verrechnet' },
    invoiced_again: { fr: 'Sera facturé à nouveau', en: 'Invoiced again', de: 'Wird neu berechnet' },
    due: { fr: 'À payer', en: 'To be paid', de: 'Zu zahlen' },
  }[remainder.how === 'offset' || remainder.how === 'invoiced_again' ? remainder.how : 'due'][document.language];
  return (
    '<ram:SpecifiedTradePaymentTerms>' +
    text(
      'ram:Description',
      labelled(words, sayAmount(totals.due_amount, document.currency, document.language), document.language),
    ) +
    (dueOn ? dateTime('ram:DueDateDateTime', dueOn) : '') +
    (remainder.how === 'direct_debit' ? text('ram:DirectDebitMandateID', remainder.mandate_reference) : '') +
    '</ram:SpecifiedTradePaymentTerms>'
  );
}
