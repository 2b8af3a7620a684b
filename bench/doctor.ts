/**
 * How long the doctor looks at a hundred thousand customers, against ten seconds. `CUSTOMERS` sets another size; the ten
 * seconds shrink with it. They joined on any day of a year at ten prices; what fell due is sold and paid but for a tenth
 * of them, one in twenty is suspended, and the trail is linked. Run: npm run bench doctor
 */
import { examine } from '../src/doctor/examine.ts';
import { connectDatabase } from '../src/store/database.ts';
import { linkTrail } from '../src/store/trail-chain.ts';
import type { BenchEnvironment } from './environment.ts';
import { fillClub } from './large-club.ts';
import type { BenchResult } from './ratio.ts';

const MS_PER_CUSTOMER = 10_000 / 100_000;
const SLOWEST = 6;

export async function benchDoctor(environment: BenchEnvironment): Promise<BenchResult[]> {
  const customers = Number(process.env.CUSTOMERS ?? 100_000);
  const database = connectDatabase(environment.databaseUrl, { max: 5, application: 'bench' });
  try {
    await fillClub(database, customers);
    await linkTrail(database, Number.POSITIVE_INFINITY);
    await database.raw('vacuum analyze');
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
        name: `doctor over ${customers} customers of 12 instalments: 10 s per 100,000 over the time taken`,
        ratio: (customers * MS_PER_CUSTOMER) / took,
        target: 1,
        detail: `${findings.length} rules in ${took.toFixed(0)} ms; ${slowest.map(({ invariant, ms }) => `${invariant.name} ${ms.toFixed(0)}`).join(', ')}`,
      },
    ];
  } finally {
    await database.destroy();
  }
}
