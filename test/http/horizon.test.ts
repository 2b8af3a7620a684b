/** Contracts without end are written down as far ahead as the organization looks, at once when that or a contract changes. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Context, writeContext } from '../../src/context.ts';
import { examine } from '../../src/doctor/examine.ts';
import { newId } from '../../src/ids.ts';
import { commitOperation } from '../../src/services/operation.ts';
import { operations } from '../../src/services/operations.ts';
import { updateOrganization } from '../../src/services/update-organization.ts';
import { connectDatabase, type Database, queryOne } from '../../src/store/database.ts';
import { findOrganization } from '../../src/store/organizations.ts';
import { type Json, startTestEngine, type TestEngine } from '../harness/engine.ts';
import { workLeft } from '../harness/work-left.ts';
import { type Member, member } from './membership.ts';

let engine: TestEngine;
/** Two desks, each over a connection of its own. */
let desks: Database;
beforeAll(async () => {
  engine = await startTestEngine();
  desks = connectDatabase(engine.databaseUrl, { max: 2, application: 'desks' });
});
afterAll(async () => {
  await desks.destroy();
  await engine.stop();
});

const lastDue = async ({ desk }: Member, contract: Json): Promise<string> => {
  await expect.poll(() => workLeft(engine.database), { timeout: 60_000 }).toBe(0);
  const { body } = await desk.get(`/v1/contracts/${contract.id}/schedule`);
  return body.instalments.at(-1).due_on;
};

async function rulesHold(): Promise<void> {
  await expect.poll(() => workLeft(engine.database), { timeout: 60_000 }).toBe(0);
  const broken = (await examine(engine.database)).filter(({ violations }) => violations.length > 0);
  expect(broken.map(({ invariant, violations }) => [invariant.name, violations])).toEqual([]);
}

it('contracts are written further ahead as soon as the organization looks further ahead', async () => {
  const given = await member(engine, '2010-07-05');
  expect(await lastDue(given, given.contract)).toBe('2011-08-05');
  await given.desk.send('PATCH', '/v1/organization', { settings: { horizon_months: 20 } });
  expect(await lastDue(given, given.contract)).toBe('2012-03-05');
  await rulesHold();
  await given.desk.send('PATCH', '/v1/organization', { settings: { horizon_months: 2 } });
  expect(await lastDue(given, given.contract), 'what is written stays').toBe('2012-03-05');
  await rulesHold();
});

it('a contract whose cancellation is undone after months is written as far ahead as the others', async () => {
  const given = await member(engine, '2010-07-05');
  const { desk, contract } = given;
  await desk.post(`/v1/contracts/${contract.id}/cancellation`, {
    on: '2011-06-04',
    reason: 'Moving away',
    waive_notice: true,
  });
  await desk.post('/v1/test_clock/advance', { to: '2010-09-20' });
  await desk.send('DELETE', `/v1/contracts/${contract.id}/cancellation`, {});
  expect(await lastDue(given, contract)).toBe('2011-10-05');
  await rulesHold();
});

/** Signs while the organization looks further ahead, both under way: `first` is done, and not committed, when the other begins. */
async function together(first: 'signing' | 'looking'): Promise<Json> {
  const given = await member(engine, '2010-07-05');
  const organization = (await findOrganization(engine.database, given.desk.organization.id))!;
  const new_contract = newId('ctr');
  const sold = { customer: given.customer.id, plan: given.plan.id, starts_on: '2010-07-05', method: 'cash' };
  const signing = (ctx: Context) =>
    commitOperation(ctx, 'sign-contract', operations['sign-contract'], { ...sold, new_contract });
  const looking = (ctx: Context) => updateOrganization(ctx, { settings: { horizon_months: 30 } }, undefined);
  const [early, late] = first === 'signing' ? [signing, looking] : [looking, signing];
  let other: Promise<unknown> = Promise.resolve();
  await desks.transaction(async (trx) => {
    await early(writeContext(trx, organization, 'race', new Date()));
    let isDone = false;
    other = desks
      .transaction((second) => late(writeContext(second, organization, 'race', new Date())))
      .finally(() => {
        isDone = true;
      });
    await expect.poll(async () => isDone || (await isAnyoneWaiting()), { timeout: 60_000 }).toBe(true);
  });
  await other;
  return { last: await lastDue(given, { id: new_contract }) };
}

async function isAnyoneWaiting(): Promise<boolean> {
  const sql = `select count(*) as waiting from pg_stat_activity
    where datname = current_database() and application_name = 'desks' and wait_event_type = 'Lock'`;
  return ((await queryOne<{ waiting: number }>(engine.database, sql))?.waiting ?? 0) > 0;
}

it.each(['signing', 'looking'] as const)(
  'a contract signed at that moment is written as far: %s first',
  async (first) => {
    expect(await together(first)).toEqual({ last: '2013-01-05' });
    await rulesHold();
  },
);
