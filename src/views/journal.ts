/** The entries of the ledger in a period, day by day, with the names that an accountant wants beside them. */
import type { ReadContext } from '../context.ts';
import type { Day } from '../domain/day.ts';
import { NOTE_ENTRY } from '../domain/ledger/credit-notes.ts';
import { type JournalEntry, journalEntries } from '../domain/ledger/journal.ts';
import { query } from '../store/database.ts';
import { type PostingRow, postingColumns, postingFrom } from '../store/ledger.ts';

export interface JournalDay {
  on: Day;
  entries: JournalEntry[];
  /** Names of the customers in them. */
  customers: Map<string, string>;
  /** What was sold, by claim. */
  claims: Map<string, string>;
  /** The numbers of the invoices and credit notes that prove entries, by entry. */
  documents: Map<string, string>;
  /** The claims that are settled in whole by the end of the period, and since when. */
  settled: Map<string, Day>;
}

/** One day at a time, so that memory holds a day and not a year. */
export async function* journalDays(ctx: ReadContext, from: Day, to: Day): AsyncGenerator<JournalDay> {
  const { id: organization } = ctx.organization;
  const days = await query<{ on: Day }>(
    ctx.reader,
    `select distinct effective_on as "on" from posting where organization_id = ? and effective_on between ? and ? order by 1`,
    [organization, from, to],
  );
  for (const { on } of days) {
    const rows = await query<PostingRow & { recorded_on: Day }>(
      ctx.reader,
      `select ${postingColumns}, recorded_on from posting where organization_id = ? and effective_on = ? order by id`,
      [organization, on],
      'postings-of-day',
    );
    const customerIds = [...new Set(rows.flatMap((row) => row.customer_id ?? []))];
    const claimIds = [...new Set(rows.flatMap((row) => row.claim_id ?? []))];
    const customers = await query<{ id: string; name: string }>(
      ctx.reader,
      'select id, name from customer where id = any(?::text[])',
      [customerIds],
    );
    const claims = await query<{ id: string; label: string }>(
      ctx.reader,
      `select i.id, plan.name as label
       from instalment i join contract c on c.id = i.contract_id join plan on plan.id = c.plan_id
       where i.id = any(?::text[])
       union all select fee.id, fee.label from fee where fee.id = any(?::text[])`,
      [claimIds, claimIds],
    );
    const entries = [...new Set(rows.map((row) => row.entry))];
    const documents = await query<{ entry: string; number: string }>(
      ctx.reader,
      `select line.sale_entry as entry, invoice.number from invoice_line line join invoice on invoice.id = line.invoice_id
       where line.sale_entry = any(?::text[])
       union all select ?::text || invoice.id, invoice.number from invoice where invoice.id = any(?::text[])`,
      [
        entries,
        NOTE_ENTRY,
        entries.filter((entry) => entry.startsWith(NOTE_ENTRY)).map((entry) => entry.slice(NOTE_ENTRY.length)),
      ],
    );
    const settled = await query<{ claim: string; on: Day }>(
      ctx.reader,
      `select claim_id as claim, max(effective_on) as "on" from posting
       where claim_id = any(?::text[]) and effective_on <= ?
       group by claim_id
       having sum(case when debit = 'receivable' then amount_cents when credit = 'receivable' then -amount_cents else 0 end) = 0`,
      [claimIds, to],
    );
    yield {
      on,
      entries: journalEntries(rows.map((row) => ({ ...postingFrom(row), recorded_on: row.recorded_on }))),
      customers: new Map(customers.map(({ id, name }) => [id, name])),
      claims: new Map(claims.map(({ id, label }) => [id, label])),
      documents: new Map(documents.map(({ entry, number }) => [entry, number])),
      settled: new Map(settled.map(({ claim, on }) => [claim, on])),
    };
  }
}
