/** What goes to the bank and comes back is written in its page, without any index being touched (decision 0094). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectDatabase, type Database } from '../../src/store/database.ts';
import { freshDatabase } from '../harness/fresh-database.ts';
import { inOrganization } from './in-organization.ts';
import { insertPopulation } from './population.ts';

describe('the indexes of instalments', () => {
  let database: Database;
  beforeAll(async () => {
    database = connectDatabase((await freshDatabase()).url);
  });
  afterAll(() => database.destroy());

  it('are left alone by what a debit does to its instalment', async () => {
    await inOrganization(database, async ({ organization }, trx) => {
      await insertPopulation(trx, organization.id, 1, 20);
      const written = async () => {
        const { rows } = await trx.raw(
          `select n_tup_upd::int as all, n_tup_hot_upd::int as in_page from pg_stat_xact_user_tables where relname = 'instalment'`,
        );
        return rows[0] as { all: number; in_page: number };
      };
      const before = await written();
      const some = `id in (select id from instalment where status = 'scheduled' and amount_cents > 0 order by id limit 3)`;
      const { rows } = await trx.raw(`select id from instalment where ${some}`);
      const ids = (rows as { id: string }[]).map(({ id }) => id);
      expect(ids).toHaveLength(3);
      await trx.raw(
        `update instalment set status = 'collecting', sold_cents = amount_cents, sold_revision = 1, covered_cents = amount_cents
         where id = any(?::text[])`,
        [ids],
      );
      const after = await written();
      expect(after.all - before.all).toBe(3);
      expect(after.in_page - before.in_page).toBe(3);
    });
  });
});
