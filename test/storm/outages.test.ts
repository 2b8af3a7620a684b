/** Outages of the queue, the database, the network, the mail server and single workers, on each queue backend. */
import { describe, expect, it } from 'vitest';
import { queueBackends, startRedis } from '../harness/redis.ts';
import { runOutages } from './outages.ts';
import { startPostgresServer } from './postgres-server.ts';

describe.each(queueBackends())('outages over the %s queue', (queue) => {
  it('lose nothing, double nothing, and work goes on within half a minute', { timeout: 900_000 }, async () => {
    const postgres = await startPostgresServer();
    const redis = queue === 'redis' ? await startRedis() : null;
    try {
      const say = (line: string) => process.stderr.write(`${line}\n`);
      const { lost, doubled, wrong, cuts } = await runOutages({ postgres, redis, seed: 7, say });
      expect({ lost, doubled, wrong }).toEqual({ lost: [], doubled: [], wrong: [] });
      expect(cuts).toBeGreaterThan(5);
    } finally {
      await redis?.stop();
      await postgres.stop();
    }
  });
});
