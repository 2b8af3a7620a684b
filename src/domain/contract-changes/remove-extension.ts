/**
 * Taking back an extension that was a mistake: the contract is as if it had never been entered.
 *
 * Always true: nobody loses what they had of it. Days of it that have been lived, and issues whose revenue was told at
 * the lower price since, stay: then it is refused.
 */
import { Refusal } from '../../errors/refusal.ts';
import { entitlement } from '../issues/entitlement.ts';
import { type ChangeState, conclude, type Decision, type NewId, type RenewalChoice, subject } from './decision.ts';
import { type IssueState, subscription } from './issue-state.ts';
import { checkNotCancelled } from './running.ts';

export function decideRemoveExtension(
  state: IssueState,
  input: { extension: string } & RenewalChoice,
  newId: NewId,
): Decision {
  const { extension } = input;
  const { contract, schedule } = subject(state);
  const ofIt = contract.changes.filter(
    (change) => change.id === extension || (change.kind === 'extension_removed' && change.extension === extension),
  );
  const last = ofIt.at(-1);
  if (last?.kind !== 'extended' && last?.kind !== 'issues_extended') throw new Refusal('not_found');
  checkNotCancelled(schedule);
  if (last.kind === 'issues_extended') checkNothingPublishedSince(state, last.recorded_on ?? state.today);
  const decision = conclude(state, { id: newId('chg'), kind: 'extension_removed', extension }, input, newId);
  if (last.kind === 'extended') checkNotLived(state, decision);
  return decision;
}

function checkNothingPublishedSince(state: IssueState, recorded_on: string): void {
  const { terms, calendar } = subscription(state);
  const { issues } = entitlement(terms, subject(state).contract.changes, calendar, state.today);
  const out = issues.find(({ published_on: on }) => on !== null && on > recorded_on && on <= state.today);
  if (out) throw new Refusal('extension_told', { number: out.number });
}

function checkNotLived({ today }: ChangeState, { contracts }: Decision): void {
  const ends_on = contracts[0]!.after.ends_on!;
  if (ends_on < today) throw new Refusal('extension_lived', { ends_on });
}
