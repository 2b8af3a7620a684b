/** Rules about what was sold and what it makes due. */
import { bySql, type Invariant } from './invariant.ts';

export const contractInvariants: readonly Invariant[] = [
  bySql(
    'no_overlapping_periods',
    'The periods of the contracts of one chain never overlap.',
    `select a.organization_id as organization, a.id, 'overlaps ' || b.id as detail
     from contract a join contract b on b.chain_id = a.chain_id and b.id > a.id
     where a.deleted_at is null and b.deleted_at is null
       and daterange(a.starts_on, a.ends_on + 1) && daterange(b.starts_on, b.ends_on + 1)`,
  ),
  bySql(
    'chains_hold_together',
    'A renewal follows a contract of its own chain and customer; the first of a chain renews none and gives it its name.',
    `select contract.organization_id as organization, contract.id, 'chain ' || contract.chain_id as detail
     from contract left join contract before on before.id = contract.renews_id
     where (contract.renews_id is null) <> (contract.chain_id = contract.id)
       or (contract.renews_id is not null and (before.chain_id <> contract.chain_id or before.customer_id <> contract.customer_id))`,
  ),
  bySql(
    'renewed_once',
    'A contract is renewed once.',
    `select organization_id as organization, renews_id as id, 'renewed ' || count(*) || ' times' as detail
     from contract where renews_id is not null and deleted_at is null
     group by organization_id, renews_id having count(*) > 1`,
  ),
  bySql(
    'instalments_numbered',
    'The instalments of a contract are numbered from 1 without gap.',
    `select (select organization_id from contract where contract.id = numbered.id) as organization, id, detail from (
       select contract_id as id, count(*) || ' instalments up to number ' || max(number) as detail
       from instalment group by contract_id
       having min(number) <> 1 or max(number) <> count(*) or sum(number) <> count(*) * (count(*) + 1) / 2) numbered`,
  ),
  bySql(
    'suspension_has_its_change',
    'Every suspension was recorded as a change of its contract.',
    `select suspension.organization_id as organization, suspension.id, suspension.contract_id as detail
     from suspension where not exists (
       select 1 from contract_change change
       where change.contract_id = suspension.contract_id and change.data ->> 'suspension' = suspension.id)`,
  ),
  bySql(
    'change_has_its_contract_day',
    'A change is recorded on a day that its organization had reached, and not before its contract was signed.',
    `select change.organization_id as organization, change.id, 'recorded on ' || change.recorded_on as detail
     from contract_change change
     join contract on contract.id = change.contract_id
     join organization on organization.id = change.organization_id
     where change.recorded_on < contract.created_on
       or change.recorded_on > coalesce(organization.test_today, (clock_timestamp() at time zone organization.timezone)::date)`,
  ),
  bySql(
    'cancelled_contract_ends',
    'A cancelled contract has a last day.',
    `select organization_id as organization, id, 'cancelled on ' || cancelled_on as detail
     from contract where cancelled_on is not null and ends_on is null`,
  ),
  bySql(
    'credits_add_up',
    'The credits left of a pack are those of its last movement, each movement adds to the one before, and none is below zero.',
    `select organization_id as organization, id, detail from (
       select movement.organization_id, movement.id, movement.balance || ' after ' || movement.delta as detail,
              movement.balance, movement.delta, movement.contract_id,
              lag(movement.balance) over line as before,
              row_number() over (partition by movement.contract_id order by movement.id desc) as from_last
       from credit_movement movement
       window line as (partition by movement.contract_id order by movement.id)
     ) movement
     where balance < 0 or (before is not null and balance <> before + delta)
       or (from_last = 1 and balance <> (select credits_left from contract where contract.id = movement.contract_id))`,
  ),
];
