/**
 * Books many payments at once, each of one instalment, whole and on its due day: for taking over what another system
 * has already collected.
 */
import type { Context } from '../context.ts';
import type { Day } from '../domain/day.ts';
import { received } from '../domain/ledger/settlements.ts';
import { type Cents, ZERO } from '../domain/money.ts';
import type { PaymentMethod } from '../domain/payment-method.ts';
import { newId } from '../ids.ts';
import { post, sellDue } from '../store/ledger.ts';
import { insertPayments, refreshInstalments } from '../store/payments.ts';
import { refreshAccess } from './refresh-access.ts';

export interface PaidInstalment {
  id: string;
  customer: string;
  amount: Cents;
  method: PaymentMethod;
  due_on: Day;
}

/** The instalments must be due, open and not asked for. */
export async function recordPayments(ctx: Context, paid: readonly PaidInstalment[]): Promise<void> {
  await sellDue(ctx, null);
  const payments = paid.map(({ id: claim, customer, amount, method, due_on }) => {
    const id = newId('pay');
    return {
      id,
      customer,
      state: 'settled' as const,
      amount,
      credit: ZERO,
      method,
      label: null,
      due_on,
      paid_on: due_on,
      mandate: null,
      attempt: 1,
      first_attempt: id,
      allocations: [{ claim, amount }],
    };
  });
  await post(
    ctx,
    payments.flatMap((payment) => received({ ...payment, payment: payment.id, on: payment.paid_on })),
  );
  await insertPayments(ctx, payments);
  await refreshInstalments(
    ctx,
    paid.map(({ id }) => id),
  );
  await refreshAccess(
    ctx,
    paid.map(({ customer }) => customer),
  );
}
