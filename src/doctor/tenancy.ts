/** Rules about whose row it is: every row belongs to an organization, and refers only to rows of the same one. */
import { query, queryOne, type Trx } from '../store/database.ts';
import { alongIndexes, bySql, type Invariant, MOST_SHOWN, type Violation } from './invariant.ts';

interface Reference {
  table: string;
  column: string;
  target: string;
  /**
   * Its values are read beside those that are there, each in the order of an index: a quarter of what it costs to make a
   * hash of the one for the other. Of few values, each is looked up.
   */
  in_order: boolean;
}

/** Every foreign key of one column between two tables that both have an organization. */
async function references(trx: Trx): Promise<Reference[]> {
  return query<Reference>(
    trx,
    `select source.relname as table, attribute.attname as column, target.relname as target, target.reltuples > source.reltuples or exists (
       select from pg_index where pg_index.indrelid = source.oid and pg_index.indkey[0] = attribute.attnum and pg_index.indisvalid
         and (pg_index.indpred is null or pg_get_expr(pg_index.indpred, source.oid) = format('(%I IS NOT NULL)', attribute.attname))) as in_order
     from pg_constraint link
     join pg_class source on source.oid = link.conrelid
     join pg_class target on target.oid = link.confrelid
     join pg_attribute attribute on attribute.attrelid = source.oid and attribute.attnum = link.conkey[1]
     where link.contype = 'f' and array_length(link.conkey, 1) = 1
       and source.relnamespace = 'public'::regnamespace and target.relname <> 'organization'
       and exists (select 1 from pg_attribute a where a.attrelid = source.oid and a.attname = 'organization_id')
       and exists (select 1 from pg_attribute a where a.attrelid = target.oid and a.attname = 'organization_id')
     order by 1, 2`,
  );
}

/** The organization that every row of a table belongs to; null: they are of several, or there is none. */
function ownersOf(trx: Trx): (table: string) => Promise<string | null> {
  const known = new Map<string, Promise<string | null>>();
  const find = async (table: string) => {
    const row = await queryOne<{ owner: string; is_alone: boolean }>(
      trx,
      `select owner, not exists (select from "${table}" where organization_id <> owner) as is_alone
       from (select organization_id as owner from "${table}" limit 1) first`,
    );
    return row?.is_alone ? row.owner : null;
  };
  return (table) => {
    const owner = known.get(table) ?? find(table);
    known.set(table, owner);
    return owner;
  };
}

/** What a column names and is not there. */
async function missing(trx: Trx, { table, column, target, in_order }: Reference, owner: string): Promise<Violation[]> {
  const look = () =>
    query<{ id: string }>(
      trx,
      `with stray as materialized (
         select source."${column}"::text as id from "${table}" source
         where source."${column}" is not null and not exists (select from "${target}" target where target.id = source."${column}"))
       select id from stray limit ${MOST_SHOWN}`,
    );
  const rows = in_order ? await alongIndexes(trx, look) : await look();
  return rows.map(({ id }) => ({
    organization: owner,
    id,
    detail: `${table}.${column} names a ${target} that is not there`,
  }));
}

/** One reading of a table for all that it refers to. */
function strays(table: string, columns: readonly Reference[]): string {
  const joined = columns.map(
    ({ column, target }, at) => `left join "${target}" t${at} on t${at}.id = source."${column}"`,
  );
  const stray = columns.map(
    ({ column }, at) =>
      `source."${column}" is not null and t${at}.organization_id is distinct from source.organization_id`,
  );
  const each = columns.map(
    ({ column, target }, at) =>
      `(source."${column}"::text, '${table}.${column} names a ${target} of ' || coalesce(t${at}.organization_id, 'nobody'), ${stray[at]})`,
  );
  return `
    select source.organization_id as organization, stray.id, stray.detail
    from "${table}" source ${joined.join(' ')}
    cross join lateral (values ${each.join(', ')}) as stray (id, detail, is_stray)
    where (${stray.map((one) => `(${one})`).join(' or ')}) and stray.is_stray
    limit ${MOST_SHOWN}`;
}

/** What belongs to the whole installation, and holds nothing of an organization. */
const withoutTenant = `('organization', 'sign_in_attempt', 'installation')`;

export const tenancyInvariants: readonly Invariant[] = [
  {
    name: 'references_stay_at_home',
    says: 'A row refers only to rows that exist and belong to the same organization: every foreign key of the database.',
    async find(trx) {
      const found: Violation[] = [];
      const all = await references(trx);
      const ownerOf = ownersOf(trx);
      for (const table of new Set(all.map((one) => one.table))) {
        const owner = await ownerOf(table);
        const abroad: Reference[] = [];
        for (const one of all.filter((reference) => reference.table === table)) {
          // Where both tables are of one and the same, nothing can refer to another's.
          if (owner !== null && (await ownerOf(one.target)) === owner) found.push(...(await missing(trx, one, owner)));
          else abroad.push(one);
        }
        if (abroad.length === 0) continue;
        const { rows } = await trx.raw(strays(table, abroad));
        found.push(...(rows as Violation[]));
      }
      return found.slice(0, MOST_SHOWN);
    },
  },
  bySql(
    'every_table_has_a_tenant',
    'Every table says of each row which organization it belongs to; the few that belong to the installation are named.',
    `select null as organization, class.relname as id, 'it has no organization_id that is never null' as detail
     from pg_class class
     where class.relkind in ('r', 'p') and class.relnamespace = 'public'::regnamespace
       and class.relname not in ${withoutTenant} and class.relname not like 'knex_%'
       and not exists (select 1 from pg_attribute attribute where attribute.attrelid = class.oid
                       and attribute.attname = 'organization_id' and attribute.attnotnull)`,
  ),
  bySql(
    'secrets_are_hashed',
    'Of the token of a session or an invitation only its SHA-256 is kept, of a password only its scrypt hash.',
    `select organization_id as organization, id, 'a session' as detail from session where token_hash !~ '^[0-9a-f]{64}$'
     union all
     select organization_id, id, 'an invitation' from person where invitation_hash !~ '^[0-9a-f]{64}$'
     union all
     select organization_id, id, 'a password' from person
     where password_hash !~ '^scrypt\\$[0-9]+\\$[0-9]+\\$[0-9]+\\$[A-Za-z0-9_-]{22}\\$[A-Za-z0-9_-]{43}$'`,
  ),
  bySql(
    'keys_are_hashed',
    'Of an API key only its SHA-256 is kept.',
    `select organization_id as organization, id, 'not a hash' as detail from api_key where key_hash !~ '^[0-9a-f]{64}$'`,
  ),
];
