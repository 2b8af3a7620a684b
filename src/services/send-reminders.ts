/**
 * The daily work of reminders: which debt is due which reminder today, each made as a message of its own and sent by
 * a job of its own.
 *
 * Always true: however often and by however many this runs, a debt and stage has one message.
 */
import type { Context } from '../context.ts';
import { cents } from '../domain/money.ts';
import { dueReminders } from '../domain/reminders/due-reminders.ts';
import { numberStages, type ReminderStage } from '../domain/reminders/stages.ts';
import { newId } from '../ids.ts';
import { enqueueMany } from '../jobs/enqueue.ts';
import { customersInArrears, type RemindableDebt, remindableDebts } from '../store/debts-to-remind.ts';
import { insertMessages, type NewMessage, sentReminders, settleAbandoned } from '../store/messages.ts';
import { announce } from './announce.ts';

const CUSTOMERS_AT_ONCE = 500;

export async function sweepReminders(ctx: Context): Promise<{ debts: number; reminders: number; abandoned: number }> {
  const abandoned = await settleAbandoned(ctx);
  const customers = await customersInArrears(ctx);
  let debts = 0;
  let reminders = 0;
  for (let at = 0; at < customers.length; at += CUSTOMERS_AT_ONCE) {
    const owed = await remindableDebts(ctx, customers.slice(at, at + CUSTOMERS_AT_ONCE));
    debts += owed.length;
    reminders += await remind(ctx, owed);
  }
  return { debts, reminders, abandoned };
}

async function remind(ctx: Context, debts: readonly RemindableDebt[]): Promise<number> {
  const debtOf = new Map(debts.map((debt) => [debt.debt, debt]));
  const sent = await sentReminders(ctx, [...debtOf.keys()]);
  const { reminders } = dueReminders(debts, stagesOf(ctx), sent, ctx.today);
  return makeMessages(
    ctx,
    reminders.map((reminder) => {
      const debt = debtOf.get(reminder.debt) as RemindableDebt;
      return {
        id: newId('rem'),
        customer: reminder.customer,
        contract: debt.contract,
        kind: 'reminder',
        subject: reminder.debt,
        stage: reminder.stage,
        channel: reminder.channel,
        text_kind: reminder.text,
        language: debt.language,
        amount: reminder.total_amount,
        fee: reminder.fee_amount,
        blocks: reminder.block,
        due_on: debt.missed_on,
      };
    }),
  );
}

export function stagesOf(ctx: Pick<Context, 'organization'>): ReminderStage[] {
  const { stages } = ctx.organization.settings.reminders;
  return numberStages(stages.map((stage) => ({ ...stage, fee_amount: cents(stage.fee_amount) })));
}

/** Makes messages and the job that sends each. @returns how many were not there yet */
export async function makeMessages(ctx: Context, messages: readonly NewMessage[]): Promise<number> {
  const made = await insertMessages(ctx, messages);
  await enqueueMany(
    ctx,
    'send-message',
    made.map((message) => ({ message })),
  );
  await announce(
    ctx,
    ...messages
      .filter(({ id }) => made.includes(id))
      .map(({ id, customer, contract, kind, subject, stage, channel }) => ({
        type: `${kind}.due`,
        subjects: [id, customer, subject, ...(contract === null ? [] : [contract])],
        data: { stage, channel },
      })),
  );
  return made.length;
}
