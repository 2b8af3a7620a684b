import { describe, expect, it } from 'vitest';
import { checkSeries, counterPeriod, documentNumber, type NumberSeries } from '../../../src/domain/invoices/number.ts';
import { on } from './samples.ts';

const series = (pattern: string, restarts: NumberSeries['restarts'] = 'yearly'): NumberSeries => ({
  code: 'F',
  pattern,
  restarts,
});

describe('the number of a document', () => {
  it('follows the pattern of its series', () => {
    const day = on('2026-07-05');
    expect(documentNumber(series('F{YYYY}-{NNNNN}'), day, 1)).toBe('F2026-00001');
    expect(documentNumber(series('F{YYYY}-{NNNNN}'), day, 123_456)).toBe('F2026-123456');
    expect(documentNumber(series('AV/{YY}.{MM}/{N}'), day, 7)).toBe('AV/26.07/7');
    expect(documentNumber(series('{NNNN}', 'never'), day, 42)).toBe('0042');
  });

  it('counts again every year only where the series says so', () => {
    expect(counterPeriod(series('F{YYYY}-{NNNNN}'), on('2026-12-31'))).toBe('2026');
    expect(counterPeriod(series('F{YYYY}-{NNNNN}', 'never'), on('2026-12-31'))).toBe('');
  });

  it('takes only a counter', () => {
    for (const counter of [0, -1, 1.5, Number.NaN, 1e10])
      expect(() => documentNumber(series('{N}', 'never'), on('2026-07-05'), counter)).toThrow(RangeError);
  });

  it.each([
    ['no counter', 'F{YYYY}', 'yearly'],
    ['two counters', 'F{YYYY}-{NN}-{NN}', 'yearly'],
    ['a counter that restarts without the year', 'F-{NNNNN}', 'yearly'],
    ['a digit that runs into the counter', 'F{YYYY}-1{NNNNN}', 'yearly'],
    ['the month that runs into the counter', 'F{YYYY}{MM}{N}', 'yearly'],
    ['a space', 'F {YYYY}-{NNNNN}', 'yearly'],
    ['markup', '<b>{N}', 'never'],
    ['too long', `${'F'.repeat(30)}{NNNNN}`, 'never'],
  ] as const)('refuses a pattern with %s', (_, pattern, restarts) => {
    expect(() => checkSeries(series(pattern, restarts))).toThrow('number_pattern_invalid');
  });

  it('accepts the usual patterns', () => {
    for (const pattern of ['F{YYYY}-{NNNNN}', 'FA-{YY}{MM}-{NNNN}', 'INV/{YYYY}/{N}'])
      expect(checkSeries(series(pattern)).pattern).toBe(pattern);
  });
});
