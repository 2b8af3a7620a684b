/** Suspension previews over HTTP against a bare Express route that reads one row, both asked alike from another process. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import pg from 'pg';
import { startApi } from '../api/server.ts';
import { createLog } from '../src/log.ts';
import { createApiKey } from '../src/services/create-organization.ts';
import { connectDatabase } from '../src/store/database.ts';
import { ask } from './ask.ts';
import { loadContracts } from './contracts.ts';
import type { BenchEnvironment } from './environment.ts';
import { type BenchResult, median } from './ratio.ts';

const CONNECTIONS = 16;

export async function benchPreview(environment: BenchEnvironment, count = 1000, rounds = 3): Promise<BenchResult[]> {
  const database = connectDatabase(environment.databaseUrl, { max: 4, application: 'bench' });
  const { organization, contracts } = await loadContracts(database, count, 'preview');
  const secret = await database.transaction((trx) =>
    createApiKey(trx, { organization_id: organization, label: 'bench', role: 'admin', is_operator: false }, new Date()),
  );
  await database.raw('analyze');
  const api = await startApi({
    databaseUrl: environment.databaseUrl,
    host: '127.0.0.1',
    port: 0,
    log: createLog('error', 'bench'),
    rateLimitPerMinute: 100_000_000,
    databasePool: CONNECTIONS,
  });
  const pool = new pg.Pool({ connectionString: environment.databaseUrl, max: CONNECTIONS });
  const app = express();
  app.get('/contracts/:id', async (request, response) => {
    const { rows } = await pool.query('select * from contract where id = $1', [request.params.id]);
    response.json(rows[0]);
  });
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bareUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const rates: { ours: number; bare: number }[] = [];
  const common = { connections: CONNECTIONS, ms: 4000 };
  try {
    for (let round = 0; round < rounds; round += 1) {
      rates.push({
        bare: await ask({
          ...common,
          url: bareUrl,
          method: 'GET',
          headers: {},
          body: null,
          paths: contracts.map((id) => `/contracts/${id}`),
        }),
        ours: await ask({
          ...common,
          url: api.url,
          method: 'POST',
          headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
          body: JSON.stringify({ starts_on: '2026-07-22', days: 45, amount: 200, reason: 'bench' }),
          paths: contracts.map((id) => `/v1/contracts/${id}/suspensions?dry_run=true`),
        }),
      });
    }
  } finally {
    await api.stop();
    server.close();
    server.closeAllConnections();
    await pool.end();
    await database.destroy();
  }
  const middle = (side: 'ours' | 'bare') => median(rates.map((one) => one[side]));
  return [
    {
      name: 'suspension previews over HTTP against a bare route that reads one row',
      ratio: middle('ours') / middle('bare'),
      target: 0.5,
      detail: `${Math.round(middle('ours'))} previews/s against ${Math.round(middle('bare'))}, medians of ${rounds}`,
    },
  ];
}
