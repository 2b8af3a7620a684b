/** After a storm: every payment, rejection, collection, invoice and mail that was accepted is there, once. */
import { type Database, query } from '../../src/store/database.ts';
import type { Kind, LoadResult } from './load.ts';
import type { Heard } from './mail-server.ts';
import type { Findings } from './verify.ts';

export async function verifyMoney(
  database: Database,
  load: LoadResult,
  heard: ReadonlyMap<string, Heard>,
  findings: Findings,
): Promise<void> {
  await countedOnce(database, load, findings);
  await rejectedOnce(database, load, findings);
  for (const { lost, doubled, sql } of checks) {
    for (const { what, times } of await query<{ what: string; times: number }>(database, sql)) {
      if (times === 0) findings.lost.push(`${what}: ${lost}`);
      else findings.doubled.push(`${what}: ${doubled} (${times})`);
    }
  }
  await mails(database, heard, findings);
}

/** What a request does at once, counted by what it leaves. */
const counts: Partial<Record<Kind, string>> = {
  pay: `select count(*) as n from event where type = 'payment.received'`,
  remind: `select count(*) as n from message where kind = 'payment_reminder'`,
};

async function countedOnce(database: Database, load: LoadResult, findings: Findings): Promise<void> {
  for (const [kind, sql] of Object.entries(counts)) {
    const wanted = load.settled.filter((one) => one.kind === kind && one.outcome.status < 300).length;
    const there = Number((await query<{ n: number | null }>(database, sql))[0]?.n ?? 0);
    if (there < wanted) findings.lost.push(`${wanted - there} of ${wanted} ${kind}`);
    if (there > wanted) findings.doubled.push(`${there - wanted} ${kind} more than the ${wanted} asked for`);
  }
}

/** A payment came back once for each time that the desk said so, and once for however many files of the bank. */
async function rejectedOnce(database: Database, load: LoadResult, findings: Findings): Promise<void> {
  const wanted = new Map<string, number>();
  for (const { kind, outcome, told = [] } of load.settled) {
    if (kind === 'reject' && outcome.status < 300) {
      const id = outcome.body.payment.id as string;
      wanted.set(id, (wanted.get(id) ?? 0) + 1);
    }
    if (outcome.status < 300 || outcome.job !== null) for (const id of told) wanted.set(id, 1);
  }
  const rows = await query<{ id: string; rejections: number; events: number }>(
    database,
    `select payment.id, payment.rejections, count(event.id) as events from payment
     left join event on event.subjects @> array[payment.id] and event.type = 'payment.rejected' and event.subjects[1] = payment.id
     group by payment.id`,
  );
  for (const { id, rejections, events } of rows) {
    const asked = wanted.get(id) ?? 0;
    const what = `${id} came back ${rejections} times, told of ${events} times, asked for ${asked} times`;
    if (rejections < asked || events < asked) findings.lost.push(what);
    if (rejections > asked || events > asked) findings.doubled.push(what);
  }
}

/** Each finds what is there another number of times than once: `times` is 0 for what was lost. */
const checks = [
  {
    lost: 'its draft is not there',
    doubled: 'told of more than once, or without its job',
    sql: `select job.id as what, count(event.id) as times from job
          left join collection on collection.id = job.payload ->> 'collection'
          left join event on event.subjects @> array[collection.id] and event.type = 'collection.drafted'
          where job.name = 'draft-collection'
          group by job.id having count(event.id) <> case when job.state = 'done' then 1 else 0 end`,
  },
  {
    lost: 'it is not released',
    doubled: 'released more than once, or without its job',
    sql: `select collection.id as what, count(event.id) as times from collection
          left join event on event.subjects @> array[collection.id] and event.type = 'collection.released'
          where true group by collection.id
          having count(event.id) <> (select least(count(*), 1) from job where job.name = 'release-collection'
                                     and job.state = 'done' and job.payload ->> 'collection' = collection.id)`,
  },
  {
    lost: 'its file is not the one that was written',
    doubled: 'its file has other debits than its lines',
    sql: `with file as (
            select collection_id, string_agg(bytes, ''::bytea order by number) as bytes from collection_file_part group by collection_id)
          select collection.id as what,
                 case when encode(sha256(file.bytes), 'hex') is distinct from collection.file_sha256 then 0
                      else regexp_count(convert_from(file.bytes, 'UTF8'), '<EndToEndId>') end as times
          from collection left join file on file.collection_id = collection.id
          where collection.released_on is not null
            and (encode(sha256(file.bytes), 'hex') is distinct from collection.file_sha256
              or regexp_count(convert_from(file.bytes, 'UTF8'), '<EndToEndId>') <>
                 (select count(*) from collection_line line where line.collection_id = collection.id
                  and line.state in ('in_flight', 'settled', 'failed')))`,
  },
  {
    lost: '',
    doubled: 'with the bank more than once',
    sql: `select coalesce(payment_id, instalment_id) as what, count(*) as times from collection_line
          where state in ('in_flight', 'settled') group by coalesce(payment_id, instalment_id) having count(*) > 1
          union all
          select instalment_id, count(*) from collection_line
          where state = 'in_flight' and instalment_id is not null group by instalment_id having count(*) > 1`,
  },
  {
    lost: 'its document is not there',
    doubled: 'a document without its job',
    sql: `select job.id as what, count(invoice.id) as times from job
          left join invoice on invoice.id = job.payload #>> '{input,new_invoice}'
          where job.name in ('issue-invoice', 'cancel-invoice')
          group by job.id having count(invoice.id) <> case when job.state = 'done' then 1 else 0 end`,
  },
  {
    lost: 'no documents, and numbers were given',
    doubled: 'numbers are missing or given twice; documents',
    sql: `select series || ' ' || period as what, count(*) as times from invoice
          group by organization_id, series, period having count(*) <> max(counter) or min(counter) <> 1`,
  },
  {
    lost: 'it is not printed as it was kept',
    doubled: 'printed more than once',
    sql: `select invoice.id as what, count(file.invoice_id) filter (where encode(sha256(file.bytes), 'hex') = file.sha256) as times
          from invoice left join invoice_file file on file.invoice_id = invoice.id
          group by invoice.id having count(file.invoice_id) filter (where encode(sha256(file.bytes), 'hex') = file.sha256) <> 1`,
  },
];

/** A mail recorded as sent was taken once; one whose fate is unknown at most once; any other never. */
async function mails(database: Database, heard: ReadonlyMap<string, Heard>, findings: Findings): Promise<void> {
  const rows = await query<{ id: string; state: string; message_id: string | null; reply: string | null }>(
    database,
    'select id, state, message_id, reply from message',
  );
  const known = new Set(rows.map(({ message_id }) => message_id));
  for (const { id, state, message_id, reply } of rows) {
    const { accepted = 0, unanswered = 0 } = heard.get(message_id ?? '') ?? {};
    const what = `${id} is ${state}, taken ${accepted} times, heard and unanswered ${unanswered} times`;
    if (state === 'queued' || state === 'sending') findings.lost.push(what);
    if (accepted + unanswered > 1) findings.doubled.push(what);
    if (state === 'sent' && reply !== null && accepted === 0) findings.lost.push(what);
    if (state !== 'sent' && state !== 'unknown' && accepted > 0) findings.doubled.push(what);
  }
  for (const id of heard.keys()) if (!known.has(id)) findings.doubled.push(`${id} was sent and nobody knows of it`);
}
