/** Messages to customers as the desk sees them: reminders, announcements, receipts. */
import { z } from 'zod';
import type { ReadContext } from '../context.ts';
import type { Day } from '../domain/day.ts';
import { type Channel, channels, type MessageKind, messageKinds, type TextKind } from '../domain/reminders/kinds.ts';
import type { InEveryLanguage, Language } from '../errors/language.ts';
import { Refusal } from '../errors/refusal.ts';
import { amountField, dayField } from '../schemas/fields.ts';
import { query, queryOne } from '../store/database.ts';
import type { AttachedInvoice } from '../store/invoices-to-send.ts';
import { type MessageState, messageStates } from '../store/messages.ts';
import { type Page, pageOf } from './page.ts';

export const reminderSchema = z
  .object({
    id: z.string(),
    object: z.literal('reminder'),
    kind: z.enum(messageKinds),
    customer: z.string(),
    contract: z.string().nullable(),
    subject: z.string().meta({ description: 'What it speaks of: an instalment, a fee, a payment.' }),
    stage: z.int(),
    channel: z.enum(channels),
    text: z.string().meta({ description: 'The kind of its text.' }),
    text_version: z.int().meta({ description: '0: the text that comes with the engine.' }),
    language: z.string(),
    status: z.enum(messageStates),
    reason: z.string().nullable(),
    detail: z.string().nullable().meta({ description: 'The reason in words.' }),
    reply: z.string().nullable().meta({ description: 'What the mail server said.' }),
    recipient: z.string().nullable(),
    message_id: z.string().nullable(),
    subject_line: z.string().nullable(),
    attached: z
      .array(z.object({ invoice: z.string(), number: z.string(), sha256: z.string().nullable() }))
      .meta({ description: 'The invoices that came with it, as they were printed.' }),
    amount: amountField,
    fee_amount: amountField,
    currency: z.string(),
    block: z.boolean().meta({ description: 'Access is blocked once it has gone out.' }),
    due_on: dayField,
    made_on: dayField,
    ended_on: dayField.nullable(),
    version: z.int(),
  })
  .meta({ id: 'Reminder' });

interface ReminderRow {
  id: string;
  kind: MessageKind;
  customer: string;
  contract: string | null;
  subject: string;
  stage: number;
  channel: Channel;
  text: TextKind;
  text_version: number;
  language: Language;
  status: MessageState;
  reason: string | null;
  reply: string | null;
  recipient: string | null;
  message_id: string | null;
  subject_line: string | null;
  attached: AttachedInvoice[];
  amount: number;
  fee_amount: number;
  block: boolean;
  due_on: Day;
  made_on: Day;
  ended_on: Day | null;
  version: number;
}

const select = `
  select m.id, m.kind, m.customer_id as customer, m.contract_id as contract, m.subject_id as subject, m.stage, m.channel,
    m.text_kind as text, coalesce(t.version, 0) as text_version, m.language, m.state as status, m.reason, m.reply, m.recipient,
    m.message_id, m.subject_line, coalesce(m.facts -> 'attached', '[]') as attached, m.amount_cents as amount, m.fee_cents as fee_amount, m.blocks as block, m.due_on, m.made_on,
    m.ended_on, m.version
  from message m left join mail_text t on t.id = m.text_id`;

