import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { day } from '../../../src/domain/day.ts';
import { accounts, moneyAccount } from '../../../src/domain/ledger/accounts.ts';
import { creditedForGood, soldAgain } from '../../../src/domain/ledger/credit-notes.ts';
import { balanceOf, openByClaim, type Posting, post, reverse } from '../../../src/domain/ledger/posting.ts';
import { saleInForce } from '../../../src/domain/ledger/sale-in-force.ts';
import {
  recovered,
  type Sale,
  sold,
  soldAnew,
  taxInside,
  waived,
  writtenOff,
} from '../../../src/domain/ledger/sales.ts';
import {
  bankCharge,
  creditUsed,
  presented,
  received,
  refunded,
  turnedToCredit,
} from '../../../src/domain/ledger/settlements.ts';
import { standing, statement } from '../../../src/domain/ledger/statement.ts';
import { cents, sum } from '../../../src/domain/money.ts';
import { readTables } from '../../golden/read-table.ts';

const on = day('2010-07-05');
const later = day('2010-07-12');

function sale(more: Partial<Sale> = {}): Sale {
  return {
    claim: 'ins_1',
    customer: 'cus_1',
    kind: 'instalment',
    amount: cents(5900),
    due_on: on,
    tax_rate_bps: 2000,
    ...more,
  };
}

const inForce = (postings: readonly Posting[]) => saleInForce({ id: 'ins_1', postings });

describe('the chart of accounts', () => {
  test('says of every account what makes it grow and shrink, and gives every method a place for its money', () => {
    for (const account of Object.values(accounts)) {
      expect(account.grows_by).not.toBe('');
      expect(account.shrinks_by).not.toBe('');
      expect(account.default_number).toMatch(/^\d{6}$/);
    }
    expect(new Set(Object.values(accounts).map((a) => a.default_number)).size).toBe(Object.keys(accounts).length);
    for (const account of Object.values(moneyAccount)) expect(accounts[account].kind).toBe('asset');
  });
});

describe('the chart in words', () => {
  test('lists the same accounts, kinds and numbers as the code', () => {
    const chart = readTables('../../docs/ledger.md').find((table) => table.title === 'Chart of accounts')?.rows ?? [];
    expect(chart.map((row) => [row.account, row.kind, row['usual number']])).toEqual(
      Object.entries(accounts).map(([name, account]) => [`\`${name}\``, account.kind, account.default_number]),
    );
  });
});

describe('a posting', () => {
  const good = {
    cause: 'c',
    entry: 'e',
    debit: 'receivable',
    credit: 'revenue',
    amount: cents(1),
    effective_on: on,
    customer: 'cus_1',
    claim: 'ins_1',
  } as const;

  test('has a positive amount, two accounts, a customer where one is concerned, a claim for a receivable', () => {
    expect(() => post(good)).not.toThrow();
    expect(() => post({ ...good, amount: cents(0) })).toThrow(/not positive/);
    expect(() => post({ ...good, amount: cents(-1) })).toThrow(/not positive/);
    expect(() => post({ ...good, credit: 'receivable' })).toThrow(/both sides/);
    expect(() => post({ ...good, customer: null })).toThrow(/no customer/);
    expect(() => post({ ...good, claim: null })).toThrow(/that of a claim/);
    expect(() => post({ ...good, debit: 'bank' })).toThrow(/that of a claim/);
  });

  test('is taken back with both accounts exchanged, never before it was made, never for more', () => {
    const posting = post(good);
    const back = reverse(posting, { cause: 'b', entry: 'b', on: day('2010-07-01') });
    expect([back.debit, back.credit, back.effective_on, back.reverses]).toEqual(['revenue', 'receivable', on, 'c']);
    expect(() => reverse(posting, { cause: 'b', entry: 'b', on, amount: cents(2) })).toThrow(/takes back more/);
  });
});

