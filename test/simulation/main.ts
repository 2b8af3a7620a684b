/**
 * `npm run simulate -- [--worlds N] [--from seed] [--kind open|term|pack]`: thousands of worlds, as many of each kind unless one is
 * named; prints those that disagree, shrunk, for `kept-seeds.ts`.
 */
import { parseArgs } from 'node:util';
import { shrink, type WorldKind, worlds } from './worlds.ts';

const { values } = parseArgs({
  options: { worlds: { type: 'string' }, from: { type: 'string' }, kind: { type: 'string' } },
});
const every = Object.keys(worlds) as WorldKind[];
const named = every.filter((kind) => kind === values.kind);
const kinds = named.length > 0 ? named : every;
const count = Math.ceil(Number(values.worlds ?? 2000) / kinds.length);
const first = Number(values.from ?? 1);
let failed = 0;
let happenings = 0;
for (const kind of kinds)
  for (let seed = first; seed < first + count; seed += 1) {
    const { disagreement, events } = worlds[kind](seed);
    happenings += events;
    if (disagreement === null) continue;
    failed += 1;
    console.log(`${kind} ${seed}: ${shrink(kind, seed).disagreement}`);
  }
console.log(`${count * kinds.length} worlds, ${happenings} happenings, ${failed} disagree`);
process.exit(failed === 0 ? 0 : 1);
