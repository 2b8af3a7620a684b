/**
 * A message on its way out: claimed with the facts read again, handed over by the worker with no transaction open, and
 * recorded.
 *
 * Always true:
 * - what was paid, promised, held or taken back since the message was made is not sent: it is skipped, with the reason;
 * - a message found as being sent was left by a job that died in between: it is unknown, and only a person decides;
 * - a document that goes with it is waited for until it is printed, and is handed over as it was printed;
 * - the fee of a reminder is sold when it has gone out, once.
 */
import type { Context } from '../context.ts';
import { isEmailAddress } from '../domain/email-address.ts';
import { sold } from '../domain/ledger/sales.ts';
import { cents } from '../domain/money.ts';
import { isNotice, type MessageKind } from '../domain/reminders/kinds.ts';
import type { InEveryLanguage, Language } from '../errors/language.ts';
import { newId } from '../ids.ts';
import type { Address } from '../schemas/address.ts';
import { lockCustomers } from '../store/customer-money.ts';
import { queryOne } from '../store/database.ts';
import { insertFees } from '../store/fees.ts';
import { post } from '../store/ledger.ts';
import { ownText } from '../store/mail-texts.ts';
import {
  customerOfMessage,
  lockMessage,
  type MessageState,
  moveMessage,
  type StoredMessage,
  suppressAddress,
} from '../store/messages.ts';
import { refreshInstalments } from '../store/payments.ts';
import { isLockedAfterRestore } from './after-restore.ts';
import { announce } from './announce.ts';
import { attachInvoices, encloseInvoices, type InvoiceBytes, invoicesOfMessage } from './attach-invoices.ts';
import { type Said, senderOf, wordsOf } from './compose-message.ts';
import { type FactsNow, factsNow } from './facts-of-message.ts';
import { refreshAccess } from './refresh-access.ts';

export interface MailToHandOver {
  message_id: string;
  to: string;
  from_name: string;
  reply_to: string | null;
  subject: string;
  text: string;
  html: string;
  language: Language;
  list: string;
  attachments: InvoiceBytes[];
}

export interface Claimed {
  state: MessageState;
  /** To be handed over now; null where there is nothing to hand over. */
  mail: MailToHandOver | null;
  /** It waits for a document to be printed: when to look again. */
  look_again_ms?: number;
}

export interface Receiver {
  id: string;
  name: string;
  email: string | null;
  suppressed: boolean;
  address: Address | null;
}

/** @param messageIdOf the Message-ID of a message's id, at the sender's domain */
export async function claimMessage(ctx: Context, id: string, messageIdOf: (id: string) => string): Promise<Claimed> {
  const message = await lockWithCustomer(ctx, id);
  if (message.state === 'sending') {
    await moveMessage(ctx, id, { state: 'unknown', reason: 'interrupted' });
    await tell(ctx, message, 'unknown', { reason: 'interrupted' });
    return { state: 'unknown', mail: null };
  }
  if (message.state !== 'queued') return { state: message.state, mail: null };
  // Sent since the backup, perhaps. It waits, and is rung for again when somebody confirms.
  if (await isLockedAfterRestore(ctx)) return { state: 'queued', mail: null };
  const receiver = await receiverOf(ctx, message.customer_id);
  const now = await factsNow(ctx, message, receiver);
  if (typeof now === 'string') return skip(ctx, message, now);
  const canMail = isEmailAddress(receiver.email) && !receiver.suppressed;
  if (!canMail && !goesByLetter(ctx, message.kind)) return skip(ctx, message, 'no_address');
  const invoices = await invoicesOfMessage(ctx, message);
  if (!canMail || message.channel === 'letter') return makeReady(ctx, message, receiver, now, invoices);
  const files = await attachInvoices(ctx, invoices);
  if ('not_yet' in files) {
    await moveMessage(ctx, id, { state: 'queued', reason: files.not_yet });
    return { state: 'queued', mail: null, look_again_ms: files.look_again_ms };
  }
  if ('too_large' in files) return refuse(ctx, message, 'attachment_too_large');
  const attached = files.attached.map(({ bytes: _, ...named }) => named);
  const said = { facts: now.facts, sender: senderOf(ctx), ...(attached.length > 0 && { attached }) };
  const { words, kept } = await say(ctx, message, now, said);
  const to = receiver.email as string;
  const message_id = message.message_id ?? messageIdOf(id);
  const sending_job_id = ctx.job?.id ?? id;
  await moveMessage(ctx, id, { state: 'sending', reason: null, ...kept, recipient: to, message_id, sending_job_id });
  const { reply_to } = ctx.organization.settings.reminders;
  const { language, kind } = message;
  const list = `${kind}.${ctx.organization.id}`;
  return {
    state: 'sending',
    mail: {
      ...{ message_id, to, from_name: said.sender.name, reply_to, ...words, language, list },
      attachments: files.attached,
    },
  };
}

