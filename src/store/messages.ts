/**
 * The rows of messages.
 *
 * Always true: a message is made once per kind, subject and stage. One that never went out, because it was silenced or
 * because its address was refused, may be made again under the same row; any other stays as it is. The fee of one that was
 * made ready, and taken back, is sold: made again, it has that fee and no other.
 */
import type { Context, ReadContext } from '../context.ts';
import type { Day } from '../domain/day.ts';
import type { SentReminder } from '../domain/reminders/due-reminders.ts';
import type { Channel, MessageKind, TextKind } from '../domain/reminders/kinds.ts';
import type { Language } from '../errors/language.ts';
import { query, queryOne } from './database.ts';
import { lockedAfterRestore } from './organizations.ts';

export const messageStates = ['queued', 'sending', 'sent', 'refused', 'unknown', 'skipped', 'to_print'] as const;
export type MessageState = (typeof messageStates)[number];

export interface NewMessage {
  id: string;
  customer: string;
  contract: string | null;
  kind: MessageKind;
  subject: string;
  stage: number;
  channel: Channel;
  text_kind: TextKind;
  language: Language;
  amount: number;
  fee: number;
  blocks: boolean;
  due_on: Day;
}

/** @returns the ids of those that were made; those that are there already are left out. */
export async function insertMessages(ctx: Context, messages: readonly NewMessage[]): Promise<string[]> {
  if (messages.length === 0) return [];
  const rows = await query<{ id: string }>(
    ctx.trx,
    `insert into message (id, organization_id, customer_id, contract_id, kind, subject_id, stage, channel, text_kind, language,
       state, amount_cents, fee_cents, blocks, due_on, made_on, actor, version, recorded_at)
     select row.id, ?, row.customer, row.contract, row.kind, row.subject, row.stage, row.channel, row.text_kind, row.language,
       'queued', row.amount, row.fee, row.blocks, row.due_on, ?, ?, 1, ?
     from jsonb_to_recordset(?::jsonb) as row (id text, customer text, contract text, kind text, subject text, stage int,
       channel text, text_kind text, language text, amount bigint, fee bigint, blocks boolean, due_on date)
     on conflict on constraint message_once do update
       set state = 'queued', reason = null, reply = null, channel = excluded.channel, text_kind = excluded.text_kind,
         amount_cents = excluded.amount_cents, blocks = excluded.blocks,
         fee_cents = case when message.fee_id is null then excluded.fee_cents else message.fee_cents end,
         due_on = excluded.due_on, made_on = excluded.made_on, ended_on = null, ended_at = null,
         ready_on = null, posted_on = null,
         version = message.version + 1
       where message.state = 'skipped' or (message.state = 'refused' and message.reason = 'address_refused')
     returning id`,
    [ctx.organization.id, ctx.today, ctx.actor, ctx.now, JSON.stringify(messages)],
    'insert-messages',
  );
  return rows.map(({ id }) => id);
}

const neverWent = `(state = 'skipped' or (state = 'refused' and reason = 'address_refused'))`;

/** The reminders of debts so far: those that went out, may have, or are on their way. */
export function sentReminders(ctx: ReadContext, debts: readonly string[]): Promise<SentReminder[]> {
  return query<SentReminder>(
    ctx.reader,
    `select subject_id as debt, case when kind = 'reminder' then stage end as stage, made_on as on
     from message
     where organization_id = ? and kind in ('reminder', 'payment_reminder') and subject_id = any(?::text[]) and not ${neverWent}`,
    [ctx.organization.id, debts],
    'sent-reminders',
  );
}

/** The last notice of a block that each customer was given, or may have been. */
export async function lastBlockNotices(
  ctx: ReadContext,
  customers: readonly string[],
): Promise<Map<string, { stage: number; on: Day }>> {
  const rows = await query<{ customer: string; stage: number; on: Day }>(
    ctx.reader,
    `select distinct on (subject_id) subject_id as customer, stage, made_on as on from message
     where organization_id = ? and kind = 'access_blocked' and subject_id = any(?::text[]) and not ${neverWent}
     order by subject_id, stage desc`,
    [ctx.organization.id, customers],
    'last-block-notices',
  );
  return new Map(rows.map(({ customer, ...last }) => [customer, last]));
}

