/** The program `doctor`: looks whether every rule holds in the database at DATABASE_URL; exit code 1 when one does not. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectDatabase } from '../store/database.ts';
import { examine } from './examine.ts';

/** Given, or that of the engine that `npm start` runs here. */
function databaseUrl(): string {
  if (process.env.DATABASE_URL) return process.env.DATABASE_URL;
  const file = join(process.env.DATA_DIR || '.data', 'postgres', 'url');
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  throw new Error('say which database with DATABASE_URL, or start the engine here with npm start');
}

try {
  const database = connectDatabase(databaseUrl(), { max: 5, application: 'echeance-doctor' });
  const began = performance.now();
  const findings = await examine(database, undefined, ({ invariant, violations, ms }) => {
    console.log(
      `${violations.length === 0 ? 'holds ' : 'BROKEN'}  ${invariant.name} (${Math.round(ms)} ms)  ${invariant.says}`,
    );
    for (const { organization, id, detail } of violations)
      console.log(`          ${id}  ${organization ?? ''}  ${detail}`);
  });
  await database.destroy();
  const broken = findings.filter(({ violations }) => violations.length > 0);
  const ms = Math.round(performance.now() - began);
  console.log(`${findings.length} rules, ${broken.length} broken, ${ms} ms`);
  process.exit(broken.length === 0 ? 0 : 1);
} catch (error) {
  process.stderr.write(`doctor: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(2);
}
