/** The engine in one process: migrate, load the demo on first start, then the API, the workers and the schedules. */
import { startApi } from '../../api/server.ts';
import { startWorkers } from '../../workers/start.ts';
import { DEMO_KEY, loadDemo } from '../demo/load-demo.ts';
import { createLog } from '../log.ts';
import { migrate } from '../store/migrate.ts';
import { portFailure } from './ports.ts';

export interface EngineOptions {
  databaseUrl: string;
  port: number;
  host: string;
  say: (line: string) => void;
}

export interface Engine {
  /** What to print when all of it runs: the address, the key, and what to try. */
  welcome(address: string): string[];
  /** Ends the requests and jobs under way, takes no new ones, closes every connection. */
  stop(): Promise<void>;
}

export async function startEngine({ databaseUrl, port, host, say }: EngineOptions): Promise<Engine> {
  await migrate(databaseUrl);
  if (await loadDemo(databaseUrl)) say('The demo club is loaded.');
  const log = createLog(process.env.LOG_LEVEL ?? 'warn', 'echeance');
  const redisUrl = process.env.REDIS_URL || undefined;
  const api = await startApi({ databaseUrl, redisUrl, host, port, log }).catch((error: unknown) => {
    throw portFailure(port, error);
  });
  const workers = await startWorkers({ databaseUrl, redisUrl, log });
  return {
    welcome,
    async stop() {
      await api.stop();
      await workers.stop();
    },
  };
}

export function welcome(address: string): string[] {
  const key = `-H 'Authorization: Bearer ${DEMO_KEY}'`;
  return [
    '',
    `Échéance is ready at ${address}  (documentation: ${address}/docs, queues: ${address}/admin/queues)`,
    `API key of the demo: ${DEMO_KEY}`,
    '',
    'Worth trying:',
    `  curl -s ${key} ${address}/v1/organization`,
    `  curl -s ${key} '${address}/v1/customers?search=martin'`,
    `  curl -s ${key} -H 'Content-Type: application/json' ${address}/v1/sandboxes -d '{"name":"My club","today":"2010-07-05"}'`,
    '',
    'Ctrl-C stops it; what it holds is kept.',
  ];
}
