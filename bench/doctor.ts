/**
 * How long the doctor looks at a hundred thousand customers: `node --import tsx bench/doctor.ts [customers]`. They joined
 * on any day of a year at ten prices; what fell due is sold and paid but for a tenth of them, and one in twenty is suspended.
 */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { examine } from '../src/doctor/examine.ts';
import { startEmbeddedPostgres } from '../src/embedded/postgres.ts';
import { connectDatabase } from '../src/store/database.ts';
import { migrate } from '../src/store/migrate.ts';
import { fillClub } from './large-club.ts';

const customers = Number(process.argv[2] ?? 100_000);
const directory = join(tmpdir(), `echeance-bench-doctor-${process.pid}`);
const server = await startEmbeddedPostgres({ directory, durability: 'none', temporary: true });
try {
  await migrate(server.url);
  const database = connectDatabase(server.url, { max: 5 });
  const filling = performance.now();
  await fillClub(database, customers);
  console.log(`${customers} customers written in ${Math.round(performance.now() - filling)} ms`);
  const began = performance.now();
  const cpu = process.cpuUsage();
  const findings = await examine(database);
  const took = performance.now() - began;
  const { user, system } = process.cpuUsage(cpu);
  for (const { invariant, violations, ms } of findings.sort((a, b) => b.ms - a.ms).slice(0, 12)) {
    console.log(`${invariant.name}: ${Math.round(ms)} ms, ${violations.length} broken ${violations[0]?.detail ?? ''}`);
  }
  for (const { invariant, violations } of findings) {
    if (violations.length > 0) console.log(`${invariant.name} is broken: ${violations[0]?.detail}`);
  }
  const here = Math.round((user + system) / 1000);
  console.log(
    `${findings.length} rules over ${customers} customers of 12 instalments: ${Math.round(took)} ms, processor time outside the database ${here} ms`,
  );
  await database.destroy();
} finally {
  await server.stop();
}
