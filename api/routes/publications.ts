import { z } from 'zod';
import { issueNumberField, newPublication, plannedIssues } from '../../src/schemas/issues.ts';
import { createPublication } from '../../src/services/create-publication.ts';
import { planIssues } from '../../src/services/plan-issues.ts';
import { pageQuery, pageSchema } from '../../src/views/page.ts';
import {
  findPublication,
  issueSchema,
  listIssues,
  listPublications,
  publicationSchema,
  showIssue,
} from '../../src/views/publications.ts';
import { admins, readers } from '../kit/roles.ts';
import { type Route, read, write } from '../kit/route.ts';
import { idParam } from '../kit/shared-schemas.ts';

export const publicationRoutes: Route[] = [
  write({
    method: 'post',
    path: '/v1/publications',
    tag: 'Publications',
    does: 'Add a publication whose issues are sold by subscription.',
    roles: admins,
    body: newPublication,
    answer: { status: 201, schema: publicationSchema, does: 'The publication.' },
    refuses: ['publication_name_taken'],
    async run(ctx, { body }) {
      const id = await createPublication(ctx, body);
      return { body: await findPublication(ctx, id), headers: { Location: `/v1/publications/${id}` } };
    },
  }),
  read({
    method: 'get',
    path: '/v1/publications',
    tag: 'Publications',
    does: 'Publications, newest first.',
    roles: readers,
    query: z.strictObject(pageQuery),
    answer: { status: 200, schema: pageSchema(publicationSchema), does: 'A page of publications.' },
    run: (ctx, { query }) => listPublications(ctx, query),
  }),
  read({
    method: 'get',
    path: '/v1/publications/:id',
    tag: 'Publications',
    does: 'One publication, with its last issue out and its next one.',
    roles: readers,
    params: idParam('pub'),
    answer: { status: 200, schema: publicationSchema, does: 'The publication.' },
    run: (ctx, { params }) => findPublication(ctx, params.id),
  }),
  write({
    method: 'post',
    path: '/v1/publications/:id/issues',
    tag: 'Publications',
    does: 'Put issues on the calendar, from a list or by a rhythm; one not yet published may be given another day.',
    roles: admins,
    params: idParam('pub'),
    body: plannedIssues,
    answer: {
      status: 201,
      schema: z.object({ object: z.literal('list'), data: z.array(issueSchema) }),
      does: 'The issues given.',
    },
    refuses: ['issues_missing', 'rhythm_ambiguous', 'issue_given_twice', 'issue_published', 'issues_out_of_order'],
    async run(ctx, { params, body }) {
      const issues = await planIssues(ctx, params.id, body);
      return { body: { object: 'list', data: issues.map((issue) => showIssue(ctx, params.id, issue)) } };
    },
  }),
  read({
    method: 'get',
    path: '/v1/publications/:id/issues',
    tag: 'Publications',
    does: 'The issues of a publication by number.',
    roles: readers,
    params: idParam('pub'),
    query: z.strictObject({
      from: z.coerce.number().int().min(1).max(1_000_000).default(1).meta({ description: 'The first number wanted.' }),
      limit: z.coerce.number().int().min(1).max(100).default(100),
    }),
    answer: {
      status: 200,
      schema: z.object({
        object: z.literal('list'),
        data: z.array(issueSchema),
        has_more: z.boolean(),
        next_number: issueNumberField.nullable(),
      }),
      does: 'Issues.',
    },
    run: (ctx, { params, query }) => listIssues(ctx, params.id, query.from, query.limit),
  }),
];
