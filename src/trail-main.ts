/**
 * The program `trail`: the heads of all organizations' chains to keep elsewhere, and the proof that they are still there.
 *
 * npm run trail -- head > heads.json          links what is not linked yet and prints every head
 * npm run trail -- verify heads.json          verifies every chain, and that the kept heads are in it; exit code 1 if not
 */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { readConfig } from './config.ts';
import { connectDatabase, query } from './store/database.ts';
import { type ChainFault, chainFaults, hasHead, headOf, linkTrail } from './store/trail-chain.ts';

const keptHeads = z.array(z.object({ organization: z.string(), seq: z.int(), hash: z.string() }));

try {
  const [command, file] = process.argv.slice(2);
  const database = connectDatabase(readConfig().DATABASE_URL, { max: 2, application: 'echeance-trail' });
  if (command === 'head') {
    await linkTrail(database, Number.POSITIVE_INFINITY);
    const heads = [];
    for (const { id } of await query<{ id: string }>(database, 'select id from organization order by id')) {
      const head = await headOf(database, id);
      if (head) heads.push({ organization: id, ...head });
    }
    process.stdout.write(`${JSON.stringify(heads, null, 2)}\n`);
  } else if (command === 'verify' && file) {
    const kept = keptHeads.parse(JSON.parse(readFileSync(file, 'utf8')));
    const faults = await query<ChainFault>(database, `${chainFaults('true')} limit 100`);
    for (const { organization, id, detail } of faults) console.log(`${organization}  ${id}  ${detail}`);
    let missing = 0;
    for (const { organization, ...head } of kept) {
      if (await hasHead(database, organization, head)) continue;
      missing += 1;
      console.log(`${organization}  link ${head.seq} is not what it was when its hash was kept`);
    }
    console.log(`${kept.length} kept heads, ${missing} not found, ${faults.length} faults`);
    process.exitCode = faults.length + missing === 0 ? 0 : 1;
  } else {
    throw new Error('say head, or verify and a file of heads');
  }
  await database.destroy();
} catch (error) {
  process.stderr.write(`trail: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
