import { z } from 'zod';
import { dayField } from '../../src/schemas/fields.ts';
import { eraseCustomer, previewErasure } from '../../src/services/erase-customer.ts';
import { admins } from '../kit/roles.ts';
import { type Route, read, write } from '../kit/route.ts';
import { idParam } from '../kit/shared-schemas.ts';

const counts = z.record(z.string(), z.int()).meta({ description: 'Rows of each table.' });
const keeps = z.object({
  invoices: z.int(),
  postings: z.int(),
  until_on: dayField
    .nullable()
    .meta({ description: 'By law; invoices keep the name and address that they were issued to.' }),
});

export const erasureRoutes: Route[] = [
  read({
    method: 'get',
    path: '/v1/customers/:id/erasure',
    tag: 'Customers',
    does: 'What erasing a customer’s person would do, what the books keep, and what stands in the way.',
    roles: admins,
    params: idParam('cus'),
    answer: {
      status: 200,
      schema: z
        .object({
          object: z.literal('erasure_preview'),
          customer: z.string(),
          is_erased: z.boolean(),
          obstacles: z.array(z.object({ code: z.string(), until_on: dayField.nullable() })),
          erases: counts,
          keeps,
        })
        .meta({ id: 'ErasurePreview' }),
      does: 'The preview; nothing is written.',
    },
    run: (ctx, { params }) => previewErasure(ctx, params.id),
  }),
  write({
    method: 'post',
    path: '/v1/customers/:id/erasure',
    tag: 'Customers',
    does: 'Erase a customer’s person for good; what was sold and paid stays in the books under the id.',
    roles: admins,
    params: idParam('cus'),
    answer: {
      status: 200,
      schema: z
        .object({ object: z.literal('erasure'), customer: z.string(), event: z.string(), erases: counts, keeps })
        .meta({ id: 'Erasure' }),
      does: 'What was erased and what is kept.',
    },
    refuses: ['customer_not_settled'],
    run: async (ctx, { params }) => ({ body: await eraseCustomer(ctx, params.id) }),
  }),
];
