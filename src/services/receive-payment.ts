/**
 * Money received by hand: for an instalment with its fees, for several claims, for a payment that was asked for, or
 * for nothing in particular.
 *
 * Always true: what is paid before its day is sold on the day of the payment; what is beyond the claims is kept as
 * the customer's credit; what was asked for and is paid now is no longer asked for.
 */
import type { Context, ReadContext } from '../context.ts';
import type { Day } from '../domain/day.ts';
import { sold } from '../domain/ledger/sales.ts';
import { received } from '../domain/ledger/settlements.ts';
import { cents } from '../domain/money.ts';
import type { PaymentMethod } from '../domain/payment-method.ts';
import { decideReceipt, type Receipt } from '../domain/payments/receipt.ts';
import { Refusal } from '../errors/refusal.ts';
import { type CustomerMoney, loadMoney, openPayments, ownerOfPayment, payableClaims } from '../store/customer-money.ts';
import { queryOne } from '../store/database.ts';
import { post } from '../store/ledger.ts';
import { insertPayments, refreshInstalments, shrinkPayments, updatePayment } from '../store/payments.ts';
import { findPayment } from '../views/payments.ts';
import { announce } from './announce.ts';
import type { Operation } from './operation.ts';
import { refreshAccess } from './refresh-access.ts';
import { showMoney } from './show-money.ts';

export interface ReceivePaymentInput {
  /** One of these says what is paid. */
  instalment?: string | undefined;
  payment?: string | undefined;
  customer?: string | undefined;
  instalments?: readonly string[] | undefined;
  paid_on: Day;
  method: PaymentMethod;
  amount?: number | undefined;
  new_payment: string;
}

interface State {
  money: CustomerMoney;
  meant: string[];
}

export const receivePayment: Operation<ReceivePaymentInput, State, Receipt> = {
  async load(ctx, input, locking) {
    const { customer, meant } = await subject(ctx, input);
    const wanted = { claims: meant, ...(input.payment === undefined ? {} : { payments: [input.payment] }) };
    return { money: await loadMoney(ctx, customer, locking, wanted), meant };
  },
  decide({ money, meant }, input, ctx) {
    for (const id of meant) {
      const claim = money.claims.find((one) => one.id === id);
      if (!claim) throw new Refusal('not_found');
      if (claim.status === 'cancelled' || claim.status === 'waived')
        throw new Refusal('instalment_not_open', { status: claim.status });
    }
    return decideReceipt(
      { claims: payableClaims(money), payments: openPayments(money) },
      {
        paid_on: input.paid_on,
        method: input.method,
        ...(input.amount === undefined ? {} : { amount: cents(input.amount) }),
        ...(input.payment === undefined ? { claims: meant } : { payment: input.payment }),
      },
      ctx.today,
    );
  },
  show: ({ money }, receipt) => showMoney(money, { paid: receipt }),
  reads: ({ money }) => [JSON.stringify(money)],
  async save(ctx, { money }, receipt, input) {
    const id = receipt.pays ?? input.new_payment;
    await sellUnsold(
      ctx,
      money,
      receipt.allocations.map(({ claim }) => claim),
      receipt.paid_on,
    );
    await post(ctx, received({ ...receipt, payment: id, customer: money.customer, on: receipt.paid_on }));
    await shrinkPayments(ctx, receipt.asked);
    if (receipt.pays) {
      const edit = {
        state: 'settled' as const,
        method: receipt.method,
        paid_on: receipt.paid_on,
        credit: receipt.credit,
      };
      await updatePayment(ctx, id, edit, receipt.allocations);
    } else
      await insertPayments(ctx, [
        {
          id,
          customer: money.customer,
          state: 'settled',
          amount: receipt.amount,
          credit: receipt.credit,
          method: receipt.method,
          label: null,
          due_on: receipt.paid_on,
          paid_on: receipt.paid_on,
          mandate: null,
          attempt: 1,
          first_attempt: id,
          allocations: receipt.allocations,
        },
      ]);
    await refreshInstalments(
      ctx,
      receipt.allocations.map(({ claim }) => claim),
    );
    await refreshAccess(ctx, [money.customer]);
    await announce(ctx, {
      type: 'payment.received',
      subjects: [id, money.customer, ...receipt.allocations.map(({ claim }) => claim)],
      data: { amount: receipt.amount, method: receipt.method, paid_on: receipt.paid_on, credit: receipt.credit },
    });
    return findPayment(ctx, id);
  },
};

/** Whose money it is and what it is meant for. @throws Refusal `not_found` */
async function subject(ctx: ReadContext, input: ReceivePaymentInput): Promise<{ customer: string; meant: string[] }> {
  if (input.payment !== undefined) {
    const owner = await ownerOfPayment(ctx, input.payment);
    return { customer: owner.customer, meant: owner.allocations };
  }
  if (input.customer !== undefined) return { customer: input.customer, meant: [...(input.instalments ?? [])] };
  const instalment = await queryOne<{ customer: string }>(
    ctx.reader,
    `select i.customer_id as customer from instalment i join contract c on c.id = i.contract_id
     where i.id = ? and i.organization_id = ? and c.deleted_at is null`,
    [input.instalment ?? '', ctx.organization.id],
  );
  if (!instalment) throw new Refusal('not_found');
  return { customer: instalment.customer, meant: [input.instalment as string] };
}

/** Sells the claims that are paid, presented or invoiced before their day. */
export async function sellUnsold(
  ctx: Context,
  money: CustomerMoney,
  claimIds: readonly string[],
  on: Day,
): Promise<void> {
  const unsold = money.claims.filter((claim) => !claim.sold && claimIds.includes(claim.id));
  await post(
    ctx,
    unsold.flatMap((claim) => sold({ ...claim, claim: claim.id, customer: money.customer }, on)),
  );
}
