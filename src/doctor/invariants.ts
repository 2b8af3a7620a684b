/** Every rule that the doctor looks after. */
import { calendarInvariants } from './calendar.ts';
import { contractInvariants } from './contracts.ts';
import type { Invariant } from './invariant.ts';
import { issueInvariants } from './issues.ts';
import { jobInvariants } from './jobs.ts';
import { scheduleInvariants } from './schedules.ts';
import { tenancyInvariants } from './tenancy.ts';
import { trailInvariants } from './trail.ts';

export const invariants: readonly Invariant[] = [
  ...jobInvariants,
  ...calendarInvariants,
  ...contractInvariants,
  ...issueInvariants,
  ...scheduleInvariants,
  ...tenancyInvariants,
  ...trailInvariants,
];
