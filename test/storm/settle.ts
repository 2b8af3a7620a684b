/** The end of a storm: the work that is left is waited for, and a person tries again what was stopped. */
import { writeContext } from '../../src/context.ts';
import { retryJob } from '../../src/services/retry-jobs.ts';
import { type Database, query } from '../../src/store/database.ts';
import { findOrganization } from '../../src/store/organizations.ts';
import { workLeft } from '../harness/work-left.ts';
import { until } from './until.ts';

const SETTLES_WITHIN_MS = 300_000;

/**
 * A job whose worker was killed several times while it ran is stopped and shown to a person, who cannot be told from a
 * storm that it was not the job that killed it. @returns how many were tried again
 */
export async function settle(database: Database): Promise<number> {
  await nothingLeft(database);
  const stopped = await query<{ id: string; organization_id: string }>(
    database,
    `select id, organization_id from job where state = 'failed' and reason_code = 'keeps_dying'`,
  );
  for (const { id, organization_id } of stopped) {
    const organization = await findOrganization(database, organization_id);
    if (!organization) throw new Error(`${organization_id} is gone`);
    await database.transaction((trx) => retryJob(writeContext(trx, organization, 'person', new Date()), id));
  }
  if (stopped.length > 0) await nothingLeft(database);
  return stopped.length;
}

function nothingLeft(database: Database): Promise<void> {
  return until('no work is left', async () => (await workLeft(database)) === 0, SETTLES_WITHIN_MS, 100);
}
