/**
 * Reads the golden tables: Markdown files whose tables an accountant can check and a test runs.
 * A table belongs to the nearest heading above it; cells are trimmed text, `\|` is a bar inside a cell.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface GoldenTable {
  title: string;
  rows: Record<string, string>[];
}

/** `path` is relative to this folder, for example `reminders.md`. */
export function readTables(path: string): GoldenTable[] {
  const file = fileURLToPath(new URL(path, import.meta.url));
  const tables: GoldenTable[] = [];
  let title = '';
  let header: string[] | null = null;
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const heading = /^#+\s+(.*)$/.exec(line);
    if (heading) title = (heading[1] as string).trim();
    if (!line.trimStart().startsWith('|')) {
      header = null;
      continue;
    }
    const cells = cellsOf(line);
    if (!header) {
      header = cells;
      tables.push({ title, rows: [] });
    } else if (!cells.every((cell) => /^:?-+:?$/.test(cell))) {
      if (cells.length !== header.length)
        throw new Error(`${path}: a row of "${title}" has ${cells.length} cells, not ${header.length}: ${line}`);
      tables.at(-1)?.rows.push(Object.fromEntries(header.map((name, at) => [name, cells[at] as string])));
    }
  }
  return tables;
}

function cellsOf(line: string): string[] {
  return line
    .trim()
    .replace(/^\||(?<!\\)\|$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll('\\|', '|'));
}
