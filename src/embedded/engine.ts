/** The engine in one process: migrate, load the demo on first start, then the API, the workers and the schedules. */
import { startApi } from '../../api/server.ts';
import { startWorkers } from '../../workers/start.ts';
import { type Config, readConfig } from '../config.ts';
import { DEMO_KEY, loadDemo } from '../demo/load-demo.ts';
import { startMailCatcher } from '../gateways/mail-catcher.ts';
import { createLog } from '../log.ts';
import { migrate } from '../store/migrate.ts';
import { portFailure } from './ports.ts';
import { StartFailure, systemCode } from './start-failure.ts';

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
  const config = engineConfig(databaseUrl);
  const log = createLog(config.LOG_LEVEL, 'echeance');
  try {
    await migrate(databaseUrl);
  } catch (error) {
    throw databaseFailure(databaseUrl, error);
  }
  if (await loadDemo(databaseUrl)) say('The demo club is loaded.');
  const shared = { databaseUrl, redisUrl: config.REDIS_URL, databasePool: config.DATABASE_POOL, log };
  // The mails of test organizations always stay here; those of live ones do where there is no mail server.
  const catcher = await startMailCatcher();
  const api = await startApi({
    ...shared,
    host,
    port,
    rateLimitPerMinute: config.RATE_LIMIT_PER_MINUTE,
    trustedProxies: config.TRUSTED_PROXIES,
    mailbox: catcher.mailbox,
  }).catch(async (error: unknown) => {
    await catcher.close();
    throw systemCode(error) === 'EADDRINUSE' ? portFailure(port, error) : error;
  });
  const mail = { smtp_url: config.SMTP_URL, from: config.MAIL_FROM, demo_url: catcher.url };
  const workers = await startWorkers({
    ...shared,
    concurrency: config.WORKER_CONCURRENCY,
    mail,
    witnessFile: config.RESTORE_WITNESS_FILE,
  });
  return {
    welcome,
    async stop() {
      await api.stop();
      await workers.stop();
      await catcher.close();
    },
  };
}

/** The settings of all programs, on this database; quiet unless LOG_LEVEL says otherwise. */
function engineConfig(databaseUrl: string): Config {
  try {
    return readConfig({ ...process.env, LOG_LEVEL: process.env.LOG_LEVEL || 'warn', DATABASE_URL: databaseUrl });
  } catch (error) {
    throw new StartFailure(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

const UNREACHABLE = ['ECONNREFUSED', 'ENOTFOUND', 'ETIMEDOUT', 'EHOSTUNREACH', 'EAI_AGAIN', '28P01', '28000', '3D000'];

/** A database that cannot be reached is one line; anything else is a fault of a migration and shown whole. */
function databaseFailure(url: string, error: unknown): unknown {
  const cause: unknown = error instanceof AggregateError ? error.errors[0] : error;
  if (!UNREACHABLE.includes(systemCode(cause) ?? '')) return error;
  const { host, pathname } = new URL(url);
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new StartFailure(`The database ${host}${pathname} cannot be used: ${reason}.`, { cause: error });
}

export function welcome(address: string): string[] {
  const key = `-H 'Authorization: Bearer ${DEMO_KEY}'`;
  return [
    '',
    `Échéance is ready at ${address}  (documentation: ${address}/docs, queues: ${address}/admin/queues, mails: ${address}/demo/mail)`,
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
