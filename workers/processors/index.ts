/** What each job does. Exhaustive: a declared job without a processor does not compile. */
import type { ProcessorTable } from '../processor.ts';
import { advanceTestClock } from './advance-test-clock.ts';
import { openDay } from './open-day.ts';

export const processors: ProcessorTable = {
  'open-day': openDay,
  'advance-test-clock': advanceTestClock,
};
