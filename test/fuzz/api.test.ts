/** Twenty thousand requests, valid, nearly valid and hostile, to every route with every role. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { examine } from '../../src/doctor/examine.ts';
import { startTestEngine, type TestEngine } from '../harness/engine.ts';
import { fuzz } from './fuzz.ts';
import { fuzzWorld, TODAY } from './world.ts';

const REQUESTS = Number(process.env.FUZZ_REQUESTS ?? 20_000);
const SEED = Number(process.env.FUZZ_SEED ?? 20_100_705);
/** On a busy machine a hundred requests take a second. */
const PATIENCE_MS = 300_000 + REQUESTS * 10;

describe('the API, asked at random', () => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await startTestEngine();
  });
  afterAll(() => engine.stop());

  it('answers as its document says, never with a server error, and breaks no rule', {
    timeout: PATIENCE_MS,
  }, async () => {
    const { askers, pools } = await fuzzWorld(engine);
    const result = await fuzz({ url: engine.url, askers, pools, today: TODAY, requests: REQUESTS, seed: SEED });
    process.stderr.write(`fuzz: ${JSON.stringify(result.byStatus)}\n`);
    if (process.env.FUZZ_TELL)
      for (const [name, why] of result.neverWell) process.stderr.write(`never well: ${name} ${JSON.stringify(why)}\n`);
    expect(result.faults).toEqual([]);
    expect(result.sent).toBe(REQUESTS);
    await expect
      .poll(
        async () =>
          (await engine.database.raw(`select count(*)::int as n from job where state in ('queued', 'running')`)).rows[0]
            .n,
        { timeout: 120_000 },
      )
      .toBe(0);
    const { rows: failed } = await engine.database.raw(
      `select name, payload from job where state = 'failed' and reason_code = 'internal_error' limit 5`,
    );
    expect(failed, 'no job ended in an error of ours').toEqual([]);
    const broken = (await examine(engine.database)).filter(({ violations }) => violations.length > 0);
    expect(
      broken.map(({ invariant, violations }) => [
        invariant.name,
        violations.map(({ id, detail }) => `${id} ${detail}`),
      ]),
    ).toEqual([]);
  });
});
