/** Rules about what is written down for good, and about what is never written down in clear. */
import { query, type Trx } from '../store/database.ts';
import { chainFaults, firstEventIdOf, LATEST_LINKED_MS, mayFail } from '../store/trail-chain.ts';
import { isIban } from './iban-like.ts';
import { alongIndexes, byPass, bySql, type Invariant, MOST_SHOWN, type Violation } from './invariant.ts';
import { unlessEven } from './weighed.ts';

/** Tables whose rows are never changed or deleted, as far as this database has them. */
const appendOnly = `('event', 'event_link', 'trail_head', 'contract_change', 'credit_movement', 'posting', 'collection_file_part', 'bank_message_part')`;

/** Those that an erasure empties one column of. */
const erasable = `('event', 'event_link', 'contract_change', 'credit_movement')`;

/** Where there is room for the shortest account number, of fifteen characters, and what JSON keeps beside it. */
const hasRoom = 'pg_column_size(data) > 22';

/** Texts where an account number or a key must never be: what people and programs wrote down beside the sealed columns. */
const texts: readonly { table: string; id: string; text: string; where?: string }[] = [
  { table: 'job', id: 'id', text: `payload::text || coalesce(result::text, '') || coalesce(reason_params::text, '')` },
  { table: 'event', id: 'id', text: 'data::text', where: hasRoom },
  { table: 'idempotency_key', id: 'key', text: 'answer::text' },
  { table: 'message', id: 'id', text: `coalesce(facts::text, '') || coalesce(reply, '')` },
  { table: 'contract_change', id: 'id', text: 'data::text' },
  {
    table: 'bank_entry',
    id: 'id',
    text: `concat_ws(' ', reason_code, end_to_end_id, mandate_reference, original_message_id, payment_information_id, detail)`,
    where: `detail <> '{}' or num_nonnulls(reason_code, end_to_end_id, mandate_reference, original_message_id, payment_information_id) > 0`,
  },
  { table: 'bank_message', id: 'id', text: `concat_ws(' ', report, refusal)` },
  { table: 'daily_run', id: 'kind', text: 'result::text' },
];

const KEY = 'sk_(test|live)_[A-Za-z0-9_-]{20}';
const IBAN_LIKE = '\\m[A-Z]{2}[0-9]{2}( {0,1}[A-Z0-9]){11}';

