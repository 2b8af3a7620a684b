/**
 * Numbers given per second, ten at once in one series, against the bare counter: a transaction that locks one row,
 * adds one to it and commits, ten at once too. Ours gives the number and writes the document, its lines and the
 * contract's new version in the same transaction. Whole issues (the contract locked and read, the document decided, its
 * event, the job that prints it) are measured as workers do a backlog; one by one they wait for the processor.
 */
import { writeContext } from '../src/context.ts';
import type { InvoiceDocument } from '../src/domain/invoices/document.ts';
import { newId } from '../src/ids.ts';
import { connectDatabase, type Database, query } from '../src/store/database.ts';
import { insertDocuments } from '../src/store/invoices.ts';
import { findOrganization } from '../src/store/organizations.ts';
import { ISSUERS, issueOne, issueTogether, mayInvoice, numbersOf } from '../test/services/invoice-numbers.ts';
import { loadContracts } from './contracts.ts';
import type { BenchEnvironment } from './environment.ts';
import { type BenchResult, median, medianOf, perSecond } from './ratio.ts';

const ROUNDS = 3;

async function tenAtOnce(count: number, work: (at: number) => Promise<void>): Promise<number> {
  let next = 0;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: ISSUERS }, async () => {
      while (next < count) {
        const at = next;
        next += 1;
        await work(at);
      }
    }),
  );
  return perSecond(count, started);
}

async function bare(database: Database, count: number): Promise<number> {
  await database.raw('create table if not exists bare_counter (id integer primary key, value bigint not null)');
  await database.raw('insert into bare_counter values (1, 0) on conflict do nothing');
  return tenAtOnce(count, () =>
    database.transaction(async (trx) => {
      await trx.raw('update bare_counter set value = value + 1 where id = 1 returning value');
    }),
  );
}

/** As many as a worker takes from the queue at once. */
const TOGETHER = 25;

/** Whole issues, one by one and as a backlog; then the same documents once more, in the series of another organization. */
async function ours(database: Database, count: number): Promise<{ backlog: number; single: number; numbers: number }> {
  const one = await invoicing(database, count);
  const single = await tenAtOnce(count, (at) =>
    issueOne(database, one.organization, one.contracts[at] as string, 'none'),
  );
  await check(database, one.organization, count);
  const all = await invoicing(database, count);
  const started = performance.now();
  await tenAtOnce(Math.ceil(count / TOGETHER), (at) =>
    issueTogether(database, all.organization, all.contracts.slice(at * TOGETHER, (at + 1) * TOGETHER)),
  );
  const backlog = perSecond(count, started);
  await check(database, all.organization, count);
  return { backlog, single, numbers: await numbersAlone(database, one.organization, count) };
}

async function invoicing(database: Database, count: number) {
  const loaded = await loadContracts(database, count, 'bench');
  await mayInvoice(database, loaded.organization);
  return loaded;
}

async function numbersAlone(database: Database, from: string, count: number): Promise<number> {
  const { organization } = await loadContracts(database, count, 'bench');
  const issued = await query<{ document: InvoiceDocument }>(
    database,
    'select document from invoice where organization_id = ? order by id',
    [from],
  );
  const contracts = await query<{ id: string; customer_id: string }>(
    database,
    'select id, customer_id from contract where organization_id = ? order by id',
    [organization],
  );
  const home = await findOrganization(database, organization);
  if (!home) throw new Error('the organization is not there');
  const rate = await tenAtOnce(count, (at) =>
    database.transaction(async (trx) => {
      const { id, customer_id } = contracts[at] as { id: string; customer_id: string };
      const { document } = issued[at] as { document: InvoiceDocument };
      await insertDocuments(writeContext(trx, home, 'bench', new Date()), home.settings.invoicing.invoices, [
        {
          id: newId('inv'),
          customer_id,
          contract_id: id,
          corrects_id: null,
          document: { ...document, lines: document.lines.map((line) => ({ ...line, source: null })) },
          look: { logo: null, accent: null },
        },
      ]);
    }),
  );
  await check(database, organization, count);
  return rate;
}

async function check(database: Database, organization: string, count: number): Promise<void> {
  const numbers = await numbersOf(database, organization);
  if (numbers.length !== count || new Set(numbers).size !== count) throw new Error('numbers are missing or double');
}

export async function benchInvoiceNumbers(
  environment: BenchEnvironment,
  count = Number(process.env.BENCH_INVOICES ?? 10_000),
): Promise<BenchResult[]> {
  const database = connectDatabase(environment.databaseUrl, { max: ISSUERS, application: 'bench' });
  const each = Math.ceil(count / ROUNDS);
  try {
    const rates: Record<'counter' | 'numbers' | 'single', number[]> = { counter: [], numbers: [], single: [] };
    const backlog = await medianOf(ROUNDS, async () => {
      rates.counter.push(await bare(database, each));
      const measured = await ours(database, each);
      rates.numbers.push(measured.numbers);
      rates.single.push(measured.single);
      return measured.backlog;
    });
    const [counter, numbers, single] = [median(rates.counter), median(rates.numbers), median(rates.single)];
    const against = `against ${Math.round(counter)}/s of the bare counter, ${ISSUERS} at once, ${each} a round`;
    return [
      {
        name: 'numbers given in one series, each with its document written',
        ratio: numbers / counter,
        target: 0.5,
        detail: `${Math.round(numbers)}/s ${against}`,
      },
      {
        name: `whole issues (read, decided, numbered, job, event) of a backlog, ${TOGETHER} in a transaction`,
        ratio: backlog / counter,
        target: 0.5,
        detail: `${Math.round(backlog)}/s ${against}; one in a transaction ${Math.round(single)}/s, ${(single / counter).toFixed(2)}`,
      },
    ];
  } finally {
    await database.destroy();
  }
}
