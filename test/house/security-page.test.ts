/** The page of security requirements names tests and files that exist, and each requirement once. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const page = readFileSync(`${root}docs/security/asvs.md`, 'utf8');

it('every file that it names is there', () => {
  const named = [...page.matchAll(/`((?:test|src|api|docs|workers)\/[\w./-]+)`/g)].map(([, file]) => file as string);
  expect(named.length).toBeGreaterThan(60);
  expect(named.filter((file) => !existsSync(`${root}${file}`))).toEqual([]);
});

it('every line says how, and every chapter that applies has some', () => {
  const lines = page.split('\n').filter((line) => /^\| \d/.test(line));
  expect(lines.filter((line) => (line.split('|')[2] ?? '').trim() === '')).toEqual([]);
  const chapters = new Set(lines.map((line) => Number(/\d+/.exec(line)?.[0])));
  expect([...chapters].sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 13, 14, 15, 16]);
});
