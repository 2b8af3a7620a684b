/** Inputs about payments, as clients send them. */
import { z } from 'zod';
import { MAX_PARTS } from '../domain/rejections/representments.ts';
import { amountField, dayField, idField, lineField, methodField, plannedDayField } from './fields.ts';

const label = lineField(140);

export const receivedPayment = z.strictObject({
  paid_on: dayField,
  method: methodField,
  amount: amountField.optional().meta({ description: 'Everything that is open on it, unless given.' }),
});

export const customerPayment = receivedPayment.extend({
  amount: amountField,
  instalments: z.array(idField('ins')).max(100).optional().meta({
    description: 'What is paid first, in this order; then what is due, oldest first; the rest is kept as credit.',
  }),
});

export const rejectedPayment = z.strictObject({
  received_on: dayField.optional().meta({ description: 'The day it came back; today unless given.' }),
  reason_code: z
    .string()
    .regex(/^[A-Z0-9]{4}$/)
    .optional()
    .meta({ description: 'ISO 20022 reason code, such as AM04.' }),
  fee_amount: amountField
    .optional()
    .meta({ description: 'The rejection fee; 0 waives it; the organization’s unless given.' }),
  bank_charge_amount: amountField.optional().meta({ description: 'What the bank keeps: the organization’s expense.' }),
  representments: z
    .array(
      z.strictObject({
        due_on: plannedDayField,
        method: methodField,
        label: label.optional(),
        amount: amountField.min(1).optional(),
      }),
    )
    .max(MAX_PARTS)
    .optional()
    .meta({
      description:
        'How it is asked for again; once, by cheque, today, unless given. Parts without an amount share the rest.',
    }),
});

export const refundedPayment = z.strictObject({
  amount: amountField.optional(),
  method: methodField,
  on: dayField.optional(),
  reason: lineField(200).optional(),
});

export const askedPaymentEdit = z.strictObject({
  due_on: plannedDayField.optional(),
  method: methodField.optional(),
  label: label.nullable().optional(),
});