/** A letter, to be printed and posted by a person. */
async function makeReady(
  ctx: Context,
  message: StoredMessage,
  { name, address }: Receiver,
  now: FactsNow,
  invoices: readonly string[],
): Promise<Claimed> {
  const attached = await encloseInvoices(ctx, invoices);
  const letter = { name, address };
  const said = { facts: now.facts, sender: senderOf(ctx), letter, ...(attached.length > 0 && { attached }) };
  const { kept } = await say(ctx, message, now, said);
  await moveMessage(ctx, message.id, {
    state: 'to_print',
    reason: null,
    ...kept,
    channel: 'letter',
    ready_on: ctx.today,
  });
  await wentOut(ctx, message, 'to_print');
  return { state: 'to_print', mail: null };
}

/** The words, and what is kept of them. */
async function say(ctx: Context, message: StoredMessage, now: FactsNow, said: Said) {
  const text = await ownText(ctx, message.text_kind, message.language);
  const words = wordsOf(ctx, message.text_kind, message.language, said, text);
  const kept = { facts: said, text_id: text?.id ?? null, subject_line: words.subject, amount_cents: now.amount };
  return { words, kept };
}

/** A customer who cannot be reached by e-mail is always reminded by letter; of anything else where that was chosen. */
function goesByLetter(ctx: Context, kind: MessageKind): boolean {
  return !isNotice(kind) || ctx.organization.settings.reminders.letters_for.includes(kind);
}

/** What the mail server said, as the mailer tells it; `not_delivered` where there is no server for this organization. */
export type HandedOver =
  | { outcome: 'accepted'; reply: string }
  | { outcome: 'refused'; suppress: boolean; reply: string }
  | { outcome: 'deferred' | 'unavailable' | 'unknown'; reply: string }
  | { outcome: 'kept_here' | 'no_mail_server' };

/** @returns the state that it leaves: `queued` where it is to be tried again */
export async function recordHandedOver(ctx: Context, id: string, told: HandedOver): Promise<MessageState> {
  const message = await lockWithCustomer(ctx, id);
  if (message.state !== 'sending' && message.state !== 'unknown') return message.state;
  switch (told.outcome) {
    case 'accepted':
    case 'kept_here': {
      const reply = told.outcome === 'accepted' ? told.reply : null;
      await moveMessage(ctx, id, { state: 'sent', reply, reason: told.outcome === 'kept_here' ? 'kept_here' : null });
      await wentOut(ctx, message, 'sent');
      return 'sent';
    }
    case 'refused': {
      const reason = told.suppress ? 'address_refused' : 'server_refused';
      await moveMessage(ctx, id, { state: 'refused', reply: told.reply, reason });
      if (told.suppress) await suppressRecipient(ctx, id, told.reply);
      await tell(ctx, message, 'refused', { reason, reply: told.reply });
      return 'refused';
    }
    case 'unknown':
      await moveMessage(ctx, id, { state: 'unknown', reply: told.reply, reason: 'no_answer' });
      await tell(ctx, message, 'unknown', { reason: 'no_answer', reply: told.reply });
      return 'unknown';
    case 'no_mail_server':
      await moveMessage(ctx, id, { state: 'skipped', reason: 'no_mail_server' });
      return 'skipped';
    default:
      await moveMessage(ctx, id, { state: 'queued', reply: told.reply, reason: told.outcome });
      return 'queued';
  }
}

