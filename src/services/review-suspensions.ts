/** Daily work: tells, once, of each unlimited suspension whose review day is today. They stay listed until decided. */
import type { Context } from '../context.ts';
import { query } from '../store/database.ts';
import { announce } from './announce.ts';

export async function tellOfReviews(ctx: Context): Promise<{ suspensions: number }> {
  const rows = await query<{ id: string; contract_id: string; customer_id: string; starts_on: string }>(
    ctx.trx,
    `select suspension.id, suspension.contract_id, contract.customer_id, suspension.starts_on
     from suspension join contract on contract.id = suspension.contract_id
     where suspension.organization_id = ? and suspension.ends_on is null and suspension.removed_on is null
       and suspension.data ->> 'review_on' = ? and contract.deleted_at is null
     order by suspension.id`,
    [ctx.organization.id, ctx.today],
  );
  await announce(
    ctx,
    ...rows.map(({ id, contract_id, customer_id, starts_on }) => ({
      type: 'suspension.review_due',
      subjects: [id, contract_id, customer_id],
      data: { starts_on },
    })),
  );
  return { suspensions: rows.length };
}
