/** The bytes of a collection's bank file: its rows read group by group, its pieces written once and read again. */
import type { Context, ReadContext } from '../context.ts';
import type { Day } from '../domain/day.ts';
import type { Cents } from '../domain/money.ts';
import type { Address } from '../schemas/address.ts';
import { query } from './database.ts';

export interface FileGroup {
  scheme: 'CORE' | 'B2B';
  sequence: 'FRST' | 'RCUR' | 'OOFF';
  collected_on: Day;
  count: number;
  total: Cents;
}

export async function groupsOfFile(ctx: ReadContext, collectionId: string): Promise<FileGroup[]> {
  return query<FileGroup>(
    ctx.reader,
    `select mandate.scheme, line.sequence_type as sequence, line.collection_on as collected_on, count(*) as count,
       sum(line.amount_cents)::bigint as total
     from collection_line line join mandate on mandate.id = line.mandate_id
     where line.collection_id = ? and line.state <> 'taken_out'
     group by 1, 2, 3 order by 3, 1, 2`,
    [collectionId],
  );
}

export interface FileRow {
  id: string;
  amount: Cents;
  mandate_reference: string;
  mandate_signed_on: Day;
  amendment: 'SMNDA' | null;
  /** As the debtor's bank knows the creditor, where that is another by now. */
  former_creditor_identifier: string | null;
  former_creditor_name: string | null;
  sealed_iban: string;
  debtor_name: string;
  address: Address | null;
  label: string | null;
  plan: string | null;
  number: number | null;
  due_on: Day;
}

const ROWS_AT_ONCE = 5000;

/**
 * The rows of one group, some thousand at a time, through a cursor: what they are joined with is read once, not again
 * for every thousand. All of them are wanted, which the planner would not think of a cursor.
 */
export async function* rowsOfFile(
  ctx: Context,
  collectionId: string,
  group: FileGroup,
): AsyncGenerator<FileRow[], void, undefined> {
  await ctx.trx.raw('set local cursor_tuple_fraction = 1');
  await ctx.trx.raw(
    `declare file_rows no scroll cursor for
       select line.id, line.amount_cents as amount, mandate.reference as mandate_reference, mandate.signed_on as mandate_signed_on,
         line.amendment, mandate.sealed_iban, customer.name as debtor_name, customer.address, payment.label,
         plan.name as plan, instalment.number, line.due_on,
         nullif(known.creditor ->> 'identifier', collection.creditor ->> 'identifier') as former_creditor_identifier,
         nullif(known.creditor ->> 'name', collection.creditor ->> 'name') as former_creditor_name
       from collection_line line join mandate on mandate.id = line.mandate_id join customer on customer.id = line.customer_id
       join payment on payment.id = line.payment_id join collection on collection.id = line.collection_id
       left join collection known on known.id = mandate.known_collection_id
       left join instalment on instalment.id = line.instalment_id
       left join contract on contract.id = line.contract_id left join plan on plan.id = contract.plan_id
       where line.collection_id = ? and line.state <> 'taken_out' and mandate.scheme = ? and line.sequence_type = ?
         and line.collection_on = ?
       order by line.id`,
    [collectionId, group.scheme, group.sequence, group.collected_on],
  );
  for (;;) {
    const rows = await query<FileRow>(ctx.trx, `fetch ${ROWS_AT_ONCE} from file_rows`);
    if (rows.length === 0) break;
    yield rows;
  }
  await ctx.trx.raw('close file_rows');
}

export async function insertFilePart(ctx: Context, collectionId: string, number: number, bytes: Buffer): Promise<void> {
  await ctx.trx.raw(
    'insert into collection_file_part (organization_id, collection_id, number, bytes) values (?, ?, ?, ?)',
    [ctx.organization.id, collectionId, number, bytes],
  );
}

/** The pieces of a file, in order, one at a time. */
export async function* partsOfFile(ctx: ReadContext, collectionId: string): AsyncGenerator<Buffer, void, undefined> {
  for (let number = 1; ; number += 1) {
    const [row] = await query<{ bytes: Buffer }>(
      ctx.reader,
      'select bytes from collection_file_part where collection_id = ? and organization_id = ? and number = ?',
      [collectionId, ctx.organization.id, number],
    );
    if (!row) return;
    yield row.bytes;
  }
}
