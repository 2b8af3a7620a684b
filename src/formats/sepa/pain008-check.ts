/**
 * The rules of the direct debit scheme that no schema sees, checked over a whole file before it is written.
 *
 * Always true:
 * - every fault is listed (up to a limit), each with where it is, so that a draft can leave that line out and say why;
 * - it reads the rows once and keeps only their end-to-end identifiers.
 */
import { creditorIdentifierFault } from '../../domain/creditor-identifier.ts';
import type { Day } from '../../domain/day.ts';
import { ibanFault } from '../../domain/iban.ts';
import { isTargetDay } from '../../domain/target-calendar.ts';
import { groupFault, headerFault, type Pain008Fault, rowFault, totalsFault } from './pain008-faults.ts';
import {
  groupKey,
  type Pain008Group,
  type Pain008Header,
  type Pain008Row,
  type Pain008Rows,
} from './pain008-message.ts';

export interface Pain008Finding extends Pain008Fault {
  /** The group concerned; null for the whole file. */
  group: string | null;
  /** The row concerned; null for a whole group. */
  end_to_end_id: string | null;
}

export interface Pain008CheckOptions {
  /** The first day the bank still takes (see `earliestCollection`); not checked when left out. */
  earliest_on?: Day | null;
  /** Findings after which the check stops listing; 200 by default. */
  limit?: number;
}

/** What is wrong with one group beyond what would break the file. */
export function groupRuleFault(group: Pain008Group, earliestOn: Day | null = null): Pain008Fault | null {
  const iban = ibanFault(group.creditor.iban);
  if (iban) return { ...iban, field: 'creditor/iban' };
  const identifier = creditorIdentifierFault(group.creditor.identifier);
  if (identifier) return { code: identifier, params: {}, field: 'creditor/identifier' };
  if (!isTargetDay(group.collected_on))
    return { code: 'debit_day_closed', params: { day: group.collected_on }, field: 'collected_on' };
  if (earliestOn !== null && group.collected_on < earliestOn) {
    const params = { day: group.collected_on, earliest: earliestOn };
    return { code: 'debit_day_too_early', params, field: 'collected_on' };
  }
  return null;
}

/** What is wrong with one row, whatever else is in the file; null when it may be collected. */
export function rowRuleFault(row: Pain008Row, collectedOn: Day): Pain008Fault | null {
  const form = rowFault(row);
  if (form) return form;
  const iban = ibanFault(row.debtor_iban);
  if (iban) return { ...iban, field: 'debtor_iban' };
  if (row.mandate_signed_on > collectedOn) {
    const params = { signed_on: row.mandate_signed_on };
    return { code: 'debit_mandate_signed_later', params, field: 'mandate_signed_on' };
  }
  const former = row.amendment?.former_creditor_identifier;
  const identifier = former ? creditorIdentifierFault(former) : null;
  return identifier ? { code: identifier, params: {}, field: 'amendment/former_creditor_identifier' } : null;
}

/** Everything that is wrong with a file to be; an empty list when it may be written. */
export async function checkPain008Input(
  header: Pain008Header,
  groups: readonly Pain008Group[],
  rows: Pain008Rows,
  options: Pain008CheckOptions = {},
): Promise<Pain008Finding[]> {
  const limit = options.limit ?? 200;
  const findings: Pain008Finding[] = [];
  const add = (fault: Pain008Fault | null, group: string | null, endToEndId: string | null) => {
    if (fault && findings.length < limit) findings.push({ ...fault, group, end_to_end_id: endToEndId });
  };

  add(headerFault(header, groups), null, null);
  const byId = new Map<string, { group: Pain008Group; at: number; count: number; total: number }>();
  const keys = new Set<string>();
  for (const [at, group] of groups.entries()) {
    add(groupFault(group) ?? groupRuleFault(group, options.earliest_on), group.id, null);
    const key = groupKey(group);
    if (keys.has(key) || byId.has(group.id))
      add({ code: 'debit_group_repeated', params: { group: group.id }, field: 'id' }, group.id, null);
    keys.add(key);
    if (!byId.has(group.id)) byId.set(group.id, { group, at, count: 0, total: 0 });
  }

  const endToEndIds = new Set<string>();
  const oneOffMandates = new Set<string>();
  let reached = 0;
  for await (const item of rows) {
    const some = Array.isArray(item) ? (item as readonly Pain008Row[]) : [item as Pain008Row];
    for (const row of some) {
      const id = row.end_to_end_id;
      const entry = byId.get(row.group);
      if (!entry || entry.at < reached) {
        add({ code: 'debit_group_unknown', params: { group: row.group }, field: 'group' }, row.group, id);
        continue;
      }
      reached = entry.at;
      entry.count += 1;
      entry.total += row.amount;
      add(rowRuleFault(row, entry.group.collected_on), row.group, id);
      if (endToEndIds.has(id))
        add(
          { code: 'debit_end_to_end_repeated', params: { end_to_end_id: id }, field: 'end_to_end_id' },
          row.group,
          id,
        );
      endToEndIds.add(id);
      if (entry.group.sequence !== 'OOFF') continue;
      const mandate = row.mandate_reference;
      if (oneOffMandates.has(mandate))
        add({ code: 'debit_one_off_mandate_repeated', params: { mandate }, field: 'mandate_reference' }, row.group, id);
      oneOffMandates.add(mandate);
    }
  }
  for (const { group, count, total } of byId.values())
    if (Number.isSafeInteger(total)) add(totalsFault(group.id, group, { count, total }), group.id, null);
  return findings;
}
