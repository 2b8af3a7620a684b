/** The short edition: sixty kills of workers, relays and APIs in turn on each queue backend. `npm run storm` is the long one. */
import { describe, expect, it } from 'vitest';
import { freshDatabase } from '../harness/fresh-database.ts';
import { queueBackends, startRedis } from '../harness/redis.ts';
import { runKillStorm } from './kill-storm.ts';

describe.each(queueBackends())('sixty kills over the %s queue', (queue) => {
  it('lose nothing and double nothing', { timeout: 300_000 }, async () => {
    const { url: databaseUrl } = await freshDatabase();
    const redis = queue === 'redis' ? await startRedis() : null;
    try {
      const result = await runKillStorm({
        databaseUrl,
        redisUrl: redis?.url,
        kills: 60,
        seed: 20_100_705,
        say: (line) => process.stderr.write(`${line}\n`),
      });
      const { lost, doubled, wrong, kills, ...counts } = result;
      process.stderr.write(`storm on ${queue}: ${JSON.stringify({ kills, ...counts })}\n`);
      expect({ lost, doubled, wrong }).toEqual({ lost: [], doubled: [], wrong: [] });
      expect(kills).toEqual({ worker: 20, relay: 20, api: 20 });
      expect(counts.jobs).toBeGreaterThan(500);
    } finally {
      await redis?.stop();
    }
  });
});
