/** What a person decides about the returns in a bank's file. */
import { z } from 'zod';
import { idField, lineField, plannedDayField } from './fields.ts';

export const bankDecision = z
  .strictObject({
    reason_code: lineField(40)
      .nullable()
      .meta({ description: 'The group: the reason as the report names it; null: those without one.' }),
    represent: z.boolean().meta({ description: 'Ask for what is still owed once more, by direct debit.' }),
    fee: z.boolean().meta({ description: 'Sell the rejection fee as the rules for fees say, where none was sold.' }),
    due_on: plannedDayField
      .optional()
      .meta({ description: 'The day to ask on; left out: the customer’s next collection.' }),
  })
  .meta({ id: 'BankReturnDecision' });

export type BankDecision = z.infer<typeof bankDecision>;

export const handMatch = z
  .strictObject({
    position: z.int().min(1).max(10_000_000).meta({ description: 'The place of the entry in the file.' }),
    payment: idField('pay').meta({ description: 'The direct debit that the entry is about.' }),
  })
  .meta({ id: 'BankEntryMatch' });

export type HandMatch = z.infer<typeof handMatch>;
