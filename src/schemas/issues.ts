/** Inputs about publications, their issues and incidents, as clients send them. */
import { z } from 'zod';
import { dayField, lineField, plannedDayField } from './fields.ts';

export const issueNumberField = z.int().min(1).max(1_000_000);

export const newPublication = z.strictObject({ name: lineField(200) });
export type NewPublication = z.infer<typeof newPublication>;

const MOST_ISSUES = 600;

export const plannedIssues = z.strictObject({
  issues: z
    .array(z.strictObject({ number: issueNumberField, published_on: plannedDayField }))
    .min(1)
    .max(MOST_ISSUES)
    .optional()
    .meta({ description: 'Issues with their days; one not yet published gets another day this way.' }),
  rhythm: z
    .strictObject({
      first_number: issueNumberField.optional().meta({ description: 'The number after the last one unless given.' }),
      first_on: plannedDayField.meta({ description: 'The publication day of the first of them.' }),
      count: z.int().min(1).max(MOST_ISSUES),
      every_months: z.int().min(1).max(24).optional(),
      every_days: z.int().min(1).max(366).optional(),
    })
    .optional()
    .meta({ description: 'Instead of a list: so many issues, every so many months or days.' }),
});
export type PlannedIssues = z.infer<typeof plannedIssues>;

export const newIncident = z.strictObject({
  from_on: dayField,
  to_on: dayField.meta({ description: 'The last day, included.' }),
  reason: lineField(200).meta({ description: 'One of the organization’s incident reasons.' }),
});
export type NewIncident = z.infer<typeof newIncident>;
