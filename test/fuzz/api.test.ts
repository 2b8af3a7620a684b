/** Twenty thousand requests, valid, nearly valid and hostile, to every route with every role. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { roles } from '../../api/kit/roles.ts';
import { examine } from '../../src/doctor/examine.ts';
import { createApiKey } from '../../src/services/create-organization.ts';
import { startTestEngine, type TestEngine } from '../harness/engine.ts';
import { type Member, member } from '../http/membership.ts';
import { fuzz } from './fuzz.ts';
import type { Ids } from './generate.ts';

const REQUESTS = Number(process.env.FUZZ_REQUESTS ?? 20_000);
const SEED = Number(process.env.FUZZ_SEED ?? 20_100_705);
/** On a busy machine a hundred requests take a second. */
const PATIENCE_MS = 300_000 + REQUESTS * 10;

function idsOf({ plan, customer, contract }: Member): Map<string, string[]> {
  return new Map([
    ['pln', [plan.id]],
    ['cus', [customer.id]],
    ['ctr', [contract.id]],
  ]);
}

describe('the API, asked at random', () => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await startTestEngine();
  });
  afterAll(() => engine.stop());

  it('answers as its document says, never with a server error, and breaks no rule', {
    timeout: PATIENCE_MS,
  }, async () => {
    const own = await member(engine, '2010-07-05');
    const ids: Ids = { own: idsOf(own), foreign: idsOf(await member(engine, '2010-07-05')) };
    const keys = await engine.database.transaction(async (trx) => {
      const made: string[] = [];
      // Admins may do most, so they ask most.
      for (const role of [...roles, 'admin', 'admin', 'admin', 'desk', 'billing']) {
        const key = { organization_id: own.desk.organization.id, label: role, role, is_operator: false };
        made.push(await createApiKey(trx, key, new Date()));
      }
      return made;
    });
    const spared = new Set((await engine.database('api_key').select('id')).map(({ id }) => id as string));
    const result = await fuzz({ url: engine.url, keys, ids, spared, requests: REQUESTS, seed: SEED });
    process.stderr.write(`fuzz: ${JSON.stringify(result.byStatus)}, never well: ${result.neverWell.join(', ')}\n`);
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
