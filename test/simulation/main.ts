/** `npm run simulate -- [worlds] [first seed]`: thousands of worlds; prints the seeds that disagree, shrunk. */
import { runWorld, shrink } from './world.ts';

const worlds = Number(process.argv[2] ?? 2000);
const first = Number(process.argv[3] ?? 1);
let failed = 0;
for (let seed = first; seed < first + worlds; seed += 1) {
  if (runWorld(seed).disagreement === null) continue;
  failed += 1;
  console.log(`seed ${seed}: ${shrink(seed).disagreement}`);
}
console.log(`${worlds} worlds, ${failed} disagree`);
process.exit(failed === 0 ? 0 : 1);
