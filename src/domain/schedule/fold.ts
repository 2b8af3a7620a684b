/**
 * Folding: from the list of changes to what they come to.
 *
 * Always true:
 * - an edited suspension is what it would be had it been entered so at first; a removed one never was;
 * - the price given when a suspension is stopped holds from the day after its last day, wherever an edit puts that;
 * - the order of recording decides only between two changes of the same thing (the last one holds).
 */
import assert from 'node:assert';
import { addDays, type Day } from '../day.ts';
import type { Cents } from '../money.ts';
import type { PaymentMethod } from '../payment-method.ts';
import type { Change, ChangeOf, SuspensionTerms } from './changes.ts';
import type { Suspension } from './instalment.ts';

type Recorded<T> = T & { recorded: number };

export interface Folded {
  /** In the order of their first day, then id; those stopped before they began are left out. */
  suspensions: Suspension[];
  /** In the order of their day, then of recording. */
  prices: Recorded<{ from_on: Day; amount: Cents; id: string; credited: readonly number[] }>[];
  methods: Recorded<{ from_on: Day; method: PaymentMethod; id: string }>[];
  extensions: Recorded<ChangeOf<'extended'>>[];
  expiry: Recorded<ChangeOf<'expiry_changed'>> | null;
  cancellation: Recorded<ChangeOf<'cancelled'>> | null;
  /** The last amount and the last due day stated for an instalment. */
  amountEdits: Map<number, Recorded<ChangeOf<'instalment_edited'>>>;
  dueEdits: Map<number, Recorded<ChangeOf<'instalment_edited'>>>;
  credits: Recorded<ChangeOf<'credit_granted'>>[];
  /** The highest instalment count ever stated: those above the count in force stay listed as cancelled. */
  highest_count: number;
}

/** The suspensions while they are folded, and the prices given when they were stopped. */
interface Unsettled {
  suspensions: Map<string, Suspension>;
  prices: Map<string, Recorded<{ amount: Cents; id: string }>>;
}

export function fold(changes: readonly Change[]): Folded {
  const folded: Folded = {
    suspensions: [],
    prices: [],
    methods: [],
    extensions: [],
    expiry: null,
    cancellation: null,
    amountEdits: new Map(),
    dueEdits: new Map(),
    credits: [],
    highest_count: 0,
  };
  const unsettled: Unsettled = { suspensions: new Map(), prices: new Map() };
  for (let recorded = 0; recorded < changes.length; recorded++) {
    const change = changes[recorded]!;
    switch (change.kind) {
      case 'suspension_added':
      case 'suspension_edited':
      case 'suspension_stopped':
      case 'suspension_removed':
        foldSuspension(unsettled, change, recorded);
        break;
      case 'price_changed':
        folded.prices.push({ ...change, recorded });
        break;
      case 'method_changed':
        folded.methods.push({ ...change, recorded });
        break;
      case 'extended':
        folded.extensions.push({ ...change, recorded });
        break;
      case 'extension_removed':
        folded.extensions = folded.extensions.filter(({ id }) => id !== change.extension);
        break;
      case 'expiry_changed':
        folded.expiry = { ...change, recorded };
        folded.highest_count = Math.max(folded.highest_count, change.instalments ?? 0);
        break;
      case 'cancelled':
        folded.cancellation = { ...change, recorded };
        break;
      case 'cancellation_undone':
        folded.cancellation = null;
        break;
      case 'instalment_edited':
        if (change.amount !== null) folded.amountEdits.set(change.number, { ...change, recorded });
        if (change.due_on !== null) folded.dueEdits.set(change.number, { ...change, recorded });
        break;
      case 'credit_granted':
        folded.credits.push({ ...change, recorded });
        break;
      case 'noted':
        break;
      // These move issues and no instalment: `../issues/happened.ts`.
      case 'incident_recorded':
      case 'incident_removed':
      case 'issues_extended':
        break;
    }
  }
  settle(folded, unsettled);
  return folded;
}

type SuspensionChange = ChangeOf<
  'suspension_added' | 'suspension_edited' | 'suspension_stopped' | 'suspension_removed'
>;

function foldSuspension({ suspensions, prices }: Unsettled, change: SuspensionChange, recorded: number): void {
  if (change.kind === 'suspension_added') {
    suspensions.set(change.suspension, suspensionFrom(change, [change.id], recorded, false));
    return;
  }
  const before = suspensions.get(change.suspension);
  assert(before, `change ${change.id} names suspension ${change.suspension}, which is not there`);
  if (change.kind === 'suspension_removed') {
    suspensions.delete(change.suspension);
    return;
  }
  const changes = [...before.changes, change.id];
  if (change.kind === 'suspension_edited') {
    const wasUnlimited = before.was_unlimited && change.ends_on === before.ends_on;
    suspensions.set(change.suspension, suspensionFrom(change, changes, before.recorded, wasUnlimited));
    return;
  }
  const last = addDays(change.on, -1);
  const ends_on = before.ends_on === null || last < before.ends_on ? last : before.ends_on;
  const wasUnlimited = before.was_unlimited || before.ends_on === null;
  const id = change.suspension;
  suspensions.set(id, suspensionFrom({ ...before, suspension: id, ends_on }, changes, before.recorded, wasUnlimited));
  if (change.amount === null) prices.delete(id);
  else prices.set(id, { amount: change.amount, id: change.id, recorded });
}

/** Spelled out field by field: this runs once per suspension of every schedule, and a spread costs ten times as much. */
function suspensionFrom(
  terms: SuspensionTerms & { suspension: string },
  changes: readonly string[],
  recorded: number,
  was_unlimited: boolean,
): Suspension {
  return {
    id: terms.suspension,
    starts_on: terms.starts_on,
    ends_on: terms.ends_on,
    reason: terms.reason,
    amount: terms.amount,
    first_instalment: terms.first_instalment,
    last_instalment: terms.last_instalment,
    freeze: terms.freeze,
    credited: terms.credited,
    review_on: terms.review_on,
    closure: terms.closure,
    changes,
    recorded,
    was_unlimited,
  };
}

function settle(folded: Folded, { suspensions, prices }: Unsettled): void {
  for (const suspension of suspensions.values()) {
    const { id, starts_on, ends_on } = suspension;
    const price = prices.get(id);
    if (price && ends_on !== null) folded.prices.push({ ...price, from_on: addDays(ends_on, 1), credited: [] });
    if (ends_on === null || starts_on <= ends_on) folded.suspensions.push(suspension);
  }
  folded.suspensions.sort(byFirstDay);
  folded.prices.sort(byDay);
  folded.methods.sort(byDay);
}

function byFirstDay(a: Suspension, b: Suspension): number {
  if (a.starts_on !== b.starts_on) return a.starts_on < b.starts_on ? -1 : 1;
  return a.id < b.id ? -1 : 1;
}

function byDay(a: Recorded<{ from_on: Day }>, b: Recorded<{ from_on: Day }>): number {
  if (a.from_on !== b.from_on) return a.from_on < b.from_on ? -1 : 1;
  return a.recorded - b.recorded;
}
