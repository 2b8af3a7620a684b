/** What a customer owes today: instalments whose due day has passed and that are still to be paid. */
import type { ReadContext } from '../context.ts';
import { type Cents, cents } from '../domain/money.ts';
import { queryOne } from '../store/database.ts';

export async function owedBy(ctx: ReadContext, customerId: string): Promise<Cents> {
  const row = await queryOne<{ owed: number }>(
    ctx.reader,
    `select coalesce(sum(amount_cents), 0)::bigint as owed from instalment
     where customer_id = ? and status in ('scheduled', 'rejected') and due_on < ?`,
    [customerId, ctx.today],
  );
  return cents(row?.owed ?? 0);
}
