/**
 * Renewals, suspensions, closures and credits of the same contracts at the same moment, over as many connections as
 * there are. Nothing is done twice after a deadlock, because there is none: everybody takes locks in the same order.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Context } from '../../src/context.ts';
import { newId } from '../../src/ids.ts';
import { changeChains, concludeStep, takeChains } from '../../src/services/closure-steps.ts';
import { extendHorizon } from '../../src/services/extend-horizon.ts';
import { commitOperation } from '../../src/services/operation.ts';
import { operations } from '../../src/services/operations.ts';
import { renewContracts } from '../../src/services/renew-contracts.ts';
import { query } from '../../src/store/database.ts';
import { type Json, startTestEngine, type TestEngine } from '../harness/engine.ts';
import { CONNECTIONS, type Race, startRace } from '../harness/race.ts';
import { member, sell } from '../http/membership.ts';

let engine: TestEngine;
let race: Race;
beforeAll(async () => {
  engine = await startTestEngine({ workers: false });
  race = startRace(engine.databaseUrl);
});
afterAll(async () => {
  await race.stop();
  await engine.stop();
});

const CONTRACTS = 12;

type Work = (ctx: Context) => Promise<unknown>;

/** All of them are done, over many connections, and none was ended for standing in another's way. */
async function allDone(organization: string, works: readonly Work[]): Promise<void> {
  const outcomes = await race.run(organization, ...works);
  expect(outcomes.filter(({ refused }) => refused !== undefined)).toEqual([]);
  expect(race.together()).toBeGreaterThanOrEqual(CONNECTIONS);
  expect(await race.deadlocks()).toBe(0);
}

it('each contract is renewed once, and its renewal begins the day after it ends, whoever came first', async () => {
  const plan = { term_months: 3, auto_renew: true, renew_ahead_months: 6 };
  const { desk, customer, plan: sold, contract } = await member(engine, '2026-01-01', { plan });
  const contracts = [contract.id];
  for (let more = 1; more < CONTRACTS; more++)
    contracts.push((await sell(desk, customer, sold, { starts_on: '2026-01-01' })).id);
  const suspend =
    (id: string, starts_on: string, days: number): Work =>
    (ctx) =>
      commitOperation(ctx, 'suspend-contract', operations['suspend-contract'], {
        contract: id,
        suspension: { starts_on, days, reason: 'race' },
        new_ids: { chg: [newId('chg'), newId('chg')], sus: [newId('sus')] },
      });
  const renew =
    (ids: string[]): Work =>
    (ctx) =>
      renewContracts(ctx, ids);
  await allDone(desk.organization.id, [
    ...contracts.flatMap((id) => [suspend(id, '2026-02-01', 10), renew([id]), suspend(id, '2026-03-01', 5)]),
    renew(contracts),
    renew(contracts.toReversed()),
  ]);

  const rows = await query<{ ends_on: string; starts_on: string; renewals: number; written: string }>(
    race.database,
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
    await race.run(desk.organization.id, (ctx) =>
      commitOperation(ctx, 'open-closure', operations['open-closure'], {
        closure: { starts_on: `2026-02-0${at + 1}`, ends_on: `2026-02-1${at}`, reason: 'race' },
        new_closure: id,
      }),
    );
  const close =
    (id: string): Work =>
    async (ctx) => {
      const taken = (await takeChains(ctx, id, 'closing', ''))!;
      await concludeStep(ctx, 'closing', '', taken, await changeChains(ctx, taken, 'closing'));
    };
  const click =
    (contract: string): Work =>
    (ctx) => {
      const movement = { contract, delta: -1, reason: 'race', new_movement: newId('crm') };
      return commitOperation(ctx, 'move-credits', operations['move-credits'], movement);
    };
  await allDone(desk.organization.id, [
    ...of.packs.map(click),
    ...closures.map(close),
    (ctx) => renewContracts(ctx, of.yearly),
    (ctx) => renewContracts(ctx, of.yearly.toReversed()),
    (ctx) => extendHorizon(ctx, of.endless),
    (ctx) => extendHorizon(ctx, of.endless.toReversed()),
    ...of.packs.toReversed().map(click),
  ]);
  const rows = await query<{ renewals: number; suspensions: number; left: number }>(
    race.database,
    `select count(r.id) as renewals, (select count(*) from suspension s where s.contract_id = c.id) as suspensions,
            (select credits_left from contract p where p.customer_id = c.customer_id and p.kind = 'credits') as left
     from contract c left join contract r on r.renews_id = c.id where c.id = any(?::text[]) group by c.id`,
    [of.yearly],
  );
  expect(rows).toEqual(of.yearly.map(() => ({ renewals: 1, suspensions: 3, left: 8 })));
});
