/**
 * Makes a contract's invoice: of what is paid, or of what is due.
 *
 * Always true: what was invoiced no longer moves (its instalments are facts until a credit note takes them back), and
 * the PDF's job is written with the invoice, so every invoice gets its file.
 */
import type { ReadContext } from '../context.ts';
import { chooseInstalments, type InvoiceSource } from '../domain/invoices/choose-instalments.ts';
import {
  linesOf,
  type NamedMandate,
  remainderOf,
  settlementsOf,
  supplyOf,
} from '../domain/invoices/contract-invoice.ts';
import type { Buyer, InvoiceDocument } from '../domain/invoices/document.ts';
import { issueInvoice as makeInvoice } from '../domain/invoices/issue-invoice.ts';
import type { Language } from '../errors/language.ts';
import { enqueue } from '../jobs/enqueue.ts';
import type { Address } from '../schemas/address.ts';
import type { NewInvoice } from '../schemas/invoices.ts';
import { loadChain, type StoredChain } from '../store/contract-state.ts';
import { queryOne } from '../store/database.ts';
import { insertDocument, invoiceSources } from '../store/invoices.ts';
import { showIssued } from '../views/invoices.ts';
import { announce } from './announce.ts';
import { documentAddress, sellerOf, taxTreatmentOf } from './invoicing-identity.ts';
import type { DecisionContext, Operation } from './operation.ts';

export interface IssueInvoiceInput extends NewInvoice {
  new_invoice: string;
}

interface Head {
  name: string;
  email: string | null;
  locale: Language;
  address: Address | null;
  external_id: string | null;
  customer_version: number;
  plan: string;
  plan_version: number;
  tax_rate_bps: number;
  mandate: NamedMandate | null;
}

interface State {
  stored: StoredChain;
  head: Head;
  sources: InvoiceSource[];
}

export const issueInvoice: Operation<IssueInvoiceInput, State, InvoiceDocument> = {
  async load(ctx, input, locking) {
    const stored = await loadChain(ctx, input.contract, locking);
    return {
      stored,
      head: await loadHead(ctx, input.contract),
      sources: await invoiceSources(ctx, input.contract),
    };
  },
  decide,
  show: (_state, document) => ({
    before: null,
    after: { object: 'invoice', ...document, number: null },
    changes: document.lines.map(({ source, gross_amount }) => ({
      instalment: source?.id,
      invoiced_amount: gross_amount,
    })),
    access: null,
    warnings: [],
  }),
  reads: ({ stored, head, sources }) => [
    ...stored.chain.flatMap((one) => [one.id, one.version]),
    head.customer_version,
    head.plan_version,
    ...sources.flatMap((one) => [one.status, one.invoice, one.settlements.length]),
    head.mandate?.reference ?? null,
  ],
  async save(ctx, { stored: { contract } }, document, input) {
    const { invoicing } = ctx.organization.settings;
    const { id } = contract;
    const customer = contract.customer_id;
    await enqueue(ctx, 'print-invoice', { invoice: input.new_invoice });
    await announce(ctx, {
      type: 'invoice.issued',
      subjects: [input.new_invoice, id, customer],
      data: { amount: document.totals.gross_amount },
    });
    // Last, so that the counter's row is locked as briefly as can be.
    const number = await insertDocument(ctx, {
      id: input.new_invoice,
      customer_id: customer,
      contract_id: id,
      corrects_id: null,
      series: invoicing.invoices,
      document,
      look: { logo: invoicing.logo, accent: invoicing.accent },
    });
    const issued = { ...document, number };
    return showIssued({ id: input.new_invoice, customer, contract: id, corrects: null, document: issued });
  },
};

async function loadHead(ctx: ReadContext, contractId: string): Promise<Head> {
  const head = await queryOne<Head>(
    ctx.reader,
    `select customer.name, customer.email, customer.locale, customer.address, customer.external_id,
            customer.version as customer_version, plan.name as plan, plan.version as plan_version,
            contract.tax_rate_bps,
            (select json_build_object('reference', mandate.reference, 'account_ending', mandate.iban_last4) from mandate
             where mandate.customer_id = customer.id and mandate.state = 'active'
               and (contract.mandate_id is null or mandate.id = contract.mandate_id)
             order by mandate.id desc limit 1) as mandate
     from contract join customer on customer.id = contract.customer_id join plan on plan.id = contract.plan_id
     where contract.id = ?`,
    [contractId],
    'invoice-head',
  );
  if (!head) throw new Error('a contract without its customer');
  return head;
}

function decide({ stored, head, sources }: State, input: IssueInvoiceInput, ctx: DecisionContext): InvoiceDocument {
  const { contract } = stored;
  const { settings, currency } = ctx.organization;
  const chosen = chooseInstalments(sources, input.instalments ?? null, ctx.today);
  const { invoicing } = settings;
  const draft = {
    language: head.locale,
    currency,
    seller: sellerOf(ctx.organization),
    buyer: buyerOf(head),
    contract_reference: null,
    supply: supplyOf(chosen, contract.terms.interval_months, contract.ends_on),
    lines: linesOf(chosen, head.plan, taxTreatmentOf(invoicing, head.tax_rate_bps), head.locale),
    settlements: settlementsOf(chosen),
    remainder: remainderOf(chosen, head.mandate),
    terms: { late_penalty: invoicing.late_penalty, early_payment_discount: invoicing.early_payment_discount },
    vat_on_debits: invoicing.vat_on_debits,
    note: invoicing.note,
  };
  return makeInvoice(draft, { series: invoicing.invoices.code, number: '', issued_on: ctx.today });
}

function buyerOf(head: Head): Buyer {
  return {
    kind: 'consumer',
    name: head.name,
    attention: null,
    customer_number: head.external_id,
    siren: null,
    vat_number: null,
    address: documentAddress(head.address),
    email: head.email,
  };
}
