/**
 * Cancels an invoice by a credit note, whole or in part.
 *
 * Always true:
 * - the invoice itself never changes; what is left of it is what its credit notes have not taken back;
 * - taken back for good, what was not paid is no longer owed and what was paid is the customer's credit; the instalment
 *   keeps what is left of its amount, or is waived, and no later change brings it back;
 * - where only the document was wrong, its instalments and fees are owed as before, may be invoiced again, and follow
 *   their schedule again;
 * - money that is with the bank is not taken back before the bank has told what becomes of it;
 * - what was written off is nobody's credit: it is claimed again first.
 */
import type { Context, ReadContext } from '../context.ts';
import { creditByAmount } from '../domain/invoices/credit-by-amount.ts';
import { type CreditRequest, creditInvoice, leftToCredit } from '../domain/invoices/credit-note.ts';
import type { InvoiceDocument, Remainder } from '../domain/invoices/document.ts';
import {
  type CreditedClaim,
  creditedForGood,
  type FreedMoney,
  isWrittenOff,
  soldAgain,
} from '../domain/ledger/credit-notes.ts';
import type { Posting } from '../domain/ledger/posting.ts';
import { type Allocation, allocated } from '../domain/ledger/settlements.ts';
import { type Cents, cents } from '../domain/money.ts';
import { earliestAsked, type ShrunkPayment, shrinkAsked } from '../domain/payments/asked.ts';
import { openAmount } from '../domain/payments/claims.ts';
import { isUnchanged } from '../domain/schedule/compare.ts';
import { Refusal } from '../errors/refusal.ts';
import { enqueue } from '../jobs/enqueue.ts';
import type { InvoiceCancellation } from '../schemas/invoices.ts';
import { loadChainsOf, lockChains, type StoredContract, type StoredInstalment } from '../store/contract-state.ts';
import { type CustomerMoney, loadMoney, openPayments } from '../store/customer-money.ts';
import { creditNotesOf, insertDocuments, loadInvoice, releaseLines, type StoredInvoice } from '../store/invoices.ts';
import { keepWhatIsSold, post, postingsOfClaims } from '../store/ledger.ts';
import { keepAsCredit, refreshInstalments, shrinkPayments } from '../store/payments.ts';
import { showIssued } from '../views/invoices.ts';
import { announce } from './announce.ts';
import { comparedTo, type Followed, followSchedules, owedMore, showFollowed } from './follow-schedule.ts';
import type { DecisionContext, Operation } from './operation.ts';
import { refreshAccess } from './refresh-access.ts';

export interface CancelInvoiceInput {
  invoice: string;
  cancellation: InvoiceCancellation;
  new_invoice: string;
}

interface State {
  invoice: StoredInvoice;
  earlier: InvoiceDocument[];
  money: CustomerMoney;
  claims: CreditedClaim[];
  chain: StoredContract[];
}

interface Decision {
  document: InvoiceDocument;
  /** Lines of the invoice that nothing is left of. */
  released: number[];
  still_owed: boolean;
  /** What it takes back of each claim. */
  credited: Allocation[];
  postings: Posting[];
  freed: FreedMoney[];
  asked: ShrunkPayment[];
  /** What becomes of the contracts where instalments follow their schedule again. */
  follows: Followed[];
}

export const cancelInvoice: Operation<CancelInvoiceInput, State, Decision> = {
  load,
  decide,
  show: ({ invoice, earlier }, { document, released, freed, still_owed, credited, follows }, { today }) => ({
    before: { left: leftOf(invoice.document, earlier) },
    after: {
      left: leftOf(invoice.document, [...earlier, document]),
      credit_note: { ...document, number: null },
      no_longer_owed_amount: (still_owed ? 0 : allocated(credited) - keptOf(freed)) - owedMore(follows, today),
      to_credit_amount: keptOf(freed),
    },
    changes: [
      ...released.map((position) => ({
        invoice: invoice.id,
        released_line: position,
        [sourceOf(invoice, position)?.kind ?? 'instalment']: sourceOf(invoice, position)?.id ?? null,
      })),
      ...showFollowed(follows),
    ],
    access: null,
    warnings: [],
  }),
  reads: ({ invoice, earlier, money, chain }) => [
    invoice.id,
    earlier.length,
    JSON.stringify(money),
    ...chain.flatMap(({ id, version }) => [id, version]),
  ],
  async save(ctx, { invoice, money }, decision, input) {
    const { invoicing } = ctx.organization.settings;
    const { document, released, still_owed } = decision;
    await post(ctx, decision.postings);
    await releaseLines(ctx, invoice.id, released, !still_owed);
    // A suspension recorded while an instalment stood on the invoice reaches it now.
    // And what was credited of days that it paid for is less, where it is less itself.
    if (!still_owed) await settle(ctx, money, decision);
    await followSchedules(ctx, [invoice.contract_id]);
    await enqueue(ctx, 'print-invoice', { invoice: input.new_invoice });
    await announce(ctx, {
      type: 'invoice.credited',
      subjects: [invoice.id, input.new_invoice, invoice.contract_id, invoice.customer_id],
      data: {
        amount: document.totals.gross_amount,
        still_owed,
        to_credit: keptOf(decision.freed),
        reason: input.cancellation.reason,
      },
    });
    const written = {
      id: input.new_invoice,
      customer_id: invoice.customer_id,
      contract_id: invoice.contract_id,
      corrects_id: invoice.id,
      document,
      look: invoice.look,
    };
    const [number] = await insertDocuments(ctx, invoicing.credit_notes, [written]);
    return showIssued({
      id: input.new_invoice,
      customer: invoice.customer_id,
      contract: invoice.contract_id,
      corrects: invoice.id,
      document: { ...document, number: number as string },
    });
  },
};

