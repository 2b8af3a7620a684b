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
import { loadMoneyOfMany, lockCustomers, openPayments, payableClaims } from '../store/customer-money.ts';
import { query } from '../store/database.ts';
import { customersWithDue, post, sellDue } from '../store/ledger.ts';
import { refreshInstalments, shrinkPayments } from '../store/payments.ts';
import { announce } from './announce.ts';
import { refreshAccess } from './refresh-access.ts';

export async function sellWhatFallsDue(ctx: Context): Promise<{ sold: number; paid_from_credit: number }> {
  const withCredit = await customersWithCredit(ctx);
  await lockCustomers(ctx, [...new Set([...(await customersWithDue(ctx)), ...withCredit])]);
  const sold = await sellDue(ctx, null);
  return { sold, paid_from_credit: await spendCredit(ctx, withCredit) };
}

async function customersWithCredit(ctx: Context): Promise<string[]> {
  const rows = await query<{ id: string }>(
    ctx.trx,
    `select p.customer_id as id from posting p
     where p.organization_id = ? and (p.credit = 'customer_credit' or p.debit = 'customer_credit')
     group by p.customer_id
     having sum(case when p.credit = 'customer_credit' then p.amount_cents else -p.amount_cents end) > 0
     order by 1`,
    [ctx.organization.id],
  );
  return rows.map(({ id }) => id);
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
