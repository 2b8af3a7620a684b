/** `npm run storm -- [--kills N] [--queue redis|postgres] [--seed N] [--write]`: the long edition, with plain BullMQ beside it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startEmbeddedPostgres } from '../../src/embedded/postgres.ts';
import { connectDatabase } from '../../src/store/database.ts';
import { migrate } from '../../src/store/migrate.ts';
import { findProgram } from '../harness/programs.ts';
import { type RedisServer, startRedisServer } from '../harness/redis-server.ts';
import { runKillStorm } from './kill-storm.ts';
import { runNamedKills } from './named-kills.ts';
import { runPlainStorm } from './plain-storm.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '300' },
    queue: { type: 'string' },
    seed: { type: 'string', default: '1' },
    write: { type: 'boolean', default: false },
  },
});
const kills = Number(values.kills);
const redisProgram = findProgram('redis-server');
const queues = values.queue ? [values.queue] : redisProgram ? ['postgres', 'redis'] : ['postgres'];
const lines = [
  '| queue | engine | kills | work accepted | lost | doubled | rules broken | failed for a business reason | settled after the last kill |',
  '|---|---|---|---|---|---|---|---|---|',
];
let faults = 0;
for (const queue of queues) {
  if (queue === 'redis' && !redisProgram) throw new Error('redis-server is not installed');
  const directory = join(tmpdir(), `echeance-storm-${process.pid}`);
  const server = await startEmbeddedPostgres({ directory, durability: 'full', temporary: true, maxConnections: 200 });
  const redis = queue === 'redis' ? await startRedisServer(redisProgram as string) : null;
  try {
    await migrate(server.url);
    const plain = await runPlainStorm(server.url, redis?.url, kills);
    const plainLine = `| ${queue} | plain BullMQ, handlers commit before they acknowledge | ${kills} workers | ${plain.jobs} jobs | ${plain.lost} | ${plain.doubled} | | | |`;
    console.log(plainLine);
    const storm = await runKillStorm({
      databaseUrl: server.url,
      redisUrl: redis?.url,
      kills,
      seed: Number(values.seed),
      say: (line) => console.log(line),
      before: async (database) => {
        await database.raw('drop table if exists plain_effect, plain_counter');
      },
    });
    for (const fault of [...storm.lost, ...storm.doubled, ...storm.wrong]) console.log(fault);
    faults += storm.lost.length + storm.doubled.length + storm.wrong.length;
    console.log(
      JSON.stringify({ ...storm.acceptedByKind, mails: storm.mails, jobs: storm.jobs, tookMs: storm.tookMs }),
    );
    const { worker, relay, api } = storm.kills;
    const line = `| ${queue} | Échéance | ${worker} workers, ${relay} relays, ${api} APIs | ${storm.accepted} requests and jobs | ${storm.lost.length} | ${storm.doubled.length} | ${storm.wrong.length} | ${storm.failed} | ${storm.settledInMs} ms |`;
    console.log(line);
    lines.push(plainLine, line);
    await anew(server.url, redis);
    const named = await runNamedKills({
      databaseUrl: server.url,
      redisUrl: redis?.url,
      say: (line) => console.log(line),
    });
    for (const fault of [...named.lost, ...named.doubled, ...named.wrong]) console.log(fault);
    faults += named.lost.length + named.doubled.length + named.wrong.length;
    const namedLine = `| ${queue} | Échéance, killed at each place by name | ${named.died.length} | ${named.accepted} requests | ${named.lost.length} | ${named.doubled.length} | ${named.wrong.length} | | |`;
    console.log(namedLine);
    lines.push(namedLine);
  } finally {
    await redis?.stop();
    await server.stop();
  }
}
console.log(lines.join('\n'));
if (values.write) {
  const file = new URL('../../docs/reliability.md', import.meta.url);
  const text = readFileSync(file, 'utf8');
  writeFileSync(
    file,
    text.replace(/<!-- storm -->[\s\S]*<!-- end -->/, `<!-- storm -->\n${lines.join('\n')}\n<!-- end -->`),
  );
}
process.exit(faults === 0 ? 0 : 1);

/** The named places are tried on an engine that has just been set up. */
async function anew(databaseUrl: string, redis: RedisServer | null): Promise<void> {
  await redis?.flush();
  const database = connectDatabase(databaseUrl, { max: 1 });
  await database.raw('drop schema public cascade; drop schema bullmq cascade; create schema public');
  await database.destroy();
  await migrate(databaseUrl);
}
