import { describe, expect, test } from 'vitest';
import { day } from '../../../src/domain/day.ts';
import { cents } from '../../../src/domain/money.ts';
import { checkPain008Input } from '../../../src/formats/sepa/pain008-check.ts';
import type { Pain008Group, Pain008Row } from '../../../src/formats/sepa/pain008-message.ts';
import { CREDITOR_IBAN, debit, group, header } from './debits.ts';

async function codes(rows: Pain008Row[], part: Partial<Pain008Group> = {}, options = {}) {
  const groups = [group(rows, part)];
  return (await checkPain008Input(header(groups), groups, rows, options)).map((finding) => finding.code);
}

describe('the check before a direct debit file', () => {
  test('finds nothing where nothing is wrong', async () => {
    expect(await codes([debit(1), debit(2)], {}, { earliest_on: day('2026-11-27') })).toEqual([]);
  });

  test.each<[string, string, Partial<Pain008Group>]>([
    ['a Saturday', 'debit_day_closed', { collected_on: day('2026-11-28') }],
    ['Good Friday', 'debit_day_closed', { collected_on: day('2026-04-03') }],
    ['a day before the bank’s cut-off', 'debit_day_too_early', { collected_on: day('2026-11-23') }],
    [
      'a creditor IBAN mistyped',
      'iban_check_digits',
      { creditor: { name: 'C', iban: 'FR7730006000011234567890189', identifier: 'FR72ZZZ123456' } },
    ],
    [
      'a creditor identifier mistyped',
      'creditor_identifier_check_digits',
      { creditor: { name: 'C', iban: CREDITOR_IBAN, identifier: 'FR73ZZZ123456' } },
    ],
    [
      'a creditor identifier of no country',
      'creditor_identifier_malformed',
      { creditor: { name: 'C', iban: CREDITOR_IBAN, identifier: 'FR' } },
    ],
  ])('finds in a group %s', async (_, code, part) => {
    expect(
      await codes([debit(1, { mandate_signed_on: day('2020-01-01') })], part, { earliest_on: day('2026-11-24') }),
    ).toContain(code);
  });

  test.each<[string, string, Partial<Pain008Row>]>([
    ['an IBAN mistyped', 'iban_check_digits', { debtor_iban: 'FR1520041010050500013M02606' }],
    ['an IBAN outside SEPA', 'iban_outside_sepa', { debtor_iban: 'TR330006100519786457841326' }],
    ['a mandate signed after the collection', 'debit_mandate_signed_later', { mandate_signed_on: day('2026-11-28') }],
    [
      'a former creditor mistyped',
      'creditor_identifier_check_digits',
      { amendment: { former_creditor_identifier: 'FR73ZZZ123456' } },
    ],
    ['an amount of nothing', 'debit_amount_out_of_range', { amount: cents(0) }],
    ['a reference with //', 'debit_identifier_unusable', { mandate_reference: 'A//B' }],
  ])('finds in a row %s, and where it is', async (_, code, part) => {
    const rows = [debit(1), debit(2, { debtor_address: { town: 'Ankara', country: 'TR' }, ...part })];
    const groups = [group(rows)];
    const findings = await checkPain008Input(header(groups), groups, rows);
    expect(findings).toEqual([expect.objectContaining({ code, group: 'M-1-1', end_to_end_id: 'E2E-2' })]);
  });

  test('finds an end-to-end id used twice', async () => {
    expect(await codes([debit(1), debit(2, { end_to_end_id: 'E2E-1' })])).toEqual(['debit_end_to_end_repeated']);
  });

  test('finds a one-off mandate used twice, and lets a recurrent one be', async () => {
    const rows = [debit(1), debit(2, { mandate_reference: 'RUM-1' })];
    expect(await codes(rows)).toEqual([]);
    expect(await codes(rows, { sequence: 'OOFF' })).toEqual(['debit_one_off_mandate_repeated']);
  });

  test('finds two groups that should be one', async () => {
    const rows = [debit(1), debit(2, { group: 'M-1-2' })];
    const groups = [group(rows), group(rows, { id: 'M-1-2' })];
    const findings = await checkPain008Input(header(groups), groups, rows);
    expect(findings.map((finding) => finding.code)).toEqual(['debit_group_repeated']);
  });

  test('finds totals that lie and rows of no group', async () => {
    const rows = [debit(1), debit(2, { group: 'M-9' })];
    const groups = [group(rows, { total: cents(1) })];
    const findings = await checkPain008Input(header(groups, { count: 7 }), groups, rows);
    expect(findings.map((finding) => finding.code)).toEqual([
      'debit_totals_disagree',
      'debit_group_unknown',
      'debit_totals_disagree',
    ]);
  });

  test('stops listing at its limit', async () => {
    const rows = Array.from({ length: 500 }, (_, n) => debit(n, { amount: cents(0) }));
    expect(await codes(rows)).toHaveLength(200);
    expect(await codes(rows, {}, { limit: 3 })).toHaveLength(3);
  });
});
