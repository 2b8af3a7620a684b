/**
 * What a collection could ask for, and why it does not: the same decision as `src/domain/collections/draft.ts`, in one
 * statement over a whole organization. A test holds the two against each other.
 */
import type { ReadContext } from '../context.ts';
import type { Day } from '../domain/day.ts';
import { EEA_COUNTRIES } from '../domain/iban.ts';
import { MANDATE_MONTHS } from '../domain/mandates.ts';
import { MAX_AMOUNT } from '../domain/money.ts';
import { collectionDay, earliestCollection } from '../domain/target-calendar.ts';
import { query } from './database.ts';

/** What is waived or with the bank already is told as left out for this long after its day. */
const TOLD_DAYS = 31;

/**
 * Columns: subject_id, kind, instalment_id, payment_id, customer_id, contract_id, amount, due_on, collection_on,
 * mandate_id, mandate_kind, never_collected, amendment, reason.
 */
export const candidatesSql = `
  given as (select ?::jsonb as it),
  rule as (
    select it ->> 'organization' as organization_id, (it ->> 'today')::date as today, (it ->> 'until_on')::date as until_on,
      (it ->> 'minimum')::bigint as minimum, array(select jsonb_array_elements_text(it -> 'eea')) as eea
    from given
  ),
  days as (select * from given, jsonb_to_recordset(it -> 'days') as day (due_on date, collection_on date)),
  asked as (
    select part.claim_id, sum(part.amount_cents)::bigint as amount
    from rule join payment p on p.organization_id = rule.organization_id and p.state = 'pending'
    join payment_part part on part.payment_id = p.id group by 1
  ),
  due as (
    select i.* from rule join instalment i on i.organization_id = rule.organization_id and i.due_on <= rule.until_on
    where i.phase = 'open' and (i.status <> 'collecting' or i.due_on > rule.today - ${TOLD_DAYS})
    union all
    select i.* from rule join instalment i on i.organization_id = rule.organization_id
      and i.due_on <= rule.until_on and i.due_on > rule.today - ${TOLD_DAYS}
    where i.phase = 'waived'
  ),
  subject as (
    select i.id as subject_id, 'instalment' as kind, i.id as instalment_id, null::text as payment_id, i.customer_id, i.contract_id,
      coalesce(i.sold_cents, i.amount_cents) - i.covered_cents - coalesce(asked.amount, 0) as amount, i.due_on, i.status,
      c.mandate_id as own_mandate, asked.amount is not null as is_asked
    from due i join contract c on c.id = i.contract_id
    left join asked on asked.claim_id = i.id
    where i.method = 'direct_debit' and c.deleted_at is null
    union all
    select p.id, 'representment', null, p.id, p.customer_id, null, p.amount_cents, p.due_on, 'pending', p.mandate_id, false
    from rule join payment p on p.organization_id = rule.organization_id and p.due_on <= rule.until_on
    where p.state = 'pending' and p.method = 'direct_debit'
  ),
  best as (
    select distinct on (m.customer_id) m.customer_id, m.id, m.state from rule join mandate m on m.organization_id = rule.organization_id
    order by m.customer_id, (m.state = 'active') desc, m.id desc
  ),
  promised as (
    select p.customer_id, max(p.until_on) as until_on from rule join promise p on p.organization_id = rule.organization_id
    where p.withdrawn_on is null group by 1
  ),
  judged as (
    select s.subject_id, s.kind, s.instalment_id, s.payment_id, s.customer_id, s.contract_id, s.amount, s.due_on, days.collection_on,
      m.id as mandate_id, m.kind as mandate_kind, m.last_collected_on is null as never_collected,
      case when m.account_change_untold then 'SMNDA' end as amendment,
      case
        when s.status = 'waived' then 'waived'
        when s.status = 'collecting' then 'in_flight'
        when s.status = 'rejected' then 'rejected'
        when customer.deceased_on is not null then 'customer_deceased'
        when customer.collections_stopped_on is not null then 'collections_stopped'
        when promised.until_on >= rule.today then 'promised'
        when m.id is null then 'no_mandate'
        when m.state <> 'active' then 'mandate_' || m.state
        when m.kind = 'one_off' and m.last_collected_on is not null then 'mandate_used'
        when (coalesce(m.last_collected_on, m.signed_on) + interval '${MANDATE_MONTHS} months')::date < days.collection_on then 'mandate_expired'
        when not m.iban_country = any(rule.eea)
          and (customer.address ->> 'town' is null or customer.address ->> 'country' is null) then 'address_missing'
        when s.amount < rule.minimum then 'below_minimum'
        when s.amount > ${MAX_AMOUNT} then 'above_maximum'
      end as reason
    from rule, subject s
    join days on days.due_on = s.due_on
    join customer on customer.id = s.customer_id
    left join best on best.customer_id = s.customer_id
    left join mandate own on own.id = s.own_mandate
    left join mandate m on m.id = case when own.state = 'active' or best.state is distinct from 'active' then coalesce(own.id, best.id) else best.id end
    left join promised on promised.customer_id = s.customer_id
    where not (s.is_asked and s.amount <= 0)
  ),
  candidate as (
    select judged.*,
      case when reason is null and mandate_kind = 'one_off'
             and row_number() over (partition by mandate_id, reason order by due_on, subject_id) > 1 then 'mandate_used'
           else reason end as left_out
    from judged
  )`;

/** The parameter of `candidatesSql`. Collection days are reckoned here, for each due day there is. */
export async function candidateParameter(ctx: ReadContext, untilOn: Day): Promise<string> {
  const { collections } = ctx.organization.settings;
  const earliest = earliestCollection(ctx.today, collections.lead_days);
  const days = await query<{ due_on: Day }>(
    ctx.reader,
    `select distinct due_on from (
       select due_on from instalment where organization_id = ? and due_on <= ? and method = 'direct_debit'
         and phase = 'open'
       union all select due_on from instalment where organization_id = ? and due_on <= ? and due_on > ?::date - ${TOLD_DAYS}
         and method = 'direct_debit' and phase = 'waived'
       union all select due_on from payment where organization_id = ? and due_on <= ? and state = 'pending' and method = 'direct_debit'
     ) due`,
    [ctx.organization.id, untilOn, ctx.organization.id, untilOn, ctx.today, ctx.organization.id, untilOn],
  );
  return JSON.stringify({
    organization: ctx.organization.id,
    today: ctx.today,
    until_on: untilOn,
    minimum: collections.minimum_amount,
    eea: EEA_COUNTRIES,
    days: days.map(({ due_on }) => ({ due_on, collection_on: collectionDay(due_on, earliest) })),
  });
}
