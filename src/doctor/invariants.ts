/** Every rule that the doctor looks after. */

import { accessInvariants } from './access.ts';
import { bankReturnInvariants } from './bank-returns.ts';
import { calendarInvariants } from './calendar.ts';
import { collectionInvariants } from './collections.ts';
import { contractInvariants } from './contracts.ts';
import { documentInvariants } from './documents.ts';
import type { Invariant } from './invariant.ts';
import { issueInvariants } from './issues.ts';
import { jobInvariants } from './jobs.ts';
import { messageInvariants } from './messages.ts';
import { moneyInvariants } from './money.ts';
import { scheduleInvariants } from './schedules.ts';
import { tenancyInvariants } from './tenancy.ts';
import { trailInvariants } from './trail.ts';

export const invariants: readonly Invariant[] = [
  ...jobInvariants,
  ...calendarInvariants,
  ...contractInvariants,
  ...documentInvariants,
  ...issueInvariants,
  ...bankReturnInvariants,
  ...messageInvariants,
  ...scheduleInvariants,
  ...moneyInvariants,
  ...collectionInvariants,
  ...accessInvariants,
  ...tenancyInvariants,
  ...trailInvariants,
];

/** Those that take longest, the longest first: begun before the others, so that none is looked after alone at the end. */
export const longest: readonly string[] = [
  'trail_chain_holds',
  'bank_effect_once',
  'references_stay_at_home',
  'claims_equal_ledger',
  'schedules_equal_function',
  'instalment_is_its_customers',
  'no_iban_in_clear',
  'lines_equal_payments',
  'files_as_written',
  'revenue_equals_price',
];
