/** Outages of the queue, the network and single workers, on each queue backend. */
import { describe, expect, it } from 'vitest';
import { freshDatabase } from '../harness/fresh-database.ts';
import { queueBackends, startRedis } from '../harness/redis.ts';
import { runOutages } from './outages.ts';

describe.each(queueBackends())('outages over the %s queue', (queue) => {
  it('lose nothing, double nothing, and work goes on within half a minute', { timeout: 400_000 }, async () => {
    const { url: databaseUrl } = await freshDatabase();
    const redis = queue === 'redis' ? await startRedis() : null;
    try {
      const say = (line: string) => process.stderr.write(`${line}\n`);
      const { lost, doubled, wrong, cuts } = await runOutages({ databaseUrl, redis, seed: 7, say });
      expect({ lost, doubled, wrong }).toEqual({ lost: [], doubled: [], wrong: [] });
      expect(cuts).toBeGreaterThan(5);
    } finally {
      await redis?.stop();
    }
  });
});
