/** Rules about who may enter. */
import { bySql, type Invariant } from './invariant.ts';

const grace = `coalesce((o.settings ->> 'grace_days')::int, 0)`;
const flight = `coalesce((o.settings -> 'access' ->> 'in_flight_days')::int, 14)`;

/**
 * A write that did not know of the new day yet leaves its customer to the next tick (`review-overtaken.ts`); the day's own
 * row says when it began. Whoever waits since an earlier day has no such reason.
 */
const justOpened = `exists (select 1 from daily_run run where run.organization_id = o.id and run.on_day = o.opened_on
  and run.kind = 'review-access' and run.recorded_at > clock_timestamp() - interval '15 minutes')`;

export const accessInvariants: readonly Invariant[] = [
  bySql(
    'blocked_for_a_debt',
    'Who is blocked for a debt owes something whose day and grace have passed and that is not with the bank.',
    `select c.organization_id as organization, c.id, 'blocked since ' || c.access_since_on as detail
     from customer c join organization o on o.id = c.organization_id
     where c.access_state = 'blocked' and c.access_reason = 'debt'
       and (c.access_review_on is null or c.access_review_on > o.opened_on)
       and not exists (select 1 from instalment i where i.customer_id = c.id and i.phase = 'open'
         and greatest(i.due_on, i.reopened_on) + ${grace} < o.opened_on and coalesce(i.sold_cents, i.amount_cents) > i.covered_cents)
       and not exists (select 1 from fee f where f.customer_id = c.id and f.covered_cents < f.sold_cents
         and greatest(f.due_on, f.reopened_on) + ${grace} < o.opened_on)
       and not exists (select 1 from payment p where p.customer_id = c.id and p.state = 'pending' and p.due_on + ${grace} < o.opened_on)
       and not exists (select 1 from payment p left join collection_line line on line.payment_id = p.id and line.state = 'in_flight'
         where p.customer_id = c.id and p.state = 'collecting' and coalesce(line.collection_on, p.due_on) + ${flight} < o.opened_on)`,
  ),
  bySql(
    'nobody_waits_for_a_review',
    'Whose answer a day may change was asked about on that day; whom a write of the evening hid from the night, within a quarter of an hour.',
    `select c.organization_id as organization, c.id, 'to be reviewed on ' || c.access_review_on as detail
     from customer c join organization o on o.id = c.organization_id
     where c.access_review_on <= o.opened_on and not (c.access_review_on = o.opened_on and ${justOpened})
       and not exists (select 1 from job where job.organization_id = o.id and job.name = 'review-access' and job.state in ('queued', 'running'))`,
  ),
  bySql(
    'refusals_have_a_reason',
    'The door is never shut without a reason, nor open with one.',
    `select organization_id as organization, id, access_state || ' ' || coalesce(access_reason, 'without reason') as detail from customer
     where (access_state = 'active') <> (access_reason is null)`,
  ),
];
