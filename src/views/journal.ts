/** The entries of the ledger in a period, day by day, with the names that an accountant wants beside them. */
import type { ReadContext } from '../context.ts';
import type { Day } from '../domain/day.ts';
import { type JournalEntry, journalEntries } from '../domain/ledger/journal.ts';
import { query } from '../store/database.ts';
import { type PostingRow, postingColumns, postingFrom } from '../store/ledger.ts';

export interface JournalDay {
  on: Day;
  entries: JournalEntry[];
  /** Names of the customers in them. */
  customers: Map<string, string>;
  /** What was sold, and the number of its invoice where it has one, by claim. */
  claims: Map<string, { label: string; invoice: string | null }>;
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
    const claims = await query<{ id: string; label: string; invoice: string | null }>(
      ctx.reader,
      `select i.id, plan.name as label,
         (select invoice.number from invoice_line line join invoice on invoice.id = line.invoice_id
          where line.instalment_id = i.id and line.live) as invoice
       from instalment i join contract c on c.id = i.contract_id join plan on plan.id = c.plan_id
       where i.id = any(?::text[])
       union all select fee.id, fee.label, null from fee where fee.id = any(?::text[])`,
      [claimIds, claimIds],
    );
    yield {
      on,
      entries: journalEntries(rows.map((row) => ({ ...postingFrom(row), recorded_on: row.recorded_on }))),
      customers: new Map(customers.map(({ id, name }) => [id, name])),
      claims: new Map(claims.map(({ id, ...claim }) => [id, claim])),
    };
  }
}