export interface StoredMessage {
  id: string;
  customer_id: string;
  contract_id: string | null;
  kind: MessageKind;
  subject_id: string;
  stage: number;
  channel: Channel;
  text_kind: TextKind;
  language: Language;
  state: MessageState;
  message_id: string | null;
  amount_cents: number;
  fee_cents: number;
  fee_id: string | null;
  blocks: boolean;
  due_on: Day;
  made_on: Day;
}

/** Takes the row's lock; the customer's is to be held already. */
export function lockMessage(ctx: Context, id: string): Promise<StoredMessage | null> {
  return queryOne<StoredMessage>(
    ctx.trx,
    `select id, customer_id, contract_id, kind, subject_id, stage, channel, text_kind, language, state, message_id,
       amount_cents, fee_cents, fee_id, blocks, due_on, made_on
     from message where id = ? and organization_id = ? for update`,
    [id, ctx.organization.id],
    'lock-message',
  );
}

export async function customerOfMessage(ctx: ReadContext, id: string): Promise<string | null> {
  const row = await queryOne<{ customer_id: string }>(
    ctx.reader,
    'select customer_id from message where id = ? and organization_id = ?',
    [id, ctx.organization.id],
    'customer-of-message',
  );
  return row?.customer_id ?? null;
}

export interface MessageMove {
  state: MessageState;
  reason?: string | null;
  reply?: string | null;
  channel?: Channel;
  recipient?: string | null;
  message_id?: string | null;
  subject_line?: string;
  text_id?: string | null;
  facts?: object;
  /** The day on which a letter was made ready to print. */
  ready_on?: Day;
  amount_cents?: number;
  fee_id?: string;
  sending_job_id?: string | null;
}

const over: ReadonlySet<MessageState> = new Set(['sent', 'refused', 'unknown', 'skipped', 'to_print']);

/** Changes a message whose lock is held. */
export async function moveMessage(ctx: Context, id: string, move: MessageMove): Promise<void> {
  const { facts, ...plain } = move;
  const values: Record<string, unknown> = {
    ...plain,
    ...(facts === undefined ? {} : { facts: JSON.stringify(facts) }),
    ended_on: over.has(move.state) ? ctx.today : null,
    ended_at: over.has(move.state) ? ctx.now : null,
  };
  if (move.state !== 'sending') values.sending_job_id = null;
  const names = Object.keys(values);
  await ctx.trx.raw(
    `update message set ${names.map((name) => `${name} = ?`).join(', ')}, version = version + 1 where id = ?`,
    [...names.map((name) => values[name] as never), id],
  );
}

/** Keeps an address from being written to. */
export async function suppressAddress(ctx: Context, address: string, reply: string, messageId: string): Promise<void> {
  await ctx.trx.raw(
    `insert into suppressed_address (organization_id, address, reply, message_id, recorded_on, recorded_at)
     values (?, ?, ?, ?, ?, ?) on conflict do nothing`,
    [ctx.organization.id, address, reply, messageId, ctx.today, ctx.now],
  );
}

/**
 * What was left behind: a message being handed over by a job that has ended is of unknown fate; one whose job a person
 * discarded is not sent. After a restore mails wait without a job until somebody confirms.
 */
export async function settleAbandoned(ctx: Context): Promise<number> {
  const rows = await query<{ id: string }>(
    ctx.trx,
    `update message set
       state = case when state = 'sending' then 'unknown' else 'refused' end,
       reason = case when state = 'sending' then 'interrupted' else 'discarded' end,
       sending_job_id = null, ended_on = ?, ended_at = ?, version = version + 1
     where organization_id = ? and (state = 'sending' or state = 'queued' and not ${lockedAfterRestore('message')})
       and made_on < ?
       and not exists (select 1 from job where job.concerns = message.id
                       and job.state in ('queued', 'running', 'failed') and (message.state = 'queued' or job.state <> 'failed'))
     returning id`,
    [ctx.today, ctx.now, ctx.organization.id, ctx.today],
  );
  return rows.length;
}
