/** A worker is killed in the middle of a closure: another goes on, and each contract is suspended once. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CHAINS_PER_STEP } from '../../src/services/closure-steps.ts';
import { query, queryOne } from '../../src/store/database.ts';
import { type Json, startTestEngine, type TestEngine } from '../harness/engine.ts';
import { member } from './membership.ts';

let engine: TestEngine;
const workers: ChildProcess[] = [];
beforeAll(async () => {
  engine = await startTestEngine({ workers: false });
});
afterAll(async () => {
  for (const worker of workers) worker.kill('SIGKILL');
  await engine.stop();
});

function startWorker(): ChildProcess {
  const worker = spawn(process.execPath, ['--import', 'tsx', 'workers/main.ts'], {
    env: { ...process.env, DATABASE_URL: engine.databaseUrl, REDIS_URL: '', LOG_LEVEL: 'error' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  workers.push(worker);
  return worker;
}

async function until<T>(look: () => Promise<T>, enough: (seen: T) => boolean, what: string): Promise<T> {
  for (let tries = 0; tries < 4000; tries++) {
    const seen = await look();
    if (enough(seen)) return seen;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`waited too long until ${what}`);
}

it('finishes once', { timeout: 500_000 }, async () => {
  const { desk, contract } = await member(engine, '2026-07-01', { plan: { term_months: 2 } });
  const copies = CHAINS_PER_STEP * 2 + 50;
  // As many copies of the first contract, with ids after it.
  await engine.database.raw(
    `with copy as (
       insert into contract (id, organization_id, customer_id, plan_id, chain_id, kind, terms, method, starts_on, ends_on,
                             materialised_until, version, created_on, created_at)
       select 'ctr_' || lpad(n::text, 26, 'Z'), organization_id, customer_id, plan_id, 'ctr_' || lpad(n::text, 26, 'Z'),
              kind, terms, method, starts_on, ends_on, materialised_until, 1, created_on, created_at
       from contract, generate_series(1, ?) n where id = ? returning id)
     insert into instalment (id, organization_id, contract_id, customer_id, number, due_on, amount_cents, status, method,
                             explains, credited_cents)
     select 'ins_' || substr(copy.id, 6) || i.number, organization_id, copy.id, customer_id, number, due_on, amount_cents,
            status, method, explains, credited_cents
     from copy, instalment i where i.contract_id = ?`,
    [copies, contract.id, contract.id],
  );
  const answer = await desk.call('POST', '/v1/closures', {
    body: { starts_on: '2026-07-10', ends_on: '2026-07-23', reason: 'Travaux' },
    headers: { 'idempotency-key': 'closure' },
  });
  expect(answer.status).toBe(202);
  const job = answer.body.job.id;
  const progress = async () => (await desk.get(`/v1/jobs/${job}`)).body as Json;

  // Somebody holds a contract of the second step: the worker is stopped there, in the middle.
  const held = await engine.database.transaction();
  // However long a worker takes to start.
  await held.raw('set local idle_in_transaction_session_timeout = 0');
  await held.raw(`select 1 from contract where id > ? order by id desc limit 1 for update`, [contract.id]);
  const doomed = startWorker();
  await until(progress, (seen) => (seen.progress?.done ?? 0) >= CHAINS_PER_STEP, 'a part is done');
  doomed.kill('SIGKILL');
  await once(doomed, 'exit');
  const [half] = await query<{ n: number }>(
    engine.database,
    'select count(*) as n from suspension where closure_id is not null',
  );
  expect(half?.n).toBeGreaterThanOrEqual(CHAINS_PER_STEP);
  expect(half?.n).toBeLessThan(copies + 1);
  await held.rollback();

  startWorker();
  const done = await until(progress, (seen) => seen.state !== 'queued' && seen.state !== 'running', 'the job ends');
  expect(done).toMatchObject({ state: 'done', progress: { done: copies + 1, total: copies + 1 } });
  expect(done.result.totals).toMatchObject({ contracts: copies + 1, suspended: copies + 1, left_out: 0 });
  const once_ = await queryOne(
    engine.database,
    `select count(*) as contracts, min(n) as fewest, max(n) as most, max(ends_on) as last, min(ends_on) as first
     from (select contract.id, contract.ends_on, count(suspension.id) as n
           from contract left join suspension on suspension.contract_id = contract.id group by contract.id) each`,
  );
  expect(once_).toEqual({ contracts: copies + 1, fewest: 1, most: 1, first: '2026-09-14', last: '2026-09-14' });
});
