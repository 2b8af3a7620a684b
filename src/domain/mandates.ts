/**
 * The mandate: the debtor's permission to collect from an account.
 *
 * - active: may be used
 * - suspended: waits for what mends it (a new account, a new signature, somebody's word)
 * - revoked: withdrawn by the debtor or closed by the bank; final
 * - expired: not used for 36 months; final, a new one must be signed
 * - used: a one-off mandate that has been presented; final, unless the presentation is withdrawn before the bank has it
 *
 * Always true:
 * - a mandate is void 36 months after the collection day of its last presentation (after its signature if it was never
 *   presented); this holds on that day whether or not somebody has marked it;
 * - it is signed on the day on which it is entered, or before: so before every day that a bank still takes;
 * - a one-off mandate is presented once;
 * - the account may change under the same mandate: the next presentations say so (`SMNDA`) until the bank has taken one that said it;
 *   so it is with the creditor's name and identifier (`known_collection_id`).
 */
import { Refusal } from '../errors/refusal.ts';
import { addMonths, type Day } from './day.ts';

export const mandateStates = ['active', 'suspended', 'revoked', 'expired', 'used'] as const;
export type MandateState = (typeof mandateStates)[number];

export const mandateEvents = ['suspend', 'resume', 'revoke', 'expire', 'use_up'] as const;
export type MandateEvent = (typeof mandateEvents)[number];

export const mandateLifecycle: Record<MandateState, Partial<Record<MandateEvent, MandateState>>> = {
  active: { suspend: 'suspended', revoke: 'revoked', expire: 'expired', use_up: 'used' },
  suspended: { resume: 'active', revoke: 'revoked', expire: 'expired' },
  revoked: {},
  expired: {},
  used: {},
};

/** What a suspended mandate waits for. */
export type SuspendedFor = 'account' | 'signature' | 'person';

export interface Mandate {
  id: string;
  kind: 'recurrent' | 'one_off';
  state: MandateState;
  suspended_for: SuspendedFor | null;
  signed_on: Day;
  /** Collection day of the last presentation; null: never presented. */
  last_collected_on: Day | null;
  /** The account changed and the bank has not taken a presentation that says so. */
  account_change_untold: boolean;
}

export const MANDATE_MONTHS = 36;

/** The state after an event. @throws Refusal `mandate_state_forbids` */
export function nextMandateState(state: MandateState, event: MandateEvent): MandateState {
  const next = mandateLifecycle[state][event];
  if (next === undefined) throw new Refusal('mandate_state_forbids', { state, event });
  return next;
}

/** The last day on which the mandate may be collected by. */
export function lastUsableDay(mandate: Pick<Mandate, 'signed_on' | 'last_collected_on'>): Day {
  return addMonths(mandate.last_collected_on ?? mandate.signed_on, MANDATE_MONTHS);
}

export type MandateObstacle = 'mandate_suspended' | 'mandate_revoked' | 'mandate_expired' | 'mandate_used';

/** Why a mandate cannot be collected on a day; null: it can. */
export function mandateObstacle(mandate: Mandate, collectionOn: Day): MandateObstacle | null {
  if (mandate.state !== 'active') return `mandate_${mandate.state}`;
  if (mandate.kind === 'one_off' && mandate.last_collected_on !== null) return 'mandate_used';
  return lastUsableDay(mandate) < collectionOn ? 'mandate_expired' : null;
}

/**
 * The debtor gives another account. A mandate that waited for one can be used again; one that waits for something else
 * goes on waiting. @throws Refusal `mandate_state_forbids` where the mandate is over
 */
export function changeAccount(mandate: Mandate): Pick<Mandate, 'state' | 'suspended_for' | 'account_change_untold'> {
  if (mandate.state !== 'active' && mandate.state !== 'suspended')
    throw new Refusal('mandate_state_forbids', { state: mandate.state, event: 'change_account' });
  const mended = mandate.state === 'suspended' && mandate.suspended_for === 'account';
  return {
    state: mended ? nextMandateState(mandate.state, 'resume') : mandate.state,
    suspended_for: mended ? null : mandate.suspended_for,
    account_change_untold: mandate.account_change_untold || mandate.last_collected_on !== null,
  };
}

/** The amendment that a presentation carries: the same mandate with another account. */
export function amendmentOf(mandate: Mandate): 'SMNDA' | null {
  return mandate.account_change_untold ? 'SMNDA' : null;
}

export type SequenceType = 'FRST' | 'RCUR' | 'OOFF';

/** RCUR from the first collection on, as the scheme allows since 2016; FRST only for a bank that still wants it. */
export function sequenceType(mandate: Mandate, bankWantsFirst: boolean): SequenceType {
  if (mandate.kind === 'one_off') return 'OOFF';
  return bankWantsFirst && mandate.last_collected_on === null ? 'FRST' : 'RCUR';
}
