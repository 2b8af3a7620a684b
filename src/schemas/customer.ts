/** A customer as clients send it. */
import { z } from 'zod';
import { MAX_ADDRESS_LENGTH } from '../domain/email-address.ts';
import { addressField } from './address.ts';
import { dayField, lineField, localeField } from './fields.ts';

export const businessField = z
  .strictObject({
    siren: z
      .string()
      .regex(/^\d{9}$/)
      .optional(),
    vat_number: z
      .string()
      .regex(/^[A-Z]{2}[A-Z0-9]{2,13}$/)
      .optional(),
    attention: lineField(150).optional().meta({ description: 'Who reads its invoices.' }),
  })
  .meta({ id: 'Business', description: 'Of a customer that is no consumer: what its invoices name.' });
export type Business = z.infer<typeof businessField>;

const fields = {
  business: businessField,
  name: lineField(200),
  email: z.string().max(MAX_ADDRESS_LENGTH),
  locale: localeField,
  address: addressField,
  birth_on: dayField,
  external_id: lineField(100),
  badge: lineField(100),
};

export const newCustomer = z.strictObject({ ...z.object(fields).partial().shape, name: fields.name });
export type NewCustomer = z.infer<typeof newCustomer>;

/** Says only what differs; null takes a field away. */
export const customerEdit = z.strictObject({
  name: fields.name.optional(),
  locale: fields.locale.optional(),
  email: fields.email.nullable().optional(),
  address: fields.address.nullable().optional(),
  birth_on: fields.birth_on.nullable().optional(),
  external_id: fields.external_id.nullable().optional(),
  badge: fields.badge.nullable().optional(),
  collections_stopped: z
    .boolean()
    .optional()
    .meta({ description: 'No direct debit is drafted for the customer until this is lifted.' }),
  business: fields.business.nullable().optional(),
});
export type CustomerEdit = z.infer<typeof customerEdit>;
