/** Jobs of the calendar. */
import { z } from 'zod';
import { dayField } from '../schemas/fields.ts';
import { declareJob } from './declaration.ts';

export const clockJobs = {
  'open-day': declareJob({
    does: 'Runs the daily work of one civil day of the organization.',
    lane: 'work',
    payload: z.strictObject({ on: dayField }),
    concerns: () => null,
  }),
  'review-access': declareJob({
    does: 'Evaluates anew who may enter, after the organization’s rules changed.',
    lane: 'clock',
    payload: z.strictObject({}),
    concerns: () => null,
  }),
  'advance-test-clock': declareJob({
    does: 'Moves a test organization’s clock forward, running the daily work of each day that passes.',
    lane: 'clock',
    payload: z.strictObject({ from: dayField, to: dayField }),
    concerns: () => null,
  }),
};
