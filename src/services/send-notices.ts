/** The daily work of the other messages: direct debits announced ahead of their day, and receipts of payments. */
import type { Context } from '../context.ts';
import { type DuePrenotification, duePrenotifications, dueReceipts } from '../domain/reminders/notices.ts';
import { newId } from '../ids.ts';
import type { NewMessage } from '../store/messages.ts';
import {
  type AnnouncedDebit,
  announcedDebits,
  paymentsToReceipt,
  plannedDebits,
  type ReceiptedPayment,
} from '../store/planned-debits.ts';
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
    channel: 'email',
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
    channel: 'email',
    text_kind: 'receipt',
    language: payment.language,
    amount: payment.amount,
    fee: 0,
    blocks: false,
    due_on: payment.settled_on,
  };
}

async function inBatches<Due>(ctx: Context, due: readonly Due[], messageOf: (one: Due) => NewMessage): Promise<number> {
  let made = 0;
  for (let at = 0; at < due.length; at += AT_ONCE)
    made += await makeMessages(ctx, due.slice(at, at + AT_ONCE).map(messageOf));
  return made;
}
