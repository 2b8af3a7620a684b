/** The rows of messages that go by post. */
import type { Context, ReadContext } from '../context.ts';
import type { Day } from '../domain/day.ts';
import type { MessageKind, TextKind } from '../domain/reminders/kinds.ts';
import type { Language } from '../errors/language.ts';
import { query } from './database.ts';

export interface LetterRow {
  id: string;
  kind: MessageKind;
  text_kind: TextKind;
  text_id: string | null;
  language: Language;
  /** What it said, as it was kept when it was made ready. */
  facts: unknown;
  ready_on: Day;
}

const columns = 'id, kind, text_kind, text_id, language, facts, ready_on';
const isLetter = `channel = 'letter' and ready_on is not null and facts is not null and state in ('to_print', 'sent')`;

export async function findLetter(ctx: ReadContext, id: string): Promise<LetterRow | null> {
  const [row] = await query<LetterRow>(
    ctx.reader,
    `select ${columns} from message where id = ? and organization_id = ? and ${isLetter}`,
    [id, ctx.organization.id],
    'find-letter',
  );
  return row ?? null;
}

/** The letters made ready on a day, posted ones included, in the order they were made. */
export function lettersOfDay(ctx: ReadContext, on: Day, limit: number, offset: number): Promise<LetterRow[]> {
  return query<LetterRow>(
    ctx.reader,
    `select ${columns} from message where organization_id = ? and ready_on = ? and ${isLetter} order by id limit ? offset ?`,
    [ctx.organization.id, on, limit, offset],
    'letters-of-day',
  );
}

export interface UnpostedLetter {
  id: string;
  customer: string;
  kind: MessageKind;
  subject: string;
  contract: string | null;
}

const unposted = 'id, customer_id as customer, kind, subject_id as subject, contract_id as contract';

/** Marks letters as posted. @returns those that waited for it; the others stay as they are. */
export function markPosted(ctx: Context, ids: readonly string[]): Promise<UnpostedLetter[]> {
  return query<UnpostedLetter>(
    ctx.trx,
    `update message set state = 'sent', reason = 'posted', posted_on = ?, ended_on = ?, ended_at = ?, version = version + 1
     where organization_id = ? and id = any(?::text[]) and state = 'to_print' returning ${unposted}`,
    [ctx.today, ctx.today, ctx.now, ctx.organization.id, ids],
    'mark-posted',
  );
}

/** How many of these messages the organization has. */
export async function countMessages(ctx: ReadContext, ids: readonly string[]): Promise<number> {
  const [row] = await query<{ count: number }>(
    ctx.reader,
    `select count(*)::int as count from message where organization_id = ? and id = any(?::text[]) and channel = 'letter'`,
    [ctx.organization.id, ids],
  );
  return row?.count ?? 0;
}

/** Reminders by letter that nobody has posted yet, after an id. */
export function unpostedReminders(ctx: ReadContext, after: string, limit: number): Promise<UnpostedLetter[]> {
  return query<UnpostedLetter>(
    ctx.reader,
    `select ${unposted} from message
     where organization_id = ? and state = 'to_print' and kind in ('reminder', 'payment_reminder') and id > ?
     order by id limit ?`,
    [ctx.organization.id, after, limit],
    'unposted-reminders',
  );
}

export async function withdrawLetters(ctx: Context, ids: readonly string[], reason: string): Promise<void> {
  await ctx.trx.raw(
    `update message set state = 'skipped', reason = ?, ended_on = ?, ended_at = ?, version = version + 1
     where organization_id = ? and id = any(?::text[]) and state = 'to_print'`,
    [reason, ctx.today, ctx.now, ctx.organization.id, ids as string[]],
  );
}
