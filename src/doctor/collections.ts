/** Rules about what is handed to the bank. */
import { bySql, type Invariant, inMemory } from './invariant.ts';

/** States of a debit that the bank was given. */
export const handedOver = `('in_flight', 'settled', 'failed')`;

export const collectionInvariants: readonly Invariant[] = [
  bySql(
    'one_live_presentation',
    'An instalment is with the bank once at the most, and a payment is presented once.',
    `select min(organization_id) as organization, instalment_id as id, count(*) || ' live presentations' as detail
     from collection_line where state = 'in_flight' and instalment_id is not null group by instalment_id having count(*) > 1
     union all
     -- Read in the order of an index, without the rows.
     select (select organization_id from payment where payment.id = payment_id), payment_id, 'several presentations'
     from (select payment_id, lag(payment_id) over (order by payment_id) as before from collection_line
           where state in ${handedOver} and payment_id is not null) presented where before = payment_id`,
  ),
  bySql(
    'lines_equal_payments',
    'A presentation is where its payment is: with the bank, settled, failed or taken back.',
    `select line.organization_id as organization, line.id, line.state || ', its payment ' || coalesce(payment.state, 'is missing') as detail
     from collection_line line left join ${inMemory('select id, state, amount_cents from payment')} payment on payment.id = line.payment_id
     where line.state not in ('drafted', 'taken_out') and not coalesce(case line.state
       when 'in_flight' then payment.state = 'collecting' when 'settled' then payment.state in ('settled', 'refunded')
       when 'failed' then payment.state = 'rejected' else payment.state = 'cancelled' end and payment.amount_cents = line.amount_cents, false)`,
  ),
  bySql(
    'nothing_waived_is_collected',
    'Nothing is with the bank that was waived or cancelled.',
    `select line.organization_id as organization, line.id, 'instalment ' || instalment.status as detail
     from collection_line line join instalment on instalment.id = line.instalment_id
     where line.state = 'in_flight' and (instalment.status in ('waived', 'cancelled') or instalment.amount_cents = 0)`,
  ),
  bySql(
    'collections_sum_up',
    'A collection says how many lines it handed over and what they sum to, and a finished one leaves none with the bank.',
    `select collection.organization_id as organization, collection.id,
       collection.line_count || ' of ' || collection.total_cents || ', lines ' || lines.count || ' of ' || lines.total as detail
     from collection cross join lateral (
       select count(*) as count, coalesce(sum(amount_cents), 0) as total, count(*) filter (where state = 'in_flight') as flying
       from collection_line line where line.collection_id = collection.id and line.state in ('in_flight', 'settled', 'failed', 'cancelled')) lines
     where collection.file_sha256 is not null and (lines.count <> collection.line_count or lines.total <> collection.total_cents
       or collection.state in ('closed', 'cancelled') and lines.flying > 0)`,
  ),
  bySql(
    'files_as_written',
    'The bytes of a bank file are those that were written: their length and hash hold.',
    `select collection.organization_id as organization, collection.id, coalesce(file.bytes, 0) || ' bytes, ' || collection.file_bytes || ' written' as detail
     from collection left join lateral (
       select sum(length(bytes)) as bytes, encode(sha256(string_agg(bytes, ''::bytea order by number)), 'hex') as sha256
       from collection_file_part part where part.collection_id = collection.id) file on true
     where (collection.file_sha256 is not null or collection.state in ('released', 'sent', 'closed'))
       and (file.sha256 is distinct from collection.file_sha256 or file.bytes is distinct from collection.file_bytes)`,
  ),
  bySql(
    'one_off_used_once',
    'A one-off mandate is presented once.',
    `select min(line.organization_id) as organization, line.mandate_id as id, count(*) || ' presentations' as detail
     from collection_line line join mandate on mandate.id = line.mandate_id
     where mandate.kind = 'one_off' and line.state in ${handedOver} group by line.mandate_id having count(*) > 1`,
  ),
];
