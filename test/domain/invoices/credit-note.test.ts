import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { creditInvoice, leftToCredit } from '../../../src/domain/invoices/credit-note.ts';
import type { InvoiceDocument } from '../../../src/domain/invoices/document.ts';
import { cents, sum } from '../../../src/domain/money.ts';
import { creditIssue, invoiceOf, monthly, taxed, untaxed } from './samples.ts';

const twoItems = invoiceOf([{ label: 'Stage', quantity: 2, amount: cents(16_399), tax: taxed(2000) }]);

describe('a credit note', () => {
  it('takes one of two equal items back at 82.00, and the last part absorbs the cent: 81.99', () => {
    const first = creditInvoice(twoItems, [], [{ line: 1, quantity: 1 }], creditIssue);
    const second = creditInvoice(twoItems, [first], [{ line: 1, quantity: 1 }], creditIssue);
    expect(first.totals).toMatchObject({ gross_amount: 8200, net_amount: 6833, tax_amount: 1367 });
    expect(second.totals).toMatchObject({ gross_amount: 8199, net_amount: 6833, tax_amount: 1366 });
    expect(leftToCredit(twoItems, [first, second])).toEqual([]);
  });

  it('takes back what two lines of an evenly split amount cost', () => {
    const line = { label: 'Stage', tax: taxed(2000) };
    const invoice = invoiceOf([
      { ...line, amount: cents(8200) },
      { ...line, amount: cents(8199) },
    ]);
    const first = creditInvoice(invoice, [], [{ line: 1 }], creditIssue);
    const second = creditInvoice(invoice, [first], 'all', creditIssue);
    expect([first.totals.gross_amount, second.totals.gross_amount]).toEqual([8200, 8199]);
    expect(first.totals.tax_amount + second.totals.tax_amount).toBe(2733);
  });

  it('credits equal items equally until the last', () => {
    const invoice = invoiceOf([{ label: 'Séance', quantity: 3, amount: cents(10_000), tax: taxed(2000) }]);
    const notes: InvoiceDocument[] = [];
    for (let part = 0; part < 3; part++)
      notes.push(creditInvoice(invoice, notes, [{ line: 1, quantity: 1 }], creditIssue));
    expect(notes.map((note) => note.totals.gross_amount)).toEqual([3333, 3333, 3334]);
  });

  it('mirrors the whole invoice, discounts and all, and names it', () => {
    const invoice = invoiceOf([
      { ...monthly, discount: { label: 'Fidélité', amount: cents(900) } },
      { label: 'Cours', amount: cents(2000), tax: taxed(550) },
    ]);
    const note = creditInvoice(invoice, [], 'all', creditIssue, { reason: 'Erreur de saisie' });
    expect(note.totals).toMatchObject({ ...invoice.totals, paid_amount: 0 });
    expect(note.taxes).toEqual(invoice.taxes);
    expect(note.lines.map((line) => ({ ...line, credits: null }))).toEqual(invoice.lines);
    expect(note).toMatchObject({
      kind: 'credit_note',
      number: 'A2026-00001',
      corrects: { number: 'F2026-00001', issued_on: '2026-07-05', reason: 'Erreur de saisie' },
      remainder: { how: 'offset' },
    });
  });

  it('never takes back more than is left', () => {
    const whole = creditInvoice(twoItems, [], 'all', creditIssue);
    expect(() => creditInvoice(twoItems, [whole], 'all', creditIssue)).toThrow('credit_nothing_left');
    const half = creditInvoice(twoItems, [], [{ line: 1, quantity: 1 }], creditIssue);
    for (const request of [
      { quantity: 2 },
      { quantity: 0 },
      { quantity: 1.5 },
      { amount: cents(8200) },
      { amount: cents(0) },
    ])
      expect(() => creditInvoice(twoItems, [half], [{ line: 1, ...request }], creditIssue)).toThrow(
        'credit_exceeds_line',
      );
    expect(() => creditInvoice(twoItems, [], [{ line: 9 }], creditIssue)).toThrow('credit_line_unknown');
    expect(() => creditInvoice(twoItems, [], [{ line: 1 }, { line: 1 }], creditIssue)).toThrow('credit_line_twice');
    expect(() => creditInvoice(twoItems, [], [], creditIssue)).toThrow('invoice_without_lines');
  });

  it('may take back an amount that is no whole item', () => {
    const first = creditInvoice(twoItems, [], [{ line: 1, amount: cents(1000) }], creditIssue);
    expect(first.totals).toMatchObject({ gross_amount: 1000, tax_amount: 167, net_amount: 833 });
    const rest = creditInvoice(twoItems, [first], 'all', creditIssue);
    expect(rest.totals.gross_amount).toBe(15_399);
    expect(rest.totals.tax_amount + first.totals.tax_amount).toBe(2733);
  });

  it('in parts always sums to the invoice, per rate and in total, and no part strays from its own tax', () => {
    const lines = fc.array(
      fc.record({
        label: fc.constant('x'),
        quantity: fc.integer({ min: 1, max: 6 }),
        amount: fc.integer({ min: 0, max: 50_000 }).map(cents),
        tax: fc.constantFrom(taxed(2000), taxed(550), untaxed('E')),
      }),
      { minLength: 1, maxLength: 6 },
    );
    const steps = fc.array(
      fc.record({
        line: fc.nat(),
        quantity: fc.integer({ min: 1, max: 3 }),
        amount: fc.option(fc.integer({ min: 1, max: 9000 })),
      }),
      { maxLength: 25 },
    );
    fc.assert(
      fc.property(lines, steps, (draft, plan) => {
        const invoice = invoiceOf(draft);
        const notes: InvoiceDocument[] = [];
        for (const step of plan) {
          const line = (step.line % draft.length) + 1;
          const request =
            step.amount === null ? { line, quantity: step.quantity } : { line, amount: cents(step.amount) };
          try {
            notes.push(creditInvoice(invoice, notes, [request], creditIssue));
          } catch (refusal) {
            expect((refusal as Error).message).toMatch(/credit_(exceeds_line|nothing_left)/);
          }
        }
        if (leftToCredit(invoice, notes).length > 0) notes.push(creditInvoice(invoice, notes, 'all', creditIssue));
        for (const key of ['net_amount', 'tax_amount', 'gross_amount'] as const)
          expect(sum(notes.map((note) => note.totals[key]))).toBe(invoice.totals[key]);
        for (const total of invoice.taxes) {
          const same = notes.flatMap((note) => note.taxes).filter((tax) => tax.tax.rate_bps === total.tax.rate_bps);
          expect(sum(same.map((tax) => tax.tax_amount))).toBe(total.tax_amount);
          for (const tax of same)
            expect(Math.abs(tax.tax_amount - (tax.net_amount * tax.tax.rate_bps) / 10_000)).toBeLessThanOrEqual(1.2);
        }
      }),
    );
  });
});
