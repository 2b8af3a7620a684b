import { z } from 'zod';
import { newId } from '../../src/ids.ts';
import { dayField, idField } from '../../src/schemas/fields.ts';
import { newIncident } from '../../src/schemas/issues.ts';
import { contractIssuesSchema, viewContractIssues } from '../../src/views/contract-issues.ts';
import { incidentSchema, listIncidents } from '../../src/views/incidents.ts';
import { pageQuery, pageSchema } from '../../src/views/page.ts';
import { revenueSchema, viewRevenue } from '../../src/views/revenue.ts';
import { newIds } from '../kit/new-ids.ts';
import { deskers, readers } from '../kit/roles.ts';
import { operates, type Route, read } from '../kit/route.ts';
import { idParam } from '../kit/shared-schemas.ts';

const onField = dayField.optional().meta({ description: 'Told for this day; today unless given.' });

export const issueRoutes: Route[] = [
  operates({
    method: 'post',
    path: '/v1/contracts/:id/incidents',
    tag: 'Publications',
    does: 'Record that the issues published in some days did not reach the subscriber: one more is owed for each, free.',
    roles: deskers,
    params: idParam('ctr'),
    body: newIncident,
    answer: { status: 201, schema: incidentSchema, does: 'The incident.' },
    refuses: [
      'contract_not_of_issues',
      'contract_cancelled',
      'incident_ends_before_it_begins',
      'incident_without_issue',
      'incident_recorded_already',
      'reason_not_listed',
    ],
    operation: 'record-incident',
    input: ({ params, body }) => ({
      contract: params.id,
      incident: body,
      new_incident: newId('inc'),
      new_ids: newIds(),
    }),
  }),
  operates({
    method: 'delete',
    path: '/v1/contracts/:id/incidents/:incident',
    tag: 'Publications',
    does: 'Remove an incident: the subscription is as if it had never been entered.',
    roles: deskers,
    params: idParam('ctr').extend({ incident: idField('inc') }),
    answer: { status: 200, schema: incidentSchema, does: 'The incident, removed.' },
    refuses: ['contract_not_of_issues'],
    operation: 'remove-incident',
    input: ({ params }) => ({ contract: params.id, incident: params.incident, new_ids: newIds() }),
  }),
  read({
    method: 'get',
    path: '/v1/incidents',
    tag: 'Publications',
    does: 'Incidents, newest first, those removed included.',
    roles: readers,
    query: z.strictObject({
      ...pageQuery,
      contract: idField('ctr').optional(),
      customer: idField('cus').optional(),
    }),
    answer: { status: 200, schema: pageSchema(incidentSchema), does: 'A page of incidents.' },
    run: (ctx, { query }) => listIncidents(ctx, query),
  }),
  read({
    method: 'get',
    path: '/v1/contracts/:id/issues',
    tag: 'Publications',
    does: 'The issues of a subscription: served or owed, free or paid, and the revenue recognised and deferred on a day.',
    roles: readers,
    params: idParam('ctr'),
    query: z.strictObject({ on: onField }),
    answer: { status: 200, schema: contractIssuesSchema, does: 'The issues.' },
    refuses: ['contract_not_of_issues'],
    run: (ctx, { params, query }) => viewContractIssues(ctx, params.id, query.on),
  }),
  read({
    method: 'get',
    path: '/v1/revenue',
    tag: 'Publications',
    does: 'The revenue of all subscriptions to issues on a day: recognised, deferred, cancelled.',
    roles: readers,
    query: z.strictObject({ on: onField, publication: idField('pub').optional() }),
    answer: { status: 200, schema: revenueSchema, does: 'The totals.' },
    refuses: ['publication_unknown'],
    run: (ctx, { query }) => viewRevenue(ctx, { on: query.on ?? ctx.today, publication: query.publication ?? null }),
  }),
];
