import { describe, expect, test } from 'vitest';
import { day } from '../../../src/domain/day.ts';
import { type Cents, decimal, fromDecimal } from '../../../src/domain/money.ts';
import { decideFee, type FeePolicy, type FeeQuestion, noFee } from '../../../src/domain/rejections/fee.ts';
import { readTables } from '../../golden/read-table.ts';
import { fee10 } from './story.ts';

type Row = Record<string, string>;

function amount(text: string): Cents {
  return fromDecimal(text) as Cents;
}

function policyOf(rules: string | undefined): FeePolicy {
  const policy: FeePolicy = { ...fee10, by_reason: {} };
  const byReason: Record<string, Cents> = {};
  for (const rule of (rules ?? '').split(' ').filter((word) => word !== '')) {
    const [name, value] = rule.split('=') as [string, string];
    if (name === 'article') policy.article = noFee.article;
    else if (name === 'forbidden') policy.forbidden = true;
    else if (name === 'first_free') policy.first_free_months = Number(value);
    else if (name === 'max') policy.max_per_year = Number(value);
    else if (name === 'highest') policy.max_amount = amount(value);
    else if (name !== 'no_fee_policy') byReason[name] = amount(value);
  }
  return { ...policy, by_reason: byReason };
}

function questionOf(row: Row): FeeQuestion {
  return {
    on: day(row.on ?? '2010-07-12'),
    reason_code: row.reason || null,
    asked: row.asked ? amount(row.asked) : undefined,
    none_by_policy: (row.rules ?? '').includes('no_fee_policy'),
    earlier: (row.earlier ?? '')
      .split(',')
      .filter((one) => one !== '')
      .map((one) => one.split(':') as [string, string])
      .map(([on, fee]) => ({ on: day(on), fee_amount: amount(fee) })),
  };
}

describe('the rejection fee', () => {
  const tables = readTables('rejection-fees.md');

  test.each(tables[0]?.rows ?? [])('$case', (row) => {
    const fee = decideFee(policyOf(row.rules), questionOf(row));
    expect([decimal(fee.amount), fee.why]).toEqual([row.fee, row.why]);
  });

  test.each(tables[1]?.rows ?? [])('refused: $case', (row) => {
    expect(() => decideFee(policyOf(row.rules), questionOf(row))).toThrow(row.refusal);
  });
});
