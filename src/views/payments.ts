/** Payments as the API shows them. */
import { z } from 'zod';
import { paymentMethods } from '../domain/payment-method.ts';
import { amountField, dayField } from '../schemas/fields.ts';

export const paymentSchema = z
  .object({
    id: z.string(),
    object: z.literal('payment'),
    customer: z.string(),
    contract: z.string(),
    instalment: z.string(),
    amount: amountField,
    currency: z.string(),
    method: z.enum(paymentMethods),
    status: z.enum(['settled']),
    paid_on: dayField,
  })
  .meta({ id: 'Payment' });
