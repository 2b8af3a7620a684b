import { describe, expect, test } from 'vitest';
import { addDays, addMonths, day } from '../../../src/domain/day.ts';
import { cents, fromDecimal } from '../../../src/domain/money.ts';
import { scheduleChain } from '../../../src/domain/schedule/chain.ts';
import { schedule } from '../../../src/domain/schedule/schedule.ts';
import type { FreezePolicy, InstalmentRule } from '../../../src/domain/schedule/terms.ts';
import { readTables } from '../../golden/read-table.ts';
import { amountOf, lastDay, say, suspend, terms } from './contracts.ts';

const [settings, placements, lengths, rules, chains, differently] = readTables('freeze.md');
const until = day('2015-12-31');

function discount(text: string): Partial<FreezePolicy> {
  if (text === '') return {};
  return text.endsWith('%')
    ? { discount_bps: Number.parseInt(text, 10) * 100 }
    : { discount_amount: fromDecimal(text) };
}

describe('a freeze policy does what its settings say', () => {
  for (const row of settings!.rows)
    test(row.case!, () => {
      const freeze: Partial<FreezePolicy> = {
        active: row.active === 'yes',
        shift_end: row['shift end'] === 'yes',
        shift_instalments: row['shift instalments'] === 'yes',
        amount: amountOf(row.amount!),
        ...discount(row.discount!),
      };
      const contract = terms('2013-02-01', '2014-01-31', { freeze });
      const result = schedule(contract, [suspend('s', '2013-06-01', '2013-06-30')], [], until);
      expect(result.ends_on).toBe(row.ends);
      expect(result.instalments).toHaveLength(12);
      expect(say(result.instalments.slice(0, 3))).toEqual(['02-01 50.00', '03-01 50.00', '04-01 50.00']);
      expect(say(result.instalments.slice(3, 6)).join(', ')).toBe(row['from May']);
      expect(result.instalments.at(-1)!.due_on).toBe(row.last);
      expect(say(result.instalments.slice(5)).every((text) => text.endsWith('-01 50.00'))).toBe(true);
    });
});

describe('the days of a term that are not stopped are conserved', () => {
  for (const row of placements!.rows)
    test(row.case!, () => {
      const contract = terms(row.starts!, row.ends || null, { shift_unit: 'days' });
      const result = schedule(contract, [suspend('s', row['stop from']!, row['stop to']!)], [], until);
      expect(result.starts_on).toBe(row['then starts']);
      expect(result.ends_on).toBe(row['then ends'] || null);
    });
});

describe('a shift goes by whole months where the stop is a whole number of them', () => {
  for (const row of lengths!.rows)
    test(row.case!, () => {
      const ends = addDays(addMonths(day(row.anchor!), 12), -1);
      const contract = terms(row.anchor!, ends);
      const result = schedule(contract, [suspend('s', row['stop from']!, row['stop to']!)], [], until);
      expect(result.ends_on).toBe(row.ends);
      const moved = result.instalments.filter(({ explains }) => explains.length > 0).map(({ due_on }) => due_on);
      expect(moved.slice(0, 3).join(', ')).toBe(row.dues);
    });
});

describe('a plan chooses which instalments a suspension charges', () => {
  for (const row of rules!.rows)
    test(row.case!, () => {
      const freeze = { active: true, instalment_rule: row.rule as InstalmentRule, ...discount(row.discount!) };
      const contract = terms('2013-02-01', '2014-01-31', { freeze });
      const stop = suspend('s', row['stop from']!, row['stop to']!, { amount: amountOf(row.amount!) });
      const result = schedule(contract, [stop], [], until);
      expect(result.ends_on).toBe('2014-01-31');
      expect(say(result.instalments.slice(3, 7)).join(', ')).toBe(row['from May']);
    });
});

describe('a renewal moves with the contract it follows', () => {
  for (const row of chains!.rows)
    test(row.case!, () => {
      const stop = suspend('s', row['stop from']!, lastDay(day(row['stop from']!), row['stop to']!));
      const contracts = [
        { id: 'a', terms: terms(row.starts!, row.ends!), changes: [stop], facts: [] },
        { id: 'b', terms: terms(row['renewal starts']!, row['renewal ends']!), changes: [], facts: [] },
      ];
      const [first, renewal] = scheduleChain(contracts, until);
      expect(first!.ends_on).toBe(row['then ends']);
      expect(`${renewal!.starts_on} to ${renewal!.ends_on}`).toBe(row['renewal then']);
      expect(
        renewal!.instalments
          .map(({ due_on }) => due_on)
          .slice(0, 2)
          .join(', '),
      ).toBe(row["renewal's first dues"]);
      expect(renewal!.instalments.every(({ amount }) => amount === cents(5000))).toBe(true);
    });
});

describe('a setting that the desk sets differently holds for its suspension', () => {
  for (const row of differently!.rows)
    test(row.case!, () => {
      const contract = terms('2013-02-01', '2014-01-31', {
        freeze: { active: true, ...discount(row["plan's discount"]!) },
      });
      const freeze = {
        ...discount(row["desk's discount"]!),
        ...(row['shift end'] === '' ? {} : { shift_end: true }),
        ...(row['shift instalments'] === '' ? {} : { shift_instalments: true }),
      };
      const result = schedule(contract, [suspend('s', '2013-06-01', '2013-06-30', { freeze })], [], until);
      expect(result.ends_on).toBe(row.ends);
      expect(say(result.instalments.slice(3, 6)).join(', ')).toBe(row['from May']);
    });
});
