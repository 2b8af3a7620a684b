/**
 * Renewals, suspensions, closures and credits of the same contracts at the same moment, over as many connections as
 * there are. Nothing is done twice after a deadlock, because there is none: everybody takes locks in the same order.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Context, type Organization, writeContext } from '../../src/context.ts';
import { newId } from '../../src/ids.ts';
import { changeChains, concludeStep, takeChains } from '../../src/services/closure-steps.ts';
import { extendHorizon } from '../../src/services/extend-horizon.ts';
import { commitOperation } from '../../src/services/operation.ts';
import { operations } from '../../src/services/operations.ts';
import { renewContracts } from '../../src/services/renew-contracts.ts';
import { connectDatabase, type Database, query, queryOne } from '../../src/store/database.ts';
import { findOrganization } from '../../src/store/organizations.ts';
import { type Json, startTestEngine, type TestEngine } from '../harness/engine.ts';
import { member, sell } from '../http/membership.ts';

let engine: TestEngine;
let database: Database;
beforeAll(async () => {
  engine = await startTestEngine({ workers: false });
  database = connectDatabase(engine.databaseUrl, { max: 24, application: 'race' });
});
afterAll(async () => {
  await database.destroy();
  await engine.stop();
});

const CONTRACTS = 12;

function inTransactions(organization: Organization) {
  return (work: (ctx: Context) => Promise<unknown>): Promise<unknown> =>
    database.transaction((trx) => work(writeContext(trx, organization, 'race', new Date())));
}

/** Watches how many connections are used at a time. */
function mostConnections(): () => number {
  let most = 0;
  const watch = setInterval(() => {
    most = Math.max(most, database.client.pool.numUsed());
  }, 1);
  return () => {
    clearInterval(watch);
    return most;
  };
}

async function deadlocks(): Promise<number> {
  const sql = 'select deadlocks from pg_stat_database where datname = current_database()';
  return (await queryOne<{ deadlocks: number }>(database, sql))!.deadlocks;
}

it('each contract is renewed once, and its renewal begins the day after it ends, whoever came first', async () => {
  const plan = { term_months: 3, auto_renew: true, renew_ahead_months: 6 };
  const { desk, customer, plan: sold, contract } = await member(engine, '2026-01-01', { plan });
  const contracts = [contract.id];
  for (let more = 1; more < CONTRACTS; more++)
    contracts.push((await sell(desk, customer, sold, { starts_on: '2026-01-01' })).id);
  const organization = (await findOrganization(database, desk.organization.id))!;

  const within = inTransactions(organization);
  const suspend = (id: string, starts_on: string, days: number) =>
    within((ctx) =>
      commitOperation(ctx, 'suspend-contract', operations['suspend-contract'], {
        contract: id,
        suspension: { starts_on, days, reason: 'race' },
        new_ids: { chg: [newId('chg'), newId('chg')], sus: [newId('sus')] },
      }),
    );
  const together = mostConnections();
  await Promise.all([
    ...contracts.flatMap((id) => [
      suspend(id, '2026-02-01', 10),
      within((ctx) => renewContracts(ctx, [id])),
      suspend(id, '2026-03-01', 5),
    ]),
    within((ctx) => renewContracts(ctx, contracts)),
    within((ctx) => renewContracts(ctx, contracts.toReversed())),
  ]);
  expect(together()).toBeGreaterThanOrEqual(16);
  expect(await deadlocks()).toBe(0);

  const rows = await query<{ ends_on: string; starts_on: string; renewals: number; written: string }>(
    database,
    `select c.ends_on, min(r.starts_on) as starts_on, count(r.id) as renewals,
            min((select min(due_on) from instalment where contract_id = r.id)) as written
     from contract c left join contract r on r.renews_id = c.id
     where c.id = any(?::text[]) group by c.id`,
    [contracts],
  );
  expect(rows).toHaveLength(CONTRACTS);
  for (const row of rows)
    expect(row).toEqual({ ends_on: '2026-04-15', starts_on: '2026-04-16', renewals: 1, written: '2026-04-16' });
});

it('closures, renewals, horizons and clicks over the same customers never stand in each other’s way', async () => {
  const { desk } = await member(engine, '2026-01-01');
  const organization = (await findOrganization(database, desk.organization.id))!;
  const within = inTransactions(organization);
  const sold = (terms: object) => desk.post('/v1/plans', { name: 'Gym', kind: 'membership', amount: 5000, ...terms });
  const yearly = await sold({ term_months: 3, auto_renew: true, renew_ahead_months: 6 });
  const endless = await sold({});
  const packs = await sold({ kind: 'credits', credits: 10, validity_days: 90 });
  const customers: Json[] = [];
  for (let at = 0; at < 8; at++) customers.push(await desk.post('/v1/customers', { name: `Anne ${at}` }));
  const of = { yearly: [] as string[], endless: [] as string[], packs: [] as string[] };
  // The older the customer, the newer the contract: in the order of contracts customers come in the other order.
  for (const customer of customers.toReversed()) {
    of.yearly.push((await sell(desk, customer, yearly, { starts_on: '2026-01-01' })).id);
    of.endless.push((await sell(desk, customer, endless, { starts_on: '2026-01-01' })).id);
    of.packs.push((await sell(desk, customer, packs, { starts_on: '2026-01-01' })).id);
  }
  const closures = [newId('clo'), newId('clo'), newId('clo')];
  for (const [at, id] of closures.entries())
    await within((ctx) =>
      commitOperation(ctx, 'open-closure', operations['open-closure'], {
        closure: { starts_on: `2026-02-0${at + 1}`, ends_on: `2026-02-1${at}`, reason: 'race' },
        new_closure: id,
      }),
    );
  const close = (id: string) =>
    within(async (ctx) => {
      const taken = (await takeChains(ctx, id, 'closing', ''))!;
      await concludeStep(ctx, 'closing', '', taken, await changeChains(ctx, taken, 'closing'));
    });
  const click = (contract: string) =>
    within((ctx) =>
      commitOperation(ctx, 'move-credits', operations['move-credits'], {
        contract,
        delta: -1,
        reason: 'race',
        new_movement: newId('crm'),
      }),
    );
  const together = mostConnections();
  await Promise.all([
    ...of.packs.map(click),
    ...closures.map(close),
    within((ctx) => renewContracts(ctx, of.yearly)),
    within((ctx) => renewContracts(ctx, of.yearly.toReversed())),
    within((ctx) => extendHorizon(ctx, of.endless)),
    within((ctx) => extendHorizon(ctx, of.endless.toReversed())),
    ...of.packs.toReversed().map(click),
  ]);
  expect(together()).toBeGreaterThanOrEqual(16);
  expect(await deadlocks()).toBe(0);
  const rows = await query<{ renewals: number; suspensions: number; left: number }>(
    database,
    `select count(r.id) as renewals, (select count(*) from suspension s where s.contract_id = c.id) as suspensions,
            (select credits_left from contract p where p.customer_id = c.customer_id and p.kind = 'credits') as left
     from contract c left join contract r on r.renews_id = c.id where c.id = any(?::text[]) group by c.id`,
    [of.yearly],
  );
  expect(rows).toEqual(of.yearly.map(() => ({ renewals: 1, suspensions: 3, left: 8 })));
});
