/** What the tests of the conventions share: what every client may rely on, whatever the endpoint. */
import type { TestEngine } from '../harness/engine.ts';

export const suspension = { starts_on: '2010-07-22', days: 45, amount: 200, reason: 'Jambe cassée' };

/** Waits for what another process told this one. */
export async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let look = 0; look < 500; look += 1) if (await condition()) return;
  throw new Error('it did not come true');
}

export async function countRows({ database }: TestEngine, table: string): Promise<number> {
  return (await database(table).count('* as count').first())?.count as number;
}
