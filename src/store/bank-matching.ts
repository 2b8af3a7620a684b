/**
 * Finds the presentations that kept entries speak of.
 *
 * Always true:
 * - a presentation is found by the end-to-end id that we gave it and the amount; where the bank gives no such id, by
 *   mandate or account, amount and day together, and only where exactly one presentation fits; or a person names it;
 * - a word about a group goes to the debits of the group that we sent under that name; a word about money only where
 *   the amount is that of the group, whole or without what the bank had refused;
 * - a drafted line is no presentation: what is told of it waits until it is released.
 */
import type { Context, ReadContext } from '../context.ts';
import type { PresentedDebit, ToldEntry } from '../domain/bank-events/hand-match.ts';
import type { BankEventKind } from '../domain/bank-events/presentation.ts';
import { query, queryOne } from './database.ts';

const PRESENTED = `('in_flight', 'settled', 'failed')`;

/** Days between a collection and a return that are looked at where the bank names neither debit nor file. */
const DAYS_BACK = 56;
const DAYS_AHEAD = 7;

/** Words about single debits. */
export async function matchTransactions(ctx: Context): Promise<void> {
  await ctx.trx.raw(
    `update bank_entry e set line_id = line.id, effect = 'told', why = null from collection_line line
     where e.organization_id = ? and e.effect = 'unmatched' and e.kind <> 'unknown' and e.end_to_end_id is not null
       and coalesce(e.currency, ?) = ?
       and line.id = replace(e.end_to_end_id, '-', '_') and line.organization_id = e.organization_id and line.state in ${PRESENTED}
       and coalesce(e.amount_cents, line.amount_cents) = line.amount_cents`,
    [ctx.organization.id, ctx.organization.currency, ctx.organization.currency],
  );
  await ctx.trx.raw(
    `update bank_entry e set line_id = fit.line, effect = 'told', why = null from (
       select e.id, min(line.id) as line
       from bank_entry e
       join mandate m on m.organization_id = e.organization_id
         and (m.reference = e.mandate_reference or m.iban_index = e.account_index)
         and coalesce(e.mandate_reference, m.reference) = m.reference
         and coalesce(e.account_index, m.iban_index) = m.iban_index
       join collection_line line on line.mandate_id = m.id and line.organization_id = e.organization_id and line.state in ${PRESENTED}
         and line.amount_cents = e.amount_cents
         and line.collection_on between e.on_day - ${DAYS_BACK} and e.on_day + ${DAYS_AHEAD}
       where e.organization_id = ? and e.effect = 'unmatched' and e.kind in ('rejected', 'returned', 'refunded', 'reversed')
         and e.level = 'transaction' and e.end_to_end_id is null and coalesce(e.currency, ?) = ?
       group by e.id having count(*) = 1) fit
     where e.id = fit.id`,
    [ctx.organization.id, ctx.organization.currency, ctx.organization.currency],
  );
}

export interface GroupWord {
  id: number;
  message: string;
  covers_all: boolean;
  kind: BankEventKind;
  amount: number | null;
  original_message_id: string | null;
  payment_information_id: string | null;
}

/** Words about groups of debits that wait for their group. */
export async function unmatchedGroups(ctx: ReadContext): Promise<GroupWord[]> {
  return query<GroupWord>(
    ctx.reader,
    `select distinct on (e.message_id, e.kind, e.amount_cents, e.original_message_id, e.payment_information_id)
       e.id, e.message_id as message, e.covers_all, e.kind, e.amount_cents as amount, e.original_message_id, e.payment_information_id
     from bank_entry e
     where e.organization_id = ? and e.effect = 'unmatched' and e.level <> 'transaction' and e.end_to_end_id is null
       and coalesce(e.currency, ?) = ?
       and (e.covers_all and e.kind = 'rejected' or e.kind = 'settled' and e.payment_information_id is not null)
     order by e.message_id, e.kind, e.amount_cents, e.original_message_id, e.payment_information_id, e.id`,
    [ctx.organization.id, ctx.organization.currency, ctx.organization.currency],
  );
}

