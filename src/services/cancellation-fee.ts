/**
 * The fee of a cancellation: a sale beside the instalments, sold when it is recorded and due on the contract's last day,
 * or today where that has passed.
 *
 * Always true: undoing the cancellation, which it may only be until its last day is over, takes the sale back; a fee
 * that is already paid is refunded first; a payment that asks for it asks for the rest, or is asked for no longer.
 */
import type { Context, ReadContext } from '../context.ts';
import type { Decision } from '../domain/contract-changes/decision.ts';
import { type Day, later } from '../domain/day.ts';
import { saleInForce } from '../domain/ledger/sale-in-force.ts';
import { sold, waived } from '../domain/ledger/sales.ts';
import { cents, decimal } from '../domain/money.ts';
import type { ChangeOf } from '../domain/schedule/changes.ts';
import type { InEveryLanguage } from '../errors/language.ts';
import { Refusal } from '../errors/refusal.ts';
import { newId } from '../ids.ts';
import type { StoredContract } from '../store/contract-state.ts';
import { queryOne } from '../store/database.ts';
import { insertFees } from '../store/fees.ts';
import { post, postingsOfClaims } from '../store/ledger.ts';
import { announce } from './announce.ts';
import { askNoLonger } from './ask-no-longer.ts';

const label: InEveryLanguage = { fr: 'Frais de résiliation', en: 'Cancellation fee', de: 'Kündigungsgebühr' };

export async function chargeCancellationFee(ctx: Context, contract: StoredContract, decision: Decision): Promise<void> {
  const cancelled = decision.changes.map(({ change }) => change).find(({ kind }) => kind === 'cancelled');
  const { id, fee: amount, on } = cancelled as ChangeOf<'cancelled'>;
  if (!amount) return;
  const sale = {
    customer: contract.customer_id,
    kind: 'fee' as const,
    amount,
    due_on: later(on, ctx.today),
    tax_rate_bps: await taxRateOf(ctx, contract.id),
  };
  const claim = newId('fee');
  await insertFees(ctx, [
    {
      ...sale,
      id: claim,
      kind: 'cancellation',
      article: null,
      label: label[ctx.organization.locale],
      follows: null,
      payment: null,
    },
  ]);
  await ctx.trx.raw('update fee set change_id = ? where id = ?', [id, claim]);
  await post(ctx, sold({ ...sale, claim }, ctx.today));
  await announce(ctx, {
    type: 'cancellation_fee.charged',
    subjects: [contract.id, contract.customer_id, claim],
    data: { amount, due_on: sale.due_on },
  });
}

interface ChargedFee {
  /** The number of the invoice that it stands on. */
  invoice: string | null;
  id: string;
  sold_cents: number;
  covered_cents: number;
  due_on: Day;
}

/** The fee of the cancellation in force, or null. */
function feeOf(ctx: ReadContext, contractId: string): Promise<ChargedFee | null> {
  return queryOne<ChargedFee>(
    ctx.reader,
    `select fee.id, fee.sold_cents, fee.covered_cents, fee.due_on,
       (select invoice.number from invoice_line line join invoice on invoice.id = line.invoice_id
        where line.fee_id = fee.id and line.live) as invoice
     from contract_change change join fee on fee.change_id = change.id
     where change.contract_id = ? and change.kind = 'cancelled' and fee.organization_id = ?
     order by change.seq desc limit 1`,
    [contractId, ctx.organization.id],
  );
}

/** @throws Refusal `cancellation_fee_paid`, `cancellation_fee_invoiced`. */
export async function checkFeeUnpaid(ctx: ReadContext, contractId: string): Promise<void> {
  const fee = await feeOf(ctx, contractId);
  if (fee && fee.covered_cents > 0) throw new Refusal('cancellation_fee_paid', { amount: decimal(fee.covered_cents) });
  if (fee?.invoice) throw new Refusal('cancellation_fee_invoiced', { invoice: fee.invoice });
}

export async function withdrawCancellationFee(ctx: Context, contract: StoredContract): Promise<void> {
  await checkFeeUnpaid(ctx, contract.id);
  const fee = await feeOf(ctx, contract.id);
  if (!fee || fee.sold_cents === 0) return;
  const sale = saleInForce({ id: fee.id, postings: await postingsOfClaims(ctx, [fee.id]) });
  const amount = cents(fee.sold_cents);
  await askNoLonger(ctx, contract.customer_id, [{ claim: fee.id, amount }]);
  await post(ctx, waived(sale, { id: `undone:${fee.id}`, amount, on: ctx.today }));
  await announce(ctx, {
    type: 'cancellation_fee.withdrawn',
    subjects: [contract.id, contract.customer_id, fee.id],
    data: { amount },
  });
}

async function taxRateOf(ctx: ReadContext, contractId: string): Promise<number> {
  const row = await queryOne<{ rate: number }>(ctx.reader, 'select tax_rate_bps as rate from contract where id = ?', [
    contractId,
  ]);
  return row?.rate ?? 0;
}