async function load(ctx: ReadContext, input: CancelInvoiceInput, locking: boolean): Promise<State> {
  const invoice = await loadInvoice(ctx, input.invoice);
  if (!invoice) throw new Refusal('not_found');
  if (locking) await lockChains(ctx, [invoice.contract_id]);
  const ids = invoice.document.lines.flatMap(({ source }) => (source ? [source.id] : []));
  const postings = await postingsOfClaims(ctx, ids);
  const payments = [...new Set(postings.flatMap(({ payment }) => payment ?? []))];
  const money = await loadMoney(ctx, invoice.customer_id, false, { claims: ids, payments });
  const claims = money.claims.filter(({ id, sold }) => sold && ids.includes(id));
  return {
    invoice,
    earlier: await creditNotesOf(ctx, invoice.id),
    money,
    chain: (await loadChainsOf(ctx, [invoice.contract_id], false)).get(invoice.contract_id)?.chain ?? [],
    claims: claims.map(({ id, amount, settled_amount }) => ({
      id,
      customer: invoice.customer_id,
      sold: amount,
      covered: settled_amount,
      postings: postings.filter(({ claim }) => claim === id),
    })),
  };
}

function decide(state: State, { cancellation, new_invoice }: CancelInvoiceInput, ctx: DecisionContext): Decision {
  const { invoice, earlier, money, claims } = state;
  if (invoice.kind !== 'invoice') throw new Refusal('credit_of_credit_note');
  const { reason, still_owed = false } = cancellation;
  const issue = { series: ctx.organization.settings.invoicing.credit_notes.code, number: '', issued_on: ctx.today };
  const requests = requestsOf(state, cancellation);
  const note = (remainder: Remainder) =>
    creditInvoice(invoice.document, earlier, requests, issue, { reason, remainder });
  const drafted = note({ how: 'invoiced_again' });
  if (still_owed) refuseParts(invoice.document, earlier, drafted);
  refuseInFlight(state, drafted);
  if (!still_owed) refuseWrittenOff(state, drafted);
  const entry = { note: new_invoice, on: ctx.today };
  const credited: Allocation[] = [];
  const postings: Posting[] = [];
  const freed: FreedMoney[] = [];
  for (const { claim, amount } of creditedClaims(drafted, claims)) {
    credited.push({ claim: claim.id, amount });
    if (still_owed) postings.push(...soldAgain(claim, entry));
    else {
      const done = creditedForGood(claim, amount, entry);
      postings.push(...done.postings);
      freed.push(...done.freed);
    }
  }
  const document = still_owed ? drafted : note({ how: 'offset', kept_amount: keptOf(freed) });
  const before = leftToCredit(invoice.document, earlier).map(({ line }) => line.position);
  const after = new Set(leftToCredit(invoice.document, [...earlier, document]).map(({ line }) => line.position));
  const released = before.filter((position) => !after.has(position));
  return {
    document,
    released,
    still_owed,
    credited,
    postings,
    freed,
    asked: still_owed ? [] : shrunk(money, credited, freed),
    follows: followsOf(state, ctx, still_owed ? released : [], still_owed ? [] : credited),
  };
}

/** What becomes of the contracts when instalments stand on the invoice no more, or are less for good. */
function followsOf(
  { invoice, chain, claims }: State,
  ctx: DecisionContext,
  released: readonly number[],
  credited: readonly Allocation[],
): Followed[] {
  const free = new Set(released.map((position) => sourceOf(invoice, position)?.id));
  const left = new Map(
    credited.map(({ claim, amount }) => [claim, (claims.find(({ id }) => id === claim)?.sold ?? amount) - amount]),
  );
  const followed = comparedTo(
    ctx,
    chain,
    chain.map((contract) => ({
      ...contract,
      invoiced: contract.invoiced.filter((id) => !free.has(id)),
      instalments: contract.instalments.map((one) => reduced(one, left.get(one.id))),
    })),
  );
  return followed.map((one) => besides(one, left)).filter((one) => !isUnchanged(one));
}

