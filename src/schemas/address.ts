/** A structured postal address; unstructured ones are no longer accepted by SEPA. */
import { z } from 'zod';
import { lineField } from './fields.ts';

export const addressField = z
  .strictObject({
    street: lineField(70).optional(),
    building: lineField(16).optional(),
    line2: lineField(70).optional(),
    postcode: lineField(16).optional(),
    town: lineField(35),
    country: z
      .string()
      .regex(/^[A-Z]{2}$/)
      .meta({ description: 'ISO 3166-1 alpha-2' }),
  })
  .meta({ id: 'Address' });

export type Address = z.infer<typeof addressField>;
