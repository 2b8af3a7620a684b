/**
 * What the engine is compared with: BullMQ alone, with handlers that commit their effect and acknowledge after. Run as
 * a process of its own: `QUEUE=… DATABASE_URL=… [REDIS_URL=…] node plain-bullmq.mjs`.
 */
import { createPostgresBackend, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { connectDatabase } from '../../src/store/database.ts';
import { QUEUE_SCHEMA } from '../../src/store/migrate.ts';

const { DATABASE_URL: databaseUrl = '', REDIS_URL: redisUrl } = process.env;
const database = connectDatabase(databaseUrl, { max: 10, application: 'plain' });

async function handle(job: { data: { n: number } }): Promise<void> {
  await database.transaction(async (trx) => {
    await trx.raw('insert into plain_effect (n) values (?)', [job.data.n]);
    await trx.raw('update plain_counter set total = total + 1 where id = ?', [job.data.n % 50]);
  });
}

const options = { concurrency: 10, lockDuration: 3000, stalledInterval: 1000 };
const worker = redisUrl
  ? new Worker('plain', handle as never, {
      ...options,
      connection: new Redis(redisUrl, { maxRetriesPerRequest: null }) as never,
    })
  : new Worker(
      'plain',
      handle as never,
      { ...options, connection: { connectionString: databaseUrl, schema: QUEUE_SCHEMA, max: 6 } as never } as never,
      createPostgresBackend as never,
    );
worker.on('error', () => undefined);
console.log('plain worker started');
