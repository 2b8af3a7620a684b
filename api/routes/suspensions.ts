import { z } from 'zod';
import type { RefusalCode } from '../../src/errors/catalogue/index.ts';
import { newSuspension, renewalFields, suspensionEdit, suspensionStop } from '../../src/schemas/contracts.ts';
import { findContract } from '../../src/views/contracts.ts';
import { pageQuery, pageSchema } from '../../src/views/page.ts';
import {
  findSuspension,
  listOrganizationSuspensions,
  listSuspensions,
  suspensionSchema,
} from '../../src/views/suspensions.ts';
import { newIds } from '../kit/new-ids.ts';
import { deskers, readers } from '../kit/roles.ts';
import { operates, type Route, read } from '../kit/route.ts';
import { idParam } from '../kit/shared-schemas.ts';

/** The refusals of entering and editing alike. */
const placeRefusals: RefusalCode[] = [
  'suspension_length_missing',
  'suspension_length_contradictory',
  'suspension_ends_before_it_begins',
  'suspension_before_contract',
  'suspension_after_contract',
  'contract_cancelled',
  'instalment_unknown',
  'suspended_instalments_reversed',
  'suspended_instalments_settled',
  'suspension_setting_locked',
  'suspension_too_short',
  'suspension_too_many',
  'suspension_too_many_days',
  'renewal_has_facts',
];

export const suspensionRoutes: Route[] = [
  operates({
    method: 'post',
    path: '/v1/contracts/:id/suspensions',
    tag: 'Suspensions',
    does: 'Suspend a contract for a number of days, until a day, or without end.',
    roles: deskers,
    params: idParam('ctr'),
    body: newSuspension,
    answer: { status: 201, schema: suspensionSchema, does: 'The suspension.' },
    refuses: [...placeRefusals, 'suspension_debt'],
    operation: 'suspend-contract',
    input: ({ params, body }) => ({ contract: params.id, suspension: body, new_ids: newIds() }),
  }),
  read({
    method: 'get',
    path: '/v1/contracts/:id/suspensions',
    tag: 'Suspensions',
    does: 'The suspensions of a contract, those removed included.',
    roles: readers,
    params: idParam('ctr'),
    answer: {
      status: 200,
      schema: z.object({
        object: z.literal('list'),
        data: z.array(suspensionSchema),
        has_more: z.boolean(),
        next_cursor: z.null(),
      }),
      does: 'All of them, in the order of their first day.',
    },
    async run(ctx, { params }) {
      await findContract(ctx, params.id);
      return { object: 'list', data: await listSuspensions(ctx, params.id), has_more: false, next_cursor: null };
    },
  }),
  read({
    method: 'get',
    path: '/v1/suspensions',
    tag: 'Suspensions',
    does: 'The suspensions that stand, newest first; or only the unlimited ones whose review day has come.',
    roles: readers,
    query: z.strictObject({
      ...pageQuery,
      review_due: z
        .enum(['true', 'false'])
        .default('false')
        .transform((text) => text === 'true'),
    }),
    answer: { status: 200, schema: pageSchema(suspensionSchema), does: 'A page of suspensions.' },
    run: (ctx, { query }) => listOrganizationSuspensions(ctx, query),
  }),
  read({
    method: 'get',
    path: '/v1/suspensions/:id',
    tag: 'Suspensions',
    does: 'One suspension.',
    roles: readers,
    params: idParam('sus'),
    answer: { status: 200, schema: suspensionSchema, does: 'The suspension.' },
    run: (ctx, { params }) => findSuspension(ctx, params.id),
  }),
  operates({
    method: 'post',
    path: '/v1/suspensions/:id/stop',
    tag: 'Suspensions',
    does: 'Stop a suspension: it ends the day before the customer is back, and the normal price returns by itself.',
    roles: deskers,
    params: idParam('sus'),
    body: suspensionStop,
    answer: { status: 200, schema: suspensionSchema, does: 'The suspension as it stands.' },
    refuses: [
      'suspension_over',
      'suspension_not_begun',
      'suspension_too_short',
      'suspension_setting_locked',
      'renewal_has_facts',
    ],
    operation: 'stop-suspension',
    input: ({ params, body }) => ({ suspension: params.id, stop: body, new_ids: newIds() }),
  }),
  operates({
    method: 'patch',
    path: '/v1/suspensions/:id',
    tag: 'Suspensions',
    does: 'Edit a suspension: the schedule becomes what it would be had it been entered so at first.',
    roles: deskers,
    params: idParam('sus'),
    body: suspensionEdit,
    answer: { status: 200, schema: suspensionSchema, does: 'The suspension as it stands.' },
    refuses: placeRefusals,
    operation: 'edit-suspension',
    input: ({ params, body }) => ({ suspension: params.id, edit: body, new_ids: newIds() }),
  }),
  operates({
    method: 'delete',
    path: '/v1/suspensions/:id',
    tag: 'Suspensions',
    does: 'Remove a suspension: the schedule becomes what it would be had it never been entered.',
    roles: deskers,
    params: idParam('sus'),
    body: z.strictObject(renewalFields),
    answer: { status: 200, schema: suspensionSchema, does: 'The suspension, removed.' },
    refuses: ['renewal_has_facts'],
    operation: 'remove-suspension',
    input: ({ params, body }) => ({ suspension: params.id, choice: body, new_ids: newIds() }),
  }),
];
