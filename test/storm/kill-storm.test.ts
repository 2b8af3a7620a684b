/** The short edition: fifteen kills of workers, relays and APIs in turn on each queue backend. `npm run storm` is the long one. */
import { describe, expect, it } from 'vitest';
import { freshDatabase } from '../harness/fresh-database.ts';
import { queueBackends, startRedis } from '../harness/redis.ts';
import { runKillStorm } from './kill-storm.ts';
import type { Kind } from './load.ts';

const kinds: Kind[][] = [
  ...(['pay', 'reject', 'return', 'draft', 'release', 'invoice', 'credit', 'remind', 'suspend'] as const).map(
    (kind) => [kind],
  ),
  ['edit', 'stop', 'remove'],
];

describe.each(queueBackends())('fifteen kills over the %s queue', (queue) => {
  it('lose nothing and double nothing', { timeout: 900_000 }, async () => {
    const { url: databaseUrl } = await freshDatabase();
    const redis = queue === 'redis' ? await startRedis() : null;
    try {
      const result = await runKillStorm({
        databaseUrl,
        redisUrl: redis?.url,
        kills: 15,
        seed: 20_100_705,
        kinds,
        say: (line) => process.stderr.write(`${line}\n`),
      });
      const { lost, doubled, wrong, kills, ...counts } = result;
      process.stderr.write(`storm on ${queue}: ${JSON.stringify({ kills, ...counts })}\n`);
      expect({ lost, doubled, wrong }).toEqual({ lost: [], doubled: [], wrong: [] });
      expect(kills).toEqual({ worker: 5, relay: 5, api: 5 });
      expect(kinds.filter((group) => !group.some((kind) => counts.acceptedByKind[kind]))).toEqual([]);
      expect(counts.mails).toBeGreaterThan(10);
    } finally {
      await redis?.stop();
    }
  });
});