/** Hands a word about a group on to each of its debits. */
export async function spreadGroup(ctx: Context, group: number, lineIds: readonly string[]): Promise<void> {
  await ctx.trx.raw(
    `with word as (
       update bank_entry set effect = 'spread', why = null where id = ? returning *
     ), same as (
       update bank_entry e set effect = 'repeated' from word
       where e.message_id = word.message_id and e.id <> word.id and e.effect = 'unmatched' and e.kind = word.kind and e.level <> 'transaction'
         and e.original_message_id is not distinct from word.original_message_id
         and e.payment_information_id is not distinct from word.payment_information_id
         and e.amount_cents is not distinct from word.amount_cents
     )
     insert into bank_entry (organization_id, message_id, group_id, level, covers_all, kind, on_day, reason_code, amount_cents,
       original_message_id, payment_information_id, line_id, effect, booked, detail)
     select word.organization_id, word.message_id, word.id, 'transaction', false, word.kind, word.on_day, word.reason_code,
       line.amount_cents, word.original_message_id, word.payment_information_id, line.id, 'told', '{}', '{}'
     from word, collection_line line where line.id = any(?::text[]) order by line.id`,
    [group, [...lineIds]],
  );
}

export interface PresentedLine {
  line: string;
  amount: number;
  /** The bank had refused it before it was paid. */
  refused: boolean;
}

/** The groups of a file are numbered as they were written; nothing but such a number is taken for one. */
const GROUP = /^(.+)-([1-9]\d{0,3})$/;

/** The presentations of a whole file of ours, or of one group of it; none where the names do not fit together. */
export async function linesOfGroup(
  ctx: ReadContext,
  messageId: string | null,
  paymentInformationId: string | null,
): Promise<PresentedLine[]> {
  const named = paymentInformationId === null ? null : GROUP.exec(paymentInformationId);
  if (paymentInformationId !== null && !named) return [];
  const message = messageId ?? named?.[1] ?? null;
  if (message === null || (named && named[1] !== message)) return [];
  const nth = named ? Number(named[2]) : null;
  return query<PresentedLine>(
    ctx.reader,
    `with line as (
       select l.id, l.amount_cents,
         dense_rank() over (order by l.collection_on, mandate.scheme, l.sequence_type) as nth,
         l.state = 'failed' and not exists (select 1 from posting where posting.payment_id = l.payment_id
           and posting.entry = 'bank_in:' || l.payment_id || ':1') as refused
       from collection_line l join collection c on c.id = l.collection_id join mandate on mandate.id = l.mandate_id
       where c.organization_id = ? and c.message_id = ? and l.state in ${PRESENTED}
     )
     select id as line, amount_cents as amount, refused from line where ?::int is null or nth = ? order by id`,
    [ctx.organization.id, message, nth, nth],
  );
}

/** Is there anything kept that now finds its debit, as far as a quick look tells? Of a collection, or of any. */
export async function anythingToMatch(ctx: ReadContext): Promise<boolean> {
  const rows = await query(
    ctx.reader,
    `select 1 from bank_entry where organization_id = ? and effect = 'unmatched' and kind <> 'unknown' limit 1`,
    [ctx.organization.id],
  );
  return rows.length > 0;
}

/** An entry of a file, by its place in it; null: the file has no such entry. */
export async function entryToMatch(
  ctx: ReadContext,
  messageId: string,
  position: number,
): Promise<(ToldEntry & { id: number }) | null> {
  return queryOne(
    ctx.reader,
    `select e.id, e.effect, e.kind, e.covers_all, e.amount_cents as amount, e.currency, line.id as names
     from bank_entry e left join collection_line line on line.id = replace(e.end_to_end_id, '-', '_')
       and line.organization_id = e.organization_id and line.state in ${PRESENTED}
     where e.message_id = ? and e.organization_id = ? and e.position = ?`,
    [messageId, ctx.organization.id, position],
  );
}

/** A payment as it was handed to the bank (`presented` is null: it was not); null: there is no such payment. */
export async function presentationOfPayment(
  ctx: ReadContext,
  payment: string,
): Promise<{ presented: PresentedDebit | null } | null> {
  const row = await queryOne<{ line: string | null; amount: number }>(
    ctx.reader,
    `select line.id as line, line.amount_cents as amount
     from payment p left join collection_line line on line.payment_id = p.id and line.state in ${PRESENTED}
     where p.id = ? and p.organization_id = ?`,
    [payment, ctx.organization.id],
  );
  if (!row) return null;
  return { presented: row.line === null ? null : { line: row.line, amount: row.amount } };
}

/** Says that an entry is about a presentation, as a person has it. @returns false where it is matched already */
export async function matchEntry(ctx: Context, entry: number, line: string): Promise<boolean> {
  const rows = await query(
    ctx.trx,
    `update bank_entry set line_id = ?, effect = 'told', why = null,
       detail = detail || jsonb_build_object('matched_by', ?::text, 'matched_on', ?::text)
     where id = ? and effect = 'unmatched' returning id`,
    [line, ctx.actor, ctx.today, entry],
  );
  return rows.length > 0;
}
