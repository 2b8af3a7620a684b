import { z } from 'zod';
import { newId } from '../../src/ids.ts';
import { lineField } from '../../src/schemas/fields.ts';
import { creditMovementSchema, listCreditMovements } from '../../src/views/credits.ts';
import { pageQuery, pageSchema } from '../../src/views/page.ts';
import { deskers, readers } from '../kit/roles.ts';
import { operates, type Route, read } from '../kit/route.ts';
import { idParam } from '../kit/shared-schemas.ts';

const movement = z.strictObject({
  delta: z
    .int()
    .min(-1000)
    .max(1000)
    .refine((delta) => delta !== 0, { error: 'not_valid' })
    .meta({ description: 'Credits added, or taken when negative.' }),
  reason: lineField(200),
});

export const creditRoutes: Route[] = [
  operates({
    method: 'post',
    path: '/v1/contracts/:id/credits',
    tag: 'Contracts',
    does: 'Add credits to a pack or take them; the balance never falls below zero.',
    roles: deskers,
    params: idParam('ctr'),
    body: movement,
    answer: { status: 201, schema: creditMovementSchema, does: 'The movement, and what is left.' },
    refuses: ['not_a_pack', 'pack_expired', 'pack_not_begun', 'pack_suspended', 'credits_spent', 'credits_too_many'],
    operation: 'move-credits',
    at_once: true,
    input: ({ params, body }) => ({ contract: params.id, ...body, new_movement: newId('crm') }),
  }),
  read({
    method: 'get',
    path: '/v1/contracts/:id/credits',
    tag: 'Contracts',
    does: 'The movements of a credit pack, newest first.',
    roles: readers,
    params: idParam('ctr'),
    query: z.strictObject(pageQuery),
    answer: { status: 200, schema: pageSchema(creditMovementSchema), does: 'A page of movements.' },
    run: (ctx, { params, query }) => listCreditMovements(ctx, params.id, query),
  }),
];
