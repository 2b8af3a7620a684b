/** Rules about work: nothing stands still, nothing is done twice, nothing without its record. */
import { bySql, type Invariant } from './invariant.ts';

export const jobInvariants: readonly Invariant[] = [
  bySql(
    'no_job_waits',
    'A job that is due is begun within a quarter of an hour.',
    `select organization_id as organization, id, name || ' due since ' || due_at as detail
     from job where state = 'queued' and due_at < clock_timestamp() - interval '15 minutes'`,
  ),
  bySql(
    'no_lease_abandoned',
    'A running job is held by a worker that lives, or is taken from it within five minutes.',
    `select organization_id as organization, id, name || ' held until ' || lease_until as detail
     from job where state = 'running' and lease_until < clock_timestamp() - interval '5 minutes'`,
  ),
  bySql(
    'job_states_agree',
    'A job has a lease exactly while it runs, an end exactly when it ended, and a failed one says why.',
    `select organization_id as organization, id, name || ' ' || state as detail
     from job where (state = 'running') <> (lease_token is not null)
       or (state in ('done', 'failed', 'discarded')) <> (finished_at is not null)
       or (state = 'failed' and reason_code is null)`,
  ),
  bySql(
    'unique_work_once',
    'Of jobs with the same unique key one at most is open.',
    `select organization_id as organization, min(id) as id, unique_key || ' open ' || count(*) || ' times' as detail
     from job where unique_key is not null and state in ('queued', 'running')
     group by organization_id, unique_key having count(*) > 1`,
  ),
  bySql(
    'day_opened_by_one_job',
    'A day of an organization is opened by one job, unless a person discarded another.',
    `select organization_id as organization, min(id) as id, payload ->> 'on' || ' by ' || count(*) as detail
     from job where name = 'open-day' and state <> 'discarded'
     group by organization_id, payload ->> 'on' having count(*) > 1`,
  ),
  bySql(
    'change_has_its_job',
    'A change that a job recorded belongs to a job that is done; work in one transaction leaves nothing when it failed.',
    `select change.organization_id as organization, change.id, coalesce(job.name || ' ' || job.state, 'no job') as detail
     from contract_change change left join job on job.id = change.job_id
     where change.job_id is not null and (job.id is null or (job.lane = 'work' and job.state <> 'done'))`,
  ),
  bySql(
    'event_has_its_job',
    'An event that a job told of belongs to a job that is done.',
    `select event.organization_id as organization, event.id, coalesce(job.name || ' ' || job.state, 'no job') as detail
     from event left join job on job.id = event.job_id
     where event.job_id is not null and (job.id is null or (job.lane = 'work' and job.state <> 'done'))`,
  ),
  bySql(
    'suspension_job_one_effect',
    'A done suspension job made its suspension, recorded its change and told of it, once.',
    `select job.organization_id as organization, job.id,
            'suspensions ' || count(distinct suspension.id) || ', changes ' || count(distinct change.id)
              || ', events ' || count(distinct event.id) as detail
     from job
     left join suspension on suspension.id = job.payload #>> '{input,new_ids,sus,0}'
     left join contract_change change on change.id = job.payload #>> '{input,new_ids,chg,0}' and change.job_id = job.id
     left join (select id, job_id, subjects from event where type = 'suspension.added' and job_id is not null) event
       on event.job_id = job.id and event.subjects @> array[job.payload #>> '{input,new_ids,sus,0}']
     where job.name = 'suspend-contract' and job.state = 'done'
     group by job.organization_id, job.id
     having count(distinct suspension.id) <> 1 or count(distinct change.id) <> 1 or count(distinct event.id) <> 1`,
  ),
  bySql(
    'key_has_its_work',
    'A kept idempotency key that answered with a job names a job of the same organization.',
    `select key.organization_id as organization, key.key as id, 'job ' || key.job_id as detail
     from idempotency_key key left join job on job.id = key.job_id and job.organization_id = key.organization_id
     where key.job_id is not null and job.id is null`,
  ),
];
