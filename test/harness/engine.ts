/** The whole engine for a test file: its own database, queue, API and workers, and a client that speaks HTTP to it. */

import { startApi } from '../../api/server.ts';
import { createLog } from '../../src/log.ts';
import { createApiKey, createOrganization } from '../../src/services/create-organization.ts';
import { connectDatabase, type Database } from '../../src/store/database.ts';
import { startWorkers, type WorkersOptions } from '../../workers/start.ts';
import { type Client, clientOf, type Json } from './client.ts';
import { freshDatabase } from './fresh-database.ts';
import { startRedis } from './redis.ts';

export type { Answer, CallOptions, Client, Json } from './client.ts';

export interface TestEngine {
  url: string;
  databaseUrl: string;
  redisUrl: string | undefined;
  database: Database;
  /** The first organization's operator. */
  operator: Client;
  /** A test organization whose clock shows `today`. */
  sandbox(today: string, settings?: Record<string, unknown>): Promise<Client>;
  client(key: string, organization?: Json): Client;
  stop(): Promise<void>;
}

export interface TestEngineOptions {
  queue?: 'postgres' | 'redis';
  /** No workers in this process: the test runs its own. */
  workers?: boolean;
  workersOptions?: Partial<WorkersOptions>;
  rateLimitPerMinute?: number;
  now?: () => Date;
  /** Said to PostgreSQL by every connection, instead of what the engine says. */
  sessionParameters?: Record<string, string>;
}

/** A key that seals the test accounts; never used outside tests. */
process.env.ENCRYPTION_KEYS ??= `test:${Buffer.alloc(32, 7).toString('base64')}`;

export async function startTestEngine(options: TestEngineOptions = {}): Promise<TestEngine> {
  const log = createLog(process.env.LOG_LEVEL ?? 'silent', 'test');
  const connectTo = new URL((await freshDatabase()).url);
  for (const [name, value] of Object.entries(options.sessionParameters ?? {})) connectTo.searchParams.set(name, value);
  const databaseUrl = connectTo.href;
  const redis = options.queue === 'redis' ? await startRedis() : null;
  const redisUrl = redis?.url;
  const now = options.now === undefined ? {} : { now: options.now };
  const api = await startApi({
    databaseUrl,
    redisUrl,
    host: '127.0.0.1',
    port: 0,
    log,
    rateLimitPerMinute: options.rateLimitPerMinute ?? 1_000_000,
    ...now,
  });
  const workers =
    options.workers === false
      ? null
      : await startWorkers({ databaseUrl, redisUrl, log, ...now, ...options.workersOptions });
  const database = connectDatabase(databaseUrl, { max: 16, application: 'test' });
  const key = await database.transaction(async (trx) => {
    const organization = await createOrganization(
      trx,
      { name: 'Operator', timezone: 'Europe/Paris', currency: 'EUR', locale: 'en', test_today: '2010-01-01' as never },
      new Date(),
    );
    return createApiKey(
      trx,
      { organization_id: organization.id, label: 'operator', role: 'admin', is_operator: true },
      new Date(),
    );
  });
  const operator = clientOf(api.url, key);
  return {
    url: api.url,
    databaseUrl,
    redisUrl,
    database,
    operator,
    client: (secret, organization) => clientOf(api.url, secret, organization),
    async sandbox(today, settings = {}) {
      const made = await operator.post('/v1/sandboxes', { name: 'Club', today, locale: 'en', ...settings });
      return clientOf(api.url, made.api_key, made.organization);
    },
    async stop() {
      await api.stop();
      await workers?.stop();
      await database.destroy();
      await redis?.stop();
    },
  };
}
