/** Whose an object is: the customer behind each kind of id that a request can name. */
import type { ReadContext } from '../context.ts';
import { query } from './database.ts';

const own = (table: string) => `select customer_id from ${table} where id = any(ids)`;
const ofContract = (table: string) =>
  `select contract.customer_id from ${table} part join contract on contract.id = part.contract_id where part.id = any(ids)`;
/** By the natural key of the ledger, whose causes begin with what the entry is. */
const ofGift = (kind: string) => `select gift.customer_id from unnest(ids) as named (gift) cross join lateral (
  select customer_id from posting where organization_id = given.organization
    and cause >= '${kind}:' || named.gift || ':' and cause < '${kind}:' || named.gift || ';' limit 1) gift`;

/** By the prefix of the id: what finds its customer. */
const customerOf: Readonly<Record<string, string>> = {
  cus: 'select id as customer_id from customer where id = any(ids)',
  ctr: own('contract'),
  chg: ofContract('contract_change'),
  sus: ofContract('suspension'),
  ins: own('instalment'),
  fee: own('fee'),
  pay: own('payment'),
  mdt: own('mandate'),
  inv: own('invoice'),
  rem: own('message'),
  prm: own('promise'),
  hld: own('reminder_hold'),
  wof: ofGift('write_off'),
  wvr: ofGift('waiver'),
};

/** The kinds of ids behind which a customer stands. */
export const customersKinds: readonly string[] = Object.keys(customerOf);

/**
 * Whether one of the customers behind these ids was erased.
 * @param locking holds their rows until the transaction ends, so that nobody is erased meanwhile
 */
export async function isErasedAmong(ctx: ReadContext, ids: readonly string[], locking: boolean): Promise<boolean> {
  const kinds = customersKinds.filter((kind) => ids.some((id) => id.startsWith(`${kind}_`)));
  if (kinds.length === 0) return false;
  const finds = kinds.map(
    (kind) => `select customer_id from given, (select ?::text[] as ids) asked, lateral (${customerOf[kind]}) found`,
  );
  const { id: organization } = ctx.organization;
  // Asked by every request that writes: planned once for each set of kinds, of which the routes have some dozen.
  const rows = await query<{ is_erased: boolean }>(
    ctx.reader,
    `with given as (select ?::text as organization)
     select erased_at is not null as is_erased from customer
     where organization_id = ? and id = any(array(${finds.join(' union all ')}))
     order by id ${locking ? 'for no key update' : ''}`,
    [organization, organization, ...kinds.map((kind) => ids.filter((id) => id.startsWith(`${kind}_`)))],
    `erased-among-${kinds.join('-')}${locking ? '-locking' : ''}`,
  );
  return rows.some(({ is_erased }) => is_erased);
}
