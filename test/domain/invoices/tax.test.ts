import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { closeTaxes, shareNet, taxInside } from '../../../src/domain/invoices/tax.ts';
import { cents, percentage, sum } from '../../../src/domain/money.ts';
import { taxed, untaxed } from './samples.ts';

const gross = fc.integer({ min: -500_000, max: 500_000 });
const rate = fc.constantFrom(0, 210, 550, 700, 1000, 1900, 2000, 2500);

describe('the tax inside a price', () => {
  it('is what the tax office reckons it to be', () => {
    expect(taxInside(16_399, 2000)).toBe(2733);
    expect(taxInside(8200, 2000)).toBe(1367);
    expect(taxInside(5900, 550)).toBe(308);
    expect(taxInside(5900, 0)).toBe(0);
    expect(taxInside(-1200, 2000)).toBe(-200);
  });

  it('is base × rate rounded wherever some base gives that gross amount', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000_000 }), rate, (net, bps) => {
        const total = net + percentage(net, bps);
        expect(taxInside(total, bps)).toBe(percentage(net, bps));
      }),
    );
  });

  it('is never more than a cent away from base × rate', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000_000 }), rate, (total, bps) => {
        const tax = taxInside(total, bps);
        expect(Math.abs(tax - percentage(total - tax, bps))).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('lines share the net of their rate', () => {
  it('to the cent, each within a cent of its own, whatever the signs', () => {
    fc.assert(
      fc.property(fc.array(gross, { minLength: 1, maxLength: 60 }), rate, (grosses, bps) => {
        const total = sum(grosses);
        const net = total - taxInside(total, bps);
        const nets = shareNet(net, grosses, bps);
        expect(sum(nets)).toBe(net);
        for (const [at, each] of nets.entries()) {
          expect(Math.abs(each - (grosses[at]! * 10_000) / (10_000 + bps))).toBeLessThan(1.0001);
          if (grosses[at] === 0) expect(each).toBe(0);
        }
      }),
    );
  });

  it('gives the cents left to the largest remainders', () => {
    expect(shareNet(4167, [1667, 1667, 1666], 2000)).toEqual([1389, 1389, 1389]);
    expect(shareNet(8333, [5000, 5000], 2000)).toEqual([4167, 4166]);
  });
});

describe('a document closes', () => {
  it('per rate and in total, for arbitrary lines', () => {
    const lines = fc.array(
      fc.record({ gross_amount: gross.map(cents), tax: fc.oneof(rate.map(taxed), fc.constant(untaxed('E'))) }),
      { minLength: 1, maxLength: 40 },
    );
    fc.assert(
      fc.property(lines, (all) => {
        const { nets, taxes } = closeTaxes(all);
        expect(sum(taxes.map((tax) => tax.gross_amount))).toBe(sum(all.map((line) => line.gross_amount)));
        expect(sum(taxes.map((tax) => tax.net_amount))).toBe(sum(nets));
        for (const tax of taxes) expect(tax.net_amount + tax.tax_amount).toBe(tax.gross_amount);
      }),
    );
  });

  it('names every reason for exemption once, in one total', () => {
    const exempt = (reason: string) => ({ ...untaxed('E'), exemption_reason: reason, exemption_code: reason });
    const { taxes } = closeTaxes([
      { gross_amount: cents(100), tax: exempt('A') },
      { gross_amount: cents(100), tax: exempt('B') },
      { gross_amount: cents(100), tax: exempt('A') },
    ]);
    expect(taxes).toHaveLength(1);
    expect(taxes[0]!.tax).toMatchObject({ exemption_reason: 'A ; B', exemption_code: null });
  });
});
