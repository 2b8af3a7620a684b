/** Days that were missed, days that cannot be opened, and days of a clock that is moved while clients keep asking. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeContext } from '../../src/context.ts';
import { addDays, addMonths, type Day } from '../../src/domain/day.ts';
import { enqueue } from '../../src/jobs/enqueue.ts';
import { createLog } from '../../src/log.ts';
import { openDay } from '../../src/services/open-day.ts';
import { openDueDays } from '../../src/services/open-due-days.ts';
import { reviewOvertaken } from '../../src/services/review-overtaken.ts';
import { query } from '../../src/store/database.ts';
import { findOrganization } from '../../src/store/organizations.ts';
import { jobContext, processorOf, readPayload } from '../../workers/run-ring.ts';
import { startWorkers } from '../../workers/start.ts';
import { type Client, type Json, startTestEngine, type TestEngine } from '../harness/engine.ts';
import { member } from '../http/membership.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine({ workers: false });
});
afterAll(() => engine.stop());

const jobsOf = (desk: Client, name: string) =>
  query<{ id: string; name: string; payload: Json; state: string; attempts: number; reason_code: string | null }>(
    engine.database,
    'select id, name, payload, state, attempts, reason_code from job where organization_id = ? and name = ? order by id',
    [desk.organization.id, name],
  );

/** From now on the organization follows the wall clock, and has opened no day since `opened`. */
const makeLive = (desk: Client, opened: Day) =>
  engine.database('organization').where({ id: desk.organization.id }).update({ test_today: null, opened_on: opened });

it('the jobs of a missed day act as of that day, whenever they run', async () => {
  const begun = '2020-01-15' as Day;
  const { desk, contract } = await member(engine, begun);
  await makeLive(desk, begun);
  const organization = (await findOrganization(engine.database, desk.organization.id))!;
  const missed = addDays(begun, 40);
  await engine.database.transaction((trx) => openDay(writeContext(trx, organization, 'calendar', new Date()), missed));
  const [job] = await jobsOf(desk, 'extend-horizon');
  const processor = processorOf('extend-horizon');
  if (!job || processor?.kind !== 'transaction') throw new Error('no job extends the horizon');
  await engine.database.transaction((trx) => {
    const ctx = writeContext(trx, organization, 'calendar', new Date());
    return processor.run(jobContext(ctx, { id: job.id, attempts: 0, request_id: null }), readPayload(job));
  });
  const row = await engine.database('contract').where({ id: contract.id }).first();
  expect(row.materialised_until).toBe(addMonths(missed, organization.settings.horizon_months));
});

it('a day whose opening failed keeps its one job, which is tried again in sight', async () => {
  const { desk } = await member(engine, '2020-01-15');
  await makeLive(desk, '2020-01-15' as Day);
  const tick = () => engine.database.transaction((trx) => openDueDays(trx, new Date()));
  const fail = (minutesAgo: number) =>
    engine.database.raw(
      `update job set state = 'failed', reason_code = 'internal_error', attempts = 3, finished_at = clock_timestamp() - ? * interval '1 minute'
       where organization_id = ? and name = 'open-day'`,
      [minutesAgo, desk.organization.id],
    );
  await tick();
  await fail(1);
  for (let at = 0; at < 5; at += 1) await tick();
  const [failed, ...more] = await jobsOf(desk, 'open-day');
  expect(more).toEqual([]);
  expect(failed).toMatchObject({ state: 'failed', payload: { on: '2020-01-16' } });
  await fail(11);
  await tick();
  expect(await jobsOf(desk, 'open-day')).toEqual([
    { ...failed, state: 'queued', attempts: 3, reason_code: 'internal_error' },
  ]);
});

it('whose day of review passed while a write was under way is reviewed after the next tick', async () => {
  const { desk, customer } = await member(engine, '2010-07-05');
  const tick = () => engine.database.transaction((trx) => reviewOvertaken(trx, new Date()));
  expect(await tick()).toBe(0);
  await engine.database('customer').where({ id: customer.id }).update({ access_review_on: '2010-07-05' });
  expect([await tick(), await tick()]).toEqual([1, 0]);
  const workers = await startWorkers({ databaseUrl: engine.databaseUrl, log: createLog('silent', 'test') });
  try {
    const reviewOn = async () =>
      (await engine.database('customer').where({ id: customer.id }).first()).access_review_on;
    await expect.poll(reviewOn, { timeout: 60_000 }).not.toBe('2010-07-05');
    expect(await tick()).toBe(0);
  } finally {
    await workers.stop();
  }
  expect((await jobsOf(desk, 'review-access')).map(({ state }) => state)).toEqual(['done']);
});

it('a clock moves on when the work asked for before is done, however much is asked for meanwhile', async () => {
  const { desk, contract } = await member(engine, '2010-07-05');
  const suspension = { starts_on: '2010-08-01', days: 40, reason: 'Leg' };
  const early = await desk.call('POST', `/v1/contracts/${contract.id}/suspensions`, { body: suspension });
  expect(early.status).toBe(202);
  // Asked for after every day that the clock passes, and in a lane that nobody listens to.
  const organization = (await findOrganization(engine.database, desk.organization.id))!;
  await engine.database.transaction(async (trx) => {
    const payload = { contracts: [contract.id], on: '2010-07-05' as Day };
    const id = await enqueue(writeContext(trx, organization, 'test', new Date()), 'extend-horizon', payload);
    await trx.raw(`update job set lane = 'unheard', queued_at = clock_timestamp() + interval '1 hour' where id = ?`, [
      id,
    ]);
  });
  const workers = await startWorkers({ databaseUrl: engine.databaseUrl, log: createLog('silent', 'test') });
  try {
    await desk.post('/v1/test_clock/advance', { to: '2010-07-08' });
    const states = async (name: string) => (await jobsOf(desk, name)).map(({ state }) => state);
    expect(await states('suspend-contract')).toEqual(['done']);
    expect(await states('send-message')).toEqual(['done']);
    expect(await states('extend-horizon')).toEqual(['queued']);
  } finally {
    await workers.stop();
  }
});
