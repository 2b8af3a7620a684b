/**
 * How long the doctor looks at a hundred thousand customers, against ten seconds. `CUSTOMERS` sets another size; the ten
 * seconds shrink with it. The club has worked for a year (`year-of-work.ts`); what each table holds then is told. Run:
 * npm run bench doctor
 */
import { examine } from '../src/doctor/examine.ts';
import { connectDatabase, type Database, query } from '../src/store/database.ts';
import type { BenchEnvironment } from './environment.ts';
import { signClub } from './large-club.ts';
import type { BenchResult } from './ratio.ts';
import { workAYear } from './year-of-work.ts';

const MS_PER_CUSTOMER = 10_000 / 100_000;
const SLOWEST = 6;

export async function benchDoctor(environment: BenchEnvironment): Promise<BenchResult[]> {
  const customers = Number(process.env.CUSTOMERS ?? 100_000);
  const database = connectDatabase(environment.databaseUrl, { max: 5, application: 'bench' });
  try {
    await workAYear(database, await signClub(database, customers), customers);
    await database.raw('vacuum analyze');
    process.stdout.write(`       ${await rowsOf(database)}\n`);
    // The first look warms up what any later one has: the server's memory, the compiled rules.
    await examine(database);
    const began = performance.now();
    const findings = await examine(database);
    const took = performance.now() - began;
    const broken = findings.filter(({ violations }) => violations.length > 0);
    if (broken.length > 0)
      throw new Error(
        broken.map(({ invariant, violations }) => `${invariant.name} ${violations[0]?.detail}`).join(', '),
      );
    const slowest = findings.sort((a, b) => b.ms - a.ms).slice(0, SLOWEST);
    return [
      {
        name: `doctor over ${customers} customers after a year: 10 s per 100,000 over the time taken`,
        ratio: (customers * MS_PER_CUSTOMER) / took,
        target: 1,
        detail: `${findings.length} rules in ${took.toFixed(0)} ms; ${slowest.map(({ invariant, ms }) => `${invariant.name} ${ms.toFixed(0)}`).join(', ')}`,
      },
    ];
  } finally {
    await database.destroy();
  }
}

/** The tables with the most rows. */
async function rowsOf(database: Database): Promise<string> {
  const tables = await query<{ name: string; rows: number }>(
    database,
    `select relname as name, reltuples::bigint as rows from pg_class
     where relkind = 'r' and relnamespace = 'public'::regnamespace and reltuples >= 10 order by reltuples desc`,
  );
  return tables.map(({ name, rows }) => `${name} ${rows}`).join(', ');
}
