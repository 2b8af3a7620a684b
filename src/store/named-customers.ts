/** Whose an object is: the customer behind each kind of id that a request can name. */
import type { ReadContext } from '../context.ts';

const own = (table: string) => `select customer_id from ${table} where id = any(ids)`;
const ofContract = (table: string) =>
  `select contract.customer_id from ${table} part join contract on contract.id = part.contract_id where part.id = any(ids)`;
/** By the natural key of the ledger, whose causes begin with what the entry is. */
const ofGift = (kind: string) => `select gift.customer_id from unnest(ids) as named (gift) cross join lateral (
  select customer_id from posting where organization_id = :organization
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
  const finds: string[] = [];
  const bindings: Record<string, string | string[]> = { organization: ctx.organization.id };
  for (const [kind, sql] of Object.entries(customerOf)) {
    const named = ids.filter((id) => id.startsWith(`${kind}_`));
    if (named.length === 0) continue;
    bindings[kind] = named;
    finds.push(sql.replaceAll('(ids)', `(cast(:${kind} as text[]))`));
  }
  if (finds.length === 0) return false;
  const { rows } = await ctx.reader.raw(
    `select erased_at is not null as is_erased from customer
     where organization_id = :organization and id = any(array(${finds.join(' union all ')}))
     order by id ${locking ? 'for no key update' : ''}`,
    bindings as never,
  );
  return (rows as { is_erased: boolean }[]).some(({ is_erased }) => is_erased);
}
