/** A backlog of invoices in one transaction: each answered for itself. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadContracts } from '../../bench/contracts.ts';
import { writeContext } from '../../src/context.ts';
import { Refusal } from '../../src/errors/refusal.ts';
import { newId } from '../../src/ids.ts';
import { issueInvoice } from '../../src/services/issue-invoice.ts';
import type { Preconditions } from '../../src/services/operation.ts';
import { connectDatabase, type Database, query } from '../../src/store/database.ts';
import { findOrganization } from '../../src/store/organizations.ts';
import { freshDatabase } from '../harness/fresh-database.ts';
import { mayInvoice, numbersOf } from './invoice-numbers.ts';

let database: Database;
beforeAll(async () => {
  const { url } = await freshDatabase();
  database = connectDatabase(url, { max: 4, application: 'test' });
});
afterAll(() => database.destroy());

interface Asked {
  contract: string;
  instalments?: string[];
  expected?: Preconditions;
}

async function together(organizationId: string, asked: readonly Asked[]): Promise<string[]> {
  const organization = await findOrganization(database, organizationId);
  if (!organization) throw new Error('no organization');
  const answers = await database.transaction(async (trx) =>
    issueInvoice.commitMany?.(
      writeContext(trx, organization, 'test', new Date()),
      asked.map(({ contract, instalments, expected = {} }) => ({
        name: 'issue-invoice',
        input: { contract, instalments, new_invoice: newId('inv') },
        expected,
        job_id: newId('job'),
      })),
    ),
  );
  return (answers ?? []).map((answer) => {
    if (answer === null) return 'waits';
    return answer instanceof Refusal ? answer.code : String((answer as { number?: string }).number);
  });
}

it('what is refused or must wait takes no number from the others and leaves nothing behind', async () => {
  const { organization, contracts } = await loadContracts(database, 4, 'together');
  const [first, second, third, fourth] = contracts as [string, string, string, string];
  await mayInvoice(database, organization);
  const nobody = newId('ctr');
  const answers = await together(organization, [
    { contract: first },
    { contract: nobody },
    { contract: first },
    { contract: second, instalments: [newId('ins')] },
    { contract: third, expected: { preview_token: 'prv_of_yesterday' } },
    { contract: fourth },
  ]);
  expect(answers).toEqual(['F2026-00001', 'not_found', 'waits', 'not_found', 'stale_preview', 'F2026-00002']);
  const written = await query<object>(
    database,
    `select invoice.contract_id as contract, count(line.position)::int as lines,
            (select count(*)::int from job where concerns = invoice.id and name = 'print-invoice') as prints,
            (select count(*)::int from event where type = 'invoice.issued' and subjects @> array[invoice.id]) as events
     from invoice left join invoice_line line on line.invoice_id = invoice.id
     where invoice.organization_id = ? group by invoice.id, invoice.contract_id, invoice.counter order by invoice.counter`,
    [organization],
  );
  const once = { lines: 1, prints: 1, events: 1 };
  expect(written).toEqual([
    { contract: first, ...once },
    { contract: fourth, ...once },
  ]);
  expect(
    await together(organization, [{ contract: first }, { contract: second }]),
    'what waited is decided on what the first one left',
  ).toEqual(['invoice_without_lines', 'F2026-00003']);
  expect(await numbersOf(database, organization)).toEqual(['F2026-00001', 'F2026-00002', 'F2026-00003']);
});

it('a list of refusals only counts nothing', async () => {
  const { organization, contracts } = await loadContracts(database, 1, 'refused');
  expect(await together(organization, [{ contract: contracts[0] as string }])).toEqual(['invoice_seller_incomplete']);
  const counters = await query(database, 'select 1 from invoice_counter where organization_id = ?', [organization]);
  expect(counters).toEqual([]);
});