describe('a sale', () => {
  test('holds its tax: 12.00 at 20 % holds 2.00', () => {
    expect(taxInside(cents(1200), 2000)).toBe(200);
    expect(sold(sale(), on).map((p) => [p.credit, p.amount])).toEqual([
      ['revenue', 4917],
      ['tax', 983],
    ]);
  });

  test('without tax is one posting, a fee goes to its own income', () => {
    expect(sold(sale({ tax_rate_bps: 0, kind: 'fee' }), on).map((p) => [p.credit, p.amount])).toEqual([
      ['fee_income', 5900],
    ]);
  });

  test('is made on the due day, or on the day of what came before it', () => {
    expect(sold(sale(), later)[0]?.effective_on).toBe(on);
    expect(sold(sale(), day('2010-07-01'))[0]?.effective_on).toBe('2010-07-01');
  });

  test('of nothing posts nothing', () => {
    expect(sold(sale({ amount: cents(0) }), on)).toEqual([]);
  });

  test('with a new amount takes the old one back and sells the new one', () => {
    const first = sold(sale(), on);
    const again = soldAnew(first, sale({ amount: cents(200) }), 2, later);
    const all = [...first, ...again];
    expect(standing(all, later).owed_amount).toBe(200);
    expect(standing(all, on).owed_amount).toBe(5900);
    expect(new Set(all.map((p) => p.cause)).size).toBe(all.length);
    expect(statement(all, [], later).lines.map((line) => [line.on, line.kind, line.amount])).toEqual([
      [on, 'sale', 5900],
      [later, 'sale', -5900],
      [later, 'sale', 200],
    ]);
    expect(() => soldAnew(first, sale(), 1, later)).toThrow(/counts from 2/);
  });

  test('is waived in parts that sum to it, income and tax alike', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100_000 }),
        fc.constantFrom(0, 550, 1000, 2000),
        fc.array(fc.integer({ min: 1, max: 30_000 }), { maxLength: 6 }),
        (amount, rate, parts) => {
          const first = sold(sale({ amount: cents(amount), tax_rate_bps: rate }), on);
          const all = [...first];
          let before = 0;
          for (const [at, part] of [...parts, amount].entries()) {
            const size = Math.min(part, amount - before);
            if (size <= 0) continue;
            all.push(...waived(inForce(all), { id: `wai_${at}`, amount: cents(size), on: later }));
            before += size;
            expect(standing(all, later).owed_amount).toBe(amount - before);
          }
          expect(balanceOf(all, 'revenue') + 0).toBe(0);
          expect(balanceOf(all, 'tax') + 0).toBe(0);
        },
      ),
    );
    const first = sold(sale(), on);
    const whole = [...first, ...waived(inForce(first), { id: 'v', amount: cents(5900), on })];
    expect(() => waived(inForce(whole), { id: 'w', amount: cents(1), on })).toThrow(/over what is left of its sale/);
  });

  test('takes back no more than stands of it, in whatever order it is waived, given again, credited and sold again', () => {
    const step = fc.record({ kind: fc.constantFrom('waive', 'give', 'credit', 'sell'), size: fc.nat({ max: 2000 }) });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3000 }),
        fc.constantFrom(0, 550, 1000, 2000),
        fc.array(step, { maxLength: 12 }),
        (amount, rate, steps) => {
          const all: Posting[] = sold(sale({ amount: cents(amount), tax_rate_bps: rate }), on);
          const gifts: Posting[][] = [];
          const claim = () => {
            const left = standing(all, later).owed_amount;
            return { id: 'ins_1', customer: 'cus_1', sold: left, covered: cents(0), postings: all };
          };
          for (const [at, { kind, size }] of [...steps, { kind: 'credit', size: amount }].entries()) {
            const left = claim().sold;
            const part = cents(Math.min(size, left));
            const entry = { note: `inv_${at}`, on: later };
            if (kind === 'give') {
              const gift = gifts.splice(size % (gifts.length || 1), 1).flat();
              const of = { entry: `again:${at}`, on: later };
              all.push(...gift.map((posting) => reverse(posting, { ...of, cause: `again:${posting.cause}` })));
            } else if (kind === 'sell') {
              all.push(...soldAgain(claim(), entry));
              expect(claim().sold).toBe(left);
            } else if (part > 0) {
              const back =
                kind === 'waive'
                  ? waived(inForce(all), { id: `wai_${at}`, amount: part, on: later })
                  : creditedForGood(claim(), part, entry).postings;
              if (kind === 'waive') gifts.push(back);
              all.push(...back);
              expect(claim().sold).toBe(left - part);
            }
            for (const first of all) {
              const backs = all.filter(({ reverses }) => reverses === first.cause);
              const again = all.filter(({ reverses }) => backs.some(({ cause }) => cause === reverses));
              const net = sum(backs.map((one) => one.amount)) - sum(again.map((one) => one.amount));
              expect(net).toBeLessThanOrEqual(first.amount);
            }
          }
          expect(new Set(all.map(({ cause }) => cause)).size).toBe(all.length);
          expect([balanceOf(all, 'revenue') + 0, balanceOf(all, 'tax') + 0]).toEqual([0, 0]);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('given up is a loss; what is paid after all is claimed again', () => {
    const first = sold(sale({ tax_rate_bps: 0 }), on);
    const loss = writtenOff({ id: 'wof_1', claim: 'ins_1', customer: 'cus_1', amount: cents(5900), on: later });
    expect(standing([...first, loss], later).owed_amount).toBe(0);
    expect(balanceOf([loss], 'write_off')).toBe(5900);
    const again = recovered(loss, { nth: 1, amount: cents(2000), on: later });
    expect(standing([...first, loss, again], later).owed_amount).toBe(2000);
    expect(balanceOf([loss, again], 'write_off')).toBe(3900);
  });
});

