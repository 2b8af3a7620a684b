/** How the embedded server is set: loopback only, UTC, and durable or fast. */
import { randomBytes } from 'node:crypto';
import { totalmem } from 'node:os';

/** `none` is for data that may be lost with the machine: tests. */
export type Durability = 'full' | 'none';

interface Asked {
  port: number;
  durability: Durability;
  maxConnections?: number;
}

const MEGABYTE = 1024 ** 2;

/**
 * A quarter of the memory that there is, as PostgreSQL's manual has it, within what a large club's year can use: the doctor
 * reads all of it several times. What is not used of it is not taken from the machine.
 */
function sharedBuffers(): string {
  // Zero: it is not known. Without a limit it is more than there is.
  const limit = process.constrainedMemory() || Number.POSITIVE_INFINITY;
  const megabytes = Math.min(totalmem(), limit) / 4 / MEGABYTE;
  return `${Math.round(Math.min(Math.max(megabytes, 128), 4096))}MB`;
}

const DURABILITY: Record<Durability, Record<string, string>> = {
  full: {
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    shared_buffers: sharedBuffers(),
    wal_buffers: '16MB',
    // A collection of a hundred thousand writes as much as the default gigabyte lets stand: its pages would be logged whole twice.
    max_wal_size: '4GB',
    checkpoint_timeout: '15min',
  },
  none: {
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    wal_level: 'minimal',
    max_wal_senders: '0',
    autovacuum: 'off',
    max_wal_size: '8GB',
    checkpoint_timeout: '1d',
    shared_buffers: '256MB',
  },
};

/** The settings as arguments: given at each start, so that a new version's apply to data made by an earlier one. */
export function serverSettings({ port, durability, maxConnections = 200 }: Asked): string[] {
  const all: Record<string, string> = {
    ...DURABILITY[durability],
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    max_connections: String(maxConnections),
    timezone: 'UTC',
    log_timezone: 'UTC',
    lc_messages: 'C',
    jit: 'off',
    log_checkpoints: 'off',
  };
  return Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** The environment of the server's programs: ours without what would tell PostgreSQL another place or language. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(PG|LC_|LANG)/.test(name));
  return { ...Object.fromEntries(kept), LC_ALL: 'C', TZ: 'UTC' };
}

/** A password that needs no escaping in an address. */
export function randomPassword(): string {
  return randomBytes(24).toString('hex');
}
