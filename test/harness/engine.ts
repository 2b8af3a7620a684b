/** The whole engine for a test file: its own database, queue, API and workers, and a client that speaks HTTP to it. */

import { startApi } from '../../api/server.ts';
import { createLog } from '../../src/log.ts';
import { createApiKey, createOrganization } from '../../src/services/create-organization.ts';
import { connectDatabase, type Database } from '../../src/store/database.ts';
import { startWorkers, type WorkersOptions } from '../../workers/start.ts';
import { freshDatabase } from './fresh-database.ts';
import { startRedis } from './redis.ts';

// biome-ignore lint/suspicious/noExplicitAny: answers are looked into field by field by the tests.
export type Json = any;

export interface Answer {
  status: number;
  headers: Headers;
  body: Json;
}

export interface CallOptions {
  body?: unknown;
  /** Sent as it is instead of `body` as JSON. */
  raw?: string | Uint8Array;
  headers?: Record<string, string>;
  key?: string | null;
}

export interface Client {
  key: string;
  organization: Json;
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  get(path: string, options?: CallOptions): Promise<Answer>;
  /** Waits for the job behind the answer, sends an idempotency key, and expects a 2xx. */
  post(path: string, body?: unknown): Promise<Json>;
  /** As `post`, for any method and answer. */
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
}

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

let keys = 0;

export function clientOf(url: string, key: string, organization: Json = null): Client {
  const client: Client = {
    key,
    organization,
    async call(method, path, options = {}) {
      const headers: Record<string, string> = { ...options.headers };
      const bearer = options.key === undefined ? key : options.key;
      if (bearer !== null) headers.authorization = `Bearer ${bearer}`;
      let body: string | Uint8Array | undefined = options.raw;
      if (options.body !== undefined) {
        body = JSON.stringify(options.body);
        headers['content-type'] ??= 'application/json';
      }
      const response = await fetch(`${url}${path}`, { method, headers, ...(body === undefined ? {} : { body }) });
      const text = await response.text();
      const isJson = (response.headers.get('content-type') ?? '').includes('json');
      return { status: response.status, headers: response.headers, body: isJson && text ? JSON.parse(text) : text };
    },
    get: (path, options) => client.call('GET', path, options),
    async send(method, path, body, headers = {}) {
      keys += 1;
      return client.call(method, path, {
        ...(body === undefined ? {} : { body }),
        headers: {
          prefer: 'wait=30',
          ...(method === 'POST' ? { 'idempotency-key': `test-${process.pid}-${keys}` } : {}),
          ...headers,
        },
      });
    },
    async post(path, body = {}) {
      const answer = await client.send('POST', path, body);
      if (answer.status >= 300 || answer.status === 202) {
        throw new Error(`POST ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
      }
      return answer.body;
    },
  };
  return client;
}

export interface TestEngineOptions {
  queue?: 'postgres' | 'redis';
  /** No workers in this process: the test runs its own. */
  workers?: boolean;
  workersOptions?: Partial<WorkersOptions>;
  rateLimitPerMinute?: number;
  now?: () => Date;
}

export async function startTestEngine(options: TestEngineOptions = {}): Promise<TestEngine> {
  const log = createLog(process.env.LOG_LEVEL ?? 'silent', 'test');
  const { url: databaseUrl } = await freshDatabase();
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