describe('the statement', () => {
  test('shows what the customer sees: no clearing, no bank charge, no use of credit', () => {
    const paid = received({
      payment: 'pay_1',
      customer: 'cus_1',
      method: 'card',
      on,
      allocations: [{ claim: 'ins_1', amount: cents(5900) }],
      credit: cents(2100),
    });
    const second = sold(sale({ claim: 'ins_2', due_on: later, tax_rate_bps: 0 }), later);
    const used = creditUsed({
      id: 'use_1',
      customer: 'cus_1',
      on: later,
      allocations: [{ claim: 'ins_2', amount: cents(2100) }],
    });
    const charge = bankCharge({ payment: 'pay_1', nth: 1, amount: cents(500), on: later });
    const all = [...sold(sale(), on), ...paid, ...second, ...used, charge];
    const shown = statement(all, [], later);
    expect(shown.lines.map((line) => [line.kind, line.amount, line.balance_amount])).toEqual([
      ['sale', 5900, 5900],
      ['settlement', 8000, -2100],
      ['sale', 5900, 3800],
    ]);
    expect(shown).toMatchObject({ owed_amount: 3800, credit_amount: 0 });
    expect(openByClaim(all)).toEqual(
      new Map([
        ['ins_1', 0],
        ['ins_2', 3800],
      ]),
    );
  });

  test('on a day between a refund of credit that was entered late and the money that covered it, what was used is owed', () => {
    const kept = { customer: 'cus_1', method: 'cash', allocations: [], credit: cents(2100) } as const;
    const all = [
      ...received({ ...kept, payment: 'pay_1', on }),
      ...sold(sale({ amount: cents(2100), due_on: later }), later),
      ...creditUsed({
        id: 'use_1',
        customer: 'cus_1',
        on: later,
        allocations: [{ claim: 'ins_1', amount: cents(2100) }],
      }),
      ...received({ ...kept, payment: 'pay_2', on: day('2010-07-14') }),
      ...refunded({ ...kept, id: 'ref_1', payment: 'pay_1', on: day('2010-07-06') }),
    ];
    expect(standing(all, later)).toEqual({ owed_amount: 2100, credit_amount: 0 });
    expect(standing(all, day('2010-07-14'))).toEqual({ owed_amount: 0, credit_amount: 0 });
  });

  test('on an earlier day shows what was known to take effect by then', () => {
    const all = [
      ...sold(sale(), on),
      ...presented({
        payment: 'pay_1',
        customer: 'cus_1',
        on: later,
        allocations: [{ claim: 'ins_1', amount: cents(5900) }],
      }),
    ];
    expect(standing(all, on)).toEqual({ owed_amount: 5900, credit_amount: 0 });
    expect(standing(all, later)).toEqual({ owed_amount: 0, credit_amount: 0 });
  });

  test('a refund out of credit and out of a claim, and money freed by a waiver, stand where they belong', () => {
    const first = sold(sale({ tax_rate_bps: 0 }), on);
    const paid = received({
      payment: 'pay_1',
      customer: 'cus_1',
      method: 'cash',
      on,
      allocations: [{ claim: 'ins_1', amount: cents(5900) }],
      credit: cents(100),
    });
    const back = refunded({
      id: 'ref_1',
      payment: 'pay_1',
      customer: 'cus_1',
      method: 'transfer',
      on: later,
      allocations: [{ claim: 'ins_1', amount: cents(900) }],
      credit: cents(100),
    });
    expect(standing([...first, ...paid, ...back], later)).toEqual({ owed_amount: 900, credit_amount: 0 });
    const all = [...first, ...paid, ...waived(inForce(first), { id: 'wai_1', amount: cents(5900), on: later })];
    expect(standing(all, later)).toEqual({ owed_amount: -5900, credit_amount: 100 });
    const freed = turnedToCredit({
      id: 'pay_1:1',
      payment: 'pay_1',
      customer: 'cus_1',
      claim: 'ins_1',
      amount: cents(5900),
      on: later,
    });
    expect(standing([...all, freed], later)).toEqual({ owed_amount: 0, credit_amount: 6000 });
    expect(sum([...all, freed].map((p) => p.amount))).toBeGreaterThan(0);
  });
});
