/** Numbers under load: no gap, no double, whatever fails after a number was given. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadContracts } from '../../bench/contracts.ts';
import { connectDatabase, type Database, query } from '../../src/store/database.ts';
import { freshDatabase } from '../harness/fresh-database.ts';
import { issueAll, issueOne, mayInvoice, numbersOf } from './invoice-numbers.ts';

/** `INVOICES=10000` for the long form. */
const COUNT = Number(process.env.INVOICES ?? 300);

let database: Database;
beforeAll(async () => {
  const { url } = await freshDatabase();
  database = connectDatabase(url, { max: 12, application: 'test' });
});
afterAll(() => database.destroy());

it('ten issuers at once, with failures and lost connections, leave no gap and no double', {
  timeout: 60_000 + COUNT * 50,
}, async () => {
  const { organization, contracts } = await loadContracts(database, COUNT, 'numbers');
  await mayInvoice(database, organization);
  const faults = await issueAll(database, organization, contracts);
  expect(faults).toBeGreaterThan(COUNT / 5);
  const numbers = await numbersOf(database, organization);
  expect(numbers).toEqual(Array.from({ length: COUNT }, (_, at) => `F2026-${String(at + 1).padStart(5, '0')}`));
  const [counts] = await query<object>(
    database,
    `select (select count(distinct contract_id) from invoice where organization_id = ?)::int as contracts,
            (select count(*) from job where organization_id = ? and name = 'print-invoice')::int as prints,
            (select count(*) from invoice_line where organization_id = ? and live)::int as lines`,
    [organization, organization, organization],
  );
  expect(counts, 'each contract invoiced once, each invoice with the job that prints it').toEqual({
    contracts: COUNT,
    prints: COUNT,
    lines: COUNT,
  });
});

it('an instalment is on one invoice, however many issue it at once', async () => {
  const { organization, contracts } = await loadContracts(database, 1, 'once');
  await mayInvoice(database, organization);
  const tries = await Promise.allSettled(
    Array.from({ length: 10 }, () => issueOne(database, organization, contracts[0] as string, 'none')),
  );
  expect(tries.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
  expect(await numbersOf(database, organization)).toEqual(['F2026-00001']);
});
