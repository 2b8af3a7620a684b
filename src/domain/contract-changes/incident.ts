/**
 * Incidents: issues published in some days that the subscriber did not get. Each is compensated by one more.
 *
 * Always true: an issue is compensated once, however many incidents cover it; removing an incident leaves the
 * subscription as if it had never been entered.
 */
import { Refusal } from '../../errors/refusal.ts';
import type { Warning } from '../../errors/warnings.ts';
import type { Day } from '../day.ts';
import { type EntitledIssue, entitlement } from '../issues/entitlement.ts';
import type { Change } from '../schedule/changes.ts';
import {
  type ChangeState,
  conclude,
  type Decision,
  type NewId,
  refuseRenewals,
  subject,
  withChange,
} from './decision.ts';
import { checkReason, type IssueState, subscription } from './issue-state.ts';
import { checkNotCancelled } from './running.ts';

export interface IncidentInput {
  incident: string;
  /** First and last day, included. */
  from_on: Day;
  to_on: Day;
  reason: string;
}

/** @param reasons the organization's list; empty: any. */
export function decideRecordIncident(
  state: IssueState,
  input: IncidentInput,
  reasons: readonly string[],
  newId: NewId,
): Decision {
  const { incident, from_on, to_on } = input;
  const { terms, calendar } = subscription(state);
  const { contract, schedule } = subject(state);
  if (to_on < from_on) throw new Refusal('incident_ends_before_it_begins', { from_on }, { pointer: '/to_on' });
  const reason = checkReason(input.reason, reasons);
  checkNotCancelled(schedule, '/from_on');
  const before = entitlement(terms, contract.changes, calendar, state.today);
  const inside = before.issues.filter(({ published_on: on }) => on !== null && on >= from_on && on <= to_on);
  const due = inside.filter(({ status }) => status === 'served' || status === 'upcoming');
  const missed = inside.filter(({ status }) => status === 'not_served');
  if (due.length === 0 && missed.length > 0)
    throw new Refusal('incident_recorded_already', { issues: numbersOf(missed) }, { pointer: '/from_on' });
  if (due.length === 0) throw new Refusal('incident_without_issue', {}, { pointer: '/from_on' });
  const change: Change = { id: newId('chg'), kind: 'incident_recorded', incident, from_on, to_on, reason };
  return conclude(state, change, refuseRenewals, newId, unplanned(state, change));
}

export function decideRemoveIncident(state: IssueState, input: { incident: string }, newId: NewId): Decision {
  const { incident } = input;
  subscription(state);
  const { contract } = subject(state);
  const ofIt = contract.changes.filter((change) => 'incident' in change && change.incident === incident);
  if (ofIt.at(-1)?.kind !== 'incident_recorded') throw new Refusal('not_found');
  return conclude(state, { id: newId('chg'), kind: 'incident_removed', incident }, refuseRenewals, newId);
}

/** Tells that the last issue has no publication day yet. */
export function unplanned(state: ChangeState & IssueState, change: Change): Warning[] {
  const { terms, calendar } = subscription(state);
  const { contract } = subject(withChange(state, state.contract, change));
  const { last_issue, last_on } = entitlement(terms, contract.changes, calendar, state.today);
  return last_on === null && last_issue !== null
    ? [{ code: 'last_issue_not_planned', params: { number: last_issue } }]
    : [];
}

function numbersOf(issues: readonly EntitledIssue[]): string {
  return issues.map(({ number }) => number).join(', ');
}
