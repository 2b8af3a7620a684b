/** Rules about what banks told: kept whole, booked once, and the books say the same as the words. */
import { createHash } from 'node:crypto';
import { type BankEvent, presentationState } from '../domain/bank-events/presentation.ts';
import { bytesOfMessage } from '../store/bank-messages.ts';
import { query, type Trx } from '../store/database.ts';
import { bySql, type Invariant, inMemory, inOnePass, MOST_SHOWN, type Violation } from './invariant.ts';

/** The entry in the ledger of an effect: `reopen/1` of a payment is `reopened:<payment>:1`. */
const VERBS = `(values ('reopen', 'reopened'), ('close_again', 'closed'), ('bank_in', 'bank_in'), ('bank_out', 'bank_out'),
  ('charge', 'bank_charge')) as verb (key, entry)`;

/**
 * Of each effect of a payment: how many entries of the bank brought it, and how many postings it made, where that is not
 * one and some. Both sides are counted up together, which costs half of looking for each in the other.
 */
const EFFECTS = `(
  select payment_id, key, min(organization_id) as organization_id, sum_cents(brought) as brought, sum_cents(posted) as posted from (
    select line.organization_id, line.payment_id, e.key, 1::bigint as brought, 0::bigint as posted
    from (select line_id, unnest(booked) as key from bank_entry) e join collection_line line on line.id = e.line_id
    union all
    select posting.organization_id, posting.payment_id, verb.key || '/' || split_part(posting.entry, ':', 3), 0, 1
    from posting join ${VERBS} on verb.entry = split_part(posting.entry, ':', 1)
    where posting.payment_id is not null
      and posting.entry = verb.entry || ':' || posting.payment_id || ':' || split_part(posting.entry, ':', 3)) side
  group by payment_id, key having sum_cents(brought) <> 1 or sum_cents(posted) = 0) effect`;

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

interface ToldRow {
  id: string;
  organization: string;
  state: string;
  words: string;
  alike: number;
}

/** Debits of which the same was told are looked at once; where a rule refused a word, the state waits for a person. */
async function otherThanTold(trx: Trx): Promise<Violation[]> {
  const rows = await query<ToldRow>(
    trx,
    `select min(line.id) as id, line.organization_id as organization, line.state, told.words, count(*) as alike
     from (select line_id, string_agg(kind || ' ' || on_day, ',') as words
           from ${inMemory('select line_id, kind, on_day, effect from bank_entry where line_id is not null')} entry
           group by line_id having not bool_or(effect = 'waiting')) told
     join collection_line line on line.id = told.line_id
     group by line.organization_id, line.state, told.words`,
  );
  return rows.flatMap(({ id, organization, state, words, alike }) => {
    const told = presentationState(words.split(',').map(eventFrom));
    if (told.state === state) return [];
    return [{ organization, id, detail: `${state}, and told to be ${told.state}; ${alike} debits alike` }];
  });
}

/** A word's reason says why, and moves no state. */
function eventFrom(word: string): BankEvent {
  const [kind, on] = word.split(' ') as [BankEvent['kind'], BankEvent['on']];
  return { kind, on, reason_code: null };
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
  ...inOnePass({ rows: EFFECTS, organization: 'effect.organization_id', id: 'effect.payment_id' }, [
    {
      name: 'bank_effect_once',
      says: 'Of one debit each effect of the bank’s words belongs to one entry.',
      // A payment may have been handed over and taken back before: its debits are told apart here.
      broken: `effect.brought > 1 and exists (select 1 from collection_line line join bank_entry e on e.line_id = line.id
        where line.payment_id = effect.payment_id and e.booked @> array[effect.key] group by line.id having count(*) > 1)`,
      detail: `effect.key || ' brought by ' || effect.brought || ' entries'`,
    },
    {
      name: 'bank_effect_is_booked',
      says: 'What an entry of the bank says it booked stands in the ledger, and what stands there of a debit was brought by an entry.',
      broken: `effect.posted = 0 or effect.brought = 0 and not starts_with(effect.key, 'charge/') and exists (
        select 1 from collection_line line where line.payment_id = effect.payment_id and line.state in ('in_flight', 'settled', 'failed'))`,
      detail: `effect.key || case when effect.posted = 0 then ' is not in the ledger' else ' was brought by no entry' end`,
    },
  ]),
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
