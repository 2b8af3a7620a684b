/**
 * What hangs on a contract so that it may not be deleted: money received or on its way, an invoice that stands, a renewal
 * that follows it. Each capability that hangs something on contracts adds its question to the list.
 */
import type { ReadContext } from '../context.ts';
import { query } from '../store/database.ts';

export interface Hanging {
  kind: 'money' | 'invoice' | 'renewal';
  /** How a person finds it: a number or an id. */
  name: string;
}

type Question = (ctx: ReadContext, contractId: string) => Promise<Hanging[]>;

const money: Question = async (ctx, contractId) =>
  (
    await query<{ number: number }>(
      ctx.reader,
      `select number from instalment where contract_id = ? and (status in ('paid', 'collecting') or covered_cents > 0) order by number`,
      [contractId],
    )
  ).map(({ number }) => ({ kind: 'money', name: String(number) }));

const renewal: Question = async (ctx, contractId) =>
  (
    await query<{ id: string }>(ctx.reader, 'select id from contract where renews_id = ? and deleted_at is null', [
      contractId,
    ])
  ).map(({ id }) => ({ kind: 'renewal', name: id }));

const invoice: Question = async (ctx, contractId) =>
  (
    await query<{ number: string }>(
      ctx.reader,
      `select number from invoice where contract_id = ? and kind = 'invoice'
         and exists (select 1 from invoice_line line where line.invoice_id = invoice.id and line.live)
       order by id`,
      [contractId],
    )
  ).map(({ number }) => ({ kind: 'invoice', name: number }));

const questions: readonly Question[] = [invoice, money, renewal];

export async function hangingOnContract(ctx: ReadContext, contractId: string): Promise<Hanging[]> {
  const answers: Hanging[] = [];
  for (const ask of questions) answers.push(...(await ask(ctx, contractId)));
  return answers;
}
