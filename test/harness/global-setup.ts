/**
 * One PostgreSQL server for the whole run, with a template database that is migrated once. TEST_DATABASE_URL names a
 * server to use instead; its user must be allowed to make databases.
 */
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { startEmbeddedPostgres } from '../../src/embedded/postgres.ts';
import { migrate } from '../../src/store/migrate.ts';
import { findProgram } from './programs.ts';

export interface TestServer {
  /** The server, on a database that no test writes to. */
  url: string;
  /** Migrated and empty; every `freshDatabase` is a copy of it. */
  template: string;
  /** What the names of this run's databases begin with. */
  prefix: string;
}

declare module 'vitest' {
  export interface ProvidedContext {
    testServer: TestServer;
    /** The path of `redis-server`, or null where it is not installed. */
    redisServer: string | null;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const redisServer = findProgram('redis-server');
  if (redisServer === null) {
    process.stderr.write(
      'Suites on Redis are skipped: redis-server is not installed (Debian: apt-get install redis-server, macOS: brew install redis).\n',
    );
  }
  project.provide('redisServer', redisServer);

  const server = await startServer();
  const prefix = `test_${randomBytes(4).toString('hex')}`;
  const template = `${prefix}_template`;
  try {
    await makeTemplate(server.url, template);
  } catch (error) {
    await server.stop();
    throw error;
  }
  project.provide('testServer', { url: server.url, template, prefix });
  return async () => {
    if (server.isShared) await dropDatabases(server.url, prefix);
    await server.stop();
  };
}

interface Server {
  url: string;
  /** Others use it as well: what we made must go. */
  isShared: boolean;
  stop(): Promise<void>;
}

async function startServer(): Promise<Server> {
  const given = process.env.TEST_DATABASE_URL;
  if (given) return { url: given, isShared: true, stop: async () => {} };
  const directory = join(tmpdir(), `echeance-test-${randomBytes(6).toString('hex')}`);
  const options = { directory, durability: 'none', temporary: true, maxConnections: 300 } as const;
  const { url, stop } = await startEmbeddedPostgres(options);
  return { url, isShared: false, stop };
}

export function urlOf(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
}

async function makeTemplate(server: string, template: string): Promise<void> {
  await onServer(server, (client) => client.query(`create database ${template}`));
  await migrate(urlOf(server, template));
  // Nobody may connect to it by mistake: a template in use cannot be copied.
  await onServer(server, (client) =>
    client.query(`alter database ${template} is_template true allow_connections false`),
  );
}

async function dropDatabases(server: string, prefix: string): Promise<void> {
  await onServer(server, async (client) => {
    const { rows } = await client.query<{ name: string }>(
      'select datname as name from pg_database where starts_with(datname, $1)',
      [`${prefix}_`],
    );
    for (const { name } of rows) {
      await client.query(`alter database ${name} is_template false`);
      await client.query(`drop database ${name} with (force)`);
    }
  });
}

async function onServer<Result>(server: string, work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
