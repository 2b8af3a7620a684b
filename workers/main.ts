/** The program `workers`: `node dist/workers/main.js [--only=workers|relay]`. As many as wanted, on as many hosts as wanted. */
import { readConfig } from '../src/config.ts';
import { runProgram } from '../src/program.ts';
import { startWorkers } from './start.ts';

await runProgram('workers', async (log) => {
  const config = readConfig();
  const only = process.argv.find((word) => word.startsWith('--only='))?.slice('--only='.length);
  const parts = only === 'relay' ? (['relay'] as const) : only === 'workers' ? (['workers'] as const) : undefined;
  const workers = await startWorkers({
    databaseUrl: config.DATABASE_URL,
    redisUrl: config.REDIS_URL,
    concurrency: config.WORKER_CONCURRENCY,
    databasePool: config.DATABASE_POOL,
    mail: { smtp_url: config.SMTP_URL, from: config.MAIL_FROM },
    witnessFile: config.RESTORE_WITNESS_FILE,
    log,
    ...(parts ? { parts } : {}),
  });
  log.info({ queue: config.REDIS_URL ? 'redis' : 'postgres', parts: parts ?? 'all' }, 'workers started');
  return () => workers.stop();
});
