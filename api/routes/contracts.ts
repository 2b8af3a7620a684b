import { z } from 'zod';
import { newId } from '../../src/ids.ts';
import { newContract } from '../../src/schemas/contracts.ts';
import { dayField, idField } from '../../src/schemas/fields.ts';
import { contractSchema, findContract, listContracts } from '../../src/views/contracts.ts';
import { pageQuery, pageSchema } from '../../src/views/page.ts';
import { scheduleSchema, viewSchedule } from '../../src/views/schedule.ts';
import { deskers, readers } from '../kit/roles.ts';
import { operates, type Route, read } from '../kit/route.ts';
import { idParam } from '../kit/shared-schemas.ts';

export const contractRoutes: Route[] = [
  operates({
    method: 'post',
    path: '/v1/contracts',
    tag: 'Contracts',
    does: 'Sign a contract; its schedule is written down at once.',
    roles: deskers,
    body: newContract,
    answer: { status: 201, schema: contractSchema, does: 'The contract.' },
    refuses: [
      'customer_unknown',
      'mandate_unknown',
      'plan_unknown',
      'currency_mismatch',
      'ends_before_it_begins',
      'first_due_out_of_term',
      'term_too_long',
      'renews_open_ended',
      'renewed_already',
      'renewal_overlaps',
      'renewal_of_another_customer',
      'contract_ends_with_issue',
      'plan_field_of_other_kind',
      'issue_unknown',
      'no_issue_planned',
    ],
    operation: 'sign-contract',
    at_once: true,
    input: ({ body }) => ({ ...body, new_contract: newId('ctr') }),
  }),
  read({
    method: 'get',
    path: '/v1/contracts',
    tag: 'Contracts',
    does: 'Contracts, newest first.',
    roles: readers,
    query: z.strictObject({ ...pageQuery, customer: idField('cus').optional(), plan: idField('pln').optional() }),
    answer: { status: 200, schema: pageSchema(contractSchema), does: 'A page of contracts.' },
    run: (ctx, { query }) => listContracts(ctx, query),
  }),
  read({
    method: 'get',
    path: '/v1/contracts/:id',
    tag: 'Contracts',
    does: 'One contract.',
    roles: readers,
    params: idParam('ctr'),
    answer: { status: 200, schema: contractSchema, does: 'The contract.' },
    run: (ctx, { params }) => findContract(ctx, params.id),
  }),
  read({
    method: 'get',
    path: '/v1/contracts/:id/schedule',
    tag: 'Contracts',
    does: 'The instalments of a contract, each with the changes that made it what it is.',
    roles: readers,
    params: idParam('ctr'),
    query: z.strictObject({ until: dayField.optional().meta({ description: 'Those due up to this day.' }) }),
    answer: { status: 200, schema: scheduleSchema, does: 'The schedule.' },
    run: (ctx, { params, query }) => viewSchedule(ctx, params.id, query.until),
  }),
];
