/** What a message is to say today, or why it is no longer to be said: read again just before it goes out. */
import type { Context } from '../context.ts';
import { addDays } from '../domain/day.ts';
import { type Cents, cents, ZERO } from '../domain/money.ts';
import { paymentMethods } from '../domain/payment-method.ts';
import { silenceOf } from '../domain/reminders/debt.ts';
import type { TextKind } from '../domain/reminders/kinds.ts';
import type { MailFacts } from '../formats/mail/variables.ts';
import { loadMoney, owedNow } from '../store/customer-money.ts';
import { remindableDebts } from '../store/debts-to-remind.ts';
import type { StoredMessage } from '../store/messages.ts';
import { paymentsToReceipt, plannedDebits } from '../store/planned-debits.ts';
import { labelOf, referenceOf, reminderFacts } from './compose-message.ts';
import { factsOfNotice } from './facts-of-notice.ts';
import { stagesOf } from './send-reminders.ts';

export interface FactsNow {
  facts: MailFacts<TextKind>;
  amount: Cents;
}

/** @returns the facts, or the reason for silence */
export async function factsNow(
  ctx: Context,
  message: StoredMessage,
  receiver: { id: string; name: string },
): Promise<FactsNow | string> {
  if (message.kind === 'reminder' || message.kind === 'payment_reminder')
    return factsOfReminder(ctx, message, receiver);
  if (message.kind === 'prenotification') return factsOfDebit(ctx, message, receiver.name);
  if (message.kind === 'receipt') return factsOfReceipt(ctx, message, receiver.name);
  return factsOfNotice(ctx, message, message.kind, receiver.name);
}

/** An announcement that no longer holds is not made; tomorrow's daily work announces what does. */
async function factsOfDebit(ctx: Context, message: StoredMessage, name: string): Promise<FactsNow | string> {
  const { reminders, creditor } = ctx.organization.settings;
  const days = reminders.prenotification_days;
  if (days === null || creditor === null) return 'changed';
  const [debit] = await plannedDebits(ctx, days, message.subject_id);
  if (!debit || debit.collect_on !== message.due_on || debit.collect_on <= ctx.today) return 'changed';
  const facts: MailFacts<'prenotification'> = {
    customer_name: name,
    label: labelOf(debit.label, debit.number, debit.language),
    amount: debit.amount,
    collect_on: debit.collect_on,
    account: debit.account,
    mandate_reference: debit.mandate_reference,
    creditor_id: creditor.identifier,
  };
  return { facts: facts as unknown as MailFacts<TextKind>, amount: debit.amount };
}

async function factsOfReceipt(ctx: Context, message: StoredMessage, name: string): Promise<FactsNow | string> {
  const [payment] = await paymentsToReceipt(ctx, paymentMethods, message.subject_id);
  if (!payment) return 'changed';
  const balance = owedNow(await loadMoney(ctx, payment.customer, false));
  const facts: MailFacts<'receipt'> = {
    customer_name: name,
    label: labelOf(payment.label, payment.number, payment.language),
    amount: payment.amount,
    paid_on: payment.settled_on,
    method: payment.method,
    reference: referenceOf(payment.payment),
    balance: balance > 0 ? balance : null,
  };
  return { facts: facts as unknown as MailFacts<TextKind>, amount: payment.amount };
}

async function factsOfReminder(
  ctx: Context,
  message: StoredMessage,
  receiver: { id: string; name: string },
): Promise<FactsNow | string> {
  const debts = await remindableDebts(ctx, [receiver.id]);
  const debt = debts.find((one) => one.debt === message.subject_id);
  if (!debt) return 'paid';
  const byHand = message.kind === 'payment_reminder';
  const silence = byHand
    ? silenceOf({ ...debt, missed_on: addDays(debt.missed_on, -1), hold: null, promised_on: null }, ctx.today)
    : silenceOf(debt, ctx.today);
  if (silence) return silence.why;
  const stage = byHand ? null : (stagesOf(ctx).find((one) => one.stage === message.stage) ?? null);
  // Sold when it was made ready before, its fee is paid, or owed with the debt.
  const fee = byHand || message.fee_id !== null ? ZERO : cents(message.fee_cents);
  const facts = reminderFacts(ctx, receiver.name, debt, stage, fee);
  return { facts: facts as MailFacts<TextKind>, amount: facts.amount };
}
