import { z } from 'zod';
import { dayField, idField } from '../../src/schemas/fields.ts';
import { LETTERS_AT_ONCE, postLetters, printableLetter, printableLetters } from '../../src/services/letters.ts';
import { letterSchema, listLetters } from '../../src/views/letters.ts';
import { pageQuery, pageSchema } from '../../src/views/page.ts';
import { sendPdf } from '../kit/printed.ts';
import { deskers, readers } from '../kit/roles.ts';
import { type Route, read, streams, write } from '../kit/route.ts';
import { idParam } from '../kit/shared-schemas.ts';

export const letterRoutes: Route[] = [
  read({
    method: 'get',
    path: '/v1/letters',
    tag: 'Reminders',
    does: 'Messages that go by post, newest first: those to print, and those that were posted.',
    roles: readers,
    query: z.strictObject({
      ...pageQuery,
      on: dayField.optional().meta({ description: 'The day they were made ready.' }),
      status: z.enum(['to_print', 'posted']).optional(),
    }),
    answer: { status: 200, schema: pageSchema(letterSchema), does: 'A page of letters.' },
    run: (ctx, { query }) => listLetters(ctx, query),
  }),
  streams({
    method: 'get',
    path: '/v1/letters/pdf',
    tag: 'Reminders',
    does: `The letters of a day in one file to print, ${LETTERS_AT_ONCE} at a time.`,
    roles: readers,
    query: z.strictObject({
      on: dayField,
      part: z.coerce.number().int().min(1).max(1000).default(1).meta({ description: 'From 1; 404 after the last.' }),
    }),
    produces: 'application/pdf',
    answer: { status: 200, schema: z.string(), does: 'The file.' },
    refuses: ['not_found'],
    run: async (ctx, { query }, { response }) =>
      sendPdf(ctx, response, `${query.on}-${query.part}`, {
        kind: 'letters',
        letters: await printableLetters(ctx, query.on, query.part),
      }),
  }),
  streams({
    method: 'get',
    path: '/v1/letters/:id/pdf',
    tag: 'Reminders',
    does: 'One letter, for an envelope with a window.',
    roles: readers,
    params: idParam('rem'),
    produces: 'application/pdf',
    answer: { status: 200, schema: z.string(), does: 'The file.' },
    run: async (ctx, { params }, { response }) =>
      sendPdf(ctx, response, params.id, { kind: 'letters', letters: [await printableLetter(ctx, params.id)] }),
  }),
  write({
    method: 'post',
    path: '/v1/letters/posted',
    tag: 'Reminders',
    does: 'Say that letters were posted. Those that were already, or were taken back, stay as they are.',
    roles: deskers,
    body: z.strictObject({ letters: z.array(idField('rem')).min(1).max(500) }),
    answer: {
      status: 200,
      schema: z.object({
        object: z.literal('letters_posted'),
        posted: z.array(z.string()),
        left: z.array(z.string()),
      }),
      does: 'Which were, and which were left.',
    },
    refuses: ['not_found'],
    async run(ctx, { body }) {
      return { body: { object: 'letters_posted' as const, ...(await postLetters(ctx, body.letters)) } };
    },
  }),
];
