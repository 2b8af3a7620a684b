/**
 * Which reminder of which debt goes out today.
 *
 * Always true:
 * - one reminder per debt and stage: what has been sent, or may have been, is never decided again;
 * - stages go in order and none is skipped: a formal notice never arrives without the friendly word before it;
 * - at most one message per debt and day, one sent by hand included;
 * - the days between two stages are kept: after an outage, a hold or a broken promise only the next stage goes out,
 *   and the one after it follows as many days later as the organization set between the two. With daily runs and
 *   nothing in between, stage n goes out on the missed day plus its `after_days`;
 * - a customer without a working e-mail address gets a letter instead.
 */
import { addDays, type Day, later } from '../day.ts';
import { type Cents, cents } from '../money.ts';
import { askedAmount, type DebtToRemind, type Silence, silenceOf } from './debt.ts';
import type { Channel, ReminderTextKind } from './kinds.ts';
import type { ReminderStage } from './stages.ts';

/** A message already made for a debt: sent, on its way, or perhaps sent. `stage` is null for one by hand. */
export interface SentReminder {
  debt: string;
  stage: number | null;
  on: Day;
}

export interface DueReminder {
  debt: string;
  customer: string;
  stage: number;
  channel: Channel;
  text: ReminderTextKind;
  /** What is owed and not in flight, without this reminder's own fee. */
  amount: Cents;
  fee_amount: Cents;
  /** What the message asks for. */
  total_amount: Cents;
  block: boolean;
  /** The day on which it was to go out; before today after an outage. */
  due_on: Day;
}

export interface RemindersOfTheDay {
  reminders: DueReminder[];
  silent: Silence[];
}

/** `sent` may hold reminders of other debts. `stages` are those of `numberStages`, in order. */
export function dueReminders(
  debts: Iterable<DebtToRemind>,
  stages: readonly ReminderStage[],
  sent: Iterable<SentReminder>,
  today: Day,
): RemindersOfTheDay {
  const sentOf = new Map<string, SentReminder[]>();
  for (const reminder of sent) {
    const known = sentOf.get(reminder.debt);
    if (known) known.push(reminder);
    else sentOf.set(reminder.debt, [reminder]);
  }
  const decided: RemindersOfTheDay = { reminders: [], silent: [] };
  for (const debt of debts) {
    const decision = decideReminder(debt, stages, sentOf.get(debt.debt) ?? [], today);
    if ('why' in decision) decided.silent.push(decision);
    else decided.reminders.push(decision);
  }
  return decided;
}

/** One debt: the reminder due today, or why there is none. `sent` are the reminders of this debt. */
export function decideReminder(
  debt: DebtToRemind,
  stages: readonly ReminderStage[],
  sent: readonly SentReminder[],
  today: Day,
): DueReminder | Silence {
  const silence = silenceOf(debt, today);
  if (silence) return silence;
  const last = lastStageSent(sent);
  const next = stages.find((stage) => stage.stage > (last?.stage ?? 0));
  if (!next) return { debt: debt.debt, why: 'all_sent', until_on: null };
  const due_on = dueDayOf(next, stages, debt.missed_on, last);
  if (due_on > today) return { debt: debt.debt, why: 'not_yet', until_on: addDays(due_on, -1) };
  if (sent.some((reminder) => reminder.on >= today)) return { debt: debt.debt, why: 'told_today', until_on: today };
  const amount = askedAmount(debt);
  return {
    debt: debt.debt,
    customer: debt.customer,
    stage: next.stage,
    channel: debt.has_email ? next.channel : 'letter',
    text: next.text,
    amount,
    fee_amount: next.fee_amount,
    total_amount: cents(amount + next.fee_amount),
    block: next.block,
    due_on,
  };
}

function lastStageSent(sent: readonly SentReminder[]): { stage: number; on: Day } | null {
  let last: { stage: number; on: Day } | null = null;
  for (const { stage, on } of sent) if (stage !== null && (!last || stage > last.stage)) last = { stage, on };
  return last;
}

/** The day of a stage: its days after the missed day, and never sooner after the last one than the stages say. */
function dueDayOf(
  next: ReminderStage,
  stages: readonly ReminderStage[],
  missedOn: Day,
  last: { stage: number; on: Day } | null,
): Day {
  const regular = addDays(missedOn, next.after_days);
  if (!last) return regular;
  // The stage that was sent may have been edited away since; the nearest one before `next` stands for it.
  const before = stages.findLast((stage) => stage.stage < next.stage && stage.stage <= last.stage);
  return later(regular, addDays(last.on, Math.max(1, next.after_days - (before?.after_days ?? 0))));
}
