/** After a storm: every accepted request has exactly one effect, nothing is lost, nothing is there twice. */

import { examine } from '../../src/doctor/examine.ts';
import { refusals } from '../../src/errors/catalogue/index.ts';
import type { JobName } from '../../src/jobs/catalogue.ts';
import { type Database, query, queryOne } from '../../src/store/database.ts';
import { findOrganization } from '../../src/store/organizations.ts';
import type { Kind, LoadResult, Settled } from './load.ts';
import type { Heard } from './mail-server.ts';
import { verifyMoney } from './verify-money.ts';
import type { World } from './world.ts';

export interface Findings {
  lost: string[];
  doubled: string[];
  wrong: string[];
}

/** The kinds that a job carries out, and the job's name. */
const jobOfKind: Partial<Record<Kind, JobName>> = {
  suspend: 'suspend-contract',
  edit: 'edit-suspension',
  stop: 'stop-suspension',
  remove: 'remove-suspension',
  advance: 'advance-test-clock',
  draft: 'draft-collection',
  release: 'release-collection',
  invoice: 'issue-invoice',
  credit: 'cancel-invoice',
  return: 'import-bank-return',
};

export async function verify(
  database: Database,
  world: World,
  load: LoadResult,
  before: Counts,
  heard: ReadonlyMap<string, Heard>,
): Promise<Findings> {
  const findings: Findings = { lost: [], doubled: [], wrong: [...load.wrong] };
  await jobsOfRequests(database, load, findings);
  await effectsOfJobs(database, findings);
  await directWrites(database, load, before, findings);
  await verifyMoney(database, load, heard, findings);
  await clockAndDays(database, world, load, findings);
  findings.wrong.push(...(await rulesBroken(database)));
  return findings;
}

export interface Counts {
  contracts: number;
  customers: number;
}

export async function countRows(database: Database): Promise<Counts> {
  const row = await queryOne<Counts>(
    database,
    `select (select count(*) from contract) as contracts,
            (select count(*) from customer) as customers`,
  );
  return row as Counts;
}

interface JobRow {
  id: string;
  name: string;
  state: string;
  reason_code: string | null;
}

/** Whether the engine took it on: then it must have one effect, or a failed job that says why. */
export const isAccepted = ({ outcome }: Settled): boolean => outcome.status < 300 || outcome.job !== null;

async function jobsOfRequests(database: Database, load: LoadResult, findings: Findings): Promise<void> {
  const jobs = new Map(
    (await query<JobRow>(database, 'select id, name, state, reason_code from job')).map((job) => [job.id, job]),
  );
  const kept = new Map(
    (
      await query<{ organization_id: string; key: string; job_id: string | null }>(
        database,
        'select organization_id, key, job_id from idempotency_key',
      )
    ).map((row) => [`${row.organization_id} ${row.key}`, row]),
  );
  const expected = new Set(load.enqueued);
  for (const settled of load.settled) {
    const row = kept.get(`${settled.organization} ${settled.key}`);
    if (!isAccepted(settled)) {
      if (row) findings.wrong.push(`${settled.key} was refused (${settled.outcome.status}) and kept all the same`);
      continue;
    }
    if (!row) findings.lost.push(`${settled.key} was accepted and its key is not there`);
    if (jobOfKind[settled.kind] === undefined) continue;
    if (row?.job_id) expected.add(row.job_id);
    if (settled.outcome.job !== null && row?.job_id !== settled.outcome.job) {
      findings.doubled.push(`${settled.key} was answered with ${settled.outcome.job}, kept is ${row?.job_id}`);
    }
  }
  for (const id of expected) if (!jobs.has(id)) findings.lost.push(`${id} was accepted and is not there`);
  // Daily work makes jobs of its own, and jobs make others; these are made for requests alone.
  const asked: ReadonlySet<string> = new Set(Object.values(jobOfKind));
  for (const job of jobs.values()) {
    if (!expected.has(job.id) && asked.has(job.name))
      findings.doubled.push(`${job.id} (${job.name}): nobody asked for it`);
    if (job.state === 'queued' || job.state === 'running')
      findings.lost.push(`${job.id} (${job.name}) is still ${job.state}`);
    if (job.state === 'failed' && !Object.hasOwn(refusals, job.reason_code ?? '')) {
      findings.lost.push(`${job.id} (${job.name}) failed without a business reason: ${job.reason_code}`);
    }
  }
}

/** A done operation recorded its changes once and told of it once; one that failed did neither. */
async function effectsOfJobs(database: Database, findings: Findings): Promise<void> {
  const rows = await query<{
    id: string;
    name: string;
    state: string;
    changes: number;
    foreign: number;
    events: number;
  }>(
    database,
    `select job.id, job.name, job.state,
       (select count(*) from contract_change c where c.job_id = job.id) as changes,
       (select count(*) from contract_change c where c.job_id = job.id
          and not job.payload -> 'input' -> 'new_ids' -> 'chg' @> to_jsonb(c.id)) as foreign,
       (select count(*) from event e where e.job_id = job.id) as events
     from job where job.name in ('suspend-contract', 'edit-suspension', 'stop-suspension', 'remove-suspension')`,
  );
  for (const { id, name, state, changes, foreign, events } of rows) {
    const what = `${id} (${name}, ${state}): ${changes} changes, ${events} events`;
    if (state === 'done' && (changes === 0 || events === 0)) findings.lost.push(what);
    if (changes > 2 || events > 1 || foreign > 0 || (state !== 'done' && changes + events > 0))
      findings.doubled.push(what);
  }
}

async function directWrites(database: Database, load: LoadResult, before: Counts, findings: Findings): Promise<void> {
  const now = await countRows(database);
  const accepted = (kind: Kind) => load.settled.filter((one) => one.kind === kind && one.outcome.status < 300).length;
  const compare = (what: string, there: number, wanted: number) => {
    if (there < wanted) findings.lost.push(`${wanted - there} ${what}`);
    if (there > wanted) findings.doubled.push(`${there - wanted} ${what}`);
  };
  compare('contracts', now.contracts - before.contracts, accepted('sign'));
  compare('customers', now.customers - before.customers, accepted('customer'));
}

async function clockAndDays(database: Database, world: World, load: LoadResult, findings: Findings): Promise<void> {
  const furthest = load.settled
    .filter((one) => one.kind === 'advance' && one.outcome.status === 200)
    .map((one) => one.outcome.body.today as string)
    .sort()
    .at(-1);
  const clock = await findOrganization(database, world.clock.organization);
  if (furthest !== undefined && (clock?.test_today ?? '') < furthest) {
    findings.lost.push(`the clock was moved to ${furthest} and shows ${clock?.test_today}`);
  }
  const gaps = await query<{ id: string; on_day: string; runs: number }>(
    database,
    `select organization.id, day::date as on_day, count(daily_run.kind) as runs
     from organization
     join lateral generate_series(
       case when test_today is null then (created_at at time zone timezone)::date else '2010-07-06'::date end,
       opened_on, interval '1 day') as day on true
     left join daily_run on daily_run.organization_id = organization.id and daily_run.on_day = day::date
     group by organization.id, day having count(daily_run.kind) <>
       (select count(distinct kind) from daily_run)`,
  );
  for (const gap of gaps) findings.lost.push(`the daily work of ${gap.on_day} ran ${gap.runs} kinds`);
}

/** Every rule that the doctor knows. */
export async function rulesBroken(database: Database): Promise<string[]> {
  const findings = await examine(database);
  return findings.flatMap(({ invariant, violations }) =>
    violations.map(({ id, detail }) => `${invariant.name}: ${id} ${detail}`),
  );
}
