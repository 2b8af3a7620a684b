/** A small TCP proxy before the database that cuts a connection just before or just after its COMMIT is passed on. */

import type { AddressInfo } from 'node:net';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { until } from './until.ts';

const DEADLOCK_DETECTED = '40P01';

export class CuttingProxy {
  cuts = 0;
  private toCut = 0;
  private readonly target: URL;
  private readonly pairs = new Set<[Socket, Socket]>();
  private readonly server: Server;

  private constructor(target: URL) {
    this.target = target;
    this.server = createServer((client) => this.pair(client));
  }

  static async start(databaseUrl: string): Promise<CuttingProxy> {
    const proxy = new CuttingProxy(new URL(databaseUrl));
    await new Promise<void>((resolve) => proxy.server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    const url = new URL(this.target);
    url.host = `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return url.href;
  }

  /** Cuts so many connections at a COMMIT: by turns before it is passed on, and after it was, before the answer is. */
  async cut(count: number): Promise<void> {
    const goal = this.cuts + count;
    this.toCut = count;
    await until('connections are cut', () => this.cuts >= goal, 120_000, 20);
  }

  async cutAll(): Promise<void> {
    for (const [client, server] of this.pairs) {
      client.destroy();
      server.destroy();
    }
  }

  /** Empties the queue that is kept in the database itself. Work goes on meanwhile, so the two may wait for one another: then once more. */
  async emptyQueue(): Promise<void> {
    const client = new pg.Client({ connectionString: this.target.href });
    // A connection that breaks while nothing is asked over it must not end the run.
    client.on('error', () => undefined);
    await client.connect();
    try {
      const { rows } = await client.query<{ name: string }>(
        `select tablename as name from pg_tables where schemaname = 'bullmq' and tablename !~ 'migration'`,
      );
      const tables = rows.map(({ name }) => `bullmq."${name}"`).join(', ');
      await until('the queue is empty', () => truncated(client, tables), 120_000, 20);
    } finally {
      await client.end();
    }
  }

  /** How long an outage lasts is part of it. */
  some(ms: number): Promise<void> {
    return pause(ms);
  }

  async stop(): Promise<void> {
    await this.cutAll();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private pair(client: Socket): void {
    const server = connect(Number(this.target.port), this.target.hostname);
    const pair: [Socket, Socket] = [client, server];
    this.pairs.add(pair);
    const end = () => {
      this.pairs.delete(pair);
      client.destroy();
      server.destroy();
    };
    for (const socket of pair) {
      socket.on('error', end);
      socket.on('close', end);
    }
    client.on('data', (chunk) => {
      if (this.toCut > 0 && chunk.includes('COMMIT')) {
        this.toCut -= 1;
        this.cuts += 1;
        if (this.cuts % 2 === 0) return end();
        // The server commits; its answer never arrives.
        server.removeAllListeners('data');
        server.once('data', end);
        server.write(chunk);
        return;
      }
      server.write(chunk);
    });
    server.on('data', (chunk) => client.write(chunk));
  }
}

/** Whether it was not the one that PostgreSQL chose to end a deadlock. */
async function truncated(client: pg.Client, tables: string): Promise<boolean> {
  try {
    await client.query(`truncate ${tables}`);
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === DEADLOCK_DETECTED) return false;
    throw error;
  }
}
