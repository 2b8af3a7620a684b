/**
 * Brings a database to the present: the engine's own migrations, then the queue's schema for deployments
 * that keep the queue in PostgreSQL. Safe to run from several machines at once (both take locks).
 */
import { readdir } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { runMigrations as migrateQueue } from 'bullmq';
import type { Knex } from 'knex';
import pg from 'pg';
import { connectDatabase } from './database.ts';

const folder = fileURLToPath(new URL('../../migrations/', import.meta.url));

interface MigrationFile {
  name: string;
  file: string;
}

const source: Knex.MigrationSource<MigrationFile> = {
  async getMigrations() {
    const files = (await readdir(folder)).filter((file) => /^\d{4}_\w+\.(ts|js)$/.test(file)).sort();
    return files.map((file) => ({ name: file.replace(/\.(ts|js)$/, ''), file }));
  },
  getMigrationName: (migration) => migration.name,
  getMigration: (migration) => import(pathToFileURL(`${folder}${migration.file}`).href) as Promise<Knex.Migration>,
};

/** The schema that BullMQ keeps its queues in, when they are in PostgreSQL. */
export const QUEUE_SCHEMA = 'bullmq';

/** Applies what is missing. @returns the names of the migrations applied now. */
export async function migrate(databaseUrl: string): Promise<string[]> {
  const database = connectDatabase(databaseUrl, { max: 2, application: 'echeance-migrate' });
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'echeance-migrate' });
  try {
    await client.connect();
    // Knex's own lock is a row that a killed migration leaves behind; an advisory lock ends with its connection.
    await client.query("select pg_advisory_lock(hashtext('echeance migrations'))");
    await client.query("set lock_timeout = '30s'");
    // Holding that, a lock row still standing was left by a migration that was killed.
    if (await database.schema.hasTable('knex_migrations_lock')) await database.migrate.forceFreeMigrationsLock();
    const [, applied] = (await database.migrate.latest({
      migrationSource: source,
      disableMigrationsListValidation: false,
    })) as [number, string[]];
    await migrateQueue(client as never, QUEUE_SCHEMA);
    return applied;
  } finally {
    await client.end().catch(() => undefined);
    await database.destroy();
  }
}
