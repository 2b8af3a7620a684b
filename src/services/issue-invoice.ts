/**
 * Makes a contract's invoice: of what is paid, or of what is due, fees beside instalments.
 *
 * Always true:
 * - what was invoiced no longer moves (its instalments are facts until a credit note takes them back), is sold in the
 *   ledger, and the PDF's job is written with the invoice, so every invoice gets its file;
 * - the customer's lock is held, so no fee and no instalment is on two invoices.
 */
import type { Context } from '../context.ts';
import { chooseSources, type InvoiceSource } from '../domain/invoices/choose-sources.ts';
import { linesOf, type SoldProduct, settlementsOf, supplyOf } from '../domain/invoices/contract-invoice.ts';
import type { InvoiceDocument } from '../domain/invoices/document.ts';
import { issueInvoice as makeInvoice } from '../domain/invoices/issue-invoice.ts';
import { remainderOf } from '../domain/invoices/remainder.ts';
import { earliestCollection } from '../domain/target-calendar.ts';
import { Refusal } from '../errors/refusal.ts';
import { enqueueMany } from '../jobs/enqueue.ts';
import type { NewInvoice } from '../schemas/invoices.ts';
import { type InvoiceMaterial, loadMaterial } from '../store/invoice-material.ts';
import { insertDocuments } from '../store/invoices.ts';
import { sellDue } from '../store/ledger.ts';
import { showIssued } from '../views/invoices.ts';
import { announce } from './announce.ts';
import { buyerOf, feeTreatmentOf, sellerOf, taxTreatmentOf } from './invoicing-identity.ts';
import { type CommitItem, type DecisionContext, decideOn, type Operation } from './operation.ts';

export interface IssueInvoiceInput extends NewInvoice {
  new_invoice: string;
}

interface Decision {
  document: InvoiceDocument;
  /** Something of it is not sold in the ledger yet. */
  unsold: boolean;
}

interface Issuing extends Decision {
  material: InvoiceMaterial;
  id: string;
  job_id: string | null;
}

export const issueInvoice: Operation<IssueInvoiceInput, InvoiceMaterial, Decision> = {
  async load(ctx, { contract }, locking) {
    const material = (await loadMaterial(ctx, [contract], locking)).get(contract);
    if (!material) throw new Refusal('not_found');
    return material;
  },
  decide,
  show: (_material, { document }) => ({
    before: null,
    after: { object: 'invoice', ...document, number: null },
    changes: document.lines.map(({ source, gross_amount }) => ({
      [source?.kind ?? 'line']: source?.id,
      invoiced_amount: gross_amount,
    })),
    access: null,
    warnings: [],
  }),
  reads: (material) => [JSON.stringify(material)],
  async save(ctx, material, decision, { new_invoice }) {
    const [issued] = await issueAll(ctx, [{ ...decision, material, id: new_invoice, job_id: ctx.job?.id ?? null }]);
    return issued as object;
  },
  commitMany,
};

function decide(material: InvoiceMaterial, input: IssueInvoiceInput, ctx: DecisionContext): Decision {
  const { settings, currency } = ctx.organization;
  const { invoicing, collections } = settings;
  const { locale, mandate, tax_rate_bps } = material;
  const sources: InvoiceSource[] = [...material.instalments, ...material.fees];
  const chosen = chooseSources(sources, input, ctx.today);
  const product = productOf(material);
  const taxes = {
    product: taxTreatmentOf(invoicing, tax_rate_bps),
    fee: (rate: number) => feeTreatmentOf(invoicing, rate),
  };
  const draft = {
    language: locale,
    currency,
    seller: sellerOf(ctx.organization),
    buyer: buyerOf(material),
    contract_reference: null,
    supply: supplyOf(chosen, product),
    lines: linesOf(chosen, product, taxes, locale),
    settlements: settlementsOf(chosen),
    remainder: remainderOf(chosen, mandate, earliestCollection(ctx.today, collections.lead_days)),
    terms: { late_penalty: invoicing.late_penalty, early_payment_discount: invoicing.early_payment_discount },
    vat_on_debits: invoicing.vat_on_debits,
    note: invoicing.note,
  };
  const document = makeInvoice(draft, { series: invoicing.invoices.code, number: '', issued_on: ctx.today });
  return { document, unsold: chosen.some((one) => !one.sold) };
}

function productOf({ plan, kind, starts_on, ends_on, terms, credits }: InvoiceMaterial): SoldProduct {
  const { interval_months, instalments, issues } = terms;
  return {
    name: plan,
    kind,
    starts_on,
    ends_on,
    interval_months,
    paid_at_once: instalments === 1,
    issues: issues ? { first: issues.first, last: issues.first + issues.count - 1 } : null,
    credits,
  };
}

/** @returns each as the API shows it, in order. */
async function issueAll(ctx: Context, all: readonly Issuing[]): Promise<object[]> {
  if (all.length === 0) return [];
  const { invoicing } = ctx.organization.settings;
  const unsold = all.filter((one) => one.unsold).map(({ material }) => material.contract);
  if (unsold.length > 0) await sellDue(ctx, unsold);
  await enqueueMany(
    ctx,
    'print-invoice',
    all.map(({ id }) => ({ invoice: id })),
  );
  await announce(
    ctx,
    ...all.map(({ id, material, document, job_id }) => ({
      type: 'invoice.issued',
      subjects: [id, material.contract, material.customer],
      data: { amount: document.totals.gross_amount },
      ...(job_id === null ? {} : { job_id }),
    })),
  );
  // Last, so that the counter's row is locked as briefly as can be.
  const numbers = await insertDocuments(
    ctx,
    invoicing.invoices,
    all.map(({ id, material, document, job_id }) => ({
      id,
      customer_id: material.customer,
      contract_id: material.contract,
      corrects_id: null,
      document,
      look: { logo: invoicing.logo, accent: invoicing.accent },
      ...(job_id === null ? {} : { job_id }),
    })),
  );
  return all.map(({ id, material, document }, at) => {
    const { contract, customer } = material;
    const issued = { ...document, number: numbers[at] as string };
    return showIssued({ id, customer, contract, corrects: null, document: issued });
  });
}

/** Of two for one customer the second waits: a fee may be on either. */
async function commitMany(
  ctx: Context,
  items: readonly CommitItem<IssueInvoiceInput>[],
): Promise<(object | Refusal | null)[]> {
  const materials = await loadMaterial(ctx, [...new Set(items.map(({ input }) => input.contract))], true);
  const customers = new Set<string>();
  const issuing: (Issuing & { at: number })[] = [];
  const answers = items.map(({ name, input, expected, job_id }, at): object | Refusal | null => {
    const material = materials.get(input.contract);
    if (!material) return new Refusal('not_found');
    if (customers.has(material.customer)) return null;
    try {
      const { decision } = decideOn(ctx, name, issueInvoice, material, input, expected);
      customers.add(material.customer);
      issuing.push({ ...decision, material, id: input.new_invoice, job_id, at });
      return null;
    } catch (error) {
      if (error instanceof Refusal) return error;
      throw error;
    }
  });
  const issued = await issueAll(ctx, issuing);
  for (const [place, { at }] of issuing.entries()) answers[at] = issued[place] as object;
  return answers;
}
