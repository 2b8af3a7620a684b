/**
 * Extending an issue subscription as a gesture: its last issue moves, its price stays, so the issues left are worth less
 * each.
 */
import { Refusal } from '../../errors/refusal.ts';
import type { Change } from '../schedule/changes.ts';
import { conclude, type Decision, type NewId, refuseRenewals, subject } from './decision.ts';
import { unplanned } from './incident.ts';
import { checkReason, type IssueState, subscription } from './issue-state.ts';
import { checkNotCancelled } from './running.ts';

/** @param reasons the organization's list; empty: any. */
export function decideExtendIssues(
  state: IssueState,
  input: { issues: number; reason: string },
  reasons: readonly string[],
  newId: NewId,
): Decision {
  const { issues } = input;
  subscription(state);
  if (!Number.isSafeInteger(issues) || issues < 1) throw new Refusal('issues_not_positive', {}, { pointer: '/issues' });
  const reason = checkReason(input.reason, reasons);
  checkNotCancelled(subject(state).schedule, '/issues');
  const change: Change = { id: newId('chg'), kind: 'issues_extended', issues, reason };
  return conclude(state, change, refuseRenewals, newId, unplanned(state, change));
}
