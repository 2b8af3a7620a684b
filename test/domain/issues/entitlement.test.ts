import { describe, expect, test } from 'vitest';
import { day } from '../../../src/domain/day.ts';
import { entitlement } from '../../../src/domain/issues/entitlement.ts';
import { decimal, fromDecimal, sum } from '../../../src/domain/money.ts';
import { readTables } from '../../golden/read-table.ts';
import { calendar, readHappened, sayRevenue, subscribed } from './subscriptions.ts';

for (const { title, rows } of readTables('issues.md'))
  describe(title, () => {
    for (const row of rows)
      test(row.case!, () => {
        const [count, price] = row.sold!.split(' for ') as [string, string];
        const { changes, prices } = readHappened(row.happened!);
        const terms = subscribed(Number(count), fromDecimal(price)!);
        const result = entitlement(terms, changes, calendar, day(row.on!), prices);
        const taken = result.cancelled > 0 ? ` and ${decimal(result.cancelled)} taken away` : '';
        expect({
          'last issue': String(result.last_issue),
          revenue: sayRevenue(result.issues),
          served: String(result.served),
          owed: String(result.owed),
          recognised: decimal(result.recognised),
          deferred: decimal(result.deferred) + taken,
        }).toEqual({
          'last issue': row['last issue'],
          revenue: row.revenue,
          served: row.served,
          owed: row.owed,
          recognised: row.recognised,
          deferred: row.deferred,
        });
        expect(sum(result.issues.map(({ revenue_amount }) => revenue_amount))).toBe(result.price);
        expect(result.issues.filter(({ free }) => free).every(({ revenue_amount }) => revenue_amount === 0)).toBe(true);
      });
  });

describe('why an issue is what it is', () => {
  test('the compensating issue names the incident, the issues left name the extension, a suspended one its suspension', () => {
    const { changes } = readHappened(
      'incident 2026-04-05 to 2026-04-05 @2026-04-10, suspension 2026-05-20 to 2026-06-20 @2026-05-10, extension 1 @2026-07-10',
    );
    const { issues } = entitlement(subscribed(12, 6000), changes, calendar, day('2026-07-31'));
    const explained = Object.fromEntries(issues.map(({ number, explains }) => [number, explains.join(' ')]));
    expect(explained).toMatchObject({
      101: '',
      104: 'c0',
      105: '',
      106: 'c1',
      107: '',
      108: 'c2',
      114: 'c2',
      115: 'c0',
    });
  });
});

describe('an unlimited suspension', () => {
  test('holds the last issue: those owed follow the last one that is planned, and it says so', () => {
    const [suspended] = readHappened('suspension 2026-06-20 to 2026-08-20 @2026-06-10').changes;
    const changes = [{ ...suspended!, ends_on: null } as typeof suspended & object];
    const result = entitlement(subscribed(12, 6000), changes, calendar, day('2026-07-31'));
    expect(result).toMatchObject({ held_by: 'c0', last_issue: 136, last_on: null, served: 6, owed: 6, deferred: 3000 });
  });
});
