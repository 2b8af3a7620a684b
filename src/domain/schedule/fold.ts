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
  credits: ChangeOf<'credit_granted'>[];
  /** The highest instalment count ever stated: those above the count in force stay listed as cancelled. */
  highest_count: number;
}

interface Open {
  id: string;
  terms: SuspensionTerms;
  changes: string[];
  recorded: number;
  was_unlimited: boolean;
  price_after: Recorded<{ amount: Cents; id: string; credited: readonly number[] }> | null;
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
  const open = new Map<string, Open>();
  for (let recorded = 0; recorded < changes.length; recorded++) {
    const change = changes[recorded]!;
    switch (change.kind) {
      case 'suspension_added':
      case 'suspension_edited':
      case 'suspension_stopped':
      case 'suspension_removed':
        foldSuspension(open, change, recorded);
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
        folded.credits.push(change);
        break;
      case 'noted':
        break;
    }
  }
  settle(folded, open);
  return folded;
}

type SuspensionChange = ChangeOf<
  'suspension_added' | 'suspension_edited' | 'suspension_stopped' | 'suspension_removed'
>;

function foldSuspension(open: Map<string, Open>, change: SuspensionChange, recorded: number): void {
  if (change.kind === 'suspension_added') {
    const { id, suspension, terms } = split(change);
    open.set(suspension, {
      id: suspension,
      terms,
      changes: [id],
      recorded,
      was_unlimited: false,
      price_after: null,
    });
    return;
  }
  const before = open.get(change.suspension);
  assert(before, `change ${change.id} names suspension ${change.suspension}, which is not there`);
  if (change.kind === 'suspension_removed') {
    open.delete(change.suspension);
    return;
  }
  before.changes.push(change.id);
  if (change.kind === 'suspension_edited') {
    before.was_unlimited &&= change.ends_on === before.terms.ends_on;
    before.terms = split(change).terms;
    return;
  }
  const last = addDays(change.on, -1);
  const wasUnlimited = before.terms.ends_on === null;
  if (wasUnlimited || last < before.terms.ends_on!) {
    before.terms = { ...before.terms, ends_on: last };
    before.was_unlimited ||= wasUnlimited;
  }
  before.price_after = change.amount === null ? null : { amount: change.amount, id: change.id, credited: [], recorded };
}

function split(change: ChangeOf<'suspension_added' | 'suspension_edited'>): {
  id: string;
  suspension: string;
  terms: SuspensionTerms;
} {
  const { id, kind: _, suspension, ...terms } = change;
  return { id, suspension, terms };
}

function settle(folded: Folded, open: Map<string, Open>): void {
  for (const { id, terms, changes, recorded, was_unlimited, price_after } of open.values()) {
    if (terms.ends_on !== null && price_after)
      folded.prices.push({ from_on: addDays(terms.ends_on, 1), ...price_after });
    if (terms.ends_on !== null && terms.ends_on < terms.starts_on) continue;
    folded.suspensions.push({ ...terms, id, changes, recorded, was_unlimited });
  }
  folded.suspensions.sort((a, b) =>
    a.starts_on < b.starts_on ? -1 : a.starts_on > b.starts_on ? 1 : a.id < b.id ? -1 : 1,
  );
  const byDay = (a: Recorded<{ from_on: Day }>, b: Recorded<{ from_on: Day }>) =>
    a.from_on < b.from_on ? -1 : a.from_on > b.from_on ? 1 : a.recorded - b.recorded;
  folded.prices.sort(byDay);
  folded.methods.sort(byDay);
}
