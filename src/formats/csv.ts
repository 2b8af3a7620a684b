/**
 * Lines of comma-separated values for spreadsheets (RFC 4180).
 *
 * Always true: no cell is ever run as a formula: text that opens like one gets an apostrophe before it, amounts are
 * written by the engine.
 */
import { cleanText } from '../domain/clean-text.ts';

/** Text as people typed it, or an amount already written. */
export type Cell = { text: string } | { amount: string };

const FORMULA = /^[\s]*[=+\-@|%]/;

export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(cellOf).join(',')}\r\n`;
}

function cellOf(cell: Cell): string {
  if ('amount' in cell) return cell.amount;
  const clean = cleanText(cell.text, 300);
  const safe = FORMULA.test(clean) ? `'${clean}` : clean;
  return /[",\r\n;]|^'/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
