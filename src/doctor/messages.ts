/** Rules about messages to customers: once, in order, to one address, only for what is owed, and never lost out of sight. */
import { lockedAfterRestore } from '../store/organizations.ts';
import { bySql, type Invariant } from './invariant.ts';

/** It never went out, so it may be made again. */
const neverWent = (message: string) =>
  `(${message}.state = 'skipped' or (${message}.state = 'refused' and ${message}.reason = 'address_refused'))`;

/** Between reading the facts and the server's last word a payment may come in. */
const ON_THE_WAY = `interval '15 minutes'`;

export const messageInvariants: readonly Invariant[] = [
  bySql(
    'message_made_once',
    'There is one message per kind, subject and stage.',
    `select organization_id as organization, min(id) as id, kind || ' ' || stage || ' of ' || subject_id as detail
     from message group by organization_id, kind, subject_id, stage having count(*) > 1`,
  ),
  bySql(
    'message_states_agree',
    'A message that went by e-mail names its recipient and Message-ID, a letter the day it was made ready; what ended has its day, what has not ended none, and what failed says why; but of an erased person nothing of it is left.',
    `select organization_id as organization, id, kind || ' by ' || channel || ' ' || state as detail from message
     where reason is distinct from 'erased' and ((state in ('sending', 'sent', 'unknown') and channel = 'email' and (recipient is null or message_id is null))
       or (state in ('to_print', 'sent') and channel = 'letter' and ready_on is null)
       or (state in ('queued', 'sending')) <> (ended_on is null) or (ended_on is null) <> (ended_at is null)
       or (state in ('refused', 'skipped', 'unknown') and reason is null)
       or (state in ('sending', 'sent', 'unknown', 'to_print') and (facts is null or subject_line is null)))`,
  ),
  bySql(
    'message_has_its_job',
    'A message on its way has a job that is open or shown as failed, unless it waits for somebody to confirm a restore; one being handed over, a job that is at it.',
    `select m.organization_id as organization, m.id, m.kind || ' ' || m.state || ' since ' || m.made_on as detail
     from message m where m.state in ('queued', 'sending') and not exists (
       select 1 from job where job.concerns = m.id and job.name = 'send-message'
         and (job.state in ('queued', 'running') or (job.state = 'failed' and m.state = 'queued')
           or (job.state = 'discarded' and job.finished_at > clock_timestamp() - interval '2 days')))
       and (m.state = 'sending' or not ${lockedAfterRestore('m')})`,
  ),
  bySql(
    'message_to_one_address',
    'A message is addressed to one address, and not to the same one by two names.',
    `select organization_id as organization, id, kind as detail from message
     where recipient is not null and recipient !~ '^[^@,;:<>"()[:space:][:cntrl:]]+@[^@,;:<>"()[:space:][:cntrl:]]+$'`,
  ),
  bySql(
    'suppressed_never_written',
    'Nothing is sent to an address on the days after a mail server refused it for good.',
    `select m.organization_id as organization, m.id, 'made on ' || m.made_on || ', suppressed on ' || s.recorded_on as detail
     from suppressed_address s join message m on m.organization_id = s.organization_id and m.recipient = s.address
     where m.channel = 'email' and m.state in ('sending', 'sent', 'unknown') and m.made_on > s.recorded_on`,
  ),
  bySql(
    'reminder_of_what_is_owed',
    'No reminder is sent of a debt that was paid, or with the bank, before it was written.',
    // From the messages to what is owed of each: asked for each message, the ledger would be read once for each.
    `with told as materialized (
       select organization_id, id, subject_id, ended_at from message
       where kind in ('reminder', 'payment_reminder') and state = 'sent' and posted_on is null
     ), claimed as (
       select id, subject_id as claim_id, ended_at from told
       union all
       select told.id, fee.id, told.ended_at from told join fee on fee.follows_id = told.subject_id
     ), paid as (
       select claimed.id from claimed join posting p on p.claim_id = claimed.claim_id and p.recorded_at < claimed.ended_at - ${ON_THE_WAY}
       group by claimed.id having sum(case when p.debit = 'receivable' then p.amount_cents else -p.amount_cents end) <= 0
     )
     select told.organization_id as organization, told.id, 'nothing was owed of ' || told.subject_id as detail
     from paid join told on told.id = paid.id`,
  ),
  bySql(
    'reminder_stages_in_order',
    'Of one debt, a stage is reminded of after the stage before it, on a later day.',
    `select m.organization_id as organization, m.id, 'stage ' || m.stage || ' of ' || m.subject_id as detail
     from message m where m.kind = 'reminder' and m.stage > 1 and not ${neverWent('m')} and not exists (
       select 1 from message b where b.organization_id = m.organization_id and b.kind = 'reminder' and b.subject_id = m.subject_id
         and b.stage = m.stage - 1 and b.made_on < m.made_on)`,
  ),
  bySql(
    'one_reminder_a_day',
    'A debt is reminded of once a day at the most, by hand or by stage.',
    `select organization_id as organization, min(id) as id, count(*) || ' about ' || subject_id || ' on ' || made_on as detail
     from message where kind in ('reminder', 'payment_reminder') and not ${neverWent('message')}
     group by organization_id, subject_id, made_on having count(*) > 1`,
  ),
  bySql(
    'message_to_its_customer',
    'A message goes to the customer whose instalment, fee, payment or invoice it speaks of.',
    `select m.organization_id as organization, m.id, m.subject_id || ' of ' || owner.customer_id as detail
     from message m left join instalment i on i.id = m.subject_id left join fee f on f.id = m.subject_id
       left join payment p on p.id = m.subject_id left join invoice_body b on b.id = m.subject_id
     cross join lateral (select coalesce(i.customer_id, f.customer_id, p.customer_id, b.customer_id) as customer_id) owner
     where owner.customer_id <> m.customer_id`,
  ),
  bySql(
    'reminder_fee_sold_once',
    'The fee of a reminder is sold when it went out, to its customer and at its amount, and no fee belongs to two.',
    `select m.organization_id as organization, m.id, m.fee_cents || ' ' || coalesce(f.amount_cents::text, 'not sold') as detail
     from message m left join fee f on f.id = m.fee_id
     left join (select fee_id, count(*) as count from message where fee_id is not null group by 1) shared on shared.fee_id = m.fee_id
     where (m.kind = 'reminder' and m.state in ('sent', 'to_print') and m.fee_cents > 0 and m.fee_id is null)
       or (m.fee_id is not null and (f.id is null or f.customer_id <> m.customer_id or f.amount_cents <> m.fee_cents))
       or shared.count > 1`,
  ),
];
