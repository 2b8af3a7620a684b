import { describe, expect, it } from 'vitest';
import { creditInvoice } from '../../../src/domain/invoices/credit-note.ts';
import type { InvoiceDocument } from '../../../src/domain/invoices/document.ts';
import { decimal, fromDecimal } from '../../../src/domain/money.ts';
import { readTables } from '../../golden/read-table.ts';
import { creditIssue, invoiceOf, taxed } from './samples.ts';

const tables = readTables('invoices.md');
const rowsOf = (title: string) => tables.find((table) => table.title === title)!.rows;
const rate = (text: string | undefined) => taxed(fromDecimal(text!)!);
const list = (amounts: number[]) => amounts.map(decimal).join(' ');

describe('invoices, as an accountant has them', () => {
  it.each(rowsOf('The tax inside a price'))('$case: $price at $rate %', (row) => {
    const { totals } = invoiceOf([{ label: 'x', amount: fromDecimal(row.price!)!, tax: rate(row.rate) }]);
    expect([decimal(totals.net_amount), decimal(totals.tax_amount)]).toEqual([row.net, row.tax]);
  });

  it.each(rowsOf('Lines share the net'))('$case: $prices', (row) => {
    const lines = row
      .prices!.split(' ')
      .map((price) => ({ label: 'x', amount: fromDecimal(price)!, tax: rate(row.rate) }));
    const invoice = invoiceOf(lines);
    expect(list(invoice.lines.map((line) => line.net_amount))).toBe(row.nets);
    expect(decimal(invoice.totals.tax_amount)).toBe(row.tax);
  });

  it.each(rowsOf('Credit notes in parts'))('$case: $items for $price, credited $parts', (row) => {
    const line = { label: 'x', quantity: Number(row.items), amount: fromDecimal(row.price!)!, tax: rate(row.rate) };
    const invoice = invoiceOf([line]);
    const notes: InvoiceDocument[] = [];
    for (const part of row.parts!.split(' '))
      notes.push(creditInvoice(invoice, notes, [{ line: 1, quantity: Number(part) }], creditIssue));
    expect(list(notes.map((note) => note.totals.gross_amount))).toBe(row.gross);
    expect(list(notes.map((note) => note.totals.net_amount))).toBe(row.net);
    expect(list(notes.map((note) => note.totals.tax_amount))).toBe(row.tax);
  });
});
