/**
 * Writes a debt off, or waives a fee. Access is evaluated anew at once, and reminders, which ask what is owed before each
 * message, stop by themselves.
 */
import type { ReadContext } from '../context.ts';
import type { Posting } from '../domain/ledger/posting.ts';
import { saleInForce } from '../domain/ledger/sale-in-force.ts';
import { waived, writtenOff } from '../domain/ledger/sales.ts';
import { cents } from '../domain/money.ts';
import { decideGift, type Gift } from '../domain/payments/give-up.ts';
import { Refusal } from '../errors/refusal.ts';
import { type CustomerMoney, loadMoney, openPayments, owedNow, payableClaims } from '../store/customer-money.ts';
import { queryOne } from '../store/database.ts';
import { post, postingsOfClaims } from '../store/ledger.ts';
import { refreshInstalments, shrinkPayments } from '../store/payments.ts';
import { announce } from './announce.ts';
import type { Operation } from './operation.ts';
import { refreshAccess } from './refresh-access.ts';

export type GiftKind = 'write_off' | 'waiver';

export interface GiveUpInput {
  kind: GiftKind;
  /** The instalment or fee. */
  claim: string;
  amount?: number | undefined;
  reason: string;
  new_gift: string;
}

export interface DebtState {
  money: CustomerMoney;
  /** Of the claim, in the order recorded. */
  postings: Posting[];
}

/** Of whom a claim is. @throws Refusal `not_found` */
async function ownerOf(ctx: ReadContext, claim: string): Promise<string> {
  const row = await queryOne<{ customer: string }>(
    ctx.reader,
    `select customer_id as customer from instalment where id = ? and organization_id = ?
     union all select customer_id from fee where id = ? and organization_id = ?`,
    [claim, ctx.organization.id, claim, ctx.organization.id],
  );
  if (!row) throw new Refusal('not_found');
  return row.customer;
}

export async function loadDebt(ctx: ReadContext, claim: string, locking: boolean): Promise<DebtState> {
  const money = await loadMoney(ctx, await ownerOf(ctx, claim), locking, { claims: [claim] });
  return { money, postings: await postingsOfClaims(ctx, [claim]) };
}

export const giveUpDebt: Operation<GiveUpInput, DebtState, Gift> = {
  async load(ctx, input, locking) {
    const state = await loadDebt(ctx, input.claim, locking);
    if (input.kind === 'waiver' && (await isInvoiced(ctx, input.claim))) throw new Refusal('fee_is_invoiced');
    return state;
  },
  decide({ money, postings }, input) {
    const claim = payableClaims(money).find((one) => one.id === input.claim);
    if (!claim) throw new Refusal('not_found');
    // What was given back of money that then did not come is owed again, without a sale that could be taken back.
    if (input.kind === 'waiver' && saleInForce({ id: input.claim, postings }).length === 0)
      throw new Refusal('fee_without_sale');
    const amount = input.amount === undefined ? undefined : cents(input.amount);
    return decideGift({ claim, payments: openPayments(money), amount });
  },
  show({ money }, gift) {
    const owed = owedNow(money);
    return {
      before: { owed_amount: owed },
      after: { owed_amount: owed - gift.amount },
      changes: [gift],
      access: null,
      warnings: [],
    };
  },
  reads: (state) => [JSON.stringify(state)],
  async save(ctx, { money, postings }, gift, input) {
    const { customer } = money;
    const { new_gift: id, kind, reason } = input;
    const own = { id, claim: gift.claim, customer, amount: gift.amount, on: ctx.today };
    await post(ctx, kind === 'write_off' ? [writtenOff(own)] : waived(saleInForce({ id: gift.claim, postings }), own));
    await shrinkPayments(ctx, gift.asked);
    await refreshInstalments(ctx, [gift.claim]);
    await refreshAccess(ctx, [customer]);
    await announce(ctx, {
      type: kind === 'write_off' ? 'debt.written_off' : 'fee.waived',
      subjects: [id, gift.claim, customer],
      data: { amount: gift.amount, reason },
    });
    return { object: kind, id, claim: gift.claim, customer, amount: gift.amount, on: ctx.today, taken_back: false };
  },
};

export async function isInvoiced(ctx: ReadContext, fee: string): Promise<boolean> {
  const row = await queryOne(ctx.reader, 'select 1 from invoice_line where fee_id = ? and live limit 1', [fee]);
  return row !== null;
}
