/** What persons decided about the returns in a bank's file, once per reason. */
import type { Context, ReadContext } from '../context.ts';
import type { BankDecision } from '../schemas/bank-returns.ts';
import { query, queryOne } from './database.ts';

/** The reasons decided already (an empty one: none was told); null: there is no such file. */
export async function decidedReasons(ctx: ReadContext, id: string): Promise<string[] | null> {
  const row = await queryOne<{ reasons: string[] }>(
    ctx.reader,
    `select array(select reason_code from bank_decision where message_id = m.id) as reasons
     from bank_message m where m.id = ? and m.organization_id = ?`,
    [id, ctx.organization.id],
  );
  return row?.reasons ?? null;
}

/** Payments that came back by this file for this reason and wait for a person. */
export async function paymentsToDecide(
  ctx: ReadContext,
  id: string,
  reasonCode: string | null,
): Promise<{ payment: string; customer: string }[]> {
  return query(
    ctx.reader,
    `select distinct p.id as payment, p.customer_id as customer
     from bank_entry e join collection_line line on line.id = e.line_id join payment p on p.id = line.payment_id
     where e.message_id = ? and e.organization_id = ? and e.effect = 'applied' and e.reason_code is not distinct from ?
       and p.state = 'rejected' and p.needs_person
     order by 1`,
    [id, ctx.organization.id, reasonCode],
  );
}

export async function saveDecision(
  ctx: Context,
  id: string,
  decision: BankDecision,
  totals: { payments: number; represented: number; left: number },
): Promise<void> {
  await ctx.trx.raw(
    `insert into bank_decision (organization_id, message_id, reason_code, represent, fee, due_on, payment_count, represented_count,
       left_count, actor, decided_on, recorded_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      ctx.organization.id,
      id,
      decision.reason_code ?? '',
      decision.represent,
      decision.fee,
      decision.due_on ?? null,
      totals.payments,
      totals.represented,
      totals.left,
      ctx.actor,
      ctx.today,
      ctx.now,
    ] as never,
  );
}

export interface DecidedPayment {
  payment: string;
  reason_code: string | null;
  needs_person: boolean;
}

/** It is decided about these payments, or it is known now why they came back. */
export async function markDecided(ctx: Context, payments: readonly DecidedPayment[]): Promise<void> {
  await ctx.trx.raw(
    `update payment set needs_person = row.needs_person, reason_code = row.reason_code, version = payment.version + 1
     from jsonb_to_recordset(?::jsonb) as row (payment text, reason_code text, needs_person boolean) where payment.id = row.payment`,
    [JSON.stringify(payments)],
  );
}
