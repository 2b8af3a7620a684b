/** Our API and a bare Express route that reads one row, asked in turn from another process, with as many connections. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import pg from 'pg';
import { startApi } from '../api/server.ts';
import { createLog } from '../src/log.ts';
import { createApiKey } from '../src/services/create-organization.ts';
import type { Database } from '../src/store/database.ts';
import { ask, type Load } from './ask.ts';
import type { BenchEnvironment } from './environment.ts';
import { type BenchResult, median } from './ratio.ts';

const CONNECTIONS = 16;
const MS = 4000;

export interface BesideBare {
  organization: string;
  role: 'viewer' | 'admin';
  /** What our API is asked. */
  ours: Pick<Load, 'method' | 'body' | 'paths'>;
  /** What the bare route is asked: its path with one parameter, and the query that answers it. */
  bare: { path: string; paths: string[]; query: (parameter: string) => pg.QueryConfig };
  rounds: number;
  name: string;
  target: number;
  /** What an answer is called. */
  unit: string;
}

export async function benchBesideBare(
  environment: BenchEnvironment,
  database: Database,
  { organization, role, ours, bare, rounds, name, target, unit }: BesideBare,
): Promise<BenchResult> {
  const key = { organization_id: organization, label: 'bench', role, is_operator: false };
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
  app.get(bare.path, async (request, response) => {
    const { rows } = await pool.query(bare.query(Object.values(request.params)[0] as string));
    response.json(rows[0]);
  });
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const common = { connections: CONNECTIONS, ms: MS };
  const headers: Record<string, string> = { authorization: `Bearer ${secret}` };
  if (ours.body !== null) headers['content-type'] = 'application/json';
  const rates: { ours: number; bare: number }[] = [];
  try {
    for (let round = 0; round < rounds; round += 1)
      rates.push({
        bare: await ask({
          ...common,
          url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
          method: 'GET',
          headers: {},
          body: null,
          paths: bare.paths,
        }),
        ours: await ask({ ...common, ...ours, url: api.url, headers }),
      });
  } finally {
    await api.stop();
    server.close();
    server.closeAllConnections();
    await pool.end();
  }
  const middle = (side: 'ours' | 'bare') => median(rates.map((one) => one[side]));
  return {
    name,
    ratio: middle('ours') / middle('bare'),
    target,
    detail: `${Math.round(middle('ours'))} ${unit}/s against ${Math.round(middle('bare'))}, medians of ${rounds}`,
  };
}
