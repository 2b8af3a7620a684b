/**
 * What happened to an issue subscription, from the list of its changes: incidents, extensions, suspensions of delivery.
 *
 * Always true:
 * - an incident or an extension that was removed never was;
 * - a suspension takes effect from the next issue not yet published when it was recorded: an issue that was out by then
 *   had been sent. One that is lifted, ended or removed leaves no trace.
 */
import assert from 'node:assert';
import type { Day } from '../day.ts';
import type { Change, ChangeOf } from '../schedule/changes.ts';
import { type Folded, fold } from '../schedule/fold.ts';
import type { Suspension } from '../schedule/instalment.ts';
import { covers } from '../schedule/suspended-days.ts';

type Recorded<T> = T & { recorded_on: Day };

export interface Happened {
  /** Both in the order of the day they were recorded, then of their ids. */
  incidents: Recorded<ChangeOf<'incident_recorded'>>[];
  extensions: Recorded<ChangeOf<'issues_extended'>>[];
  cancelled_on: Day | null;
  /** The suspensions that keep an issue published on this day from being sent. */
  suspensionsOn: (published_on: Day) => readonly Suspension[];
  /** An unlimited suspension: nobody knows which issue will be the next to be sent. */
  unlimited: Suspension | null;
}

export function happened(changes: readonly Change[], today: Day): Happened {
  const incidents = new Map<string, Happened['incidents'][number]>();
  let extensions: Happened['extensions'] = [];
  for (const change of changes) {
    const recorded_on = change.recorded_on ?? today;
    if (change.kind === 'incident_recorded') incidents.set(change.incident, { ...change, recorded_on });
    if (change.kind === 'issues_extended') extensions.push({ ...change, recorded_on });
    if (change.kind === 'extension_removed') extensions = extensions.filter(({ id }) => id !== change.extension);
    if (change.kind === 'incident_removed') {
      const known = incidents.delete(change.incident);
      assert(known, `change ${change.id} removes incident ${change.incident}, which is not there`);
    }
  }
  const { suspensions, cancellation } = fold(changes);
  return {
    incidents: [...incidents.values()].sort(byRecording),
    extensions: extensions.sort(byRecording),
    cancelled_on: cancellation?.on ?? null,
    suspensionsOn: suspensionsIn(changes, suspensions, today),
    unlimited: suspensions.find(({ ends_on }) => ends_on === null) ?? null,
  };
}

function suspensionsIn(
  changes: readonly Change[],
  suspensions: Folded['suspensions'],
  today: Day,
): Happened['suspensionsOn'] {
  if (suspensions.length === 0) return () => [];
  return (published_on) => {
    const covering = suspensions.filter((suspension) => covers(suspension, published_on));
    if (covering.length === 0) return covering;
    const known = changes.filter(({ recorded_on }) => (recorded_on ?? today) < published_on);
    if (known.length === changes.length) return covering;
    const then = new Set(
      fold(known)
        .suspensions.filter((suspension) => covers(suspension, published_on))
        .map(({ id }) => id),
    );
    return covering.filter(({ id }) => then.has(id));
  };
}

function byRecording(a: Recorded<{ id: string }>, b: Recorded<{ id: string }>): number {
  if (a.recorded_on !== b.recorded_on) return a.recorded_on < b.recorded_on ? -1 : 1;
  return a.id < b.id ? -1 : 1;
}
