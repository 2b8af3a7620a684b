/**
 * A year of the large club, worked by the services themselves: every month what falls due is sold, the desk takes its
 * payments, what the bank returns of the last collection is applied, the rest counts as paid after the waiting time, and
 * the month is collected. Then some are suspended, invoiced and reminded.
 */
import { type Context, type Organization, writeContext } from '../src/context.ts';
import { addDays, addMonths, type Day, day } from '../src/domain/day.ts';
import { cents } from '../src/domain/money.ts';
import { openPrinter } from '../src/gateways/invoice-pdf/pool.ts';
import { newId } from '../src/ids.ts';
import { draftCollection } from '../src/services/draft-collection.ts';
import { exportHead } from '../src/services/export-head.ts';
import { importBankReturn } from '../src/services/import-bank-return.ts';
import { operations } from '../src/services/operations.ts';
import { presumeSettled } from '../src/services/presume-settled.ts';
import { type PaidInstalment, recordPayments } from '../src/services/record-payments.ts';
import { reviewAccess } from '../src/services/refresh-access.ts';
import { releaseLines, writeCollectionFile } from '../src/services/release-collection.ts';
import { sweepRejectionNotices } from '../src/services/send-notices.ts';
import { sweepReminders } from '../src/services/send-reminders.ts';
import { keepBankMessage } from '../src/store/bank-messages.ts';
import { type Database, query } from '../src/store/database.ts';
import { keepPrinted, loadPrint } from '../src/store/invoice-files.ts';
import { sellDue } from '../src/store/ledger.ts';
import { findOrganization } from '../src/store/organizations.ts';
import { linkTrail } from '../src/store/trail-chain.ts';
import { issueTogether } from '../test/services/invoice-numbers.ts';
import { returnsFile } from './bank-returns.ts';
import { EVERY, FIRST_DAY, LAST_DAY } from './large-club.ts';

const AT_ONCE = 5000;
/** As many as a worker takes from the queue at once. */
const TOGETHER = 25;
/** Of a hundred debits so many come back. */
const RETURNED_OF_HUNDRED = 2;
/** Every so many-th … member was suspended, … was invoiced, … of those who pay at the desk has not paid the first. */
const SUSPENDED = 20;
const INVOICED = 10;
const LATE = 10;
const PRINTED_AS_ONE = 100;

export async function workAYear(database: Database, { id }: Organization, customers: number): Promise<void> {
  const doing = async <Result>(work: (ctx: Context) => Promise<Result>): Promise<Result> => {
    const organization = await findOrganization(database, id);
    if (!organization) throw new Error('the organization is not there');
    return database.transaction(async (trx) => {
      await trx.raw('set local statement_timeout = 0');
      return work(writeContext(trx, organization, 'bench', new Date()));
    });
  };
  for (let today: Day = FIRST_DAY; today < LAST_DAY; today = addMonths(today, 1)) {
    await beginDay(database, id, today);
    await doing((ctx) => sellDue(ctx, null));
    await takePayments(database, doing, today);
    await applyReturns(database, doing, today);
    await doing(presumeSettled);
    await collect(doing, addDays(addMonths(today, 1), -1));
    await linkTrail(database, Number.POSITIVE_INFINITY);
    // What was planned for tables of a month takes for ever on those of a year.
    await database.raw('vacuum analyze');
  }
  await beginDay(database, id, LAST_DAY);
  await doing((ctx) => sellDue(ctx, null));
  await takePayments(database, doing, LAST_DAY);
  await doing(presumeSettled);
  await suspend(doing, customers);
  await invoice(database, id, doing);
  await doing(reviewAccess);
  await doing(sweepRejectionNotices);
  await doing(sweepReminders);
  await sendMessages(database);
  await linkTrail(database, Number.POSITIVE_INFINITY);
  await doing(exportHead);
  await linkTrail(database, Number.POSITIVE_INFINITY);
}

type Doing = <Result>(work: (ctx: Context) => Promise<Result>) => Promise<Result>;

async function beginDay(database: Database, organization: string, today: Day): Promise<void> {
  await database.raw('update organization set test_today = ?, opened_on = ? where id = ?', [
    today,
    today,
    organization,
  ]);
}

async function takePayments(database: Database, doing: Doing, today: Day): Promise<void> {
  const due = await query<PaidInstalment>(
    database,
    `select id, customer_id as customer, amount_cents as amount, method, due_on from instalment
     where due_on <= ? and method = 'card' and status = 'scheduled'
       and not (number = 1 and substr(customer_id, 5)::int / ${EVERY.desk} % ${LATE} = 0) order by contract_id, number`,
    [today],
  );
  for (let at = 0; at < due.length; at += AT_ONCE)
    await doing((ctx) => recordPayments(ctx, due.slice(at, at + AT_ONCE)));
}

