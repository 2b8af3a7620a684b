/** Invoices issued by worker processes that are killed without warning while they issue; then what is there. */
import { loadContracts } from '../../bench/contracts.ts';
import { writeContext } from '../../src/context.ts';
import { documentInvariants } from '../../src/doctor/documents.ts';
import { newId } from '../../src/ids.ts';
import { enqueueMany } from '../../src/jobs/enqueue.ts';
import { connectDatabase, query, queryOne } from '../../src/store/database.ts';
import { findOrganization } from '../../src/store/organizations.ts';
import { mayInvoice } from '../services/invoice-numbers.ts';
import { closing } from './closing.ts';
import { Fleet, type Member } from './fleet.ts';
import { until } from './until.ts';

export interface InvoiceStormOptions {
  databaseUrl: string;
  invoices: number;
  workers: number;
  /** How often workers are killed, spread evenly over the invoices. */
  rounds: number;
  /** How many of them at once, in turns; every fifth time all. The others go on, so the run is not all starting up. */
  together: number;
}

export interface InvoiceStormResult {
  numbers: string[];
  /** Contracts on an invoice, instalments on a live line, prints asked for. */
  contracts: number;
  instalments: number;
  prints: number;
  /** Jobs of the same contract that found it invoiced already. */
  refused: number;
  kills: number;
  broken_rules: string[];
}

/** Rings that all workers together answer at once. */
const AT_ONCE = 20;

/** Every tenth contract is asked for twice. */
const TWICE = 10;

export const runInvoiceStorm = (options: InvoiceStormOptions): Promise<InvoiceStormResult> =>
  closing((closes) => invoiceStormOf(options, closes));

async function invoiceStormOf(
  options: InvoiceStormOptions,
  closes: (step: () => Promise<unknown>) => void,
): Promise<InvoiceStormResult> {
  const database = connectDatabase(options.databaseUrl, { max: 4, application: 'storm' });
  closes(() => database.destroy());
  const { organization, contracts } = await loadContracts(database, options.invoices, 'storm');
  await mayInvoice(database, organization);
  const home = await findOrganization(database, organization);
  if (!home) throw new Error('no organization');
  // Only the issuing is tried: the bundled programs bring no thread that prints.
  await database.raw(`
    create function print_later() returns trigger language plpgsql as $$
    begin
      new.due_at := new.due_at + interval '1 day';
      return new;
    end $$;
    create trigger print_later before insert on job for each row when (new.name = 'print-invoice') execute function print_later()`);
  const asked = [...contracts, ...contracts.filter((_, at) => at % TWICE === 0)];
  await database.transaction((trx) =>
    enqueueMany(
      writeContext(trx, home, 'storm', new Date()),
      'issue-invoice',
      asked.map((contract) => ({ input: { contract, new_invoice: newId('inv') } })),
    ),
  );
  const fleet = await Fleet.start({
    databaseUrl: options.databaseUrl,
    smtpUrl: '',
    counts: { worker: options.workers, relay: 1, api: 0 },
    // What dies with a worker is done again one by one: with more at once the long form would be that and little else.
    environmentOf: () => ({ WORKER_CONCURRENCY: String(Math.ceil(AT_ONCE / options.workers)) }),
  });
  closes(() => fleet.stop());
  let kills = 0;
  try {
    const between = Math.max(1, Math.floor(options.invoices / (options.rounds + 1)));
    for (let round = 1; round <= options.rounds; round += 1) {
      const enough = async () => (await issued()) >= round * between || (await haveEnded());
      await until('so many are issued', enough, 300_000, 50);
      await until('a number is being given', async () => (await isCounting()) || (await haveEnded()), 300_000, 1);
      if (await haveEnded()) break;
      const victims = victimsOf(round, options).map((at) => fleet.of('worker')[at] as Member);
      await Promise.all(victims.map((member) => fleet.kill(member)));
      kills += victims.length;
    }
    await until('every job has ended', haveEnded, 1_800_000, 100);
  } catch (error) {
    process.stderr.write(`${fleet.lastWords()}\n`);
    throw error;
  }
  // Nothing is written any more while it is looked at.
  await fleet.stop();
  const broken_rules = await database.transaction(async (trx) => {
    const broken: string[] = [];
    // The contracts are loaded without their ledger.
    const rules = documentInvariants.filter(({ name }) => name !== 'invoiced_is_sold');
    for (const rule of rules) if ((await rule.find(trx)).length > 0) broken.push(rule.name);
    return broken;
  });
  const [counts] = await query<Omit<InvoiceStormResult, 'numbers' | 'kills' | 'broken_rules'>>(
    database,
    `select (select count(distinct contract_id) from invoice)::int as contracts,
            (select count(distinct instalment_id) from invoice_line where live)::int as instalments,
            (select count(*) from job where name = 'print-invoice')::int as prints,
            (select count(*) from job where name = 'issue-invoice' and state = 'failed' and reason_code = 'invoice_without_lines')::int as refused`,
  );
  const numbers = await query<{ number: string }>(database, 'select number from invoice order by counter');
  return {
    ...(counts as NonNullable<typeof counts>),
    numbers: numbers.map(({ number }) => number),
    kills,
    broken_rules,
  };

  /** Asked often, so by a statement that costs the same however many there are. */
  async function issued(): Promise<number> {
    const row = await queryOne<{ n: number }>(
      database,
      'select coalesce(sum(value), 0)::int as n from invoice_counter',
    );
    return row?.n ?? 0;
  }

  /** Some transaction has taken a number and not committed yet. */
  async function isCounting(): Promise<boolean> {
    const row = await queryOne<{ n: number }>(
      database,
      `select count(*)::int as n from pg_locks where relation = 'invoice_counter'::regclass and mode = 'RowExclusiveLock'`,
    );
    return (row?.n ?? 0) > 0;
  }

  async function haveEnded(): Promise<boolean> {
    const open = await queryOne(
      database,
      `select 1 from job where name = 'issue-invoice' and state in ('queued', 'running') limit 1`,
    );
    return open === null;
  }
}

/** The places of the workers that die in a round. */
function victimsOf(round: number, { workers, together }: InvoiceStormOptions): number[] {
  const count = round % 5 === 0 ? workers : together;
  return Array.from({ length: count }, (_, at) => (round * together + at) % workers);
}
