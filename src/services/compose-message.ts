/**
 * What a message says: its facts, read now, and its words, made from the facts whenever they are wanted.
 *
 * Always true: what is kept of a message holds no account number; where to pay to is put in as it is read.
 */

import type { ReadContext } from '../context.ts';
import { addDays, daysBetween } from '../domain/day.ts';
import { type Cents, cents } from '../domain/money.ts';
import { askedAmount } from '../domain/reminders/debt.ts';
import type { TextKind } from '../domain/reminders/kinds.ts';
import type { ReminderStage } from '../domain/reminders/stages.ts';
import { fill } from '../errors/fill.ts';
import type { InEveryLanguage, Language } from '../errors/language.ts';
import type { MailText } from '../formats/mail/compile.ts';
import type { Letter } from '../formats/mail/layout.ts';
import { composeLetter, mailOf, type RenderedMail } from '../formats/mail/render.ts';
import type { MailFacts, Sender } from '../formats/mail/variables.ts';
import type { Address } from '../schemas/address.ts';
import type { RemindableDebt } from '../store/debts-to-remind.ts';
import type { AttachedInvoice } from '../store/invoices-to-send.ts';

/** As kept with the message. */
export interface Said {
  facts: MailFacts<TextKind>;
  sender: Sender;
  /** The invoices that came with it. */
  attached?: AttachedInvoice[];
  /** Whom a letter goes to, as it was when it was made ready. */
  letter?: { name: string; address: Address | null };
}

export const PAY_WITHIN_DAYS = 8;

const instalmentOf: InEveryLanguage = {
  fr: '{name}, échéance n°\u00a0{number}',
  en: '{name}, instalment {number}',
  de: '{name}, Rate {number}',
};

/** What is owed for, in words. */
export function labelOf(name: string, number: number | null, language: Language): string {
  if (number === null) return name;
  return fill(instalmentOf[language], { name, number });
}

/** What the customer quotes when paying: short, and the same in every message about one thing. */
export function referenceOf(id: string): string {
  return `${id.slice(-8, -4)}-${id.slice(-4)}`;
}

export function senderOf(ctx: ReadContext): Sender {
  const { sender_name, reply_to } = ctx.organization.settings.reminders;
  return { name: sender_name ?? ctx.organization.name, contact: reply_to, lines: addressLines(ctx) };
}

function addressLines(ctx: ReadContext): string[] {
  const address = ctx.organization.settings.creditor?.address;
  if (!address) return [];
  return [
    [address.street, address.building].filter(Boolean).join(' '),
    address.line2 ?? '',
    [address.postcode, address.town].filter(Boolean).join(' '),
  ].filter((line) => line !== '');
}

/** A reminder of a debt. `stage` is null for one by hand. */
export function reminderFacts(
  ctx: ReadContext,
  customerName: string,
  debt: RemindableDebt,
  stage: ReminderStage | null,
  fee: Cents,
): MailFacts<'reminder_1'> {
  return {
    customer_name: customerName,
    label: labelOf(debt.label, debt.number, debt.language),
    amount: cents(askedAmount(debt) + fee),
    fee: fee > 0 ? fee : null,
    due_on: debt.missed_on,
    days_late: Math.max(0, daysBetween(debt.missed_on, ctx.today)),
    block_on: blockDay(ctx, debt, stage),
    pay_url: null,
    pay_to: null,
    reference: referenceOf(debt.debt),
    pay_by: stage === null ? null : addDays(ctx.today, PAY_WITHIN_DAYS),
  };
}

/** The day from which this debt blocks, where the message can say it: from this stage on, or still to come. */
function blockDay(ctx: ReadContext, debt: RemindableDebt, stage: ReminderStage | null) {
  if (stage?.block) return ctx.today;
  const on = addDays(debt.missed_on, ctx.organization.settings.grace_days + 1);
  return on > ctx.today ? on : null;
}

/** The words of what was said. @throws Refusal where the text is broken, with its line and column. */
export function wordsOf(
  ctx: ReadContext,
  kind: TextKind,
  language: Language,
  said: Said,
  text: MailText | null,
): RenderedMail {
  return mailOf(letterOf(ctx, kind, language, said, text));
}

/** The same before it takes the form of a mail: what a letter on paper is set from. */
export function letterOf(
  ctx: ReadContext,
  kind: TextKind,
  language: Language,
  said: Said,
  text: MailText | null,
): Letter {
  const iban = ctx.organization.settings.creditor?.iban.replace(/\s/g, '').replace(/(.{4})(?=.)/g, '$1 ');
  const facts = 'pay_to' in said.facts ? { ...said.facts, pay_to: iban ?? null } : said.facts;
  return composeLetter({ kind, language, currency: ctx.organization.currency, facts, sender: said.sender, text });
}
