/**
 * What was asked for and is no longer owed is not asked for any more.
 *
 * Always true: a payment that asks for several claims goes on asking for the others.
 */
import type { Context } from '../context.ts';
import type { Allocation } from '../domain/ledger/settlements.ts';
import { earliestAsked, shrinkAsked } from '../domain/payments/asked.ts';
import { loadMoney, openPayments } from '../store/customer-money.ts';
import { shrinkPayments } from '../store/payments.ts';

/** @param claims of the customer, each with all that is open on it */
export async function askNoLonger(ctx: Context, customer: string, claims: readonly Allocation[]): Promise<void> {
  if (claims.length === 0) return;
  const pending = earliestAsked(openPayments(await loadMoney(ctx, customer, true)));
  const asking = pending.filter(({ allocations }) =>
    allocations.some((part) => claims.some(({ claim }) => claim === part.claim)),
  );
  const open = claims.map(({ claim, amount }) => ({ id: claim, open_amount: amount }));
  await shrinkPayments(ctx, shrinkAsked(asking, open, claims));
}
