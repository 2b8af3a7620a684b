/** Inputs of closures, as clients send them. */
import { z } from 'zod';
import { factsField, freezeOverride, renewalFields } from './contracts.ts';
import { amountField, idField, lineField, plannedDayField } from './fields.ts';

export const newClosure = z.strictObject({
  starts_on: plannedDayField,
  ends_on: plannedDayField.meta({ description: 'Last day, included.' }),
  reason: lineField(200),
  plan: idField('pln').optional().meta({ description: 'Closes only what this plan sold; everything unless given.' }),
  amount: amountField.optional().meta({ description: 'Charged for each suspended instalment.' }),
  freeze: freezeOverride.optional(),
  facts: factsField,
  ...renewalFields,
});
export type NewClosure = z.infer<typeof newClosure>;
