/** Rules about what is written down for good, and about what is never written down in clear. */
import { chainFaults, firstEventIdOf, LATEST_LINKED_MS } from '../store/trail-chain.ts';
import { isIban } from './iban-like.ts';
import { bySql, type Invariant, MOST_SHOWN, type Violation } from './invariant.ts';

/** Tables whose rows are never changed or deleted, as far as this database has them. */
const appendOnly = `('event', 'event_link', 'trail_head', 'contract_change', 'credit_movement', 'posting', 'collection_file_part', 'bank_message_part')`;

/** Texts where an account number or a key must never be: what people and programs wrote down beside the sealed columns. */
const texts = [
  { table: 'job', id: 'id', text: `payload::text || coalesce(result::text, '') || coalesce(reason_params::text, '')` },
  { table: 'event', id: 'id', text: 'data::text' },
  { table: 'idempotency_key', id: 'key', text: 'answer::text' },
  { table: 'contract_change', id: 'id', text: 'data::text' },
  { table: 'daily_run', id: 'kind', text: 'result::text' },
];

export const trailInvariants: readonly Invariant[] = [
  bySql(
    'trail_chain_holds',
    'The events of each organization hang together in a chain of hashes, numbered without gap: none was changed, left out or put elsewhere.',
    chainFaults('true'),
  ),
  bySql(
    'trail_reaches_its_heads',
    'Every end of a chain that was handed out is still in it: nothing was cut off and written anew.',
    `select head.organization_id as organization, 'link ' || head.seq as id, 'handed out on ' || head.recorded_at as detail
     from trail_head head left join event_link link using (organization_id, seq)
     where link.hash is null or encode(link.hash, 'hex') <> head.hash`,
  ),
  {
    name: 'trail_is_linked',
    says: 'Every event is in the chain within two hours, as a rule within seconds.',
    async find(trx) {
      const { rows } = await trx.raw(
        `select organization_id as organization, id, 'recorded at ' || recorded_at as detail from event
         where id < ? and not exists (select from event_link link where link.event_id = event.id) limit ${MOST_SHOWN}`,
        [firstEventIdOf(new Date(Date.now() - LATEST_LINKED_MS))],
      );
      return rows as Violation[];
    },
  },
  bySql(
    'append_only_guarded',
    'Every append-only table has its trigger, and the trigger is on.',
    `select null as organization, class.relname as id, 'its trigger is missing or off' as detail
     from pg_class class
     where class.relkind = 'r' and class.relnamespace = 'public'::regnamespace and class.relname in ${appendOnly}
       and not exists (select 1 from pg_trigger trigger join pg_proc on pg_proc.oid = trigger.tgfoid
                       where trigger.tgrelid = class.oid and pg_proc.proname = 'refuse_change' and trigger.tgenabled in ('O', 'A'))`,
  ),
  bySql(
    'append_only_untouched',
    'No row of an append-only table was ever changed or deleted, as the server counts it.',
    `select null as organization, relname as id, n_tup_upd || ' changed, ' || n_tup_del || ' deleted' as detail
     from pg_stat_user_tables where schemaname = 'public' and relname in ${appendOnly} and n_tup_upd + n_tup_del > 0`,
  ),
  {
    name: 'no_iban_in_clear',
    says: 'No account number stands in clear in a job, an event, a kept answer or a change.',
    async find(trx) {
      const found: Violation[] = [];
      for (const { table, id, text } of texts) {
        const { rows } = await trx.raw(
          `select organization_id as organization, "${id}" as id,
                  array(select match[1] from regexp_matches(${text}, '\\m([A-Z]{2}[0-9]{2}( {0,1}[A-Z0-9]){11,30})', 'g') match) as candidates
           from "${table}" where ${text} ~ '\\m[A-Z]{2}[0-9]{2}( {0,1}[A-Z0-9]){11}'`,
        );
        for (const row of rows as { organization: string; id: string; candidates: string[] }[]) {
          if (row.candidates.some(isIban)) {
            found.push({ organization: row.organization, id: row.id, detail: `an account number in ${table}` });
          }
        }
      }
      return found.slice(0, MOST_SHOWN);
    },
  },
  bySql(
    'no_key_in_clear',
    'No API key stands in clear anywhere; only its hash is kept.',
    texts
      .map(
        ({ table, id, text }) =>
          `select organization_id as organization, "${id}" as id, 'a key in ${table}' as detail
           from "${table}" where ${text} ~ 'sk_(test|live)_[A-Za-z0-9_-]{20}'`,
      )
      .join(' union all '),
  ),
];
