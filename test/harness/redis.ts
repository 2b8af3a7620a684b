/** A Redis server of one's own for a test file. */
import { inject } from 'vitest';
import { type RedisServer, startRedisServer } from './redis-server.ts';

export type { RedisServer } from './redis-server.ts';

/** For `describe.skipIf(!hasRedis())`. The run says once why suites were skipped and how to install it. */
export function hasRedis(): boolean {
  return inject('redisServer') !== null;
}

/** The queue backends that can be tried on this machine. */
export function queueBackends(): ('postgres' | 'redis')[] {
  return hasRedis() ? ['postgres', 'redis'] : ['postgres'];
}

export async function startRedis(...more: string[]): Promise<RedisServer> {
  const program = inject('redisServer');
  if (program === null) throw new Error('redis-server is not installed');
  return startRedisServer(program, ...more);
}
