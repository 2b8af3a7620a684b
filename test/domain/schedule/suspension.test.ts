import { describe, expect, test } from 'vitest';
import { day } from '../../../src/domain/day.ts';
import { cents } from '../../../src/domain/money.ts';
import type { Change } from '../../../src/domain/schedule/changes.ts';
import { schedule } from '../../../src/domain/schedule/schedule.ts';
import { readTables } from '../../golden/read-table.ts';
import { amountOf, lastDay, numberOf, paid, payDue, say, sayPeriods, stop, suspend, terms } from './contracts.ts';

const tables = readTables('suspension.md');
const contract = terms('2010-07-05', null, { amount: cents(5900) });
const first = paid(1, '2010-07-05', 5900);
const until = day('2011-12-31');

describe('a suspension does what the golden table says', () => {
  for (const row of tables[0]!.rows)
    test(row.case!, () => {
      const changes: Change[] = [
        suspend('s1', row.from!, lastDay(day(row.from!), row.to!), {
          amount: amountOf(row.amount!),
          first_instalment: numberOf(row.first!),
          last_instalment: numberOf(row.last!),
        }),
      ];
      if (row['stopped on']) changes.push(stop('s1', row['stopped on'], amountOf(row.at!)));
      const result = schedule(contract, changes, [first], until);
      const expected = row.instalments!.split(', ');
      expect(sayPeriods(result)).toBe(row.suspended);
      expect(say(result.instalments).slice(0, expected.length)).toEqual(expected);

      for (const by of [day('2010-08-05'), day('2010-09-30'), day('2011-03-31')]) {
        const facts = payDue(result.instalments, by);
        const again = schedule(contract, changes, facts, until);
        expect(again.instalments.map(({ status: _, ...rest }) => rest)).toEqual(
          result.instalments.map(({ status: _, ...rest }) => rest),
        );
      }
    });
});
