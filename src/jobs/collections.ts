/** Jobs of direct debit. */
import { z } from 'zod';
import { dayField, idField, lineField } from '../schemas/fields.ts';
import { declareJob } from './declaration.ts';

export const collectionJobs = {
  'draft-collection': declareJob({
    does: 'Drafts a collection: what is due by direct debit, and what is left out and why.',
    lane: 'clock',
    payload: z.strictObject({ collection: idField('col'), until_on: dayField }),
    concerns: ({ collection }) => collection,
  }),
  'release-collection': declareJob({
    does: 'Releases a collection and writes its bank file.',
    lane: 'clock',
    payload: z.strictObject({ collection: idField('col'), confirm: z.array(z.string().max(40)).max(20) }),
    concerns: ({ collection }) => collection,
  }),
  'withdraw-collection': declareJob({
    does: 'Takes a released collection back that the bank does not have yet.',
    lane: 'clock',
    payload: z.strictObject({ collection: idField('col'), reason: lineField(200) }),
    concerns: ({ collection }) => collection,
  }),
};
