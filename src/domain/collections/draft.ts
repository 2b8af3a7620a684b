/**
 * The draft of a collection: which instalments and representments are handed to the bank together, and which are left
 * out and why.
 *
 * Always true:
 * - every candidate is either a line or left out with a reason; nothing is in both, nothing is lost;
 * - one line per instalment or representment, never two; a customer may have several lines;
 * - a line is asked for on its due day, or on the first day after it on which the bank works and can still take it; the
 *   instalment keeps its own due day;
 * - between draft and release the same question is asked again, and what has another answer by then is taken out.
 */
import assert from 'node:assert';
import type { Day } from '../day.ts';
import { amendmentOf, type Mandate, mandateObstacle, type SequenceType, sequenceType } from '../mandates.ts';
import { type Cents, MAX_AMOUNT, sum } from '../money.ts';
import { collectionDay } from '../target-calendar.ts';
import type { LeftOutReason } from './left-out.ts';

/** Something that a direct debit could ask for. */
export interface Candidate {
  /** The instalment, or the pending payment of a representment. */
  id: string;
  kind: 'instalment' | 'representment';
  customer: string;
  contract: string | null;
  /** What is open, not in flight and (of an instalment) not asked for by a representment. */
  amount: Cents;
  due_on: Day;
  waived: boolean;
  in_flight: boolean;
  /** An instalment whose payment came back: only a representment asks again. */
  rejected: boolean;
  promised_until: Day | null;
  customer_deceased: boolean;
  collections_stopped: boolean;
  /** Town and country are known. */
  address_known: boolean;
  /** The debtor's bank is outside the European Economic Area. */
  bank_outside_eea: boolean;
  mandate: Mandate | null;
}

export interface CollectionRules {
  today: Day;
  until_on: Day;
  minimum_amount: Cents;
  bank_wants_first: boolean;
  /** The earliest collection day that the bank still takes today (`earliestCollection`). */
  earliest_on: Day;
}

export interface CollectionLine {
  id: string;
  kind: Candidate['kind'];
  customer: string;
  contract: string | null;
  amount: Cents;
  due_on: Day;
  collection_on: Day;
  mandate: string;
  sequence_type: SequenceType;
  amendment: 'SMNDA' | null;
}

export interface LeftOut {
  id: string;
  kind: Candidate['kind'];
  customer: string;
  amount: Cents;
  due_on: Day;
  reason: LeftOutReason;
}

export interface Draft {
  lines: CollectionLine[];
  left_out: LeftOut[];
  total: Cents;
}

export function draftCollection(candidates: readonly Candidate[], rules: CollectionRules): Draft {
  const lines: CollectionLine[] = [];
  const leftOut: LeftOut[] = [];
  const seen = new Set<string>();
  const usedOnce = new Set<string>();
  for (const candidate of candidates) {
    const { id, kind, customer, contract, amount, due_on } = candidate;
    assert(!seen.has(id), `${id} stands in one collection twice`);
    seen.add(id);
    assert(candidate.waived || candidate.in_flight || amount > 0, `${id} is open, and nothing of it is owed`);
    assert(due_on <= rules.until_on, `${id} is due after the collection`);
    const collection_on = collectionDay(due_on, rules.earliest_on);
    const { mandate } = candidate;
    const reason =
      obstacle(candidate, collection_on, rules) ?? (mandate && usedOnce.has(mandate.id) ? 'mandate_used' : null);
    if (reason !== null || mandate === null) {
      leftOut.push({ id, kind, customer, amount, due_on, reason: reason ?? 'no_mandate' });
      continue;
    }
    if (mandate.kind === 'one_off') usedOnce.add(mandate.id);
    lines.push({
      id,
      kind,
      customer,
      contract,
      amount,
      due_on,
      collection_on,
      mandate: mandate.id,
      sequence_type: sequenceType(mandate, rules.bank_wants_first),
      amendment: amendmentOf(mandate),
    });
  }
  return { lines, left_out: leftOut, total: sum(lines.map((line) => line.amount)) };
}

/** The first reason that keeps a candidate out; null: it goes in. */
function obstacle(candidate: Candidate, collectionOn: Day, rules: CollectionRules): LeftOutReason | null {
  if (candidate.waived) return 'waived';
  if (candidate.in_flight) return 'in_flight';
  if (candidate.rejected) return 'rejected';
  if (candidate.customer_deceased) return 'customer_deceased';
  if (candidate.collections_stopped) return 'collections_stopped';
  if (candidate.promised_until !== null && candidate.promised_until >= rules.today) return 'promised';
  if (candidate.mandate === null) return 'no_mandate';
  const mandate = mandateObstacle(candidate.mandate, collectionOn);
  if (mandate !== null) return mandate;
  if (candidate.bank_outside_eea && !candidate.address_known) return 'address_missing';
  if (candidate.amount < rules.minimum_amount) return 'below_minimum';
  return candidate.amount > MAX_AMOUNT ? 'above_maximum' : null;
}

/**
 * Asks again at release. A line whose amount, due day or mandate is another by now, or that is gone, is taken out; the
 * others get the collection day that the bank takes now.
 */
export function recheck(lines: readonly CollectionLine[], now: readonly Candidate[], rules: CollectionRules): Draft {
  const drafted = new Map(lines.map((line) => [line.id, line]));
  const again = draftCollection(
    now.filter((candidate) => drafted.has(candidate.id) && candidate.due_on <= rules.until_on),
    rules,
  );
  const kept: CollectionLine[] = [];
  const leftOut = [...again.left_out];
  const changed = (line: CollectionLine) => {
    const { id, kind, customer, amount, due_on } = line;
    leftOut.push({ id, kind, customer, amount, due_on, reason: 'changed_since_draft' });
  };
  for (const line of again.lines) {
    const before = drafted.get(line.id) as CollectionLine;
    const same = before.amount === line.amount && before.due_on === line.due_on && before.mandate === line.mandate;
    if (same) kept.push(line);
    else changed(line);
  }
  const found = new Set([...again.lines, ...again.left_out].map(({ id }) => id));
  for (const line of lines) if (!found.has(line.id)) changed(line);
  return { lines: kept, left_out: leftOut, total: sum(kept.map((line) => line.amount)) };
}
