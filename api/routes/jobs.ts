import { z } from 'zod';
import { lineField } from '../../src/schemas/fields.ts';
import { countFailed, discardJob, retryJob, retryManyJobs } from '../../src/services/retry-jobs.ts';
import { eventSchema, listEvents } from '../../src/views/events.ts';
import { findJob, jobSchema, jobStates, listJobs } from '../../src/views/jobs.ts';
import { pageQuery, pageSchema } from '../../src/views/page.ts';
import { streamJobEvents } from '../kit/job-events.ts';
import { deskers, readers } from '../kit/roles.ts';
import { type Route, read, streams, write } from '../kit/route.ts';
import { idParam } from '../kit/shared-schemas.ts';

const codeField = z.string().regex(/^[a-z][a-z0-9_-]{0,60}$/);

const filterFields = {
  name: codeField.optional(),
  concerns: z
    .string()
    .regex(/^[a-z]{2,4}_[0-9A-HJKMNP-TV-Z]{26}$/, { error: 'not_an_id' })
    .optional(),
  reason: codeField.optional(),
};

const anyId = z.string().regex(/^[a-z]{2,4}_[0-9A-HJKMNP-TV-Z]{26}$/, { error: 'not_an_id' });

export const jobRoutes: Route[] = [
  read({
    method: 'get',
    path: '/v1/jobs',
    tag: 'Jobs',
    does: 'The work, newest first.',
    roles: readers,
    query: z.strictObject({ ...pageQuery, state: z.enum(jobStates).optional(), ...filterFields }),
    answer: { status: 200, schema: pageSchema(jobSchema), does: 'A page of jobs.' },
    run: (ctx, { query }) => listJobs(ctx, query, ctx.language),
  }),
  write({
    method: 'post',
    path: '/v1/jobs/retry',
    tag: 'Jobs',
    does: 'Retry all failed jobs that fit a filter; without `count`, only say how many they are.',
    roles: deskers,
    body: z.strictObject({ ...filterFields, count: z.int().min(0).optional() }),
    answer: {
      status: 200,
      schema: z.object({ object: z.literal('retry'), count: z.int(), retried: z.boolean() }),
      does: 'How many failed jobs fit, and whether they were retried.',
    },
    refuses: ['count_changed', 'job_open_already'],
    async run(ctx, { body }) {
      const { count, ...filter } = body;
      if (count === undefined)
        return { body: { object: 'retry', count: await countFailed(ctx, filter), retried: false } };
      return { body: { object: 'retry', count: await retryManyJobs(ctx, filter, count), retried: true } };
    },
  }),
  read({
    method: 'get',
    path: '/v1/jobs/:id',
    tag: 'Jobs',
    does: 'One job.',
    roles: readers,
    params: idParam('job'),
    answer: { status: 200, schema: jobSchema, does: 'The job.' },
    run: (ctx, { params }) => findJob(ctx, params.id, ctx.language),
  }),
  streams({
    method: 'get',
    path: '/v1/jobs/:id/events',
    tag: 'Jobs',
    does: 'Follow a job: a server-sent event at each change, ending with the job.',
    roles: readers,
    params: idParam('job'),
    produces: 'text/event-stream',
    answer: { status: 200, schema: z.string(), does: 'Events named `job`, each with the job as data.' },
    run: (ctx, { params }, http) => streamJobEvents(ctx, params.id, http),
  }),
  write({
    method: 'post',
    path: '/v1/jobs/:id/retry',
    tag: 'Jobs',
    does: 'Retry a failed job.',
    roles: deskers,
    params: idParam('job'),
    answer: { status: 200, schema: jobSchema, does: 'The job, queued again.' },
    refuses: ['job_not_failed', 'job_open_already'],
    async run(ctx, { params }) {
      await retryJob(ctx, params.id);
      return { body: await findJob(ctx, params.id, ctx.language) };
    },
  }),
  write({
    method: 'post',
    path: '/v1/jobs/:id/discard',
    tag: 'Jobs',
    does: 'Give up a job that waits or failed, with a reason.',
    roles: deskers,
    params: idParam('job'),
    body: z.strictObject({ reason: lineField(500) }),
    answer: { status: 200, schema: jobSchema, does: 'The job, discarded.' },
    refuses: ['job_not_open'],
    async run(ctx, { params, body }) {
      await discardJob(ctx, params.id, body.reason);
      return { body: await findJob(ctx, params.id, ctx.language) };
    },
  }),
  read({
    method: 'get',
    path: '/v1/events',
    tag: 'Events',
    does: 'The append-only trail, newest first.',
    roles: readers,
    query: z.strictObject({
      ...pageQuery,
      subject: anyId.optional(),
      type: z
        .string()
        .regex(/^[a-z_]+\.[a-z_]+$/)
        .max(60)
        .optional(),
    }),
    answer: { status: 200, schema: pageSchema(eventSchema), does: 'A page of events.' },
    run: (ctx, { query }) => listEvents(ctx, query),
  }),
];
