/** What a customer owes today and should have paid before: open and not with the bank. */
import type { ReadContext } from '../context.ts';
import { type Cents, sum } from '../domain/money.ts';
import { debtsOf } from '../domain/payments/claims.ts';
import { loadMoney, openPayments, payableClaims } from '../store/customer-money.ts';

export async function owedBy(ctx: ReadContext, customerId: string): Promise<Cents> {
  const money = await loadMoney(ctx, customerId, false);
  const debts = debtsOf(payableClaims(money), openPayments(money));
  return sum(debts.filter((debt) => debt.due_on < ctx.today && debt.in_flight_on === null).map((debt) => debt.amount));
}
