/**
 * The answer of `src/domain/access.ts` for many customers in one statement: over midnight everybody whose answer the day
 * may change, and all customers of a collection at once. A test holds it against the domain on random populations.
 *
 * Always true: the customers' rows are locked before (`lockForReview`), in a statement of its own, so the facts are read
 * as of after the lock: what somebody paid, or handed to the bank, while we waited is seen.
 */
import type { Context, ReadContext } from '../context.ts';
import { newId } from '../ids.ts';
import { accessRules } from './access.ts';
import type { CustomerIds } from './customer-money.ts';
import { query, queryOne } from './database.ts';

/** Whom a review is for: those whose day has come, or some by their ids. */
export type Reviewed = 'due' | readonly string[];

/** Customers whose rows are locked, and where they lie: they stay there for as long as the lock is held. */
export interface Locked {
  count: number;
  /** As PostgreSQL writes an array of row addresses. */
  at: string;
}

/** With its own parameters (`whoParameters`), so that the planner sees how few they are. */
const whoIs = (who: Reviewed) =>
  `c.organization_id = ? and ${who === 'due' ? 'c.access_review_on <= ?::date' : 'c.id = any(?::text[])'}`;

const whoParameters = (ctx: ReadContext, who: Reviewed) => [ctx.organization.id, who === 'due' ? ctx.today : [...who]];

/** Said this way each table is read by its index on the customer, however many customers there are thought to be. */
const theirs = 'any(array(select id from who))';
const theOthers = 'any(array(select id from others))';

/** Instalments on which something is owed. */
const openSql = (customers: string, onDays: string) => `
    select i.customer_id, i.id, greatest(i.due_on, i.reopened_on) as due_on
    from instalment i left join asked_of on asked_of.claim_id = i.id
    where i.customer_id = ${customers} and i.phase = 'open' and i.due_on ${onDays}
      and not exists (select 1 from gone where gone.id = i.contract_id)
      and coalesce(i.sold_cents, i.amount_cents) - i.covered_cents > coalesce(asked_of.amount, 0)`;

/** Of the instalments that no reminder blocks for, only the oldest that is late and the next to come can decide. */
const decisiveSql = (open: string) => `
    select open.customer_id, open.id as debt_id, open.due_on, null::date as in_flight_on
    from ${open} open join stage on stage.subject_id = open.id
    union all
    select open.customer_id, null, min(open.due_on), null
    from rule, ${open} open where not exists (select 1 from stage where stage.subject_id = open.id)
    group by open.customer_id, open.due_on + rule.grace_days < rule.today`;

const blockDaysSql = (debts: string) => `
    select debt.customer_id,
      case when stage.block_on < coalesce(debt.due_on + rule.grace_days + 1, 'infinity') then 'reminder_stage' else 'debt' end as reason,
      greatest(least(debt.due_on + rule.grace_days + 1, stage.block_on), debt.due_on + 1,
        debt.in_flight_on + rule.in_flight_days + 1, promised.until_on + 1) as blocks_on
    from rule, ${debts} debt left join stage on stage.customer_id = debt.customer_id and stage.subject_id = debt.debt_id
      left join promised on promised.customer_id = debt.customer_id
    where rule.grace_days is not null or stage.block_on is not null`;

