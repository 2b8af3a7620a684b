/** Rules about what banks told: kept whole, booked once, and the books say the same as the words. */
import { createHash } from 'node:crypto';
import { type BankEvent, presentationState } from '../domain/bank-events/presentation.ts';
import { bytesOfMessage } from '../store/bank-messages.ts';
import { query, type Trx } from '../store/database.ts';
import { bySql, type Invariant, MOST_SHOWN, type Violation } from './invariant.ts';

/** The entry in the ledger of an effect: `reopen/1` of a payment is `reopened:<payment>:1`. */
const VERBS = `(values ('reopen', 'reopened'), ('close_again', 'closed'), ('bank_in', 'bank_in'), ('bank_out', 'bank_out'),
  ('charge', 'bank_charge')) as verb (key, entry)`;

const BOOKED = `
  select e.organization_id as organization, e.id, e.line_id, line.payment_id, effect.key,
    verb.entry || ':' || line.payment_id || ':' || split_part(effect.key, '/', 2) as entry
  from bank_entry e cross join unnest(e.booked) as effect (key) join collection_line line on line.id = e.line_id
  left join ${VERBS} on verb.key = split_part(effect.key, '/', 1)`;

/** How much of the newest files is read again, in all. */
const MOST_BYTES = 64 * 1024 * 1024;

async function brokenFiles(trx: Trx): Promise<Violation[]> {
  const files = await query<{ id: string; organization: string; sha256: string; byte_count: number }>(
    trx,
    `select id, organization_id as organization, sha256, byte_count from (
       select *, sum(byte_count) over (order by id desc) as read from bank_message) newest
     where read <= ? or id = (select max(id) from bank_message) order by id desc`,
    [MOST_BYTES],
  );
  const found: Violation[] = [];
  for (const { id, organization, sha256, byte_count } of files) {
    const detail = await faultOf(trx, { id, organization, sha256, byte_count });
    if (detail !== null) found.push({ organization, id, detail });
    if (found.length === MOST_SHOWN) break;
  }
  return found;
}

async function faultOf(
  trx: Trx,
  file: { id: string; organization: string; sha256: string; byte_count: number },
): Promise<string | null> {
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    for await (const piece of bytesOfMessage(trx, file.organization, file.id)) {
      hash.update(piece);
      bytes += piece.length;
    }
  } catch (error) {
    return `its bytes do not open: ${error instanceof Error ? error.message : String(error)}`;
  }
  if (bytes !== file.byte_count) return `${bytes} bytes of ${file.byte_count}`;
  return hash.digest('hex') === file.sha256 ? null : 'its bytes have another SHA-256';
}

interface LineRow {
  id: string;
  organization: string;
  state: string;
  payment_state: string;
  events: [BankEvent['kind'], BankEvent['on'], string | null][];
}

/** Debits of which anything but good news was told, and whether their state is that of all words together. */
async function otherThanTold(trx: Trx): Promise<Violation[]> {
  const found: Violation[] = [];
  for (let after = ''; found.length < MOST_SHOWN; ) {
    const rows = await query<LineRow>(
      trx,
      `select line.id, line.organization_id as organization, line.state, p.state as payment_state,
         json_agg(json_build_array(e.kind, e.on_day, e.reason_code)) as events
       from collection_line line join payment p on p.id = line.payment_id join bank_entry e on e.line_id = line.id
       where line.id > ? and e.effect <> 'waiting' and not exists (
         select 1 from bank_entry refused where refused.line_id = line.id and refused.effect = 'waiting')
       group by line.id, p.state order by line.id limit 10000`,
      [after],
    );
    const last = rows.at(-1);
    if (!last) break;
    after = last.id;
    for (const row of rows) {
      const { state } = presentationState(row.events.map(([kind, on, reason_code]) => ({ kind, on, reason_code })));
      if (state !== row.state)
        found.push({ organization: row.organization, id: row.id, detail: `${row.state}, and told to be ${state}` });
    }
  }
  return found.slice(0, MOST_SHOWN);
}

export const bankReturnInvariants: readonly Invariant[] = [
  bySql(
    'bank_file_whole',
    'A file of the bank is applied with every entry that it says it kept, or has none; nothing in it waits to be weighed.',
    `select m.organization_id as organization, m.id, m.state || ' with ' || count(e.id) || ' entries of ' || coalesce(m.entry_count, 0) as detail
     from bank_message m left join bank_entry e on e.message_id = m.id and e.position is not null
     group by m.id having count(e.id) <> coalesce(m.entry_count, 0)
     union all
     select organization_id, id::text, 'an entry that was matched and never weighed' from bank_entry where effect = 'told'`,
  ),
  {
    name: 'bank_file_bytes_hold',
    says: 'The bytes of a bank’s file open, are as many as came, and have the SHA-256 that they came with (the newest 64 MB).',
    find: brokenFiles,
  },
  bySql(
    'bank_effect_once',
    'Of one debit each effect of the bank’s words belongs to one entry.',
    `select min(organization) as organization, line_id as id, key || ' brought by ' || count(*) || ' entries' as detail
     from (${BOOKED}) booked group by line_id, key having count(*) > 1`,
  ),
  bySql(
    'bank_effect_is_booked',
    'What an entry of the bank says it booked stands in the ledger, and what stands there of a debit was brought by an entry.',
    `select organization, id::text as id, coalesce(entry, key) || ' is not in the ledger' as detail
     from (${BOOKED}) booked
     where not exists (select 1 from posting where posting.payment_id = booked.payment_id and posting.entry = booked.entry)
     union all
     select distinct posting.organization_id, posting.payment_id, posting.entry || ' was brought by no entry'
     from posting join collection_line line on line.payment_id = posting.payment_id and line.state in ('in_flight', 'settled', 'failed')
     join ${VERBS} on verb.entry = split_part(posting.entry, ':', 1) and verb.key <> 'charge'
     where posting.entry = verb.entry || ':' || posting.payment_id || ':' || split_part(posting.entry, ':', 3)
       and not exists (select 1 from bank_entry e where e.line_id = line.id
         and e.booked @> array[verb.key || '/' || split_part(posting.entry, ':', 3)])`,
  ),
  {
    name: 'debit_is_as_told',
    says: 'The state of a presentation is the one that all words about it together give.',
    find: otherThanTold,
  },
  bySql(
    'given_back_is_owed_once',
    'What was given back of a payment that then came back is a claim, at most what was given back.',
    `select fee.organization_id as organization, fee.id, fee.sold_cents || ' owed again, ' || p.refunded_cents || ' given back' as detail
     from fee join payment p on p.id = fee.payment_id where fee.kind = 'refund' and fee.sold_cents > p.refunded_cents`,
  ),
];
