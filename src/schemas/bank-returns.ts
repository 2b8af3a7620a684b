/** What a person decides about the returns in a bank's file. */
import { z } from 'zod';
import { dayField } from './fields.ts';

export const bankDecision = z
  .strictObject({
    reason_code: z
      .string()
      .min(1)
      .max(40)
      .nullable()
      .meta({ description: 'The group: the reason as the report names it; null: those without one.' }),
    represent: z.boolean().meta({ description: 'Ask for what is still owed once more, by direct debit.' }),
    fee: z.boolean().meta({ description: 'Sell the rejection fee as the rules for fees say, where none was sold.' }),
    due_on: dayField.optional().meta({ description: 'The day to ask on; left out: the customer’s next collection.' }),
  })
  .meta({ id: 'BankReturnDecision' });

export type BankDecision = z.infer<typeof bankDecision>;