/** `whose` says which customers `c`. Columns: id, state, reason, detail, since_on, until_on, review_on, was_state, was_reason, at. */
const answersSql = (whose: string) => `
  rule as (
    select ?::date as today, ?::int as grace_days, ?::int as in_flight_days
  ),
  who as materialized (
    select c.id, c.ctid as at, c.access_state as was_state, c.access_reason as was_reason from customer c where ${whose}
  ),
  gone as materialized (
    select c.id from contract c where c.customer_id = ${theirs} and c.deleted_at is not null
  ),
  asking as materialized (
    select p.id, p.customer_id, p.state, p.due_on from payment p where p.customer_id = ${theirs} and p.state in ('pending', 'collecting')
  ),
  asked as materialized (
    select part.claim_id, p.customer_id, p.state, p.id as payment_id, p.due_on, part.amount_cents as amount
    from asking p join payment_part part on part.payment_id = p.id where part.payment_id = any(array(select id from asking))
  ),
  asked_of as (select claim_id, sum(amount)::bigint as amount from asked where state = 'pending' group by 1),
  stage as materialized (
    select m.customer_id, m.subject_id, min(coalesce(m.ready_on, m.ended_on)) as block_on from message m where m.customer_id = ${theirs} and m.blocks
      and m.kind = 'reminder' and m.state in ('sent', 'to_print') group by 1, 2
  ),
  promised as (
    select p.customer_id, max(p.until_on) as until_on from promise p where p.customer_id = ${theirs} and p.withdrawn_on is null group by 1
  ),
  late as materialized (${openSql(theirs, '< (select today from rule)')}),
  debt as (
    select asked.customer_id, coalesce(fee.follows_id, asked.claim_id) as debt_id, asked.due_on,
      case when asked.state = 'collecting' then coalesce(line.collection_on, asked.due_on) end as in_flight_on
    from asked
    left join (select id, follows_id from fee where id = any(array(select claim_id from asked))) fee on fee.id = asked.claim_id
    left join (select payment_id, collection_on from collection_line where state in ('in_flight', 'settled', 'failed')
      and payment_id = any(array(select id from asking where state = 'collecting'))) line on line.payment_id = asked.payment_id
    union all ${decisiveSql('late')}
    union all
    select f.customer_id, coalesce(f.follows_id, f.id), greatest(f.due_on, f.reopened_on), null
    from fee f left join asked_of on asked_of.claim_id = f.id
    where f.customer_id = ${theirs} and f.covered_cents < f.sold_cents and f.sold_cents - f.covered_cents > coalesce(asked_of.amount, 0)
  ),
  owing as (
    select customer_id, min(blocks_on) filter (where reason = 'debt' and blocks_on <= rule.today) as debt_on,
      min(blocks_on) filter (where reason = 'reminder_stage' and blocks_on <= rule.today) as stage_on,
      min(blocks_on) as first_on, min(blocks_on) filter (where blocks_on > rule.today) as next_on
    from rule, (${blockDaysSql('debt')}) day group by 1
  ),
  -- Who owes is blocked whatever is to come or agreed: that is read of the others alone. What is due today or later blocks nobody today.
  others as (
    select id from who where not exists (select 1 from owing where owing.customer_id = who.id and owing.debt_on is not null)
  ),
  coming as materialized (${openSql(theOthers, '>= (select today from rule)')}),
  coming_debt as (${decisiveSql('coming')}),
  ahead as (select customer_id, min(blocks_on) as on_day from (${blockDaysSql('coming_debt')}) day group by 1),
  contracts as materialized (
    select c.id, c.customer_id, c.starts_on, least(c.ends_on, c.cancelled_on) as ends_on
    from contract c where c.customer_id = ${theOthers} and c.deleted_at is null
  ),
  suspended as materialized (
    select s.contract_id, contracts.customer_id, s.starts_on, s.ends_on, coalesce(s.data ->> 'reason', '') as reason
    from suspension s join contracts on contracts.id = s.contract_id
    where s.contract_id = any(array(select id from contracts)) and s.removed_on is null
  ),
  stops as (
    select contract_id, range_agg(daterange(starts_on, ends_on, '[]')) as days from suspended
    where ends_on is null or starts_on <= ends_on group by 1
  ),
  entitled as (
    select c.customer_id, range_agg(daterange(c.starts_on, c.ends_on, '[]')) as runs,
      range_agg(datemultirange(daterange(c.starts_on, c.ends_on, '[]')) - coalesce(stops.days, '{}')) as free
    from contracts c left join stops on stops.contract_id = c.id
    where c.ends_on is null or c.starts_on <= c.ends_on group by 1
  ),
  turning as (
    select customer_id, min(on_day) as on_day from rule, (
      select customer_id, starts_on as on_day from contracts union all select customer_id, ends_on + 1 from contracts
      union all select customer_id, starts_on from suspended union all select customer_id, ends_on + 1 from suspended
    ) day where on_day > rule.today group by 1
  ),
  placed as (
    select who.*, rule.today, owing.debt_on, owing.stage_on, least(owing.first_on, ahead.on_day) as first_on,
      case when owing.debt_on is null then least(owing.next_on, ahead.on_day, turning.on_day) end as review_on,
      e.runs is not null and e.runs @> rule.today as is_running, e.free is not null and e.free @> rule.today as is_free, e.runs, e.free
    from rule, who left join entitled e on e.customer_id = who.id left join owing on owing.customer_id = who.id
      left join ahead on ahead.customer_id = who.id left join turning on turning.customer_id = who.id
  ),
  answer as materialized (
    select id, at, was_state, was_reason, review_on,
      case when debt_on is not null or stage_on is not null or not is_running then 'blocked'
           when not is_free then 'suspended' else 'active' end as state,
      case when debt_on is not null then 'debt' when stage_on is not null then 'reminder_stage'
           when not is_running then case when upper(runs * before) is not null then 'contract_ended'
             when lower(runs * since) is not null then 'contract_not_begun' else 'no_contract' end
           when not is_free then 'suspension' end as reason,
      case when debt_on is null and stage_on is null and is_running and not is_free then (
        select s.reason from suspended s where s.customer_id = placed.id and s.starts_on <= today
          and (s.ends_on is null or s.ends_on >= today) order by s.starts_on, s.reason collate "C" limit 1) end as detail,
      case when debt_on is not null then debt_on when stage_on is not null then stage_on
           when not is_running then upper(runs * before)
           when not is_free then greatest(upper(free * before), upper(before - runs))
           else upper(before - free) end as since_on,
      case when debt_on is not null or stage_on is not null then null
           when not is_running then lower(runs * since) - 1
           when not is_free then least(lower(free * since), lower(since - runs)) - 1
           else least(first_on, lower(since - free)) - 1 end as until_on
    from placed, lateral (select datemultirange(daterange(null, today)) as before, datemultirange(daterange(today, null)) as since) side
  )`;

