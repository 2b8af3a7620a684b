import { z } from 'zod';
import { addMonths } from '../../src/domain/day.ts';
import { Refusal } from '../../src/errors/refusal.ts';
import { newId } from '../../src/ids.ts';
import { dayField, lineField } from '../../src/schemas/fields.ts';
import { cancelCollection, checkRelease, markCollectionSent } from '../../src/services/release-collection.ts';
import { checkWithdrawal } from '../../src/services/withdraw-collection.ts';
import { partsOfFile } from '../../src/store/collection-file.ts';
import {
  collectionLineSchema,
  collectionSchema,
  collectionSummarySchema,
  findCollection,
  listCollections,
  listLines,
} from '../../src/views/collections.ts';
import { pageQuery, pageSchema } from '../../src/views/page.ts';
import { billers, readers, releasers } from '../kit/roles.ts';
import { type Route, read, startsJob, streams, write } from '../kit/route.ts';
import { sendPieces } from '../kit/send-pieces.ts';
import { idParam } from '../kit/shared-schemas.ts';

/** How far ahead a collection may reach. */
const MOST_MONTHS = 3;

export const collectionRoutes: Route[] = [
  startsJob({
    method: 'post',
    path: '/v1/collections',
    tag: 'Collections',
    does: 'Draft a collection: everything due by direct debit up to a day, and what is left out and why.',
    roles: billers,
    body: z.strictObject({ until_on: dayField }),
    answer: { status: 201, schema: collectionSchema, does: 'The draft.' },
    refuses: ['collection_in_the_past', 'collection_too_far'],
    job: 'draft-collection',
    unique_key: ({ body }) => `draft-collection ${body.until_on}`,
    payload(ctx, { body }) {
      if (body.until_on < ctx.today)
        throw new Refusal('collection_in_the_past', { today: ctx.today }, { pointer: '/until_on' });
      const limit = addMonths(ctx.today, MOST_MONTHS);
      if (body.until_on > limit) throw new Refusal('collection_too_far', { limit }, { pointer: '/until_on' });
      return { collection: newId('col'), until_on: body.until_on };
    },
  }),
  read({
    method: 'get',
    path: '/v1/collections',
    tag: 'Collections',
    does: 'Collections, newest first.',
    roles: readers,
    query: z.strictObject(pageQuery),
    answer: { status: 200, schema: pageSchema(collectionSummarySchema), does: 'A page of collections.' },
    run: (ctx, { query }) => listCollections(ctx, query),
  }),
  read({
    method: 'get',
    path: '/v1/collections/:id',
    tag: 'Collections',
    does: 'One collection with its lines and what is left out.',
    roles: readers,
    params: idParam('col'),
    answer: { status: 200, schema: collectionSchema, does: 'The collection.' },
    run: (ctx, { params }) => findCollection(ctx, params.id),
  }),
  read({
    method: 'get',
    path: '/v1/collections/:id/lines',
    tag: 'Collections',
    does: 'The lines of a collection, in the order of its file.',
    roles: readers,
    params: idParam('col'),
    query: z.strictObject(pageQuery),
    answer: { status: 200, schema: pageSchema(collectionLineSchema), does: 'A page of lines.' },
    run: (ctx, { params, query }) => listLines(ctx, params.id, query),
  }),
  startsJob({
    method: 'post',
    path: '/v1/collections/:id/release',
    tag: 'Collections',
    does: 'Release a collection: its lines are in flight from then on, and its bank file is written.',
    roles: releasers,
    params: idParam('col'),
    body: z.strictObject({
      confirm: z
        .array(lineField(40))
        .max(20)
        .optional()
        .meta({ description: 'Codes of the findings that were looked at.' }),
    }),
    answer: { status: 200, schema: collectionSchema, does: 'The collection, released.' },
    refuses: [
      'collection_state_forbids',
      'release_needs_person',
      'release_needs_second_person',
      'creditor_missing',
      'collection_empty',
      'release_unconfirmed',
    ],
    job: 'release-collection',
    moves_money: true,
    unique_key: ({ params }) => `release-collection ${params.id}`,
    async payload(ctx, { params, body }) {
      const input = { collection: params.id, confirm: body.confirm ?? [] };
      await checkRelease(ctx, input);
      return input;
    },
  }),
  write({
    method: 'post',
    path: '/v1/collections/:id/sent',
    tag: 'Collections',
    does: 'Note that the bank has the file.',
    roles: billers,
    params: idParam('col'),
    answer: { status: 200, schema: collectionSchema, does: 'The collection.' },
    refuses: ['collection_state_forbids'],
    async run(ctx, { params }) {
      await markCollectionSent(ctx, params.id);
      return { body: await findCollection(ctx, params.id) };
    },
  }),
  write({
    method: 'post',
    path: '/v1/collections/:id/cancellation',
    tag: 'Collections',
    does: 'Give up a draft.',
    roles: billers,
    params: idParam('col'),
    answer: { status: 200, schema: collectionSchema, does: 'The collection.' },
    refuses: ['collection_state_forbids'],
    async run(ctx, { params }) {
      await cancelCollection(ctx, params.id);
      return { body: await findCollection(ctx, params.id) };
    },
  }),
  startsJob({
    method: 'post',
    path: '/v1/collections/:id/withdrawal',
    tag: 'Collections',
    does: 'Take a released collection back before the bank has it: its lines are open again, its file is void.',
    roles: releasers,
    params: idParam('col'),
    body: z.strictObject({ reason: lineField(200) }),
    answer: { status: 200, schema: collectionSchema, does: 'The collection, cancelled.' },
    refuses: ['collection_state_forbids', 'collection_with_bank'],
    job: 'withdraw-collection',
    moves_money: true,
    unique_key: ({ params }) => `withdraw-collection ${params.id}`,
    async payload(ctx, { params, body }) {
      const input = { collection: params.id, reason: body.reason };
      await checkWithdrawal(ctx, input);
      return input;
    },
  }),
  streams({
    method: 'get',
    path: '/v1/collections/:id/file',
    tag: 'Collections',
    does: 'The bank file, byte for byte as it was written.',
    roles: billers,
    params: idParam('col'),
    produces: 'application/xml',
    answer: { status: 200, schema: z.string(), does: 'pain.008' },
    refuses: ['collection_file_missing', 'collection_withdrawn'],
    async run(ctx, { params }, { response }) {
      const collection = await findCollection(ctx, params.id);
      if (collection.file === null) throw new Refusal('collection_file_missing');
      if (collection.status === 'cancelled') throw new Refusal('collection_withdrawn');
      response.status(200);
      response.set('Content-Type', 'application/xml');
      response.set('Content-Length', String(collection.file.bytes));
      response.set('ETag', `"${collection.file.sha256}"`);
      response.set('Content-Disposition', `attachment; filename="${collection.message_id}.xml"`);
      await sendPieces(response, partsOfFile(ctx, params.id));
    },
  }),
];
