/** Asks a server from a process of its own. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface Load {
  url: string;
  method: string;
  headers: Record<string, string>;
  body: string | null;
  paths: string[];
  connections: number;
  ms: number;
}

/** Answers per second that another process gets. @throws when one is not a 2xx. */
export async function ask(load: Load): Promise<number> {
  const child = fork(fileURLToPath(new URL('load.ts', import.meta.url)), { execArgv: ['--import', 'tsx'] });
  child.send(load);
  const [answer] = (await once(child, 'message')) as [{ rate: number; failed: number }];
  child.disconnect();
  if (answer.failed > 0) throw new Error(`${answer.failed} requests to ${load.url} failed`);
  return answer.rate;
}
