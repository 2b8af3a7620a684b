/**
 * Writes what a change made of a contract: the change, the instalments that differ, the dates, the suspensions.
 * One statement, because this is what the engine does most.
 *
 * Always true: a fact is never written over (the statement leaves rows alone that are facts in the table).
 */
import type { Context } from '../context.ts';
import type { Day } from '../domain/day.ts';
import type { Change } from '../domain/schedule/changes.ts';
import type { Instalment, Schedule } from '../domain/schedule/instalment.ts';
import { newId } from '../ids.ts';
import type { StoredContract, StoredInstalment } from './contract-state.ts';

export interface ContractSave {
  contract: StoredContract;
  /** Recorded now; none for a contract that only follows another of its chain, or whose horizon moves. */
  changes: readonly Change[];
  schedule: Schedule;
  materialised_until: Day | null;
  /** The job that records the changes, where several jobs are saved together. */
  job_id?: string;
}

const sql = `
  with given as (select ?::jsonb as it),
  changed as (
    insert into contract_change (id, organization_id, contract_id, kind, data, actor, job_id, recorded_on, recorded_at)
    select row.id, ?, row.contract_id, row.kind, row.data, ?, row.job_id, ?, ?
    from given, jsonb_to_recordset(it -> 'changes') as row (id text, contract_id text, kind text, data jsonb, job_id text)
  ),
  moved as (
    update contract set starts_on = row.starts_on, ends_on = row.ends_on, cancelled_on = row.cancelled_on,
      materialised_until = row.materialised_until, version = contract.version + 1
    from given, jsonb_to_recordset(it -> 'contracts')
      as row (id text, starts_on date, ends_on date, cancelled_on date, materialised_until date)
    where contract.id = row.id
  ),
  suspended as (
    insert into suspension (id, organization_id, contract_id, starts_on, ends_on, removed_on, data)
    select row.id, ?, row.contract_id, row.starts_on, row.ends_on, row.removed_on, row.data
    from given, jsonb_to_recordset(it -> 'suspensions')
      as row (id text, contract_id text, starts_on date, ends_on date, removed_on date, data jsonb)
    on conflict (id) do update set starts_on = excluded.starts_on, ends_on = excluded.ends_on,
      removed_on = excluded.removed_on, data = excluded.data
  ),
  rewritten as (
    update instalment set due_on = row.due_on, amount_cents = row.amount, status = row.status, method = row.method,
      explains = row.explains, credited_cents = row.credited
    from given, jsonb_to_recordset(it -> 'rewritten')
      as row (id text, due_on date, amount bigint, status text, method text, explains text[], credited bigint)
    where instalment.id = row.id and instalment.status in ('scheduled', 'waived', 'cancelled') and instalment.covered_cents = 0
  )
  insert into instalment (id, organization_id, contract_id, customer_id, number, due_on, amount_cents, status, method,
                          explains, credited_cents)
  select row.id, ?, row.contract_id, row.customer_id, row.number, row.due_on, row.amount, row.status, row.method,
         row.explains, row.credited
  from given, jsonb_to_recordset(it -> 'added')
    as row (id text, contract_id text, customer_id text, number int, due_on date, amount bigint, status text, method text,
            explains text[], credited bigint)`;

export function sameInstalment(a: Instalment, b: Instalment): boolean {
  return (
    a.due_on === b.due_on &&
    a.amount === b.amount &&
    a.status === b.status &&
    a.method === b.method &&
    a.credited === b.credited &&
    a.explains.length === b.explains.length &&
    a.explains.every((id, at) => id === b.explains[at])
  );
}

interface Differing {
  instalment: Instalment;
  /** As it is written down; undefined: it is new. */
  stored: StoredInstalment | undefined;
}

function differing({ instalments }: Pick<StoredContract, 'instalments'>, schedule: Schedule): Differing[] {
  const found: Differing[] = [];
  // Both lists are in the order of numbers, and a schedule never leaves one out that is written down.
  let at = 0;
  for (const instalment of schedule.instalments) {
    while (at < instalments.length && (instalments[at] as StoredInstalment).number < instalment.number) at += 1;
    const candidate = instalments[at];
    const stored = candidate?.number === instalment.number ? candidate : undefined;
    if (!stored || !sameInstalment(stored, instalment)) found.push({ instalment, stored });
  }
  return found;
}

/** The instalments that are not written down as the schedule has them. */
export function differingInstalments(contract: Pick<StoredContract, 'instalments'>, schedule: Schedule): Instalment[] {
  return differing(contract, schedule).map(({ instalment }) => instalment);
}

/** Does the save change, add or take away an instalment whose day has come, or that was sold before it? Only those are owed. */
export function touchesSold({ contract, schedule }: ContractSave, today: Day): boolean {
  return differing(contract, schedule).some(
    ({ instalment, stored }) =>
      instalment.due_on <= today || (stored !== undefined && (stored.sold || stored.due_on <= today)),
  );
}

function suspensionRows({ contract, changes, schedule }: ContractSave, today: Day) {
  const touched = new Set(changes.flatMap((change) => ('suspension' in change ? [change.suspension] : [])));
  return [...touched].map((id) => {
    const suspension = schedule.suspensions.find((one) => one.id === id);
    const last = [...contract.changes, ...changes].findLast(
      (change) => 'suspension' in change && change.suspension === id && 'starts_on' in change,
    ) as { starts_on: Day; ends_on: Day | null } | undefined;
    return {
      id,
      contract_id: contract.id,
      starts_on: suspension?.starts_on ?? last?.starts_on ?? today,
      ends_on: suspension ? suspension.ends_on : (last?.ends_on ?? null),
      removed_on: suspension ? null : today,
      data: suspension ?? last ?? {},
    };
  });
}

/** @param jobId the job that does it, unless a save names its own. */
export async function saveContracts(ctx: Context, saves: readonly ContractSave[], jobId: string | null): Promise<void> {
  if (saves.length === 0) return;
  const instalments = saves.map(({ contract, schedule }) => ({ contract, differs: differing(contract, schedule) }));
  const given = {
    changes: saves.flatMap(({ contract, changes, job_id = jobId }) =>
      changes.map(({ id, kind, recorded_on: _, ...data }) => ({ id, contract_id: contract.id, kind, data, job_id })),
    ),
    contracts: saves.map(({ contract, schedule, materialised_until }) => ({
      id: contract.id,
      starts_on: schedule.starts_on,
      ends_on: schedule.ends_on,
      cancelled_on: schedule.cancelled_on,
      materialised_until,
    })),
    suspensions: saves.flatMap((save) => suspensionRows(save, ctx.today)),
    rewritten: instalments.flatMap(({ differs }) =>
      differs.flatMap(({ instalment: { number: _, ...columns }, stored }) =>
        stored ? [{ ...columns, id: stored.id }] : [],
      ),
    ),
    added: instalments.flatMap(({ contract, differs }) =>
      differs.flatMap(({ instalment, stored }) =>
        stored
          ? []
          : [{ ...instalment, id: newId('ins'), contract_id: contract.id, customer_id: contract.customer_id }],
      ),
    ),
  };
  const { id } = ctx.organization;
  await ctx.trx
    .raw(sql, [JSON.stringify(given), id, ctx.actor, ctx.today, ctx.now, id, id])
    .options({ name: 'save-contracts' });
}
