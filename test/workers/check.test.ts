/** The health check of the workers, which containers run beside them. */
import { afterEach, expect, it } from 'vitest';
import { createLog } from '../../src/log.ts';
import { startWorkers, type Workers } from '../../workers/start.ts';
import { runNode } from '../embedded/child.ts';
import { until } from '../embedded/wait.ts';
import { freshDatabase } from '../harness/fresh-database.ts';

let workers: Workers | undefined;
afterEach(async () => {
  await workers?.stop();
  workers = undefined;
});

function check(databaseUrl: string): Promise<number | string> {
  return runNode(['--import', 'tsx', 'workers/check.ts'], { env: { DATABASE_URL: databaseUrl } }).ended;
}

it('is well while workers run on this host, and not before', async () => {
  const { url } = await freshDatabase();
  expect(await check(url)).toBe(1);
  workers = await startWorkers({ databaseUrl: url, log: createLog('silent', 'test') });
  await until('the check finds them', async () => (await check(url)) === 0);
});

it('is not well when the database does not answer', async () => {
  expect(await check('postgresql://anybody@127.0.0.1:1/club')).toBe(1);
});
