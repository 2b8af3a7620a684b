/**
 * The life of a collection, and who may release it.
 *
 * - draft: lines are chosen, nothing has happened to anybody
 * - released: the lines are in flight and the bank file is written, once
 * - sent: somebody says that the bank has it
 * - closed: every line has its final answer or its time has passed
 * - cancelled: given up before the bank had it; its lines are free again
 *
 * Always true:
 * - where the organization wants it, who drafted a collection does not release it;
 * - every finding of the plausibility checks is confirmed by name, the ones of now, not those of the draft;
 * - an empty collection is not released.
 */
import { Refusal } from '../../errors/refusal.ts';
import type { Finding } from './plausibility.ts';

export const collectionStates = ['draft', 'released', 'sent', 'closed', 'cancelled'] as const;
export type CollectionState = (typeof collectionStates)[number];

export const collectionEvents = ['release', 'send', 'close', 'cancel'] as const;
export type CollectionEvent = (typeof collectionEvents)[number];

export const collectionLifecycle: Record<CollectionState, Partial<Record<CollectionEvent, CollectionState>>> = {
  draft: { release: 'released', cancel: 'cancelled' },
  released: { send: 'sent', close: 'closed', cancel: 'cancelled' },
  sent: { close: 'closed' },
  closed: {},
  cancelled: {},
};

/** @throws Refusal `collection_state_forbids` */
export function nextCollectionState(state: CollectionState, event: CollectionEvent): CollectionState {
  const next = collectionLifecycle[state][event];
  if (next === undefined) throw new Refusal('collection_state_forbids', { state, event });
  return next;
}

export interface ReleaseQuestion {
  state: CollectionState;
  drafted_by: string;
  released_by: string;
  needs_second_person: boolean;
  lines: number;
  findings: readonly Finding[];
  /** The findings that the releasing person confirms, by code. */
  confirmed: readonly string[];
}

/** @throws Refusal `collection_state_forbids`, `release_needs_second_person`, `collection_empty`, `release_unconfirmed` */
export function decideRelease(question: ReleaseQuestion): CollectionState {
  const next = nextCollectionState(question.state, 'release');
  if (question.needs_second_person && question.drafted_by === question.released_by)
    throw new Refusal('release_needs_second_person', {});
  if (question.lines === 0) throw new Refusal('collection_empty', {});
  const open = question.findings.filter((finding) => !question.confirmed.includes(finding.code));
  if (open.length > 0)
    throw new Refusal(
      'release_unconfirmed',
      { findings: open.map((finding) => finding.code).join(', ') },
      { pointer: '/confirm' },
    );
  return next;
}
