/** What must hold whatever was asked for. */
import { expect } from 'vitest';
import { examine } from '../../src/doctor/examine.ts';
import type { TestEngine } from '../harness/engine.ts';
import { workLeft } from '../harness/work-left.ts';

/** Once its jobs are done, those that the tick finds missing as well, none has ended in an error of ours and every rule of the doctor holds. */
export async function expectRules({ database }: TestEngine): Promise<void> {
  await expect.poll(() => workLeft(database), { timeout: 300_000 }).toBe(0);
  const { rows: failed } = await database.raw(
    `select name, payload from job where state = 'failed' and reason_code = 'internal_error' limit 5`,
  );
  expect(failed, 'no job ended in an error of ours').toEqual([]);
  const broken = (await examine(database)).filter(({ violations }) => violations.length > 0);
  const shown = broken.map(({ invariant, violations }) => [
    invariant.name,
    violations.map(({ id, detail }) => `${id} ${detail}`),
  ]);
  expect(shown).toEqual([]);
}

/**
 * On a busy machine a dozen that want the same customer's rows wait longer for each other than the engine lets them in
 * earnest. Who holds them for ever is still found.
 */
export const PATIENT = { lock_timeout: '90000', idle_in_transaction_session_timeout: '90000' };
