/** What is told about direct debits: by the bank's messages, by hand, by a waiting time that has passed. */
import type { Context } from '../context.ts';
import type { BankEventKind } from '../domain/bank-events/presentation.ts';
import type { Day } from '../domain/day.ts';
import type { Cents } from '../domain/money.ts';
import { query } from './database.ts';

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

export type EntryLevel = 'group' | 'payment_information' | 'entry' | 'transaction';
export type EntryKind = BankEventKind | 'unknown';
export type EntryEffect = 'told' | 'applied' | 'repeated' | 'noted' | 'waiting' | 'unmatched' | 'spread';

export interface NewBankEntry {
  position: number;
  level: EntryLevel;
  covers_all: boolean;
  kind: EntryKind;
  on: Day;
  reason_code: string | null;
  amount: number | null;
  currency: string | null;
  charge: number | null;
  end_to_end_id: string | null;
  mandate_reference: string | null;
  account_index: string | null;
  original_message_id: string | null;
  payment_information_id: string | null;
  detail: object;
}

/** Keeps what a file tells, not matched yet. */
export async function insertEntries(ctx: Context, messageId: string, entries: readonly NewBankEntry[]): Promise<void> {
  if (entries.length === 0) return;
  await ctx.trx
    .raw(
      `insert into bank_entry (organization_id, message_id, position, level, covers_all, kind, on_day, reason_code, amount_cents, currency,
         charge_cents, end_to_end_id, mandate_reference, account_index, original_message_id, payment_information_id, effect, booked, detail)
       select ?, ?, row.position, row.level, row.covers_all, row.kind, row."on", row.reason_code, row.amount, row.currency, row.charge,
         row.end_to_end_id, row.mandate_reference, row.account_index, row.original_message_id, row.payment_information_id, 'unmatched',
         '{}', row.detail
       from jsonb_to_recordset(?::jsonb) as row (position int, level text, covers_all boolean, kind text, "on" date, reason_code text,
         amount bigint, currency text, charge bigint, end_to_end_id text, mandate_reference text, account_index text,
         original_message_id text, payment_information_id text, detail jsonb)`,
      [ctx.organization.id, messageId, JSON.stringify(entries)],
    )
    .options({ name: 'insert-bank-entries' });
}

/** A word that was matched and waits to be weighed. */
export interface ToldWord {
  entry: number;
  line: string;
  payment: string;
  customer: string;
  kind: BankEventKind;
  on: Day;
  reason_code: string | null;
  charge: Cents | null;
}

/** Everything matched in this transaction and not weighed yet, in the order in which it was told. */
export async function toldWords(ctx: Context): Promise<ToldWord[]> {
  return query<ToldWord>(
    ctx.trx,
    `select e.id as entry, e.line_id as line, line.payment_id as payment, line.customer_id as customer, e.kind, e.on_day as "on",
       e.reason_code, e.charge_cents as charge
     from bank_entry e join collection_line line on line.id = e.line_id
     where e.organization_id = ? and e.effect = 'told' order by e.id`,
    [ctx.organization.id],
  );
}

export interface WeighedEntry {
  entry: number;
  effect: Extract<EntryEffect, 'applied' | 'repeated' | 'noted' | 'waiting'>;
  booked: readonly string[];
  why: string | null;
}

export async function saveWeighed(ctx: Context, entries: readonly WeighedEntry[]): Promise<void> {
  if (entries.length === 0) return;
  await ctx.trx
    .raw(
      `update bank_entry set effect = row.effect, booked = row.booked, why = row.why
       from jsonb_to_recordset(?::jsonb) as row (entry bigint, effect text, booked text[], why text)
       where bank_entry.id = row.entry`,
      [JSON.stringify(entries)],
    )
    .options({ name: 'save-weighed-entries' });
}
