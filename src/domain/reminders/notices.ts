/**
 * The other dated messages about money: the announcement of a direct debit, the receipt of a payment, and the
 * reminder that a person sends by hand.
 *
 * Always true:
 * - a debit is announced once, `notice_days` before it is collected (14 by default), or at once when it was planned
 *   later than that; it is announced again, as the next stage, only where its amount or its day has changed since;
 * - nothing is announced on or after the day of collection, nor for an amount of zero;
 * - a payment has one receipt, for the means of payment that the organization chose, and none long afterwards;
 * - a block is told once, by the first morning of it; one that a reminder announced is not told again;
 * - a reminder by hand is refused where nothing may be asked, and goes at most once a day per debt. It is a person's
 *   own decision, so a promise or a hold does not stop it.
 */
import { Refusal } from '../../errors/refusal.ts';
import { addDays, type Day, daysBetween } from '../day.ts';
import type { Cents } from '../money.ts';
import type { PaymentMethod } from '../payment-method.ts';
import { askedAmount, type DebtToRemind, silenceOf } from './debt.ts';
import type { SentReminder } from './due-reminders.ts';
import type { Channel } from './kinds.ts';

export const DEFAULT_NOTICE_DAYS = 14;
/** What was not told within these days is not told: nobody wants last year's receipts after an import. */
export const NOTICE_WITHIN_DAYS = 7;

export interface PlannedDebit {
  debit: string;
  customer: string;
  amount: Cents;
  /** The day on which the bank is asked for it, a TARGET2 business day. */
  collect_on: Day;
  deceased: boolean;
}

/** What a customer has been told of a debit so far. */
export interface Announced {
  debit: string;
  stage: number;
  amount: Cents;
  collect_on: Day;
}

export interface DuePrenotification {
  debit: string;
  customer: string;
  stage: number;
  amount: Cents;
  collect_on: Day;
  days_ahead: number;
  /** Announced later than the notice days allow: the operator is told. */
  short_notice: boolean;
}

/** The debits to announce today. */
export function duePrenotifications(
  debits: Iterable<PlannedDebit>,
  announced: Iterable<Announced>,
  today: Day,
  noticeDays = DEFAULT_NOTICE_DAYS,
): DuePrenotification[] {
  const lastOf = new Map<string, Announced>();
  for (const told of announced) {
    const known = lastOf.get(told.debit);
    if (!known || told.stage > known.stage) lastOf.set(told.debit, told);
  }
  const due: DuePrenotification[] = [];
  const horizon = addDays(today, noticeDays);
  for (const { debit, customer, amount, collect_on, deceased } of debits) {
    if (deceased || amount <= 0 || collect_on <= today || collect_on > horizon) continue;
    const last = lastOf.get(debit);
    if (last && last.amount === amount && last.collect_on === collect_on) continue;
    const days_ahead = daysBetween(today, collect_on);
    due.push({
      debit,
      customer,
      stage: (last?.stage ?? 0) + 1,
      amount,
      collect_on,
      days_ahead,
      short_notice: days_ahead < noticeDays,
    });
  }
  return due;
}

export interface SettledPayment {
  payment: string;
  customer: string;
  amount: Cents;
  method: PaymentMethod;
  settled_on: Day;
  deceased: boolean;
}

/** The payments whose receipt goes out today: those with a chosen method that have none yet. */
export function dueReceipts(
  payments: Iterable<SettledPayment>,
  receipted: ReadonlySet<string>,
  methods: ReadonlySet<PaymentMethod>,
  today: Day,
): SettledPayment[] {
  const earliest = addDays(today, -NOTICE_WITHIN_DAYS);
  const due: SettledPayment[] = [];
  for (const payment of payments) {
    if (payment.deceased || payment.amount <= 0 || !methods.has(payment.method)) continue;
    if (payment.settled_on > today || payment.settled_on < earliest || receipted.has(payment.payment)) continue;
    due.push(payment);
  }
  return due;
}

/** The stage of the notice of a block that began on a day; null where it was told. Stages count a customer's blocks. */
export function blockNoticeStage(since_on: Day, last: { stage: number; on: Day } | null): number | null {
  if (last && last.on >= since_on) return null;
  return (last?.stage ?? 0) + 1;
}

export interface HandReminder {
  debt: string;
  customer: string;
  /** 1 for the first by hand, 2 for the second …: what makes the message unique. */
  stage: number;
  channel: Channel;
  amount: Cents;
}

/**
 * A reminder that a person asks for. `sent` are the reminders of this debt so far.
 * @throws Refusal when nothing is owed yet or any more, when the money is on its way, when the customer has died, or
 * when a message about this debt has gone out today.
 */
export function decideHandReminder(debt: DebtToRemind, sent: readonly SentReminder[], today: Day): HandReminder {
  // By hand it may already go out on the due day itself: hence the day before as the missed one.
  const silence = silenceOf({ ...debt, missed_on: addDays(debt.missed_on, -1), hold: null, promised_on: null }, today);
  if (silence?.why === 'deceased') throw new Refusal('reminder_customer_deceased');
  if (silence?.why === 'in_flight') throw new Refusal('reminder_money_in_flight');
  if (silence) throw new Refusal('reminder_nothing_due');
  if (sent.some((reminder) => reminder.on >= today)) throw new Refusal('reminder_already_today');
  return {
    debt: debt.debt,
    customer: debt.customer,
    stage: sent.filter((reminder) => reminder.stage === null).length + 1,
    channel: debt.has_email ? 'email' : 'letter',
    amount: askedAmount(debt),
  };
}