async function suppressRecipient(ctx: Context, id: string, reply: string): Promise<void> {
  const row = await queryOne<{ recipient: string }>(ctx.trx, 'select recipient from message where id = ?', [id]);
  if (row) await suppressAddress(ctx, row.recipient, reply, id);
}

async function skip(ctx: Context, message: StoredMessage, reason: string): Promise<Claimed> {
  await moveMessage(ctx, message.id, { state: 'skipped', reason });
  await tell(ctx, message, 'skipped', { reason });
  return { state: 'skipped', mail: null };
}

async function refuse(ctx: Context, message: StoredMessage, reason: string): Promise<Claimed> {
  await moveMessage(ctx, message.id, { state: 'refused', reason });
  await tell(ctx, message, 'refused', { reason });
  return { state: 'refused', mail: null };
}

/** The customer first, as everybody who changes their money does. */
export async function lockWithCustomer(ctx: Context, id: string): Promise<StoredMessage> {
  const customer = await customerOfMessage(ctx, id);
  if (customer !== null) await lockCustomers(ctx, [customer]);
  const message = await lockMessage(ctx, id);
  if (!message) throw new Error(`message ${id} is gone`);
  return message;
}

async function receiverOf(ctx: Context, customerId: string): Promise<Receiver> {
  const row = await queryOne<Receiver>(
    ctx.trx,
    `select c.id, c.name, c.email, c.address, exists (select 1 from suppressed_address s
       where s.organization_id = c.organization_id and s.address = c.email) as suppressed
     from customer c where c.id = ?`,
    [customerId],
    'receiver-of-message',
  );
  if (!row) throw new Error(`customer ${customerId} is gone`);
  return row;
}

/** What follows from a reminder that went out: its fee is sold, its block begins. */
export async function wentOut(ctx: Context, message: StoredMessage, state: 'sent' | 'to_print'): Promise<void> {
  if (message.kind === 'reminder' && message.fee_cents > 0 && message.fee_id === null)
    await sellFee(ctx, message, state);
  if (message.blocks || message.fee_cents > 0) await refreshAccess(ctx, [message.customer_id]);
  await tell(ctx, message, state, {});
}

const feeLabel: InEveryLanguage = { fr: 'Frais de relance', en: 'Reminder fee', de: 'Mahngebühr' };

async function sellFee(ctx: Context, message: StoredMessage, state: MessageState): Promise<void> {
  const id = newId('fee');
  const follows = message.subject_id.startsWith('ins_') ? message.subject_id : null;
  const sale = { customer: message.customer_id, amount: cents(message.fee_cents), tax_rate_bps: 0, due_on: ctx.today };
  const label = feeLabel[message.language];
  await insertFees(ctx, [{ id, kind: 'other', article: 'reminder_fee', label, follows, payment: null, ...sale }]);
  await post(ctx, sold({ claim: id, kind: 'fee', ...sale }, ctx.today));
  if (follows !== null) await refreshInstalments(ctx, [follows]);
  await moveMessage(ctx, message.id, { state, fee_id: id });
}

function tell(ctx: Context, message: StoredMessage, happening: string, data: Record<string, unknown>): Promise<void> {
  const { id, kind, customer_id, contract_id, subject_id, stage } = message;
  const subjects = [id, customer_id, subject_id, ...(contract_id === null ? [] : [contract_id])];
  return announce(ctx, { type: `${kind}.${happening}`, subjects, data: { stage, ...data } });
}
