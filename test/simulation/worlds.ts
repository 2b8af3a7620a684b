/** The kinds of seeded worlds: of contracts without end, of contracts with one and their renewals, and of packs of visits. */
import { runPackWorld } from './pack-world.ts';
import { runTermWorld } from './term-world.ts';
import { runWorld, type WorldResult } from './world.ts';

export type WorldKind = 'open' | 'term' | 'pack';

export const worlds: Readonly<Record<WorldKind, (seed: number, most?: number) => WorldResult>> = {
  open: runWorld,
  term: runTermWorld,
  pack: runPackWorld,
};

/** The shortest world of this seed that still disagrees: the one that stops after the fewest happenings. */
export function shrink(kind: WorldKind, seed: number): WorldResult {
  const whole = worlds[kind](seed);
  for (let most = 1; most < whole.events; most += 1) {
    const world = worlds[kind](seed, most);
    if (world.disagreement !== null) return world;
  }
  return whole;
}
