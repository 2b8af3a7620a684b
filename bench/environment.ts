/** What a benchmark runs on: a PostgreSQL of its own (durable, as in life) and, where installed, a Redis of its own. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { findFreePort } from '../src/embedded/ports.ts';
import { startEmbeddedPostgres } from '../src/embedded/postgres.ts';
import { migrate } from '../src/store/migrate.ts';
import { findProgram } from '../test/harness/programs.ts';

export interface BenchEnvironment {
  databaseUrl: string;
  /** Null where redis-server is not installed. */
  redisUrl: string | null;
  stop(): Promise<void>;
}

export async function startBenchEnvironment(): Promise<BenchEnvironment> {
  const directory = mkdtempSync(join(tmpdir(), 'echeance-bench-'));
  const server = await startEmbeddedPostgres({
    directory: join(directory, 'postgres'),
    database: 'bench',
    durability: 'full',
    temporary: true,
  });
  await migrate(server.url);
  const redis = await startRedis(directory);
  return {
    databaseUrl: server.url,
    redisUrl: redis?.url ?? null,
    async stop() {
      redis?.kill();
      await server.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function startRedis(directory: string): Promise<{ url: string; kill: () => void } | null> {
  const program = findProgram('redis-server');
  if (program === null) return null;
  const port = await findFreePort();
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', directory, '--save', '', '--appendonly', 'yes'];
  const child = spawn(program, args, { stdio: 'ignore' });
  const url = `redis://127.0.0.1:${port}`;
  const client = new Redis(url, { retryStrategy: () => 50 });
  client.on('error', () => undefined);
  await client.ping();
  client.disconnect();
  return { url, kill: () => child.kill('SIGKILL') };
}
