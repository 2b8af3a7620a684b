import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, day } from '../../../src/domain/day.ts';
import { type Cents, cents, decimal, fromDecimal, ZERO } from '../../../src/domain/money.ts';
import type { DebtToRemind } from '../../../src/domain/reminders/debt.ts';
import {
  type Announced,
  decideHandReminder,
  duePrenotifications,
  dueReceipts,
  type PlannedDebit,
} from '../../../src/domain/reminders/notices.ts';
import type { Refusal } from '../../../src/errors/refusal.ts';
import { readTables } from '../../golden/read-table.ts';

const euros = (text: string) => fromDecimal(text) as Cents;

describe('the announcement of a direct debit', () => {
  const rows = readTables('reminders.md').find((table) => table.title === 'Direct debits announced')?.rows ?? [];
  it('has a golden table', () => expect(rows.length).toBeGreaterThan(8));
  it.each(rows.map((row) => [row.case, row] as const))('%s', (_, row) => {
    const debit: PlannedDebit = {
      debit: 'pay_1',
      customer: 'cus_1',
      amount: euros(row.amount as string),
      collect_on: day(row.collected as string),
      deceased: false,
    };
    const told: Announced[] = (row.told ? row.told.split(', ') : []).map((text) => {
      const [stage, amount, collected] = text.split(' ') as [string, string, string];
      return { debit: 'pay_1', stage: Number(stage), amount: euros(amount), collect_on: day(collected) };
    });
    const due = duePrenotifications([debit], told, day(row.today as string));
    const said = due.map(
      ({ stage, amount, collect_on, days_ahead, short_notice }) =>
        `${stage} ${decimal(amount)} ${collect_on}, ${days_ahead} days ahead${short_notice ? ', short notice' : ''}`,
    );
    expect(said.join('; ')).toBe(row.result);
  });

  it('never goes to a customer whose bank reported a death', () => {
    const debit = { debit: 'pay_1', customer: 'cus_1', amount: cents(5900), collect_on: day('2026-04-05') };
    expect(duePrenotifications([{ ...debit, deceased: true }], [], day('2026-03-22'))).toEqual([]);
  });

  it('run daily, announces each debit once unless it changes, and always with its last amount and day', () => {
    const change = fc.record({ on: fc.nat(40), amount: fc.integer({ min: 1, max: 99 }), collect: fc.nat(60) });
    fc.assert(
      fc.property(
        fc.array(change, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 30 }),
        (changes, ahead) => {
          const start = day('2026-01-01');
          const told: Announced[] = [];
          let debit: PlannedDebit | null = null;
          for (let n = 0; n <= 40; n += 1) {
            const today = addDays(start, n);
            for (const { on, amount, collect } of changes) {
              if (on !== n) continue;
              const collect_on = addDays(start, collect);
              debit = { debit: 'pay_1', customer: 'cus_1', amount: cents(amount), collect_on, deceased: false };
            }
            if (!debit) continue;
            for (const due of duePrenotifications([debit], told, today, ahead)) {
              expect(due.stage).toBe(told.length + 1);
              expect(due.collect_on > today).toBe(true);
              told.push({ debit: due.debit, stage: due.stage, amount: due.amount, collect_on: due.collect_on });
            }
            expect(duePrenotifications([debit], told, today, ahead)).toEqual([]);
            if (debit.collect_on > today && debit.collect_on <= addDays(today, ahead))
              expect(told.at(-1)).toMatchObject({ amount: debit.amount, collect_on: debit.collect_on });
          }
          expect(told.length).toBeLessThanOrEqual(changes.length);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('the receipt of a payment', () => {
  const payment = {
    payment: 'pay_1',
    customer: 'cus_1',
    amount: cents(6900),
    method: 'cash' as 'cash' | 'direct_debit',
    settled_on: day('2010-07-20'),
    deceased: false,
  };
  const methods = new Set(['cash' as const]);
  const due = (change: Partial<typeof payment>, today = '2010-07-20', receipted: string[] = []) =>
    dueReceipts([{ ...payment, ...change }], new Set(receipted), methods, day(today)).length;

  it('goes out for the chosen means of payment, once, within a week', () => {
    expect(due({})).toBe(1);
    expect(due({}, '2010-07-27')).toBe(1);
    expect(due({}, '2010-07-28')).toBe(0);
    expect(due({}, '2010-07-19')).toBe(0);
    expect(due({ method: 'direct_debit' })).toBe(0);
    expect(due({}, '2010-07-20', ['pay_1'])).toBe(0);
    expect(due({ amount: cents(-100) })).toBe(0);
    expect(due({ deceased: true })).toBe(0);
  });
});

describe('a reminder by hand', () => {
  const debt: DebtToRemind = {
    debt: 'ins_1',
    customer: 'cus_1',
    missed_on: day('2010-07-12'),
    owed_amount: cents(6900),
    in_flight_amount: ZERO,
    promised_on: null,
    hold: null,
    deceased: false,
    has_email: true,
  };
  const codeOf = (
    change: Partial<DebtToRemind>,
    today = '2010-07-13',
    sent: Parameters<typeof decideHandReminder>[1] = [],
  ) => {
    try {
      return decideHandReminder({ ...debt, ...change }, sent, day(today));
    } catch (error) {
      return (error as Refusal).code;
    }
  };

  it('asks for what is owed, from the due day on, each one its own message', () => {
    expect(codeOf({}, '2010-07-12')).toMatchObject({ stage: 1, amount: 6900, channel: 'email' });
    const sent = [
      { debt: 'ins_1', stage: null, on: day('2010-07-12') },
      { debt: 'ins_1', stage: 1, on: day('2010-07-15') },
    ];
    expect(codeOf({ has_email: false }, '2010-07-16', sent)).toMatchObject({ stage: 2, channel: 'letter' });
  });

  it('is a person’s decision: a promise or a hold does not stop it', () => {
    expect(codeOf({ promised_on: day('2010-08-01'), hold: { until_on: null } })).toMatchObject({ stage: 1 });
  });

  it('is refused when nothing is due, the money is on its way, the customer has died, or one went out today', () => {
    expect(codeOf({ owed_amount: ZERO })).toBe('reminder_nothing_due');
    expect(codeOf({}, '2010-07-11')).toBe('reminder_nothing_due');
    expect(codeOf({ in_flight_amount: cents(6900) })).toBe('reminder_money_in_flight');
    expect(codeOf({ deceased: true })).toBe('reminder_customer_deceased');
    expect(codeOf({}, '2010-07-13', [{ debt: 'ins_1', stage: 1, on: day('2010-07-13') }])).toBe(
      'reminder_already_today',
    );
  });
});
