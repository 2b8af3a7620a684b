/**
 * Requests, valid, nearly valid and hostile, to every route with every role: twenty thousand one after the other, so that
 * the seed says what is asked, or as many as `npm run fuzz` asks for, a dozen at once, in rounds of twenty thousand that each
 * begin with a new engine and a seed of their own.
 */
import { createWriteStream } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { routes } from '../../api/routes/index.ts';
import { startTestEngine } from '../harness/engine.ts';
import { nameOf } from './draw.ts';
import { expectRules, PATIENT } from './expect-rules.ts';
import { type FuzzResult, fuzz } from './fuzz.ts';
import { fuzzWorld, restored } from './world.ts';

const { FUZZ_REQUESTS, FUZZ_SEED, FUZZ_AT_ONCE, FUZZ_LOG, FUZZ_TELL } = process.env;
const ROUND = 20_000;
const requests = Number(FUZZ_REQUESTS ?? ROUND);
const firstSeed = Number(FUZZ_SEED ?? 20_100_705);
const rounds = Array.from({ length: Math.ceil(requests / ROUND) }, (_, at) => ({
  seed: firstSeed + at,
  count: Math.min(ROUND, requests - at * ROUND),
}));
/** On a busy machine ten requests take a second. */
const PATIENCE_MS = 300_000 + ROUND * 100;

/** What an error of ours was is told here: nobody can ask for it again. */
process.env.LOG_LEVEL ??= 'error';
/** Jobs end when they end, so that no two rounds are quite alike: of all routes so many may go without a good answer by chance. */
const UNLUCKY = Math.floor(routes.length / 20);

describe('the API, asked at random', () => {
  it.each(rounds)(
    'answers as its document says and breaks no rule: seed $seed',
    {
      timeout: PATIENCE_MS,
    },
    async ({ seed, count }) => {
      const log = FUZZ_LOG ? createWriteStream(FUZZ_LOG, { flags: 'a' }) : null;
      const engine = await startTestEngine({ sessionParameters: PATIENT });
      try {
        const { askers, pools } = await fuzzWorld(engine);
        const result = await fuzz({
          url: engine.url,
          askers,
          pools,
          requests: count,
          seed,
          atOnce: Number(FUZZ_AT_ONCE ?? 1),
          begin: () => restored(engine),
          examine: () => expectRules(engine),
          ...(log ? { tell: (line) => log.write(`${JSON.stringify(line)}\n`) } : {}),
        });
        process.stderr.write(`fuzz: seed ${seed}, ${result.sent} requests: ${JSON.stringify(result.byStatus)}\n`);
        if (FUZZ_TELL) tellOf(result);
        expect(result.faults).toEqual([]);
        expect(result.sent).toBe(count);
        // A short round does not come to everything.
        if (count === ROUND) {
          const never = routes.map(nameOf).filter((name) => !result.well.has(name));
          if (never.length > 0) process.stderr.write(`fuzz: never answered well: ${never.join(', ')}\n`);
          expect(never.length, `answered well: all but a few routes, not all but ${never}`).toBeLessThanOrEqual(
            UNLUCKY,
          );
        }
      } finally {
        await engine.stop();
        log?.end();
      }
    },
  );
});

function tellOf({ well, refused }: FuzzResult): void {
  const lines = routes
    .map(nameOf)
    .map((name) => `${String(well.get(name) ?? 0).padStart(6)} ${name} ${JSON.stringify(refused.get(name) ?? {})}\n`);
  process.stderr.write(lines.sort().join(''));
}
