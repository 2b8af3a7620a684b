/** Suspension previews over HTTP against a bare Express route that reads one row, both asked alike from another process. */
import { connectDatabase } from '../src/store/database.ts';
import { benchBesideBare } from './beside-bare.ts';
import { loadContracts } from './contracts.ts';
import type { BenchEnvironment } from './environment.ts';
import type { BenchResult } from './ratio.ts';

export async function benchPreview(environment: BenchEnvironment, count = 1000, rounds = 3): Promise<BenchResult[]> {
  const database = connectDatabase(environment.databaseUrl, { max: 4, application: 'bench' });
  try {
    const { organization, contracts } = await loadContracts(database, count, 'preview');
    await database.raw('analyze');
    return [
      await benchBesideBare(environment, database, {
        organization,
        role: 'admin',
        ours: {
          method: 'POST',
          body: JSON.stringify({ starts_on: '2026-07-22', days: 45, amount: 200, reason: 'bench' }),
          paths: contracts.map((id) => `/v1/contracts/${id}/suspensions?dry_run=true`),
        },
        bare: {
          path: '/contracts/:id',
          paths: contracts.map((id) => `/contracts/${id}`),
          query: (id) => ({ text: 'select * from contract where id = $1', values: [id] }),
        },
        rounds,
        name: 'suspension previews over HTTP against a bare route that reads one row',
        target: 0.5,
        unit: 'previews',
      }),
    ];
  } finally {
    await database.destroy();
  }
}
