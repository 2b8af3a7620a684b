/** Rules about days: each opens once, in order, with all its work, and none is left out. */
import { bySql, type Invariant } from './invariant.ts';

const todayOf = `coalesce(organization.test_today, (clock_timestamp() at time zone organization.timezone)::date)`;

export const calendarInvariants: readonly Invariant[] = [
  bySql(
    'days_without_gap',
    'The daily work of each kind has been done for every day from its first to the day that is open.',
    `select organization.id as organization, run.kind as id,
            count(*) || ' days from ' || min(run.on_day) || ', open is ' || organization.opened_on as detail
     from organization join daily_run run on run.organization_id = organization.id
     group by organization.id, run.kind
     having max(run.on_day) is distinct from organization.opened_on
       or count(*) <> max(run.on_day) - min(run.on_day) + 1`,
  ),
  bySql(
    'no_day_ahead',
    'No day is open that has not begun.',
    `select id as organization, id, 'open is ' || opened_on as detail from organization where opened_on > ${todayOf}`,
  ),
  bySql(
    'no_day_waits',
    'A day that has begun is open soon: none waits longer than a day, and a test clock waits for none.',
    `select id as organization, id, 'open is ' || coalesce(opened_on::text, 'none') as detail from organization
     where coalesce(opened_on, (created_at at time zone timezone)::date - 1)
           < ${todayOf} - case when test_today is null then 1 else 0 end`,
  ),
  bySql(
    'horizon_is_written',
    'The instalments of a contract that goes on without end are written down for the months ahead that the organization has set, less one.',
    `select contract.organization_id as organization, contract.id, 'written until ' || contract.materialised_until as detail
     from contract join organization on organization.id = contract.organization_id
     where contract.ends_on is null and contract.deleted_at is null and contract.terms ->> 'instalments' is null
       and (contract.materialised_until is null or contract.materialised_until
            < (organization.opened_on + make_interval(months => coalesce((organization.settings ->> 'horizon_months')::int, 13) - 1))::date)
       and not exists (select 1 from job where job.organization_id = contract.organization_id
                       and job.name = 'extend-horizon' and job.state in ('queued', 'running'))`,
  ),
];
