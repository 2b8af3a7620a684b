/**
 * The daily work of the ledger: what falls due is sold, and what customers have as credit pays it.
 *
 * Always true: the customers are locked before anything of theirs is, as by everybody who changes their money. A day that
 * had their instalments, and then asked for them, would stand in the way of a desk that had them and asked for those.
 */
import type { Context } from '../context.ts';
import { creditUsed } from '../domain/ledger/settlements.ts';
import { useCredit } from '../domain/payments/use-credit.ts';
import { newId } from '../ids.ts';
import {
  type CustomerIds,
  loadMoneyOfMany,
  lockCustomersIn,
  openPayments,
  payableClaims,
} from '../store/customer-money.ts';
import { query } from '../store/database.ts';
import { customersWithCredit, customersWithDue, post, sellDue } from '../store/ledger.ts';
import { refreshInstalments, shrinkPayments } from '../store/payments.ts';
import { announce } from './announce.ts';
import { refreshAccess } from './refresh-access.ts';

/** Whom it concerns. */
export const customersToSell = (ctx: Context): CustomerIds[] => [customersWithDue(ctx), customersWithCredit(ctx)];

export async function sellWhatFallsDue(ctx: Context): Promise<{ sold: number; paid_from_credit: number }> {
  await lockCustomersIn(ctx, ...customersToSell(ctx));
  const sold = await sellDue(ctx, null);
  const { sql, bindings } = customersWithCredit(ctx);
  const rows = await query<{ customer_id: string }>(ctx.trx, `${sql} order by 1`, bindings);
  const paid = await spendCredit(
    ctx,
    rows.map(({ customer_id }) => customer_id),
  );
  return { sold, paid_from_credit: paid };
}

/** Pays what is due from the credit of these customers. @returns how many of them it paid something for */
export async function spendCredit(ctx: Context, customerIds: readonly string[]): Promise<number> {
  if (customerIds.length === 0) return 0;
  let paid = 0;
  for (const money of await loadMoneyOfMany(ctx, customerIds, true)) {
    const { allocations, asked } = useCredit(money.credit, payableClaims(money), openPayments(money), ctx.today);
    if (allocations.length === 0) continue;
    const id = newId('use');
    const claims = allocations.map(({ claim }) => claim);
    await post(ctx, creditUsed({ id, customer: money.customer, on: ctx.today, allocations }));
    await shrinkPayments(ctx, asked);
    await refreshInstalments(ctx, claims);
    await refreshAccess(ctx, [money.customer]);
    await announce(ctx, { type: 'credit.used', subjects: [money.customer, ...claims], data: { parts: allocations } });
    paid += 1;
  }
  return paid;
}