async function applyReturns(database: Database, doing: Doing, today: Day): Promise<void> {
  const lines = await query<{ id: string; amount_cents: number }>(
    database,
    `select id, amount_cents from collection_line where state = 'in_flight' and abs(hashtext(id)) % 100 < ${RETURNED_OF_HUNDRED} order by id`,
  );
  if (lines.length === 0) return;
  const message = newId('brt');
  await doing((ctx) => keepBankMessage(ctx, message, returnsFile(lines, today)));
  await doing((ctx) => importBankReturn(ctx, message));
}

async function collect(doing: Doing, until_on: Day): Promise<void> {
  const collection = newId('col');
  await doing((ctx) => draftCollection(ctx, { id: collection, until_on }));
  const confirm = await doing(async ({ trx }) => {
    const rows = await query<{ findings: { code: string }[] }>(trx, 'select findings from collection where id = ?', [
      collection,
    ]);
    return rows[0]!.findings.map(({ code }) => code);
  });
  await doing((ctx) => releaseLines(ctx, { collection, confirm }));
  await doing((ctx) => writeCollectionFile(ctx, collection));
}

async function suspend(doing: Doing, customers: number): Promise<void> {
  const all = Array.from({ length: Math.floor(customers / SUSPENDED) }, (_, at) => (at + 1) * SUSPENDED)
    // Its first month is over, or it begins too late to be suspended in January.
    .filter((n) => n % 365 >= 60);
  for (let at = 0; at < all.length; at += TOGETHER)
    await doing(async (ctx) => {
      const items = all.slice(at, at + TOGETHER).map((n) => ({
        name: 'suspend-contract',
        input: {
          contract: `ctr_${n}`,
          suspension: { starts_on: day('2011-01-10'), days: 45, amount: cents(200), reason: 'Jambe cassée' },
          new_ids: { chg: [newId('chg'), newId('chg')], sus: [newId('sus')] },
        },
        expected: {},
        job_id: newId('job'),
      }));
      await ctx.trx.raw(
        `insert into job (id, organization_id, name, lane, payload, actor, state, attempts, starts_unfinished, queued_at, due_at, finished_at)
         select item ->> 'job_id', ?, item ->> 'name', 'work', jsonb_build_object('input', item -> 'input'), 'bench', 'done', 1, 0, now(), now(), now()
         from jsonb_array_elements(?::jsonb) item`,
        [ctx.organization.id, JSON.stringify(items)],
      );
      const answers = await operations['suspend-contract'].commitMany!(ctx, items);
      const refused = answers.find((answer) => answer === null || answer instanceof Error);
      if (refused !== undefined) throw new Error(`not suspended: ${refused}`);
    });
}

/** Each document has a file, of which one in a hundred is its own: to print them all would take longer than the year. */
async function invoice(database: Database, organization: string, doing: Doing): Promise<void> {
  const paid = await query<{ id: string }>(
    database,
    `select distinct contract_id as id from instalment where status = 'paid' and substr(customer_id, 5)::int % ${INVOICED} = 0
     and contract_id = 'ctr_' || substr(customer_id, 5)`,
  );
  const contracts = paid.map(({ id }) => id);
  for (let at = 0; at < contracts.length; at += TOGETHER)
    await issueTogether(database, organization, contracts.slice(at, at + TOGETHER));
  const issued = await query<{ id: string }>(database, 'select id from invoice_body order by id');
  const printer = openPrinter();
  for (let at = 0; at < issued.length; at += PRINTED_AS_ONE)
    await doing(async (ctx) => {
      const alike = issued.slice(at, at + PRINTED_AS_ONE);
      const file = await printer.print({ kind: 'invoice', ...(await loadPrint(ctx, alike[0]!.id)) });
      for (const { id } of alike) await keepPrinted(ctx, id, file);
    });
  await done(database, 'print-invoice');
  await database.raw(
    `insert into job (id, organization_id, name, lane, payload, actor, state, attempts, starts_unfinished, queued_at, due_at, finished_at)
     select job_id, organization_id, 'issue-invoice', 'work', jsonb_build_object('contract', contract_id), actor, 'done', 1, 0,
       recorded_at, recorded_at, recorded_at from invoice_body`,
  );
}

/** The mail server takes everything. */
async function sendMessages(database: Database): Promise<void> {
  await database.raw(
    `update message set state = 'sent', recipient = customer.email, message_id = '<' || message.id || '@club.example>',
       subject_line = 'Votre échéance', facts = jsonb_build_object('amount', message.amount_cents, 'due_on', message.due_on),
       ended_on = made_on, ended_at = clock_timestamp()
     from customer where customer.id = message.customer_id and message.state = 'queued'`,
  );
  await done(database, 'send-message');
}

async function done(database: Database, job: string): Promise<void> {
  await database.raw(
    `update job set state = 'done', attempts = 1, finished_at = now() where name = ? and state = 'queued'`,
    [job],
  );
}
