/** Numbers under kill -9: `INVOICES=10000 npx vitest run test/storm/invoice-storm.test.ts` is the long form, with ten workers. */
import { expect, it } from 'vitest';
import { freshDatabase } from '../harness/fresh-database.ts';
import { runInvoiceStorm } from './invoice-storm.ts';

const COUNT = Number(process.env.INVOICES ?? 100);
const LONG = COUNT >= 1000;

it('workers killed while they issue leave no gap, no double, and no instalment invoiced twice', {
  timeout: 120_000 + COUNT * 200,
}, async () => {
  const { url: databaseUrl } = await freshDatabase();
  const result = await runInvoiceStorm({
    databaseUrl,
    invoices: COUNT,
    workers: LONG ? 10 : 3,
    rounds: LONG ? 24 : 2,
    together: 3,
  });
  const { numbers, broken_rules, ...counts } = result;
  process.stderr.write(`invoices under kills: ${JSON.stringify(counts)}\n`);
  expect(numbers).toEqual(Array.from({ length: COUNT }, (_, at) => `F2026-${String(at + 1).padStart(5, '0')}`));
  expect(counts).toMatchObject({ contracts: COUNT, instalments: COUNT, prints: COUNT, refused: COUNT / 10 });
  expect(counts.kills).toBeGreaterThan(0);
  expect(broken_rules).toEqual([]);
});
