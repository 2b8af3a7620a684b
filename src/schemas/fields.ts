/** Schemas of the fields that inputs are made of. Every text, list and number here has a bound. */
import { z } from 'zod';
import { type Day, isDay } from '../domain/day.ts';
import { MAX_AMOUNT } from '../domain/money.ts';
import { paymentMethods } from '../domain/payment-method.ts';

export const dayField = z
  .string()
  .max(10)
  .refine(isDay, { error: 'not_a_day' })
  .transform((text) => text as Day)
  .meta({ id: 'Day', type: 'string', format: 'date', example: '2026-07-05', description: 'A civil day, YYYY-MM-DD.' });

/** What is reckoned from a day (the end of a term, the day after a promise) must be a day too, and these end with 9999. */
export const LAST_PLANNED = '2199-12-31';

/** A day in the future on which something is to happen, or to end. */
export const plannedDayField = z
  .string()
  .max(10)
  .refine(isDay, { error: 'not_a_day', abort: true })
  .refine((text) => text <= LAST_PLANNED, { error: 'day_too_far' })
  .transform((text) => text as Day)
  .meta({
    id: 'PlannedDay',
    type: 'string',
    format: 'date',
    example: '2026-07-05',
    description: `A civil day, YYYY-MM-DD, up to ${LAST_PLANNED}.`,
  });

/** A name, label or reason that people write: no control characters, trimmed, not empty. */
export function textField(max: number) {
  return (
    z
      .string()
      .max(max)
      .transform((text) => text.normalize('NFC').trim())
      .refine((text) => text.length > 0, { error: 'empty' })
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused.
      .refine((text) => !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u2028\u2029\ufffe\uffff]|\p{Cs}/u.test(text), {
        error: 'control_characters',
      })
  );
}

/** A text of one line. */
export function lineField(max: number) {
  return textField(max).refine((text) => !/[\r\n\t]/.test(text), { error: 'control_characters' });
}

/** An amount in minor units, not negative. */
export const amountField = z.int().min(0).max(MAX_AMOUNT).meta({ description: 'Minor units (cents).', example: 5900 });

export const currencyField = z
  .string()
  .regex(/^[A-Z]{3}$/)
  .meta({ description: 'ISO 4217', example: 'EUR' });

export const localeField = z.enum(['fr', 'en', 'de']);

export const methodField = z.enum(paymentMethods);

/** An id of one kind: `idField('ctr')`. Its shape is checked here; whose it is, where it is looked up. */
export function idField(prefix: string) {
  return z
    .string()
    .regex(new RegExp(`^${prefix}_[0-9A-HJKMNP-TV-Z]{26}$`), { error: 'not_an_id' })
    .meta({ example: `${prefix}_01KAJ5M3T0F8Q2V7R9X4Y6Z1AB` });
}
