/** What others had settled of money given back, once the return that made it owed is taken back. */
import { expect, it } from 'vitest';
import type { Day } from '../../../src/domain/day.ts';
import { post, reverse } from '../../../src/domain/ledger/posting.ts';
import { writtenOff } from '../../../src/domain/ledger/sales.ts';
import { creditUsed, received } from '../../../src/domain/ledger/settlements.ts';
import { type Cents, cents } from '../../../src/domain/money.ts';
import { repaidSetFree } from '../../../src/domain/rejections/refunded-part.ts';

const on = '2026-11-28' as Day;
const claim = { id: 'fee_1', customer: 'cus_1' };
const part = (amount: number) => [{ claim: claim.id, amount: cents(amount) }];
const paid = (payment: string, amount: number) =>
  received({ payment, customer: 'cus_1', method: 'cash', on, allocations: part(amount), credit: 0 as Cents });

it('goes to whoever paid it, to the credit that was used, and to nobody where it was a loss', () => {
  const owedAgain = post({
    cause: 'reopened:pay_1:1:fee_1',
    entry: 'reopened:pay_1:1',
    debit: 'receivable',
    credit: 'in_flight',
    amount: cents(2000),
    effective_on: on,
    customer: 'cus_1',
    claim: claim.id,
    payment: 'pay_1',
  });
  const [use] = creditUsed({ id: 'use_1', customer: 'cus_1', on, allocations: part(500) });
  if (!use) throw new Error('nothing was used');
  const usedLess = reverse(use, { cause: 'less', entry: 'less', on, amount: cents(100) });
  const refund = post({
    ...paid('pay_2', 200)[0],
    cause: 'refund:ref_1:fee_1',
    entry: 'refund:ref_1',
    debit: 'receivable',
    credit: 'cash',
  } as Parameters<typeof post>[0]);
  const loss = writtenOff({ id: 'wof_1', claim: claim.id, customer: 'cus_1', amount: cents(300), on });
  const { postings, freed } = repaidSetFree(
    [owedAgain, ...paid('pay_2', 1200), ...paid('pay_3', 300), use, usedLess, refund, loss],
    claim,
    { payment: 'pay_1', nth: 1, on },
  );
  expect(freed).toEqual([
    { claim: 'fee_1', payment: 'pay_2', amount: 1000 },
    { claim: 'fee_1', payment: 'pay_3', amount: 300 },
    { claim: 'fee_1', payment: null, amount: 400 },
  ]);
  expect(postings.map(({ cause, debit, credit, amount }) => [cause, debit, credit, amount])).toEqual([
    ['credit_from:pay_2:pay_1:1:fee_1', 'receivable', 'customer_credit', 1000],
    ['credit_from:pay_3:pay_1:1:fee_1', 'receivable', 'customer_credit', 300],
    ['credit_from:pay_1:1:credit_used:use_1:fee_1', 'receivable', 'customer_credit', 400],
    ['again:write_off:wof_1:fee_1', 'receivable', 'write_off', 300],
  ]);
});
