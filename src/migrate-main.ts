/** The program `migrate`: brings the database at DATABASE_URL to the present. */
import { readConfig } from './config.ts';
import { migrate } from './store/migrate.ts';

try {
  const applied = await migrate(readConfig().DATABASE_URL);
  process.stdout.write(applied.length ? `applied: ${applied.join(', ')}\n` : 'nothing to apply\n');
} catch (error) {
  process.stderr.write(`migrate: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
