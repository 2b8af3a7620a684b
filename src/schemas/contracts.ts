/** Inputs about contracts, as clients send them. */
import { z } from 'zod';
import { instalmentRules } from '../domain/schedule/terms.ts';
import { amountField, idField, lineField, methodField, plannedDayField } from './fields.ts';
import { issueNumberField } from './issues.ts';

export const newContract = z.strictObject({
  customer: idField('cus'),
  plan: idField('pln'),
  starts_on: plannedDayField,
  ends_on: plannedDayField
    .optional()
    .meta({ description: 'Last day, included. Without it the plan’s term says; without that it is open-ended.' }),
  first_due_on: plannedDayField
    .optional()
    .meta({ description: 'Due day of instalment 1 and the anchor of all others; the first day unless given.' }),
  amount: amountField.optional().meta({ description: 'Another price than the plan’s.' }),
  currency: z.string().max(3).optional(),
  method: methodField,
  mandate: idField('mdt').optional(),
  first_issue: issueNumberField
    .optional()
    .meta({ description: 'Of a subscription to issues: the first one; the next not yet published unless given.' }),
  renews: idField('ctr').optional().meta({ description: 'The contract that this one follows.' }),
});
export type NewContract = z.infer<typeof newContract>;

const instalmentNumber = z.int().min(1).max(10_000);

/** What to do with renewals signed ahead that already have paid or collected instalments. */
export const renewalFields = {
  renewals: z
    .enum(['refuse', 'move'])
    .optional()
    .meta({ description: 'A renewal that has facts: refuse (default), or move it all the same.' }),
  compensation: amountField
    .optional()
    .meta({ description: 'Taken off the next open instalments of a renewal moved with its facts.' }),
};
const renewalObject = z.strictObject(renewalFields);
export type RenewalFields = z.infer<typeof renewalObject>;

export const factsField = z.enum(['kept', 'credited']).optional().meta({
  description:
    'Instalments already paid or collected that it reaches back over: kept (default), or their unused days credited.',
});

export const freezeOverride = z
  .strictObject({
    active: z.boolean(),
    shift_end: z.boolean(),
    shift_instalments: z.boolean(),
    discount_bps: z.int().min(0).max(10_000).nullable(),
    discount_amount: amountField.nullable(),
    instalment_rule: z.enum(instalmentRules),
  })
  .partial()
  .meta({ description: 'Settings of the plan’s freeze policy that hold differently for this suspension.' });

/** A suspension as a desk enters it: a number of days, a last day, or unlimited. */
export const newSuspension = z.strictObject({
  starts_on: plannedDayField,
  days: z
    .int()
    .min(1)
    .max(3660)
    .optional()
    .meta({ description: 'Counted inclusively: 45 days from 22 July end on 4 September.' }),
  ends_on: plannedDayField.optional(),
  unlimited: z.boolean().optional(),
  reason: lineField(200),
  amount: amountField.optional().meta({ description: 'Charged for each suspended instalment.' }),
  first_instalment: instalmentNumber.optional(),
  last_instalment: instalmentNumber.optional(),
  freeze: freezeOverride.optional(),
  facts: factsField,
  review_on: plannedDayField.optional().meta({ description: 'The day to look again at an unlimited suspension.' }),
  beyond_limits: z
    .boolean()
    .optional()
    .meta({ description: 'Goes beyond the plan’s limits, unless those are locked.' }),
  ...renewalFields,
});
export type NewSuspension = z.infer<typeof newSuspension>;

/** Says only what differs. */
export const suspensionEdit = z.strictObject({
  starts_on: plannedDayField.optional(),
  days: newSuspension.shape.days,
  ends_on: plannedDayField.optional(),
  unlimited: z.boolean().optional(),
  reason: lineField(200).optional(),
  amount: amountField.nullable().optional(),
  first_instalment: instalmentNumber.nullable().optional(),
  last_instalment: instalmentNumber.nullable().optional(),
  freeze: freezeOverride.nullable().optional(),
  facts: factsField,
  review_on: plannedDayField.nullable().optional(),
  beyond_limits: z.boolean().optional(),
  ...renewalFields,
});
export type SuspensionEdit = z.infer<typeof suspensionEdit>;

export const suspensionStop = z.strictObject({
  on: plannedDayField.meta({ description: 'The first day back: the suspension ends the day before.' }),
  amount: amountField.optional().meta({ description: 'The price from then on, if it is a new one.' }),
  beyond_limits: z.boolean().optional(),
  ...renewalFields,
});
export type SuspensionStop = z.infer<typeof suspensionStop>;

/** Ids for what a change makes, chosen when it is asked for. */
export const newIdsField = z.strictObject({ chg: z.array(idField('chg')).max(8), sus: z.array(idField('sus')).max(2) });
