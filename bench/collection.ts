/**
 * Draft, release and file of one day's debits, against the bare INSERT … SELECT of the same rows and a bare stream of the
 * same bytes. Ours runs in a process of its own, so that its memory is seen. `DEBITS` sets the size.
 *
 * The bare rows are those that ours leaves behind: lines in flight, payments with their mandates, their parts, both
 * postings of each, and what is left out (last month's debits, still with the bank). They are made of a later month's
 * instalments, so that every index takes them as it takes ours. What ours writes on rows that were there before
 * (instalments, contracts, mandates, its own lines at their release) has no counterpart there: that, the decision and
 * the file's text are what the ratio weighs.
 */
import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { writeContext } from '../src/context.ts';
import { addMonths, type Day } from '../src/domain/day.ts';
import { newId } from '../src/ids.ts';
import { draftCollection } from '../src/services/draft-collection.ts';
import { releaseLines, writeCollectionFile } from '../src/services/release-collection.ts';
import { connectDatabase, type Database } from '../src/store/database.ts';
import { findOrganization } from '../src/store/organizations.ts';
import { loadLargeClub } from './bulk-load.ts';
import type { BenchEnvironment } from './environment.ts';
import type { BenchResult } from './ratio.ts';

const TODAY = '2026-06-02' as Day;
const DUE = '2026-06-05' as Day;
const PART_BYTES = 1_000_000;

interface Order {
  databaseUrl: string;
  organization: string;
  until_on: Day;
}

interface Measured {
  ms: number;
  steps: string;
  peakMb: number;
  collection: string;
}

