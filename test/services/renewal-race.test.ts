/** Renewals and suspensions of the same contracts at the same moment, over as many connections as there are. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Context, writeContext } from '../../src/context.ts';
import { newId } from '../../src/ids.ts';
import { commitOperation } from '../../src/services/operation.ts';
import { operations } from '../../src/services/operations.ts';
import { renewContracts } from '../../src/services/renew-contracts.ts';
import { connectDatabase, type Database, isContention, query } from '../../src/store/database.ts';
import { findOrganization } from '../../src/store/organizations.ts';
import { startTestEngine, type TestEngine } from '../harness/engine.ts';
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

it('each contract is renewed once, and its renewal begins the day after it ends, whoever came first', async () => {
  const plan = { term_months: 3, auto_renew: true, renew_ahead_months: 6 };
  const { desk, customer, plan: sold, contract } = await member(engine, '2026-01-01', { plan });
  const contracts = [contract.id];
  for (let more = 1; more < CONTRACTS; more++)
    contracts.push((await sell(desk, customer, sold, { starts_on: '2026-01-01' })).id);
  const organization = (await findOrganization(database, desk.organization.id))!;

  const within = async (work: (ctx: Context) => Promise<unknown>): Promise<unknown> => {
    for (;;) {
      try {
        return await database.transaction((trx) => work(writeContext(trx, organization, 'race', new Date())));
      } catch (error) {
        if (!isContention(error)) throw error;
      }
    }
  };
  const suspend = (id: string, starts_on: string, days: number) =>
    within((ctx) =>
      commitOperation(ctx, 'suspend-contract', operations['suspend-contract'], {
        contract: id,
        suspension: { starts_on, days, reason: 'race' },
        new_ids: { chg: [newId('chg'), newId('chg')], sus: [newId('sus')] },
      }),
    );
  let together = 0;
  const watch = setInterval(() => {
    const { used } = database.client.pool as unknown as { used?: unknown[] };
    together = Math.max(together, used?.length ?? database.client.pool.numUsed());
  }, 1);
  await Promise.all([
    ...contracts.flatMap((id) => [
      suspend(id, '2026-02-01', 10),
      within((ctx) => renewContracts(ctx, [id])),
      suspend(id, '2026-03-01', 5),
    ]),
    within((ctx) => renewContracts(ctx, contracts)),
    within((ctx) => renewContracts(ctx, contracts.toReversed())),
  ]);
  clearInterval(watch);
  expect(together).toBeGreaterThanOrEqual(16);

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