function rules(ctx: Context) {
  const { grace_days, in_flight_days } = accessRules(ctx);
  return [ctx.today, grace_days, in_flight_days];
}

/** The customers whose day of review has come. */
export function customersToReview(ctx: ReadContext): CustomerIds {
  return { sql: `select c.id from customer c where ${whoIs('due')}`, bindings: whoParameters(ctx, 'due') };
}

/** Takes the locks of those to be reviewed, in the order that everybody takes them in. */
export async function lockForReview(ctx: Context, who: Reviewed): Promise<Locked> {
  const row = await queryOne<{ count: number; at: string | null }>(
    ctx.trx,
    `with locked as (select c.ctid as at from customer c where ${whoIs(who)} order by c.id for no key update)
     select count(*) as count, array_agg(at)::text as at from locked`,
    whoParameters(ctx, who),
  );
  return { count: row?.count ?? 0, at: row?.at ?? '{}' };
}

/** As an array that the planner does not count: it would read the whole table rather than so many rows by their addresses. */
const lockedOnes = 'c.ctid = any(array(select unnest(?::tid[])))';

/** Evaluates, keeps the answers and tells each change as an event, in one statement. @returns how many answers changed */
export async function reviewInOneStatement(ctx: Context, locked: Locked): Promise<number> {
  // The facts come by arrays, of which the planner thinks too little to join them otherwise than row by row.
  await ctx.trx.raw('set local enable_nestloop = off; set local jit = off');
  const row = await queryOne<{ changed: number }>(
    ctx.trx,
    `with ${answersSql(lockedOnes)}, kept as (
       update customer c set access_state = answer.state, access_reason = answer.reason, access_detail = answer.detail,
         access_since_on = answer.since_on, access_until_on = answer.until_on, access_review_on = answer.review_on
       from answer where c.ctid = any(array(select at from who)) and c.id = answer.id
    ), told as (
       -- Numbered rather than drawn, so that the index of their keys grows at its end.
       insert into event (id, organization_id, type, subjects, data, actor, job_id, on_day, recorded_at)
       select 'evt_' || ? || upper(substr(md5(?), 1, 8) || lpad(to_hex(row_number() over ()), 8, '0')), ?, 'access.changed', array[answer.id],
         jsonb_build_object('before', was_state, 'before_reason', was_reason, 'after', state, 'reason', reason), ?, ?, ?, ?
       from answer where state <> was_state or reason is distinct from was_reason
       returning 1
     )
     select count(*) as changed from told`,
    [
      ...rules(ctx),
      locked.at,
      newId('evt').slice(4, 14),
      newId('evt'),
      ctx.organization.id,
      ctx.actor,
      ctx.job?.id ?? null,
      ctx.today,
      ctx.now,
    ],
  );
  await ctx.trx.raw('set local enable_nestloop = on; set local jit = on');
  return row?.changed ?? 0;
}

export interface ReviewAnswer {
  id: string;
  state: string;
  reason: string | null;
  detail: string | null;
  since_on: string | null;
  until_on: string | null;
  review_on: string | null;
}

/** What the statement would keep, without keeping it. */
export function answersOf(ctx: Context, who: Reviewed): Promise<ReviewAnswer[]> {
  return query<ReviewAnswer>(
    ctx.trx,
    `with ${answersSql(whoIs(who))} select id, state, reason, detail, since_on, until_on, review_on from answer order by id`,
    [...rules(ctx), ...whoParameters(ctx, who)],
  );
}
