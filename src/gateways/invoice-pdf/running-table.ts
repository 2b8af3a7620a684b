/**
 * A table that runs over pages: its head is repeated, and what was summed so far is carried from each page to the next.
 *
 * Always true: no row is split, no row is drawn below the foot, and a carried row stands at the end of each page that
 * the table goes on after, and at the top of the next.
 */
import { BOTTOM, drawLines, fitted, HAIR, LEFT, NEXT_TOP, PALE, QUIET, RIGHT, small, strong } from './look.ts';
import type { Sheet } from './sheet.ts';

export interface Column {
  label: string;
  /** The right edge for figures, the left one for text. */
  x: number;
  width: number;
  align: 'left' | 'right';
}

export interface RunningTable {
  sheet: Sheet;
  columns: readonly Column[];
  /** Draws the head of a page that follows. */
  nextHead: () => void;
  /** What is carried: a word, and a text per column (empty for none). */
  carried: { word: string; brought: string; sums: () => string[] };
  y: number;
}

const HEAD = 21;
const CARRIED = 19;

export function openTable(table: RunningTable): void {
  const { sheet, columns } = table;
  sheet.roundedBox(LEFT, table.y, RIGHT - LEFT, HEAD, 3, PALE);
  for (const column of columns) {
    const look = { ...small, weight: 'semibold' as const, color: QUIET, align: column.align };
    fitted(sheet, column.label, column.x, table.y + 6.4, column.width, look);
  }
  table.y += HEAD + 4;
}

/** Makes room for `height` more, on the next page where this one has none; the table stays open. */
export function ensureRoom(table: RunningTable, height: number): void {
  if (table.y + height + CARRIED <= BOTTOM) return;
  drawCarried(table, table.carried.word);
  turnPage(table);
  openTable(table);
  drawCarried(table, table.carried.brought);
}

export function turnPage(table: RunningTable): void {
  table.sheet.addPage();
  table.nextHead();
  table.y = NEXT_TOP;
}

function drawCarried(table: RunningTable, word: string): void {
  const { sheet, columns } = table;
  const sums = table.carried.sums();
  const top = table.y + 4;
  const first = columns[0]!;
  drawLines(sheet, [word], first.x, top, { ...strong, size: 8, color: QUIET });
  for (const [at, column] of columns.entries()) {
    if (!sums[at]) continue;
    fitted(sheet, sums[at], column.x, top, column.width, { ...strong, size: 8, figures: true, align: 'right' });
  }
  table.y += CARRIED;
  sheet.rule(LEFT, RIGHT, table.y - 1, HAIR);
  table.y += 2;
}
