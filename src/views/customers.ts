/** Customers as the desk sees them. */
import { z } from 'zod';
import type { ReadContext } from '../context.ts';
import type { Day } from '../domain/day.ts';
import { Refusal } from '../errors/refusal.ts';
import { type Address, addressField } from '../schemas/address.ts';
import { type Business, businessField } from '../schemas/customer.ts';
import { dayField } from '../schemas/fields.ts';
import { query, queryOne } from '../store/database.ts';
import { type Page, pageOf } from './page.ts';

export const customerSchema = z
  .object({
    id: z.string(),
    object: z.literal('customer'),
    name: z.string(),
    email: z.string().nullable(),
    locale: z.string(),
    address: addressField.nullable(),
    birth_on: dayField.nullable(),
    external_id: z.string().nullable(),
    badge: z.string().nullable(),
    deceased_on: dayField.nullable().meta({ description: 'The day on which the bank reported the death.' }),
    collections_stopped_on: dayField.nullable().meta({ description: 'No direct debit is drafted since this day.' }),
    business: businessField.nullable(),
    erased_at: z.string().nullable().meta({ description: 'The person’s data were erased then; the name is the id.' }),
    version: z.int(),
    created_at: z.string(),
  })
  .meta({ id: 'Customer' });

export interface CustomerRow {
  id: string;
  name: string;
  email: string | null;
  locale: string;
  address: Address | null;
  birth_on: Day | null;
  external_id: string | null;
  badge: string | null;
  deceased_on: Day | null;
  collections_stopped_on: Day | null;
  business: Business | null;
  erased_at: Date | null;
  version: number;
  created_at: Date;
}

const columns =
  'id, name, email, locale, address, birth_on, external_id, badge, business, deceased_on, collections_stopped_on, erased_at, version, created_at';

export function showCustomer(row: CustomerRow) {
  return {
    ...row,
    object: 'customer' as const,
    erased_at: row.erased_at?.toISOString() ?? null,
    created_at: row.created_at.toISOString(),
  };
}

export type CustomerView = ReturnType<typeof showCustomer>;

export async function findCustomer(ctx: ReadContext, id: string): Promise<CustomerView> {
  const row = await queryOne<CustomerRow>(
    ctx.reader,
    `select ${columns} from customer where id = ? and organization_id = ?`,
    [id, ctx.organization.id],
    'find-customer',
  );
  if (!row) throw new Refusal('not_found');
  return showCustomer(row);
}

export interface CustomerFilter {
  limit: number;
  cursor?: string | undefined;
  /** Part of a name, or a whole e-mail, badge or external id. */
  search?: string | undefined;
}

export async function listCustomers(ctx: ReadContext, filter: CustomerFilter): Promise<Page<CustomerView>> {
  const pattern = filter.search ? `%${filter.search.replace(/[\\%_]/g, '\\$&')}%` : null;
  const search = filter.search ?? null;
  const rows = await query<CustomerRow>(
    ctx.reader,
    `select ${columns} from customer
     where organization_id = ? and (?::text is null or id < ?)
       and (?::text is null or name ilike ? or lower(email) = lower(?) or badge = ? or external_id = ?)
     order by id desc limit ?`,
    [
      ctx.organization.id,
      filter.cursor ?? null,
      filter.cursor ?? null,
      pattern,
      pattern,
      search,
      search,
      search,
      filter.limit + 1,
    ],
  );
  return pageOf(rows, filter.limit, showCustomer);
}
