/** Letters as the desk prints and posts them. */
import { z } from 'zod';
import type { ReadContext } from '../context.ts';
import type { Day } from '../domain/day.ts';
import { type MessageKind, messageKinds } from '../domain/reminders/kinds.ts';
import { type Address, addressField } from '../schemas/address.ts';
import { dayField } from '../schemas/fields.ts';
import { query } from '../store/database.ts';
import { type Page, pageOf } from './page.ts';

export const letterSchema = z
  .object({
    id: z.string(),
    object: z.literal('letter'),
    kind: z.enum(messageKinds),
    customer: z.string(),
    name: z.string(),
    address: addressField.nullable().meta({ description: 'Null: the customer has none, so it cannot be posted yet.' }),
    subject_line: z.string().nullable(),
    status: z.enum(['to_print', 'posted']),
    ready_on: dayField,
    posted_on: dayField.nullable(),
    pdf: z.string(),
  })
  .meta({ id: 'PostalLetter' });

interface Row {
  id: string;
  kind: MessageKind;
  customer: string;
  name: string;
  address: Address | null;
  subject_line: string | null;
  state: 'to_print' | 'sent';
  ready_on: Day;
  posted_on: Day | null;
}

const show = ({ state, ...row }: Row) => ({
  object: 'letter' as const,
  ...row,
  status: state === 'sent' ? ('posted' as const) : state,
  pdf: `/v1/letters/${row.id}/pdf`,
});

export interface LetterFilter {
  limit: number;
  cursor?: string | undefined;
  on?: Day | undefined;
  status?: 'to_print' | 'posted' | undefined;
}

export async function listLetters(ctx: ReadContext, filter: LetterFilter): Promise<Page<ReturnType<typeof show>>> {
  const { cursor = null, on = null, status = null } = filter;
  const rows = await query<Row>(
    ctx.reader,
    `select id, kind, customer_id as customer, coalesce(facts #>> '{letter,name}', '') as name,
       nullif(facts #> '{letter,address}', 'null') as address, subject_line, state, ready_on, posted_on
     from message
     where organization_id = ? and channel = 'letter' and ready_on is not null and facts is not null and state in ('to_print', 'sent')
       and (?::text is null or id < ?) and (?::date is null or ready_on = ?) and (?::text is null or (state = 'to_print') = (? = 'to_print'))
     order by id desc limit ?`,
    [ctx.organization.id, cursor, cursor, on, on, status, status, filter.limit + 1],
  );
  return pageOf(rows, filter.limit, show);
}
