/** The program `api`: `node dist/api/main.js`. */
import { readConfig } from '../src/config.ts';
import { runProgram } from '../src/program.ts';
import { startApi } from './server.ts';

await runProgram('api', async (log) => {
  const config = readConfig();
  const api = await startApi({
    databaseUrl: config.DATABASE_URL,
    redisUrl: config.REDIS_URL,
    host: config.HOST,
    port: config.PORT,
    databasePool: config.DATABASE_POOL,
    rateLimitPerMinute: config.RATE_LIMIT_PER_MINUTE,
    trustedProxies: config.TRUSTED_PROXIES,
    log,
  });
  log.info({ url: api.url, queue: config.REDIS_URL ? 'redis' : 'postgres' }, 'the API listens');
  return () => api.stop();
});