export const trailInvariants: readonly Invariant[] = [
  ...unlessEven(
    (weigh) => `select ${mayFail(weigh)} as trail_chain_holds`,
    [
      bySql(
        'trail_chain_holds',
        'The events of each organization hang together in a chain of hashes, numbered without gap: none was changed, left out or put elsewhere.',
        chainFaults('true'),
      ),
    ],
    // Events are linked in the order in which they lie, as a rule.
    alongIndexes,
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
      const { rows } = await alongIndexes(trx, () =>
        trx.raw(
          `with unlinked as materialized (
             select id from event where id < ? and not exists (select from event_link link where link.event_id = event.id))
           select organization_id as organization, id, 'recorded at ' || recorded_at as detail from unlinked join event using (id) limit ${MOST_SHOWN}`,
          [firstEventIdOf(new Date(Date.now() - LATEST_LINKED_MS))],
        ),
      );
      return rows as Violation[];
    },
  },
  bySql(
    'erased_is_forgotten',
    'Nothing that tells who they were is left of a customer who was erased, but in invoices and bank files that the law keeps.',
    `select organization_id as organization, id, left_in as detail from (
       select c.organization_id, c.id, unnest(array[
         case when c.name <> c.id or num_nonnulls(c.email, c.address, c.business, c.birth_on, c.external_id, c.badge, c.deceased_on) > 0
           then 'customer' end,
         case when exists (select from mandate m where m.customer_id = c.id and (m.sealed_iban <> '' or m.iban_last4 <> '0000'
           or m.state in ('active', 'suspended'))) then 'mandate' end,
         case when exists (select from message m where m.customer_id = c.id
           and num_nonnulls(m.recipient, m.subject_line, m.facts, m.reply) > 0) then 'message' end,
         case when exists (select from promise p where p.customer_id = c.id and p.note is not null and p.recorded_at < c.erased_at)
           or exists (select from reminder_hold h where h.customer_id = c.id and h.note is not null and h.recorded_at < c.erased_at) then 'note' end,
         case when exists (select from payment p where p.customer_id = c.id and p.label is not null) then 'payment' end,
         case when exists (select from contract join contract_change change on change.contract_id = contract.id
           where contract.customer_id = c.id and change.data <> without_reasons(change.data))
           or exists (select from contract join suspension on suspension.contract_id = contract.id
           where contract.customer_id = c.id and suspension.data <> without_reasons(suspension.data)) then 'contract' end,
         case when exists (select from event where event.subjects @> array[c.id] and event.recorded_at < c.erased_at
           and event.data - 'erased' <> without_words(event.data - 'erased')) then 'event' end,
         case when exists (select from job where job.concerns = c.id and job.queued_at < c.erased_at
           and job.payload <> without_words(job.payload)) then 'job' end
       ]) as left_in
       from customer c where c.erased_at is not null
     ) looked_at where left_in is not null`,
  ),
  bySql(
    'append_only_guarded',
    'Every append-only table has its trigger, and the trigger is on.',
    `select null as organization, class.relname as id, 'its trigger is missing or off' as detail
     from pg_class class
     where class.relkind = 'r' and class.relnamespace = 'public'::regnamespace and class.relname in ${appendOnly}
       and not exists (select 1 from pg_trigger trigger join pg_proc on pg_proc.oid = trigger.tgfoid
                       where trigger.tgrelid = class.oid and pg_proc.proname in ('refuse_change', 'keep_but_for_erasure') and trigger.tgenabled in ('O', 'A'))`,
  ),
  bySql(
    'append_only_untouched',
    'No row of an append-only table was ever deleted, or changed but for the erasure of a person, as the server counts it.',
    `select null as organization, relname as id, n_tup_upd || ' changed, ' || n_tup_del || ' deleted' as detail
     from pg_stat_user_tables where schemaname = 'public' and relname in ${appendOnly}
       and (n_tup_del > 0 or (n_tup_upd > 0 and not (relname in ${erasable} and exists (select from customer where erased_at is not null))))`,
  ),
  ...byPass(secretsInClear, [
    {
      name: 'no_iban_in_clear',
      says: 'No account number stands in clear in a job, an event, a kept answer, a change or what a bank told.',
    },
    { name: 'no_key_in_clear', says: 'No API key stands in clear anywhere; only its hash is kept.' },
  ]),
];

/** Each text is written out once, and read once for both. */
async function secretsInClear(trx: Trx): Promise<Map<string, Violation[]>> {
  const ibans: Violation[] = [];
  const keys: Violation[] = [];
  for (const { table, id, text, where = 'true' } of texts) {
    const rows = await query<{ organization: string; id: string; has_key: boolean; candidates: string[] }>(
      trx,
      `select organization_id as organization, id, strpos(text, 'sk_') > 0 and text ~ '${KEY}' as has_key,
         array(select match[1] from regexp_matches(text, '\\m([A-Z]{2}[0-9]{2}( {0,1}[A-Z0-9]){11,30})', 'g') match) as candidates
       from (select organization_id, "${id}"::text as id, ${text} as text from "${table}" where ${where} offset 0) written
       where text ~ '${IBAN_LIKE}' or strpos(text, 'sk_') > 0 and text ~ '${KEY}'`,
    );
    for (const { organization, id: at, has_key, candidates } of rows) {
      if (has_key) keys.push({ organization, id: at, detail: `a key in ${table}` });
      if (candidates.some(isIban)) ibans.push({ organization, id: at, detail: `an account number in ${table}` });
    }
  }
  return new Map([
    ['no_iban_in_clear', ibans],
    ['no_key_in_clear', keys],
  ]);
}
