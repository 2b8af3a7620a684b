/** What is told about direct debits: by the bank's messages, by hand, by a waiting time that has passed. */
import type { Context } from '../context.ts';
import type { BankEventKind } from '../domain/bank-events/presentation.ts';
import type { Day } from '../domain/day.ts';
import type { Cents } from '../domain/money.ts';

export interface HandEntry {
  line: string;
  kind: BankEventKind;
  on: Day;
  reason_code: string | null;
  amount: Cents;
  /** Keys of the effects that it brought. */
  booked: readonly string[];
}

/** A word about a presentation that no bank message told. */
export async function recordHandEntry(ctx: Context, entry: HandEntry): Promise<void> {
  await ctx.trx.raw(
    `insert into bank_entry (organization_id, level, covers_all, kind, on_day, reason_code, amount_cents, line_id, effect, booked, detail)
     values (?, 'transaction', false, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      ctx.organization.id,
      entry.kind,
      entry.on,
      entry.reason_code,
      entry.amount,
      entry.line,
      entry.booked.length > 0 ? 'applied' : 'repeated',
      [...entry.booked] as never,
      JSON.stringify({ actor: ctx.actor }),
    ],
  );
}

