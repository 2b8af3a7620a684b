/** The door's question over HTTP against a bare Express route with one indexed read of the same row. `CUSTOMERS` sets the size. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import pg from 'pg';
import { startApi } from '../api/server.ts';
import type { Day } from '../src/domain/day.ts';
import { createLog } from '../src/log.ts';
import { createApiKey } from '../src/services/create-organization.ts';
import { connectDatabase } from '../src/store/database.ts';
import { ask } from './ask.ts';
import { loadLargeClub } from './bulk-load.ts';
import type { BenchEnvironment } from './environment.ts';
import { type BenchResult, median } from './ratio.ts';

const CONNECTIONS = 16;

export async function benchDoor(environment: BenchEnvironment, rounds = 5): Promise<BenchResult[]> {
  const customers = Number(process.env.CUSTOMERS ?? 100_000);
  const database = connectDatabase(environment.databaseUrl, { max: 2, application: 'bench' });
  const today = '2026-06-30' as Day;
  const { organization } = await loadLargeClub(database, { customers, name: 'Door', today, due: null, late: false });
  const key = { organization_id: organization, label: 'bench', role: 'viewer', is_operator: false };
  const secret = await database.transaction((trx) => createApiKey(trx, key, new Date()));
  const api = await startApi({
    databaseUrl: environment.databaseUrl,
    host: '127.0.0.1',
    port: 0,
    log: createLog('error', 'bench'),
    rateLimitPerMinute: 100_000_000,
    databasePool: CONNECTIONS,
  });
  const pool = new pg.Pool({ connectionString: environment.databaseUrl, max: CONNECTIONS });
  // The server may stop before the last of its connections has closed.
  pool.on('error', () => undefined);
  const app = express();
  app.get('/badges/:badge/access', async (request, response) => {
    const { rows } = await pool.query({
      name: 'door',
      text: `select id, access_state, access_reason, access_detail, access_since_on, access_until_on, access_review_on
             from customer where organization_id = $1 and badge = $2`,
      values: [organization, request.params.badge],
    });
    response.json(rows[0]);
  });
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const common = { connections: CONNECTIONS, ms: 4000, method: 'GET', body: null };
  const badges = Array.from({ length: 5000 }, (_, n) => `B${((n * 7919) % customers) + 1}`);
  const rates: { ours: number; bare: number }[] = [];
  try {
    for (let round = 0; round < rounds; round += 1)
      rates.push({
        bare: await ask({
          ...common,
          url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
          headers: {},
          paths: badges.map((badge) => `/badges/${badge}/access`),
        }),
        ours: await ask({
          ...common,
          url: api.url,
          headers: { authorization: `Bearer ${secret}` },
          paths: badges.map((badge) => `/v1/badges/${badge}/access`),
        }),
      });
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
      name: 'the question of a door against a bare route with one indexed read',
      ratio: middle('ours') / middle('bare'),
      target: 0.7,
      detail: `${Math.round(middle('ours'))} answers/s against ${Math.round(middle('bare'))}, medians of ${rounds}, ${customers} customers`,
    },
  ];
}
