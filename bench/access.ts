/**
 * The night's access over a whole organization, 1 % of whose customers get blocked, against the bare UPDATE that blocks
 * them by their overdue instalment, with the same indexes on the same rows. `CUSTOMERS` sets the size.
 */
import { writeContext } from '../src/context.ts';
import type { Day } from '../src/domain/day.ts';
import { reviewAccess } from '../src/services/refresh-access.ts';
import { connectDatabase, type Database } from '../src/store/database.ts';
import { findOrganization } from '../src/store/organizations.ts';
import { type LargeClub, loadLargeClub } from './bulk-load.ts';
import type { BenchEnvironment } from './environment.ts';
import { type BenchResult, median } from './ratio.ts';

const TODAY = '2026-06-30' as Day;

async function bare(database: Database, { organization, today }: LargeClub): Promise<{ ms: number; changed: number }> {
  const started = performance.now();
  const { rowCount } = (await database.raw(
    `update customer set access_state = 'blocked', access_reason = 'debt', access_since_on = ?, access_review_on = null
     where organization_id = ? and id = any(array(select customer_id from instalment
       where organization_id = ? and phase = 'open' and status in ('scheduled', 'rejected') and due_on < ?))`,
    [today, organization, organization, today],
  )) as { rowCount: number };
  return { ms: performance.now() - started, changed: rowCount };
}

async function ours(database: Database, club: LargeClub): Promise<{ ms: number; changed: number }> {
  const started = performance.now();
  const { changed } = await database.transaction(async (trx) => {
    const organization = await findOrganization(trx, club.organization);
    return reviewAccess(writeContext(trx, organization as never, 'calendar', new Date()));
  });
  return { ms: performance.now() - started, changed };
}

/** As before the night. */
async function reset(database: Database, { organization, today }: LargeClub): Promise<void> {
  await database.raw(
    `update customer set access_state = 'active', access_reason = null, access_since_on = '2009-01-01', access_review_on = ?
     where organization_id = ? and access_state = 'blocked'`,
    [today, organization],
  );
  await database.raw('vacuum customer');
  await database.raw('checkpoint');
}

export async function benchAccess(environment: BenchEnvironment, rounds = 5): Promise<BenchResult[]> {
  const customers = Number(process.env.CUSTOMERS ?? 1_000_000);
  const database = connectDatabase(environment.databaseUrl, { max: 1, application: 'bench' });
  const club = await loadLargeClub(database, { customers, name: 'Access', today: TODAY, due: null, late: true });
  const times: { ours: number; bare: number }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const theirs = await bare(database, club);
    await reset(database, club);
    const own = await ours(database, club);
    await reset(database, club);
    if (own.changed !== theirs.changed || own.changed !== Math.floor(customers / 100))
      throw new Error(`${own.changed} changed, and ${theirs.changed} by the bare statement`);
    times.push({ ours: own.ms, bare: theirs.ms });
  }
  await database.destroy();
  const middle = (side: 'ours' | 'bare') => median(times.map((one) => one[side]));
  return [
    {
      name: `the night's access of ${customers} customers, 1 % changing: 1.5 times the bare UPDATE over the time taken`,
      ratio: (1.5 * middle('bare')) / middle('ours'),
      target: 1,
      detail: `${middle('ours').toFixed(0)} ms with an event each against ${middle('bare').toFixed(0)} ms (${(middle('ours') / middle('bare')).toFixed(2)} times), medians of ${rounds}`,
    },
  ];
}
