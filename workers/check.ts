/**
 * The health check of the program `workers`, run beside it on the same host: the workers' relay looks into the
 * database every few seconds for as long as it is well, and the database knows its sessions.
 */
import pg from 'pg';
import { readConfig } from '../src/config.ts';

const client = new pg.Client({ connectionString: readConfig().DATABASE_URL, connectionTimeoutMillis: 3000 });
client.on('error', () => undefined);
try {
  await client.connect();
  const { rowCount } = await client.query(
    `select from pg_stat_activity
      where application_name = 'echeance-workers' and datname = current_database()
        and client_addr is not distinct from inet_client_addr()
        and state_change > clock_timestamp() - interval '1 minute'
      limit 1`,
  );
  process.exitCode = rowCount === 1 ? 0 : 1;
} catch (error) {
  process.stderr.write(`workers: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
} finally {
  await client.end().catch(() => undefined);
}
