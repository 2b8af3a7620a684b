/** Starts the API in this process. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Mailbox } from '../src/gateways/mailbox.ts';
import type { Log } from '../src/log.ts';
import { noticeRestore } from '../src/services/after-restore.ts';
import { connectDatabase } from '../src/store/database.ts';
import { startDatabaseClock } from '../src/store/database-clock.ts';
import { backendOf, Doorbell, type QueueAddress } from '../workers/queue.ts';
import { Relay } from '../workers/relay.ts';
import { createApp } from './app.ts';
import type { Api } from './kit/api.ts';
import { JobWatcher } from './kit/job-watcher.ts';
import { Principals } from './kit/principals.ts';

export interface ApiOptions extends QueueAddress {
  host: string;
  port: number;
  log: Log;
  databasePool?: number;
  rateLimitPerMinute?: number;
  trustedProxies?: number;
  now?: () => Date;
  /** Shown at `/demo/mail`, where mails stay on this machine. */
  mailbox?: Mailbox;
}

export interface RunningApi {
  url: string;
  /** Ends the requests under way, takes no new ones, closes every connection. */
  stop(): Promise<void>;
}

export async function startApi(options: ApiOptions): Promise<RunningApi> {
  const { log } = options;
  const database = connectDatabase(options.databaseUrl, {
    max: options.databasePool ?? 16,
    application: 'echeance-api',
  });
  const clock = await startDatabaseClock(database);
  let lastTrouble = 0;
  const queueTrouble = (err: unknown) => {
    if (Date.now() - lastTrouble < 5000) return;
    lastTrouble = Date.now();
    log.warn({ err }, 'the queue does not answer; work is still taken and rung later');
  };
  const doorbell = new Doorbell(options, queueTrouble);
  // Ringing right after the commit, from the process that committed; the workers' relays find what this one misses.
  const relay = new Relay({
    database,
    doorbell,
    queueInPostgres: backendOf(options) === 'postgres',
    idleMs: 2000,
    onError: queueTrouble,
  });
  // A release looks for itself; this is for everybody to see.
  await database
    .transaction((trx) => noticeRestore(trx, (options.now ?? clock.now)()))
    .catch((err: unknown) => log.warn({ err }, 'not known whether the data come from a backup'));
  const principals = new Principals(database, options.databaseUrl);
  await principals.start();
  const api: Api = {
    database,
    doorbell,
    watcher: new JobWatcher(database),
    principals,
    log,
    now: options.now ?? clock.now,
    poke: () => relay.poke(),
    mailbox: options.mailbox ?? null,
  };
  const server = createServer(
    createApp(api, {
      rateLimitPerMinute: options.rateLimitPerMinute ?? 6000,
      trustedProxies: options.trustedProxies ?? 0,
    }),
  );
  server.requestTimeout = 60_000;
  server.headersTimeout = 15_000;
  await listening(server, options);
  relay.start();
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`,
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      setTimeout(() => server.closeAllConnections(), 5000).unref();
      await closed;
      await principals.stop();
      clock.stop();
      await relay.stop();
      await doorbell.close();
      await database.destroy();
    },
  };
}

function listening(server: Server, { host, port }: ApiOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
