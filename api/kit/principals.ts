/**
 * Who calls, remembered: a key is looked up once and then known until something about it changes.
 *
 * Always true: a key or an organization that changes is forgotten as soon as the database says so (triggers notify,
 * this process listens), and at once when this process made the change; without a listening connection nothing is
 * remembered at all; nothing is remembered beyond a minute or past a key's expiry.
 */
import pg from 'pg';
import type { Database } from '../../src/store/database.ts';
import { authenticate, hashKey, type Principal } from './principal.ts';

const KEEP_MS = 60_000;
const MOST = 10_000;
const RECONNECT_MS = 1000;

export class Principals {
  private readonly database: Database;
  private readonly databaseUrl: string;
  private readonly known = new Map<string, { principal: Principal; until: number }>();
  private listener: pg.Client | null = null;
  private isListening = false;
  private isStopped = false;
  private again: NodeJS.Timeout | null = null;
  /** Counts what was forgotten, so that a look-up that began before is not remembered after. */
  private changes = 0;

  constructor(database: Database, databaseUrl: string) {
    this.database = database;
    this.databaseUrl = databaseUrl;
  }

  /** @throws Refusal `unauthenticated`. */
  async find(key: string | null): Promise<Principal> {
    const hash = key === null ? '' : hashKey(key);
    const known = this.known.get(hash);
    if (known && this.isListening && known.until > Date.now()) return known.principal;
    const changesBefore = this.changes;
    const principal = await authenticate(this.database, key);
    if (this.isListening && changesBefore === this.changes) {
      if (this.known.size >= MOST) this.known.clear();
      const until = Math.min(Date.now() + KEEP_MS, principal.expires_at?.getTime() ?? Number.POSITIVE_INFINITY);
      this.known.set(hash, { principal, until });
    }
    return principal;
  }

  /** Something of this organization changed. */
  forget(organizationId: string): void {
    this.changes += 1;
    for (const [hash, { principal }] of this.known) {
      if (principal.organization.id === organizationId) this.known.delete(hash);
    }
  }

  /** Listens for changes made elsewhere; comes back by itself when the connection is lost. */
  async start(): Promise<void> {
    if (this.isStopped) return;
    const client = new pg.Client({
      connectionString: this.databaseUrl,
      application_name: 'echeance-principals',
      keepAlive: true,
    });
    this.listener = client;
    const lost = () => {
      if (this.listener !== client) return;
      this.listener = null;
      this.isListening = false;
      this.known.clear();
      client.end().catch(() => undefined);
      if (!this.isStopped) this.again = setTimeout(() => void this.start(), RECONNECT_MS);
    };
    client.on('error', lost);
    client.on('end', lost);
    client.on('notification', ({ payload }) => this.forget(payload ?? ''));
    try {
      await client.connect();
      await client.query('listen principals');
      this.known.clear();
      this.isListening = true;
    } catch {
      lost();
    }
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    this.isListening = false;
    if (this.again) clearTimeout(this.again);
    await this.listener?.end().catch(() => undefined);
  }
}
