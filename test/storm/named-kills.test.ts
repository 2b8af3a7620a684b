/** A kill just after each commit that has a name, and round a ring. `npm run storm` has them all, on both queues. */
import { expect, it } from 'vitest';
import { freshDatabase } from '../harness/fresh-database.ts';
import { killPoints, ringPoints } from './kill-points.ts';
import { runNamedKills } from './named-kills.ts';

it('a kill at each place that has a name loses nothing and doubles nothing', { timeout: 900_000 }, async () => {
  const { url: databaseUrl } = await freshDatabase();
  const points = killPoints.filter((point) => ringPoints.includes(point) || point.moment === 'after commit');
  const say = (line: string) => process.stderr.write(`${line}\n`);
  const { lost, doubled, wrong, died } = await runNamedKills({ databaseUrl, points, say });
  expect({ lost, doubled, wrong }).toEqual({ lost: [], doubled: [], wrong: [] });
  expect(died).toEqual(expect.arrayContaining(points.map(({ name }) => name)));
});
