/** Direct debits to write in tests: groups of rows with totals that fit. */
import { type Day, day } from '../../../src/domain/day.ts';
import { cents } from '../../../src/domain/money.ts';
import { writePain008 } from '../../../src/formats/sepa/pain008.ts';
import type {
  Pain008Group,
  Pain008Header,
  Pain008Row,
  Pain008Rows,
} from '../../../src/formats/sepa/pain008-message.ts';

export const CREDITOR_IBAN = 'FR7630006000011234567890189';
export const DEBTOR_IBAN = 'FR1420041010050500013M02606';
export const SWISS_IBAN = 'CH9300762011623852957';
export const CREDITOR_IDENTIFIER = 'FR72ZZZ123456';
export const SIGNED: Day = day('2025-01-15');

export type RowPart = Partial<Pain008Row>;

export function debit(n: number, part: RowPart = {}): Pain008Row {
  return {
    group: 'M-1-1',
    end_to_end_id: `E2E-${n}`,
    amount: cents(5900),
    mandate_reference: `RUM-${n}`,
    mandate_signed_on: SIGNED,
    debtor_name: `Membre ${n}`,
    debtor_iban: DEBTOR_IBAN,
    ...part,
  };
}

export function group(rows: readonly Pain008Row[], part: Partial<Pain008Group> = {}): Pain008Group {
  const id = part.id ?? 'M-1-1';
  const own = rows.filter((row) => row.group === id);
  return {
    id,
    scheme: 'CORE',
    sequence: 'RCUR',
    collected_on: day('2026-11-27'),
    creditor: { name: 'Club des Étoiles', iban: CREDITOR_IBAN, identifier: CREDITOR_IDENTIFIER },
    count: own.length,
    total: cents(own.reduce((sum, row) => sum + row.amount, 0)),
    ...part,
  };
}

export function header(groups: readonly Pain008Group[], part: Partial<Pain008Header> = {}): Pain008Header {
  return {
    version: 'pain.008.001.08',
    message_id: 'M-1',
    created_at: new Date(Date.UTC(2026, 10, 21, 22, 4, 5)),
    initiator: { name: 'Club des Étoiles' },
    count: groups.reduce((sum, one) => sum + one.count, 0),
    total: cents(groups.reduce((sum, one) => sum + one.total, 0)),
    ...part,
  };
}

export async function written(
  head: Pain008Header,
  groups: readonly Pain008Group[],
  rows: Pain008Rows,
): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of writePain008(head, groups, rows)) pieces.push(piece);
  return Buffer.concat(pieces).toString('utf8');
}

/** A file of one group. */
export function writtenRows(rows: readonly Pain008Row[], part: Partial<Pain008Group> = {}): Promise<string> {
  const groups = [group(rows, part)];
  return written(header(groups), groups, rows);
}