async function ours({ databaseUrl, organization: id, until_on }: Order): Promise<Measured> {
  const database = connectDatabase(databaseUrl, { max: 1, application: 'bench' });
  const collection = newId('col');
  const step = (work: (ctx: ReturnType<typeof writeContext>) => Promise<unknown>) =>
    database.transaction(async (trx) =>
      work(writeContext(trx, (await findOrganization(trx, id)) as never, 'bench', new Date())),
    );
  const began = performance.now();
  await step((ctx) => draftCollection(ctx, { id: collection, until_on }));
  const drafted = performance.now();
  await step((ctx) =>
    releaseLines(ctx, { collection, confirm: ['nothing_to_compare', 'lines', 'total', 'new_accounts'] }),
  );
  const released = performance.now();
  await step((ctx) => writeCollectionFile(ctx, collection));
  const written = performance.now();
  await database.destroy();
  const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`;
  return {
    ms: written - began,
    steps: `draft ${seconds(drafted - began)}, release ${seconds(released - drafted)}, file ${seconds(written - released)}`,
    peakMb: process.resourceUsage().maxRSS / 1024,
    collection,
  };
}

/** The same rows from nothing, of the instalments of another day: see above; then the same bytes. */
async function bare(database: Database, organization: string, due: Day, model: string): Promise<number> {
  const { rows } = await database.raw(
    'select bytes from collection_file_part where collection_id = ? order by number',
    [model],
  );
  const bytes = Buffer.concat((rows as { bytes: Buffer }[]).map((row) => row.bytes));
  const collection = newId('col');
  const id = collection.slice(4, 14);
  await database.raw(
    `insert into collection (id, organization_id, state, until_on, drafted_on, drafted_by, format, line_count, total_cents,
       largest_cents, new_account_count, left_out_count, findings, version, recorded_at)
     values (?, ?, 'cancelled', ?, ?, 'bench', 'pain.008.001.08', 0, 0, 0, 0, 0, '[]', 1, now())`,
    [collection, organization, due, TODAY],
  );
  const of = `from instalment i join contract c on c.id = i.contract_id where i.organization_id = '${organization}' and i.due_on = '${due}'`;
  const key = (prefix: string) => `'${prefix}_${id}' || upper(substr(md5('${collection}' || i.id), 1, 16))`;
  const posted = (debit: string, credit: string, payment: string, cause: string, entry: string) =>
    `insert into posting (organization_id, customer_id, claim_id, payment_id, debit, credit, amount_cents, effective_on, cause, entry,
       recorded_on, recorded_at)
     select i.organization_id, i.customer_id, i.id, ${payment}, '${debit}', '${credit}', i.amount_cents, '${TODAY}',
       ${cause}, ${entry}, '${TODAY}', now() ${of}`;
  const began = performance.now();
  await database.transaction(async (trx) => {
    await trx.raw(
      `insert into collection_line (id, organization_id, collection_id, customer_id, contract_id, instalment_id, payment_id,
         amount_cents, due_on, collection_on, mandate_id, sequence_type, state)
       select ${key('lin')}, i.organization_id, '${collection}', i.customer_id, i.contract_id, i.id, ${key('pay')}, i.amount_cents,
         i.due_on, i.due_on, c.mandate_id, 'RCUR', 'in_flight' ${of}`,
    );
    await trx.raw(
      `insert into collection_left_out (organization_id, collection_id, subject_id, kind, customer_id, amount_cents, due_on, reason)
       select organization_id, ?, subject_id, kind, customer_id, amount_cents, due_on, reason
       from collection_left_out where collection_id = ?`,
      [collection, model],
    );
    await trx.raw(
      `insert into payment (id, organization_id, customer_id, state, amount_cents, credit_cents, method, due_on, paid_on,
         mandate_id, attempt, first_attempt_id, rejections, needs_person, refunded_cents, actor, version, recorded_at)
       select ${key('pay')}, i.organization_id, i.customer_id, 'collecting', i.amount_cents, 0, 'direct_debit', i.due_on, '${TODAY}',
         c.mandate_id, 1, ${key('pay')}, 0, false, 0, 'bench', 1, now() ${of}`,
    );
    await trx.raw(
      `insert into payment_part (organization_id, payment_id, claim_id, customer_id, position, amount_cents)
       select i.organization_id, ${key('pay')}, i.id, i.customer_id, 0, i.amount_cents ${of}`,
    );
    const sale = `'sale:' || i.id || ':1'`;
    await trx.raw(posted('receivable', 'revenue', 'null', sale, sale));
    const presented = `'presented:' || ${key('pay')}`;
    await trx.raw(posted('in_flight', 'receivable', key('pay'), `${presented} || ':' || i.id`, presented));
  });
  await database.transaction(async (trx) => {
    const hash = createHash('sha256');
    for (let at = 0, number = 1; at < bytes.length; at += PART_BYTES, number += 1) {
      const piece = bytes.subarray(at, at + PART_BYTES);
      hash.update(piece);
      await trx.raw(
        'insert into collection_file_part (organization_id, collection_id, number, bytes) values (?, ?, ?, ?)',
        [organization, collection, number, piece],
      );
    }
    await trx.raw('update collection set file_sha256 = ? where id = ?', [hash.digest('hex'), collection]);
  });
  return performance.now() - began;
}

/** The club has six months to come: each round collects the next one, and the bare rows are of the one three later. */
const ROUNDS = 3;

export async function benchCollection(environment: BenchEnvironment, rounds = ROUNDS): Promise<BenchResult[]> {
  const debits = Number(process.env.DEBITS ?? 100_000);
  const database = connectDatabase(environment.databaseUrl, { max: 1, application: 'bench' });
  const given = { customers: debits, name: 'Collection', today: TODAY, due: 5, late: false };
  const { organization } = await loadLargeClub(database, given);
  await database.raw('set statement_timeout = 0');
  await database.raw('checkpoint');
  const runs: { ours: Measured; bare: number }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const due = addMonths(DUE, round);
    // The clock goes on: what is due until then is collected month by month.
    await database.raw('update organization set test_today = ? where id = ?', [addMonths(TODAY, round), organization]);
    const child = fork(fileURLToPath(import.meta.url), ['--ours'], { execArgv: ['--import', 'tsx'] });
    child.send({ databaseUrl: environment.databaseUrl, organization, until_on: due } satisfies Order);
    const [measured] = (await once(child, 'message')) as [Measured | { failed: string }];
    if ('failed' in measured) throw new Error(measured.failed);
    const { rows } = await database.raw(
      `select count(*)::int as count from collection_line where collection_id = ? and state = 'in_flight'`,
      [measured.collection],
    );
    if (rows[0].count !== debits) throw new Error(`${rows[0].count} lines were handed over`);
    await database.raw('vacuum analyze');
    await database.raw('checkpoint');
    runs.push({
      ours: measured,
      bare: await bare(database, organization, addMonths(due, ROUNDS), measured.collection),
    });
    await database.raw('vacuum analyze');
    await database.raw('checkpoint');
  }
  await database.destroy();
  const middle = runs.sort((a, b) => a.ours.ms / a.bare - b.ours.ms / b.bare)[
    Math.floor(rounds / 2)
  ] as (typeof runs)[0];
  const peak = Math.max(...runs.map((run) => run.ours.peakMb));
  return [
    {
      name: `draft, release and file of ${debits} debits: 2 times the bare rows and bytes over the time taken`,
      ratio: (2 * middle.bare) / middle.ours.ms,
      target: 1,
      detail: `${middle.ours.steps}, together ${(middle.ours.ms / middle.bare).toFixed(2)} times the bare ${(middle.bare / 1000).toFixed(2)} s`,
    },
    {
      name: 'its memory: 300 MB over what it takes',
      ratio: 300 / peak,
      target: 1,
      detail: `${peak.toFixed(0)} MB at most`,
    },
  ];
}

if (process.argv[2] === '--ours')
  process.once('message', (order: Order) => {
    process.env.ENCRYPTION_KEYS ??= `bench:${Buffer.alloc(32, 7).toString('base64')}`;
    ours(order)
      .catch((error: unknown) => ({ failed: String(error) }))
      .then((answer) => process.send?.(answer, () => process.disconnect()));
  });
