/** The program `restored`: says that the database at DATABASE_URL was restored; releases and mails wait for a person. */
import { readConfig } from './config.ts';
import { lockReleases } from './services/after-restore.ts';
import { connectDatabase } from './store/database.ts';

try {
  const database = connectDatabase(readConfig().DATABASE_URL, { max: 1, application: 'echeance-restored' });
  await database.transaction((trx) => lockReleases(trx, new Date(), 'command'));
  await database.destroy();
  process.stdout.write('locked: no collection is released and no mail leaves until somebody confirms\n');
} catch (error) {
  process.stderr.write(`restored: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
