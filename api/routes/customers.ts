import { z } from 'zod';
import { customerEdit, newCustomer } from '../../src/schemas/customer.ts';
import { lineField } from '../../src/schemas/fields.ts';
import { createCustomer } from '../../src/services/create-customer.ts';
import { editCustomer } from '../../src/services/edit-customer.ts';
import { customerSchema, findCustomer, listCustomers } from '../../src/views/customers.ts';
import { pageQuery, pageSchema } from '../../src/views/page.ts';
import { listProducts, productSchema, standings } from '../../src/views/products.ts';
import { deskers, readers } from '../kit/roles.ts';
import { type Route, read, write } from '../kit/route.ts';
import { idParam } from '../kit/shared-schemas.ts';

export const customerRoutes: Route[] = [
  write({
    method: 'post',
    path: '/v1/customers',
    tag: 'Customers',
    does: 'Take a customer in.',
    roles: deskers,
    body: newCustomer,
    answer: { status: 201, schema: customerSchema, does: 'The customer.' },
    refuses: ['external_id_taken', 'badge_taken'],
    async run(ctx, { body }) {
      const id = await createCustomer(ctx, body);
      return { body: await findCustomer(ctx, id), headers: { Location: `/v1/customers/${id}` } };
    },
  }),
  read({
    method: 'get',
    path: '/v1/customers',
    tag: 'Customers',
    does: 'Customers, newest first.',
    roles: readers,
    query: z.strictObject({ ...pageQuery, search: lineField(100).optional() }),
    answer: { status: 200, schema: pageSchema(customerSchema), does: 'A page of customers.' },
    run: (ctx, { query }) => listCustomers(ctx, query),
  }),
  read({
    method: 'get',
    path: '/v1/customers/:id',
    tag: 'Customers',
    does: 'One customer.',
    roles: readers,
    params: idParam('cus'),
    answer: { status: 200, schema: customerSchema, does: 'The customer.' },
    run: (ctx, { params }) => findCustomer(ctx, params.id),
  }),
  read({
    method: 'get',
    path: '/v1/customers/:id/products',
    tag: 'Customers',
    does: 'What a customer bought, active and past: name, expiry, credits left, price, payment state, notes.',
    roles: readers,
    params: idParam('cus'),
    query: z.strictObject({ ...pageQuery, standing: z.enum(standings).optional() }),
    answer: { status: 200, schema: pageSchema(productSchema), does: 'A page of products, the last sold first.' },
    run: (ctx, { params, query }) => listProducts(ctx, params.id, query),
  }),
  write({
    method: 'patch',
    path: '/v1/customers/:id',
    tag: 'Customers',
    does: 'Edit a customer; a field that is not given stays, null takes it away.',
    roles: deskers,
    params: idParam('cus'),
    body: customerEdit,
    answer: { status: 200, schema: customerSchema, does: 'The customer as it is now.' },
    refuses: ['external_id_taken', 'badge_taken'],
    async run(ctx, { params, body, if_version }) {
      await editCustomer(ctx, params.id, body, if_version);
      return { body: await findCustomer(ctx, params.id) };
    },
  }),
];
