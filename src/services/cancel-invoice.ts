/**
 * Cancels an invoice by a credit note, whole or in part.
 *
 * Always true:
 * - the invoice itself never changes; what is left of it is what its credit notes have not taken back;
 * - a line taken back in whole frees its instalment: it may be invoiced again, and follows its schedule again.
 */
import type { Context, ReadContext } from '../context.ts';
import { creditByAmount } from '../domain/invoices/credit-by-amount.ts';
import { creditInvoice, leftToCredit } from '../domain/invoices/credit-note.ts';
import type { InvoiceDocument } from '../domain/invoices/document.ts';
import { cents } from '../domain/money.ts';
import { scheduleChain } from '../domain/schedule/chain.ts';
import type { Schedule } from '../domain/schedule/instalment.ts';
import { Refusal } from '../errors/refusal.ts';
import { enqueue } from '../jobs/enqueue.ts';
import type { InvoiceCancellation } from '../schemas/invoices.ts';
import { chainUntil, loadChain, scheduled } from '../store/contract-state.ts';
import { creditNotesOf, insertDocument, loadInvoice, releaseLines, type StoredInvoice } from '../store/invoices.ts';
import { differingInstalments, saveContracts } from '../store/save-contract.ts';
import { showIssued } from '../views/invoices.ts';
import { announce } from './announce.ts';
import { followContracts } from './contract-money.ts';
import type { Operation } from './operation.ts';

export interface CancelInvoiceInput {
  invoice: string;
  cancellation: InvoiceCancellation;
  new_invoice: string;
}

interface State {
  invoice: StoredInvoice;
  earlier: InvoiceDocument[];
}

interface Decision {
  document: InvoiceDocument;
  /** Lines of the invoice that nothing is left of. */
  released: number[];
}

export const cancelInvoice: Operation<CancelInvoiceInput, State, Decision> = {
  load,
  decide({ invoice, earlier }, { cancellation }, ctx) {
    if (invoice.kind !== 'invoice') throw new Refusal('credit_of_credit_note');
    const { lines, amount, reason } = cancellation;
    if (lines && amount !== undefined) throw new Refusal('credit_lines_or_amount', {}, { pointer: '/amount' });
    const requests =
      amount === undefined
        ? (lines?.map((one) => ({ line: one.line, ...(one.amount && { amount: cents(one.amount) }) })) ?? 'all')
        : creditByAmount(invoice.document, earlier, cents(amount));
    const issue = { series: ctx.organization.settings.invoicing.credit_notes.code, number: '', issued_on: ctx.today };
    const document = creditInvoice(invoice.document, earlier, requests, issue, { reason });
    const before = leftToCredit(invoice.document, earlier).map(({ line }) => line.position);
    const after = new Set(leftToCredit(invoice.document, [...earlier, document]).map(({ line }) => line.position));
    return { document, released: before.filter((position) => !after.has(position)) };
  },
  show: ({ invoice, earlier }, { document, released }) => ({
    before: { left: leftOf(invoice.document, earlier) },
    after: { left: leftOf(invoice.document, [...earlier, document]), credit_note: { ...document, number: null } },
    changes: released.map((position) => ({
      invoice: invoice.id,
      released_line: position,
      instalment: invoice.document.lines[position - 1]?.source?.id ?? null,
    })),
    access: null,
    warnings: [],
  }),
  reads: ({ invoice, earlier }) => [invoice.id, earlier.length],
  async save(ctx, { invoice }, { document, released }, input) {
    const { invoicing } = ctx.organization.settings;
    await releaseLines(ctx, invoice.id, released);
    await followSchedule(ctx, invoice.contract_id);
    await enqueue(ctx, 'print-invoice', { invoice: input.new_invoice });
    await announce(ctx, {
      type: 'invoice.credited',
      subjects: [invoice.id, input.new_invoice, invoice.contract_id, invoice.customer_id],
      data: { amount: document.totals.gross_amount, reason: input.cancellation.reason },
    });
    const number = await insertDocument(ctx, {
      id: input.new_invoice,
      customer_id: invoice.customer_id,
      contract_id: invoice.contract_id,
      corrects_id: invoice.id,
      series: invoicing.credit_notes,
      document,
      look: invoice.look,
    });
    return showIssued({
      id: input.new_invoice,
      customer: invoice.customer_id,
      contract: invoice.contract_id,
      corrects: invoice.id,
      document: { ...document, number },
    });
  },
};

async function load(ctx: ReadContext, input: CancelInvoiceInput, locking: boolean): Promise<State> {
  const invoice = await loadInvoice(ctx, input.invoice);
  if (!invoice) throw new Refusal('not_found');
  if (locking) await loadChain(ctx, invoice.contract_id, true);
  return { invoice, earlier: await creditNotesOf(ctx, invoice.id) };
}

function leftOf(invoice: InvoiceDocument, credits: readonly InvoiceDocument[]) {
  return leftToCredit(invoice, credits).map(({ line, gross_amount }) => ({ line: line.position, gross_amount }));
}

/** A suspension recorded while an instalment stood on the invoice reaches it now. */
async function followSchedule(ctx: Context, contractId: string): Promise<void> {
  const { chain } = await loadChain(ctx, contractId, false);
  const until = chainUntil(chain, ctx.today, ctx.organization.settings.horizon_months);
  const schedules = scheduleChain(chain.map(scheduled), until);
  const saves = chain
    .map((contract, at) => ({
      contract,
      changes: [],
      schedule: schedules[at] as Schedule,
      materialised_until: contract.materialised_until,
    }))
    .filter(({ contract, schedule }) => differingInstalments(contract, schedule).length > 0);
  if (saves.length === 0) return;
  await saveContracts(ctx, saves, ctx.job?.id ?? null);
  await followContracts(ctx, saves);
}
