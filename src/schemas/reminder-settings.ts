/** What an organization decides about its messages: when it reminds, what it announces, and who its mails come from. */
import { z } from 'zod';
import { isEmailAddress, MAX_ADDRESS_LENGTH } from '../domain/email-address.ts';
import { paymentMethods } from '../domain/payment-method.ts';
import { channels, chosenNotices, noticeKinds, textKinds } from '../domain/reminders/kinds.ts';
import { DEFAULT_NOTICE_DAYS } from '../domain/reminders/notices.ts';
import { defaultStages, MAX_AFTER_DAYS, MAX_STAGES } from '../domain/reminders/stages.ts';
import { amountField, lineField } from './fields.ts';

const reminderTexts = textKinds.filter((kind) => kind.startsWith('reminder_'));

const stage = z.strictObject({
  after_days: z.int().min(1).max(MAX_AFTER_DAYS).meta({ description: 'Days after the missed day.' }),
  channel: z.enum(channels).default('email'),
  text: z.enum(reminderTexts as ['reminder_1', 'reminder_2', 'reminder_3']).default('reminder_1'),
  fee_amount: amountField.default(0).meta({ description: 'Sold to the customer when this reminder goes out.' }),
  block: z.boolean().default(false).meta({ description: 'Access is blocked from this stage on.' }),
  attach_invoice: z.boolean().default(false).meta({ description: 'The invoice of the debt, where there is one.' }),
});

const usualStages = defaultStages.map(({ stage: _, ...rest }) => rest);

const replyTo = z
  .string()
  .max(MAX_ADDRESS_LENGTH)
  .refine((text) => isEmailAddress(text), { error: 'not_valid' });

export const reminderSettings = z
  .strictObject({
    stages: z
      .array(stage)
      .max(MAX_STAGES)
      .refine((stages) => stages.every((one, at) => one.after_days > (stages[at - 1]?.after_days ?? 0)), {
        error: 'not_ascending',
      })
      .default(usualStages),
    prenotification_days: z.int().min(1).max(60).nullable().default(DEFAULT_NOTICE_DAYS).meta({
      description: 'How long before its collection a direct debit is announced; null: announced otherwise.',
    }),
    receipts_for: z
      .array(z.enum(paymentMethods))
      .max(paymentMethods.length)
      .default([])
      .meta({ description: 'The means of payment for which a receipt is sent.' }),
    receipt_with_invoice: z
      .boolean()
      .default(false)
      .meta({ description: 'Receipts bring the invoice of what was paid.' }),
    notices: z.array(z.enum(chosenNotices)).max(chosenNotices.length).default([]).meta({
      description: 'Also told, the morning after: a rejected payment, an invoice with its PDF, a block for a debt.',
    }),
    letters_for: z.array(z.enum(noticeKinds)).max(noticeKinds.length).default([]).meta({
      description: 'Messages that customers without an e-mail address get by letter. Reminders always are.',
    }),
    sender_name: lineField(80).nullable().default(null).meta({ description: 'As mails show it; null: the name.' }),
    reply_to: replyTo.nullable().default(null),
  })
  .meta({ id: 'ReminderSettings' });
