/** Jobs of closures. */
import { z } from 'zod';
import { newClosure } from '../schemas/closures.ts';
import { idField } from '../schemas/fields.ts';
import { operationPayload } from '../schemas/operation-payload.ts';
import { declareJob } from './declaration.ts';

export const closureJobs = {
  'open-closure': declareJob({
    does: 'Suspends every contract of the organization, or of a plan, for a closure.',
    lane: 'clock',
    payload: operationPayload(z.strictObject({ closure: newClosure, new_closure: idField('clo') })),
    concerns: ({ input }) => input.new_closure,
  }),
  'undo-closure': declareJob({
    does: 'Takes a closure back from every contract that it suspends.',
    lane: 'clock',
    payload: operationPayload(z.strictObject({ closure: idField('clo') })),
    concerns: ({ input }) => input.closure,
  }),
};
