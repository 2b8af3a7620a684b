/** Jobs of messages to customers. */
import { z } from 'zod';
import { idField } from '../schemas/fields.ts';
import { declareJob } from './declaration.ts';

export const messageJobs = {
  'send-message': declareJob({
    does: 'Writes one message to a customer and hands it to the mail server, or makes it ready to print.',
    lane: 'outside',
    payload: z.strictObject({ message: idField('rem') }),
    concerns: ({ message }) => message,
  }),
};
