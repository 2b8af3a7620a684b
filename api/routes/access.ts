import { z } from 'zod';
import { dayField, lineField } from '../../src/schemas/fields.ts';
import { accessSchema, doorSchema, viewAccess, viewDoor } from '../../src/views/access.ts';
import { ledgerSchema, viewLedger } from '../../src/views/ledger.ts';
import { readers } from '../kit/roles.ts';
import { type Route, read } from '../kit/route.ts';
import { idParam } from '../kit/shared-schemas.ts';

const onQuery = z.strictObject({ on: dayField.optional().meta({ description: 'Today unless given.' }) });

export const accessRoutes: Route[] = [
  read({
    method: 'get',
    path: '/v1/badges/:badge/access',
    tag: 'Access',
    does: 'The question of a door: may the holder of this badge enter now.',
    roles: readers,
    params: z.object({ badge: lineField(100) }),
    answer: {
      status: 200,
      schema: doorSchema,
      does: 'The answer, and until when the door may give it without asking.',
    },
    run: (ctx, { params }) => viewDoor(ctx, params.badge),
  }),
  read({
    method: 'get',
    path: '/v1/customers/:id/ledger',
    tag: 'Payments',
    does: 'The statement of a customer: sales and settlements in order, with what is owed.',
    roles: readers,
    params: idParam('cus'),
    query: onQuery,
    answer: { status: 200, schema: ledgerSchema, does: 'The statement.' },
    run: (ctx, { params, query }) => viewLedger(ctx, params.id, query.on ?? ctx.today),
  }),
  read({
    method: 'get',
    path: '/v1/customers/:id/access',
    tag: 'Access',
    does: 'May the customer enter on a day, and why or why not.',
    roles: readers,
    params: idParam('cus'),
    query: onQuery,
    answer: { status: 200, schema: accessSchema, does: 'The answer.' },
    run: (ctx, { params, query }) => viewAccess(ctx, params.id, query.on ?? ctx.today),
  }),
];
