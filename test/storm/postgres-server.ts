/** A durable PostgreSQL of a storm's own, migrated, that can be stopped immediately and started again on the same port. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../../src/embedded/postgres.ts';
import { migrate } from '../../src/store/migrate.ts';
import { againAndAgain } from '../harness/again.ts';

export interface PostgresServer {
  url: string;
  /** As `pg_ctl -m immediate stop` does: no session is ended in order, nothing in memory is written. */
  stopImmediately(): Promise<void>;
  startAgain(): Promise<void>;
  stop(): Promise<void>;
}

export async function startPostgresServer(): Promise<PostgresServer> {
  const directory = mkdtempSync(join(tmpdir(), 'echeance-storm-'));
  const options = { directory: join(directory, 'postgres'), durability: 'full', maxConnections: 200 } as const;
  let server = await startEmbeddedPostgres(options);
  await migrate(server.url);
  return {
    url: server.url,
    async stopImmediately() {
      process.kill(server.pid, 'SIGQUIT');
      await server.ended;
      // It has ended; this lets go of its folder.
      await server.stop();
    },
    async startAgain() {
      server = await againAndAgain(() => startEmbeddedPostgres({ ...options, port: server.port }));
    },
    async stop() {
      await server.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
