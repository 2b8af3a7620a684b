/** The night's statement over a whole organization, held against the pure rule, customer by customer, on random ones. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { access } from '../../src/domain/access.ts';
import { addDays } from '../../src/domain/day.ts';
import { reviewAccess } from '../../src/services/refresh-access.ts';
import { accessFactsOf, accessRules, reviewDay } from '../../src/store/access.ts';
import { answersOf } from '../../src/store/access-sql.ts';
import { connectDatabase, type Database, query } from '../../src/store/database.ts';
import { freshDatabase } from '../harness/fresh-database.ts';
import { inOrganization } from './in-organization.ts';
import { insertPopulation, TODAY } from './population.ts';

const SEEDS = [1, 2, 3, 4];
const CUSTOMERS = 250;

describe('who may enter, decided for all at once', () => {
  let database: Database;
  beforeAll(async () => {
    database = connectDatabase((await freshDatabase()).url);
  });
  afterAll(() => database.destroy());

  it.each(SEEDS)('population %i: the statement says of everybody what the rule says', async (seed) => {
    await inOrganization(database, async (ctx, trx) => {
      const customers = await insertPopulation(trx, ctx.organization.id, seed, CUSTOMERS);
      const seen = new Set<string>();
      for (const [grace_days, in_flight_days, ahead] of [
        [0, 14, 0],
        [3, 5, 1],
        [40, 14, 12],
      ] as const) {
        const settings = { ...ctx.organization.settings, grace_days, access: { in_flight_days, offline_days: 35 } };
        const now = { ...ctx, today: addDays(TODAY, ahead), organization: { ...ctx.organization, settings } };
        const expected = (await accessFactsOf(now, customers)).map((facts) => {
          const { state, reason, since_on, until_on, causes } = access(facts, accessRules(now), now.today);
          const review_on = reviewDay(now, facts, now.today);
          return {
            id: facts.customer,
            state,
            reason,
            detail: causes[0]?.detail ?? null,
            since_on,
            until_on,
            review_on,
          };
        });
        expected.sort((a, b) => (a.id < b.id ? -1 : 1));
        expect(await answersOf(now, customers)).toEqual(expected);
        for (const { reason } of expected) seen.add(String(reason));
      }
      const all = [
        'null',
        'debt',
        'reminder_stage',
        'no_contract',
        'contract_not_begun',
        'contract_ended',
        'suspension',
      ];
      expect([...seen].sort()).toEqual(all.sort());
    });
  });

  it('over midnight those whose day has come are asked about, each change is told once, and nobody is left waiting', async () => {
    await inOrganization(database, async (ctx, trx) => {
      await insertPopulation(trx, ctx.organization.id, 5, CUSTOMERS);
      const due = await query<{ id: string }>(trx, 'select id from customer where access_review_on <= ?', [TODAY]);
      const expected = await answersOf(ctx, 'due');
      const done = await reviewAccess(ctx);
      expect(done.reviewed).toBe(due.length);
      expect(await query(trx, 'select 1 from customer where access_review_on <= ?', [TODAY])).toEqual([]);
      const told = await query<{ id: string; data: Record<string, unknown> }>(
        trx,
        `select subjects[1] as id, data from event where type = 'access.changed' order by 1`,
      );
      const changed = expected.filter(({ state, reason }) => state !== 'blocked' || reason !== 'no_contract');
      expect(told).toEqual(
        changed.map(({ id, state, reason }) => ({
          id,
          data: { before: 'blocked', before_reason: 'no_contract', after: state, reason },
        })),
      );
      expect(done.changed).toBe(changed.length);
      expect(await reviewAccess(ctx)).toEqual({ reviewed: 0, changed: 0 });
    });
  });
});