function reduced(instalment: StoredInstalment, left: number | undefined): StoredInstalment {
  if (left === undefined) return instalment;
  return { ...instalment, amount: cents(left), status: left === 0 ? 'waived' : instalment.status };
}

/** What follows, but for the instalments that are credited themselves. */
function besides(followed: Followed, credited: ReadonlyMap<string, number>): Followed {
  const itself = new Set(
    followed.contract.instalments.filter(({ id }) => credited.has(id)).map(({ number }) => number),
  );
  return { ...followed, instalments: followed.instalments.filter(({ number }) => !itself.has(number)) };
}

function requestsOf(
  { invoice, earlier }: State,
  { lines, amount }: InvoiceCancellation,
): 'all' | readonly CreditRequest[] {
  if (lines && amount !== undefined) throw new Refusal('credit_lines_or_amount', {}, { pointer: '/amount' });
  if (amount !== undefined) return creditByAmount(invoice.document, earlier, cents(amount));
  return lines?.map((one) => ({ line: one.line, ...(one.amount && { amount: cents(one.amount) }) })) ?? 'all';
}

function refuseParts(invoice: InvoiceDocument, earlier: readonly InvoiceDocument[], note: InvoiceDocument): void {
  const partly = note.lines.find(({ credits, gross_amount }) => {
    const whole = invoice.lines.find(({ position }) => position === credits?.position);
    return whole?.gross_amount !== gross_amount;
  });
  const known = earlier.flatMap((one) => one.lines).map((line) => line.credits?.position);
  const again = partly ?? note.lines.find(({ credits }) => known.includes(credits?.position));
  if (again)
    throw new Refusal('credit_still_owed_in_part', { line: again.credits?.position ?? 0 }, { pointer: '/still_owed' });
}

function refuseInFlight({ invoice, money }: State, note: InvoiceDocument): void {
  const flying = openPayments(money)
    .filter(({ state }) => state === 'collecting')
    .flatMap(({ allocations }) => allocations.map(({ claim }) => claim));
  for (const { credits } of note.lines) {
    const position = credits?.position ?? 0;
    if (flying.includes(sourceOf(invoice, position)?.id ?? ''))
      throw new Refusal('credit_line_in_flight', { line: position });
  }
}

function refuseWrittenOff({ invoice, claims }: State, note: InvoiceDocument): void {
  for (const { credits } of note.lines) {
    const position = credits?.position ?? 0;
    const claim = claims.find(({ id }) => id === sourceOf(invoice, position)?.id);
    if (claim && isWrittenOff(claim)) throw new Refusal('credit_line_written_off', { line: position });
  }
}

/** What the note takes back of each claim, and never more than the claim is still sold for. */
function creditedClaims(note: InvoiceDocument, claims: readonly CreditedClaim[]) {
  return note.lines.flatMap(({ source, gross_amount }) => {
    const claim = claims.find(({ id }) => id === source?.id);
    const amount = cents(Math.min(gross_amount, claim?.sold ?? 0));
    return claim && amount > 0 ? [{ claim, amount }] : [];
  });
}

/** What was asked for and is no longer owed is not asked for any more. */
function shrunk(money: CustomerMoney, credited: readonly Allocation[], freed: readonly FreedMoney[]): ShrunkPayment[] {
  const payments = openPayments(money);
  const open = money.claims.map((claim) => ({ ...claim, open_amount: openAmount(claim, payments) }));
  const unpaid = credited.map(({ claim, amount }) => ({
    claim,
    amount: cents(amount - keptOf(freed.filter((part) => part.claim === claim))),
  }));
  return shrinkAsked(earliestAsked(payments), open, unpaid);
}

function keptOf(freed: readonly FreedMoney[]): Cents {
  return allocated(freed);
}

function sourceOf(invoice: StoredInvoice, position: number) {
  return invoice.document.lines[position - 1]?.source;
}

function leftOf(invoice: InvoiceDocument, credits: readonly InvoiceDocument[]) {
  return leftToCredit(invoice, credits).map(({ line, gross_amount }) => ({ line: line.position, gross_amount }));
}

/** Claims and payments say what the ledger says now. */
async function settle(ctx: Context, money: CustomerMoney, { credited, freed, asked }: Decision): Promise<void> {
  const claims = credited.map(({ claim }) => claim);
  await keepWhatIsSold(ctx, claims);
  await keepAsCredit(ctx, money.payments, freed);
  await shrinkPayments(ctx, asked);
  await refreshInstalments(ctx, claims);
  await refreshAccess(ctx, [money.customer]);
}
