/** The door's question over HTTP against a bare Express route with one indexed read of the same row. `CUSTOMERS` sets the size. */
import type { Day } from '../src/domain/day.ts';
import { connectDatabase } from '../src/store/database.ts';
import { benchBesideBare } from './beside-bare.ts';
import { loadLargeClub } from './bulk-load.ts';
import type { BenchEnvironment } from './environment.ts';
import type { BenchResult } from './ratio.ts';

export async function benchDoor(environment: BenchEnvironment, rounds = 5): Promise<BenchResult[]> {
  const customers = Number(process.env.CUSTOMERS ?? 100_000);
  const database = connectDatabase(environment.databaseUrl, { max: 2, application: 'bench' });
  const today = '2026-06-30' as Day;
  const { organization } = await loadLargeClub(database, { customers, name: 'Door', today, due: null, late: false });
  const badges = Array.from({ length: 5000 }, (_, n) => `B${((n * 7919) % customers) + 1}`);
  try {
    return [
      await benchBesideBare(environment, database, {
        organization,
        role: 'viewer',
        ours: { method: 'GET', body: null, paths: badges.map((badge) => `/v1/badges/${badge}/access`) },
        bare: {
          path: '/badges/:badge/access',
          paths: badges.map((badge) => `/badges/${badge}/access`),
          query: (badge) => ({
            name: 'door',
            text: `select id, access_state, access_reason, access_detail, access_since_on, access_until_on, access_review_on
                   from customer where organization_id = $1 and badge = $2`,
            values: [organization, badge],
          }),
        },
        rounds,
        name: `the question of a door against a bare route with one indexed read, ${customers} customers`,
        target: 0.7,
        unit: 'answers',
      }),
    ];
  } finally {
    await database.destroy();
  }
}
