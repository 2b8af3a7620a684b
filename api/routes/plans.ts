import { z } from 'zod';
import { newPlan, planEdit } from '../../src/schemas/plan.ts';
import { createPlan } from '../../src/services/create-plan.ts';
import { editPlan } from '../../src/services/edit-plan.ts';
import { pageQuery, pageSchema } from '../../src/views/page.ts';
import { findPlan, listPlans, planSchema } from '../../src/views/plans.ts';
import { admins, readers } from '../kit/roles.ts';
import { type Route, read, write } from '../kit/route.ts';
import { idParam } from '../kit/shared-schemas.ts';

export const planRoutes: Route[] = [
  write({
    method: 'post',
    path: '/v1/plans',
    tag: 'Plans',
    does: 'Put a plan on sale.',
    roles: admins,
    body: newPlan,
    answer: { status: 201, schema: planSchema, does: 'The plan.' },
    refuses: ['currency_mismatch', 'plan_of_issues_incomplete', 'plan_field_of_other_kind', 'publication_unknown'],
    async run(ctx, { body }) {
      const id = await createPlan(ctx, body);
      return { body: await findPlan(ctx, id), headers: { Location: `/v1/plans/${id}` } };
    },
  }),
  read({
    method: 'get',
    path: '/v1/plans',
    tag: 'Plans',
    does: 'Plans, newest first.',
    roles: readers,
    query: z.strictObject(pageQuery),
    answer: { status: 200, schema: pageSchema(planSchema), does: 'A page of plans.' },
    run: (ctx, { query }) => listPlans(ctx, query),
  }),
  read({
    method: 'get',
    path: '/v1/plans/:id',
    tag: 'Plans',
    does: 'One plan.',
    roles: readers,
    params: idParam('pln'),
    answer: { status: 200, schema: planSchema, does: 'The plan.' },
    run: (ctx, { params }) => findPlan(ctx, params.id),
  }),
  write({
    method: 'patch',
    path: '/v1/plans/:id',
    tag: 'Plans',
    does: 'Edit a plan: a field that is not given stays. What was sold stays as it was sold; renewals signed from now on take the new terms.',
    roles: admins,
    params: idParam('pln'),
    body: planEdit,
    answer: { status: 200, schema: planSchema, does: 'The plan as it is now.' },
    refuses: [
      'nothing_to_change',
      'plan_ambiguous_discount',
      'plan_of_issues_incomplete',
      'plan_field_of_other_kind',
      'publication_unknown',
    ],
    async run(ctx, { params, body, if_version }) {
      await editPlan(ctx, params.id, body, if_version);
      return { body: await findPlan(ctx, params.id) };
    },
  }),
];
