/** Inputs that change a contract already sold, as clients send them. */
import { z } from 'zod';
import { factsField, renewalFields } from './contracts.ts';
import { amountField, lineField, methodField, plannedDayField, textField } from './fields.ts';

const noteField = textField(2000).optional().meta({ description: 'Why, shown with who and when.' });

export const contractEdit = z.strictObject({
  ends_on: plannedDayField
    .nullable()
    .optional()
    .meta({ description: 'Another last day; null takes away the end given to a contract sold open-ended.' }),
  instalments: z
    .int()
    .min(0)
    .max(600)
    .optional()
    .meta({ description: 'How many instalments there are then in all; computed unless given.' }),
  amount: amountField.optional().meta({ description: 'Another price.' }),
  method: methodField.optional().meta({ description: 'Another method of payment.' }),
  effective_on: plannedDayField
    .optional()
    .meta({ description: 'The first due day to which the price or method applies; today unless given.' }),
  facts: factsField,
  note: noteField,
  ...renewalFields,
});
export type ContractEditFields = z.infer<typeof contractEdit>;

export const cancellation = z.strictObject({
  on: plannedDayField.meta({ description: 'The last day, included.' }),
  last_period: z
    .enum(['whole', 'prorated'])
    .optional()
    .meta({ description: 'The period that the last day cuts is due whole (default), or for its days.' }),
  fee_amount: amountField.optional().meta({ description: 'What the cancellation costs; the plan’s fee unless given.' }),
  waive_notice: z.boolean().optional().meta({ description: 'Lets the customer go before the notice period is over.' }),
  reason: lineField(200),
  ...renewalFields,
});
export type CancellationFields = z.infer<typeof cancellation>;

export const extension = z.strictObject({
  days: z
    .int()
    .min(1)
    .max(3660)
    .optional()
    .meta({ description: 'The end moves by so many days; no instalment is added.' }),
  issues: z
    .int()
    .min(1)
    .max(600)
    .optional()
    .meta({ description: 'Of a subscription to issues: the last one moves by so many; the price stays.' }),
  reason: lineField(200).meta({
    description: 'One of the organization’s extension reasons for issues, or for days, where it has a list.',
  }),
  ...renewalFields,
});
export type ExtensionFields = z.infer<typeof extension>;

export const instalmentEdit = z.strictObject({
  amount: amountField.optional(),
  due_on: plannedDayField.optional(),
  note: noteField,
});
export type InstalmentEditFields = z.infer<typeof instalmentEdit>;
