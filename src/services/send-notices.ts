/** The daily work of the other messages: direct debits announced, payments received or come back, invoices, blocks. */
import type { Context } from '../context.ts';
import { type DuePrenotification, duePrenotifications, dueReceipts } from '../domain/reminders/notices.ts';
import { newId } from '../ids.ts';
import { type InvoiceToSend, invoicesToSend } from '../store/invoices-to-send.ts';
import type { NewMessage } from '../store/messages.ts';
import {
  type AnnouncedDebit,
  announcedDebits,
  paymentsToReceipt,
  plannedDebits,
  type ReceiptedPayment,
} from '../store/planned-debits.ts';
import { type RejectionToTell, rejectionsToTell } from '../store/rejections-to-tell.ts';
import { type Block, blocksToTell } from './blocks-to-tell.ts';
import { makeMessages } from './send-reminders.ts';

const AT_ONCE = 1000;

/** Announces the debits that the organization can collect: it has a creditor identifier, and the customer a mandate. */
export async function sweepPrenotifications(ctx: Context): Promise<{ announced: number; short_notice: number }> {
  const { reminders, creditor } = ctx.organization.settings;
  const days = reminders.prenotification_days;
  if (days === null || creditor === null) return { announced: 0, short_notice: 0 };
  const debits = new Map((await plannedDebits(ctx, days)).map((debit) => [debit.debit, debit]));
  const told = await announcedDebits(ctx, [...debits.keys()]);
  const due = duePrenotifications(debits.values(), told, ctx.today, days);
  const announced = await inBatches(ctx, due, (one) => announcement(one, debits.get(one.debit) as AnnouncedDebit));
  return { announced, short_notice: due.filter((one) => one.short_notice).length };
}

function announcement(due: DuePrenotification, debit: AnnouncedDebit): NewMessage {
  return {
    id: newId('rem'),
    customer: due.customer,
    contract: debit.contract,
    kind: 'prenotification',
    subject: due.debit,
    stage: due.stage,
    channel: debit.channel,
    text_kind: 'prenotification',
    language: debit.language,
    amount: due.amount,
    fee: 0,
    blocks: false,
    due_on: due.collect_on,
  };
}

export async function sweepReceipts(ctx: Context): Promise<{ receipts: number }> {
  const methods = ctx.organization.settings.reminders.receipts_for;
  if (methods.length === 0) return { receipts: 0 };
  const payments = new Map((await paymentsToReceipt(ctx, methods)).map((one) => [one.payment, one]));
  const due = dueReceipts(payments.values(), new Set(), new Set(methods), ctx.today);
  return { receipts: await inBatches(ctx, due, (one) => receipt(payments.get(one.payment) as ReceiptedPayment)) };
}

function receipt(payment: ReceiptedPayment): NewMessage {
  return {
    id: newId('rem'),
    customer: payment.customer,
    contract: payment.contract,
    kind: 'receipt',
    subject: payment.payment,
    stage: 1,
    channel: payment.channel,
    text_kind: 'receipt',
    language: payment.language,
    amount: payment.amount,
    fee: 0,
    blocks: false,
    due_on: payment.settled_on,
  };
}

export async function sweepRejectionNotices(ctx: Context): Promise<{ told: number }> {
  if (!ctx.organization.settings.reminders.notices.includes('rejection_notice')) return { told: 0 };
  const due = (await rejectionsToTell(ctx)).filter(({ owed, quiet }) => owed > 0 && !quiet);
  return { told: await inBatches(ctx, due, rejectionNotice) };
}

const plain = { fee: 0, blocks: false };

function rejectionNotice(rejection: RejectionToTell): NewMessage {
  const { customer, contract, language, channel } = rejection;
  return {
    ...plain,
    id: newId('rem'),
    kind: 'rejection_notice',
    text_kind: 'rejection_notice',
    subject: rejection.payment,
    stage: rejection.nth,
    ...{ customer, contract, language, channel },
    amount: rejection.owed,
    due_on: rejection.rejected_on,
  };
}

export async function sweepInvoices(ctx: Context): Promise<{ invoices: number }> {
  if (!ctx.organization.settings.reminders.notices.includes('invoice')) return { invoices: 0 };
  return { invoices: await inBatches(ctx, await invoicesToSend(ctx), invoiceMail) };
}

function invoiceMail({ invoice, issued_on, ...rest }: InvoiceToSend): NewMessage {
  const kind = 'invoice' as const;
  return { ...plain, id: newId('rem'), kind, text_kind: kind, subject: invoice, stage: 1, due_on: issued_on, ...rest };
}

export async function sweepBlocks(ctx: Context): Promise<{ told: number }> {
  if (!ctx.organization.settings.reminders.notices.includes('access_blocked')) return { told: 0 };
  return { told: await inBatches(ctx, await blocksToTell(ctx), blockNotice) };
}

function blockNotice({ customer, contract, language, channel, stage, amount, since_on }: Block): NewMessage {
  const kind = 'access_blocked' as const;
  const about = { customer, contract, language, channel, stage, amount };
  return { ...plain, id: newId('rem'), kind, text_kind: kind, subject: customer, due_on: since_on, ...about };
}

async function inBatches<Due>(ctx: Context, due: readonly Due[], messageOf: (one: Due) => NewMessage): Promise<number> {
  let made = 0;
  for (let at = 0; at < due.length; at += AT_ONCE)
    made += await makeMessages(ctx, due.slice(at, at + AT_ONCE).map(messageOf));
  return made;
}
