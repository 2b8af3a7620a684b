import { describe, expect, it } from 'vitest';
import type { Day } from '../../src/domain/day.ts';
import { sayAmount, sayDay, sayDecimal, sayRate } from '../../src/domain/wording.ts';

const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');

describe('figures as people read them', () => {
  it.each([
    [123_456_789, 'EUR', '1 234 567,89 €', '€1,234,567.89', '1.234.567,89 €'],
    [5, 'EUR', '0,05 €', '€0.05', '0,05 €'],
    [-5900, 'EUR', '-59,00 €', '-€59.00', '-59,00 €'],
    [100_000, 'CHF', '1 000,00 CHF', 'CHF 1,000.00', '1.000,00 CHF'],
  ] as const)('%i of %s', (amount, currency, fr, en, de) => {
    expect(plain(sayAmount(amount, currency, 'fr'))).toBe(fr);
    expect(plain(sayAmount(amount, currency, 'en'))).toBe(en);
    expect(plain(sayAmount(amount, currency, 'de'))).toBe(de);
  });

  it('days and rates', () => {
    expect(sayDay('2026-07-05' as Day, 'fr')).toBe('05/07/2026');
    expect(plain(sayDay('2026-07-05' as Day, 'en'))).toBe('5 Jul 2026');
    expect(sayDay('2026-07-05' as Day, 'de')).toBe('05.07.2026');
    expect(plain(sayRate(2000, 'fr'))).toBe('20 %');
    expect(plain(sayRate(550, 'fr'))).toBe('5,5 %');
    expect(sayRate(1005, 'en')).toBe('10.05%');
    expect(sayRate(0, 'en')).toBe('0%');
    expect(plain(sayDecimal('-1234.5', 'fr'))).toBe('-1 234,5');
  });

  it('never break across lines', () => {
    expect(sayAmount(123_456, 'EUR', 'fr')).not.toContain(' ');
  });
});
