/**
 * Numbers given per second, ten at once in one series, against the bare counter: a transaction that locks one row,
 * adds one to it and commits, ten at once too. Ours gives the number and writes the document, its lines and the
 * contract's new version in the same transaction. Whole issues (the contract locked and read, the document decided, its
 * event, the job that prints it) are told beside it: they wait for the processor, not for the counter.
 */
import { writeContext } from '../src/context.ts';
import type { InvoiceDocument } from '../src/domain/invoices/document.ts';
import { newId } from '../src/ids.ts';
import { connectDatabase, type Database, query } from '../src/store/database.ts';
import { insertDocument } from '../src/store/invoices.ts';
import { findOrganization } from '../src/store/organizations.ts';
import { ISSUERS, issueOne, mayInvoice, numbersOf } from '../test/services/invoice-numbers.ts';
import { loadContracts } from './contracts.ts';
import type { BenchEnvironment } from './environment.ts';
import { type BenchResult, medianOf, perSecond } from './ratio.ts';

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

/** Whole issues of as many contracts; then the same documents once more, in the series of another organization. */
async function ours(database: Database, count: number): Promise<{ invoices: number; numbers: number }> {
  const { organization, contracts } = await loadContracts(database, count, 'bench');
  await mayInvoice(database, organization);
  const invoices = await tenAtOnce(count, (at) => issueOne(database, organization, contracts[at] as string, 'none'));
  await check(database, organization, count);
  return { invoices, numbers: await numbersAlone(database, organization, count) };
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
      await insertDocument(writeContext(trx, home, 'bench', new Date()), {
        id: newId('inv'),
        customer_id,
        contract_id: id,
        corrects_id: null,
        series: home.settings.invoicing.invoices,
        document: { ...document, lines: document.lines.map((line) => ({ ...line, source: null })) },
        look: { logo: null, accent: null },
      });
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
    const rates: { counter: number[]; numbers: number[] } = { counter: [], numbers: [] };
    const whole = await medianOf(ROUNDS, async () => {
      rates.counter.push(await bare(database, each));
      const { numbers, invoices } = await ours(database, each);
      rates.numbers.push(numbers);
      return invoices;
    });
    const counter = await medianOf(ROUNDS, async () => rates.counter.pop() as number);
    const numbers = await medianOf(ROUNDS, async () => rates.numbers.pop() as number);
    const against = `against ${Math.round(counter)}/s of the bare counter, ${ISSUERS} at once, ${each} a round`;
    return [
      {
        name: 'numbers given in one series, each with its document written',
        ratio: numbers / counter,
        target: 0.5,
        detail: `${Math.round(numbers)}/s ${against}; whole issues (read, decided, job, event) ${Math.round(whole)}/s`,
      },
    ];
  } finally {
    await database.destroy();
  }
}