const reasons: Record<string, InEveryLanguage> = {
  paid: { fr: 'Payé entre-temps.', en: 'Paid in the meantime.', de: 'Inzwischen bezahlt.' },
  in_flight: { fr: 'L’argent est en route.', en: 'The money is on its way.', de: 'Das Geld ist unterwegs.' },
  promised: { fr: 'Le client a promis de payer.', en: 'The customer promised to pay.', de: 'Zahlung zugesagt.' },
  on_hold: { fr: 'Mis en attente par une personne.', en: 'Put on hold by a person.', de: 'Von Hand angehalten.' },
  deceased: { fr: 'Le client est décédé.', en: 'The customer has died.', de: 'Der Kunde ist verstorben.' },
  not_yet: { fr: 'Pas encore en retard.', en: 'Not late yet.', de: 'Noch nicht überfällig.' },
  not_blocked: { fr: 'L’accès n’est plus bloqué.', en: 'Access is no longer blocked.', de: 'Nicht mehr gesperrt.' },
  document_not_printed: {
    fr: 'Attend que sa facture soit imprimée.',
    en: 'Waits for its invoice to be printed.',
    de: 'Wartet auf den Druck der Rechnung.',
  },
  attachment_too_large: {
    fr: 'Ses pièces jointes sont trop lourdes.',
    en: 'What it brings is too large.',
    de: 'Die Anhänge sind zu groß.',
  },
  changed: { fr: 'L’objet a changé entre-temps.', en: 'What it speaks of has changed.', de: 'Inzwischen geändert.' },
  no_address: { fr: 'Pas d’adresse e-mail.', en: 'No e-mail address.', de: 'Keine E-Mail-Adresse.' },
  no_mail_server: { fr: 'Aucun serveur de messagerie.', en: 'There is no mail server.', de: 'Kein Mailserver.' },
  kept_here: {
    fr: 'Organisation de test : rien n’a quitté le moteur.',
    en: 'Test organization: nothing has left the engine.',
    de: 'Testorganisation: nichts wurde verschickt.',
  },
  address_refused: { fr: 'L’adresse a été refusée.', en: 'The address was refused.', de: 'Adresse abgelehnt.' },
  server_refused: { fr: 'Le serveur a refusé le message.', en: 'The server refused the mail.', de: 'Mail abgelehnt.' },
  discarded: { fr: 'Une personne l’a écarté.', en: 'A person discarded it.', de: 'Von Hand verworfen.' },
  no_answer: {
    fr: 'Remis sans réponse : peut-être envoyé. Une personne décide.',
    en: 'Handed over without an answer: perhaps sent. A person decides.',
    de: 'Übergeben ohne Antwort: vielleicht gesendet. Eine Person entscheidet.',
  },
  posted: { fr: 'Posté par une personne.', en: 'Posted by a person.', de: 'Von Hand aufgegeben.' },
  told_by_hand: { fr: 'Une personne l’a confirmé.', en: 'A person said so.', de: 'Von Hand bestätigt.' },
  interrupted: {
    fr: 'Interrompu pendant l’envoi : peut-être envoyé. Une personne décide.',
    en: 'Interrupted while it was sent: perhaps sent. A person decides.',
    de: 'Beim Senden unterbrochen: vielleicht gesendet. Eine Person entscheidet.',
  },
  deferred: {
    fr: 'Le serveur demande d’attendre.',
    en: 'The server asks to wait.',
    de: 'Der Server bittet zu warten.',
  },
  unavailable: {
    fr: 'Le serveur ne répond pas.',
    en: 'The server does not answer.',
    de: 'Der Server antwortet nicht.',
  },
};

function show(ctx: ReadContext, row: ReminderRow) {
  return {
    object: 'reminder' as const,
    ...row,
    detail: row.reason === null ? null : (reasons[row.reason]?.[ctx.language] ?? row.reason),
    currency: ctx.organization.currency,
  };
}

export type ReminderView = ReturnType<typeof show>;

/** @throws Refusal `not_found` */
export async function findReminder(ctx: ReadContext, id: string): Promise<ReminderView> {
  const row = await queryOne<ReminderRow>(
    ctx.reader,
    `${select} where m.id = ? and m.organization_id = ?`,
    [id, ctx.organization.id],
    'find-reminder',
  );
  if (!row) throw new Refusal('not_found');
  return show(ctx, row);
}

export interface ReminderFilter {
  limit: number;
  cursor?: string | undefined;
  customer?: string | undefined;
  contract?: string | undefined;
  kind?: MessageKind | undefined;
  status?: MessageState | undefined;
}

export async function listReminders(ctx: ReadContext, filter: ReminderFilter): Promise<Page<ReminderView>> {
  const wanted = ['cursor', 'customer', 'contract', 'kind', 'status'] as const;
  const rows = await query<ReminderRow>(
    ctx.reader,
    `${select}
     where m.organization_id = ? and (?::text is null or m.id < ?) and (?::text is null or m.customer_id = ?)
       and (?::text is null or m.contract_id = ?) and (?::text is null or m.kind = ?) and (?::text is null or m.state = ?)
     order by m.id desc limit ?`,
    [ctx.organization.id, ...wanted.flatMap((name) => [filter[name] ?? null, filter[name] ?? null]), filter.limit + 1],
  );
  return pageOf(rows, filter.limit, (row) => show(ctx, row));
}
