/** The queue in PostgreSQL while its database is away: nothing spins, nothing dies, and work goes on when it is back. */
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Worker } from 'bullmq';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { findFreePort } from '../../src/embedded/ports.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/embedded/postgres.ts';
import { migrate } from '../../src/store/migrate.ts';
import { Doorbell, listen } from '../../workers/queue.ts';
import { until } from '../embedded/wait.ts';

const directory = join(tmpdir(), `echeance-queue-${randomBytes(6).toString('hex')}`);
let port: number;
let server: EmbeddedPostgres;
let databaseUrl: string;
const open: { close(): Promise<unknown> }[] = [];

/** What was committed is to be there after a kill. */
async function bringBack(): Promise<void> {
  server = await startEmbeddedPostgres({ directory, port, durability: 'full', database: 'club' });
}

beforeAll(async () => {
  port = await findFreePort();
  await bringBack();
  databaseUrl = server.url;
  await migrate(databaseUrl);
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

afterAll(async () => {
  await server.stop();
  rmSync(directory, { recursive: true, force: true });
});

function startWorker(heard: string[], troubles: Error[]): Worker {
  const answer = async (job: { data: { ids: string[] } }) => {
    heard.push(...job.data.ids);
  };
  const worker = listen({ databaseUrl }, 'work', 2, answer, (error) => troubles.push(error));
  open.push(worker);
  return worker;
}

function startDoorbell(): Doorbell {
  const doorbell = new Doorbell({ databaseUrl });
  open.push(doorbell);
  return doorbell;
}

it('a worker and a doorbell that were started while the database was away take up work when it is back', async () => {
  await server.stop();
  const heard: string[] = [];
  const troubles: Error[] = [];
  startWorker(heard, troubles);
  const doorbell = startDoorbell();
  await until('the worker has found the database away twice', () => troubles.length >= 2);
  for (let turn = 0; turn < 100; turn += 1) await nextTurn();
  expect(troubles.length).toBeLessThan(20);

  await bringBack();
  await doorbell.ring('work', [{ ids: ['job_1'] }]);
  await until('the ring is heard', () => heard.includes('job_1'));
});

it('a worker goes on after the database was killed under it', async () => {
  const heard: string[] = [];
  const worker = startWorker(heard, []);
  const doorbell = startDoorbell();
  await worker.waitUntilReady();
  await doorbell.ring('work', [{ ids: ['job_2'] }]);
  await until('the first ring is heard', () => heard.includes('job_2'));

  process.kill(server.pid, 'SIGQUIT');
  await server.ended;
  await server.stop();
  await bringBack();
  await doorbell.ring('work', [{ ids: ['job_3'] }]);
  await until('the next ring is heard', () => heard.includes('job_3'));
});

it('a worker that never reached the database can be stopped', async () => {
  await server.stop();
  const troubles: Error[] = [];
  const worker = startWorker([], troubles);
  await until('it has tried', () => troubles.length > 0);
  await worker.close();
  await bringBack();
});
