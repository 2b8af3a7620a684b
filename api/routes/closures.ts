import { z } from 'zod';
import { newId } from '../../src/ids.ts';
import { newClosure } from '../../src/schemas/closures.ts';
import { closureSchema, findClosure, leftOutSchema, listClosures, listLeftOut } from '../../src/views/closures.ts';
import { pageQuery, pageSchema } from '../../src/views/page.ts';
import { admins, readers } from '../kit/roles.ts';
import { operates, type Route, read } from '../kit/route.ts';
import { idParam } from '../kit/shared-schemas.ts';

export const closureRoutes: Route[] = [
  operates({
    method: 'post',
    path: '/v1/closures',
    tag: 'Suspensions',
    does: 'Close the organization, or what one plan sold, for a time: suspends every contract that runs then.',
    roles: admins,
    body: newClosure,
    answer: { status: 201, schema: closureSchema, does: 'The closure, with what it did.' },
    refuses: ['plan_unknown', 'suspension_ends_before_it_begins', 'closure_too_long', 'closure_suspends_nothing'],
    operation: 'open-closure',
    input: ({ body }) => ({ closure: body, new_closure: newId('clo') }),
  }),
  operates({
    method: 'delete',
    path: '/v1/closures/:id',
    tag: 'Suspensions',
    does: 'Undo a closure: every contract that it still suspends goes on as if there had been none.',
    roles: admins,
    params: idParam('clo'),
    answer: { status: 200, schema: closureSchema, does: 'The closure, undone.' },
    refuses: ['closure_running', 'closure_undone'],
    operation: 'undo-closure',
    // A second one would find the closure half undone, and go on beside the first.
    unique_key: ({ params }) => `undo-closure ${params.id}`,
    input: ({ params }) => ({ closure: params.id }),
  }),
  read({
    method: 'get',
    path: '/v1/closures',
    tag: 'Suspensions',
    does: 'Closures, newest first.',
    roles: readers,
    query: z.strictObject(pageQuery),
    answer: { status: 200, schema: pageSchema(closureSchema), does: 'A page of closures.' },
    run: (ctx, { query }) => listClosures(ctx, query),
  }),
  read({
    method: 'get',
    path: '/v1/closures/:id',
    tag: 'Suspensions',
    does: 'One closure.',
    roles: readers,
    params: idParam('clo'),
    answer: { status: 200, schema: closureSchema, does: 'The closure.' },
    run: (ctx, { params }) => findClosure(ctx, params.id),
  }),
  read({
    method: 'get',
    path: '/v1/closures/:id/left_out',
    tag: 'Suspensions',
    does: 'The contracts that a closure could not suspend, or not undo, and why.',
    roles: readers,
    params: idParam('clo'),
    query: z.strictObject(pageQuery),
    answer: { status: 200, schema: pageSchema(leftOutSchema), does: 'A page of them.' },
    run: (ctx, { params, query }) => listLeftOut(ctx, params.id, query),
  }),
];
