/** The embedded server: what it keeps, what it survives, and what it says when it cannot start. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/embedded/postgres.ts';
import { isAlive } from '../../src/embedded/processes.ts';
import { isRoot } from '../../src/embedded/server-account.ts';
import { type Child, runNode } from './child.ts';
import { until } from './wait.ts';

const folders: string[] = [];

function newFolder(): string {
  const folder = join(tmpdir(), `echeance-embedded-${randomBytes(6).toString('hex')}`);
  folders.push(folder);
  return folder;
}

const made = newFolder();

beforeAll(async () => {
  const server = await start(made);
  await server.stop();
});

/** A folder with a cluster in it that was made and stopped before: a copy, which is quicker than making one. */
function madeFolder(): string {
  const folder = newFolder();
  execFileSync('cp', ['-a', made, folder]);
  return folder;
}

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

async function ask(url: string, sql: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(sql);
    return rows[0] === undefined ? undefined : Object.values(rows[0])[0];
  } finally {
    await client.end().catch(() => {});
  }
}

interface Held {
  child: Child;
  url: string;
  pid: number;
}

/** A server held by another process, which can be killed. */
async function hold(folder: string, ...words: string[]): Promise<Held> {
  const child = runNode(['--import', 'tsx', 'test/embedded/hold-server.ts', folder, ...words]);
  const { url, pid } = JSON.parse(await child.line(/^\{/)) as { url: string; pid: number };
  return { child, url, pid };
}

async function start(directory: string): Promise<EmbeddedPostgres> {
  return startEmbeddedPostgres({ directory, durability: 'full', database: 'held' });
}

async function noted(url: string): Promise<number> {
  return Number(await ask(url, 'select count(*) from note'));
}

describe('the embedded server, started and stopped', () => {
  const folder = newFolder();

  it('listens on the loopback interface alone, durable, in UTC and UTF-8, and asks for its password', async () => {
    const server = await start(folder);
    expect(await ask(server.url, 'show fsync')).toBe('on');
    expect(await ask(server.url, 'show synchronous_commit')).toBe('on');
    expect(await ask(server.url, 'show listen_addresses')).toBe('127.0.0.1');
    expect(await ask(server.url, 'show unix_socket_directories')).toBe('');
    expect(await ask(server.url, 'show timezone')).toBe('UTC');
    expect(await ask(server.url, 'show server_encoding')).toBe('UTF8');
    expect(await ask(server.url, "select upper('échéance')")).toBe('ÉCHÉANCE');

    const wrong = new URL(server.url);
    wrong.password = 'guess';
    await expect(ask(wrong.href, 'select 1')).rejects.toThrow('password authentication failed');
    await server.stop();
  });

  it('keeps its password and data where only their owner reads them', () => {
    expect(statSync(join(folder, 'password')).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'data')).mode & 0o777).toBe(0o700);
  });

  it('keeps what was committed over a stop and a start, and leaves no process', async () => {
    const first = await start(folder);
    await ask(first.url, 'create table note as select 1 as n');
    await first.stop();
    expect(isAlive(first.pid)).toBe(false);
    await expect(ask(first.url, 'select 1')).rejects.toThrow('ECONNREFUSED');

    const second = await start(folder);
    expect(await noted(second.url)).toBe(1);
    expect(readFileSync(join(folder, 'url'), 'utf8').trim()).toBe(second.url);
    await second.stop();
    expect(existsSync(join(folder, 'url'))).toBe(false);
  });

  it('stops although sessions are open, one of them in the middle of a transaction', async () => {
    const server = await start(folder);
    const open = new pg.Client({ connectionString: server.url });
    open.on('error', () => {});
    await open.connect();
    await open.query('begin');
    await open.query('insert into note values (2)');
    await server.stop();
    expect(isAlive(server.pid)).toBe(false);
  });

  it('tells when the server ended without having been asked to', async () => {
    const server = await start(folder);
    process.kill(server.pid, 'SIGINT');
    await server.ended;
    await server.stop();
  });
});

describe('the embedded server, after a kill', () => {
  it('is stopped by the watchdog when its starter is killed, and a new start has everything committed', async () => {
    const folder = madeFolder();
    const { child, url, pid } = await hold(folder);
    await ask(url, 'create table note as select generate_series(1, 1000) as n');
    child.kill('SIGKILL');
    await child.ended;
    await until('the server has ended', () => !isAlive(pid));

    const again = await start(folder);
    expect(await noted(again.url)).toBe(1000);
    await again.stop();
  });

  it('starts again at once after a kill, while the server of before is still stopping', async () => {
    const folder = madeFolder();
    const { child, url, pid } = await hold(folder);
    await ask(url, 'create table note as select generate_series(1, 1000) as n');
    child.kill('SIGKILL');
    await child.ended;
    const again = await start(folder);
    expect(isAlive(pid)).toBe(false);
    expect(await noted(again.url)).toBe(1000);
    await again.stop();
  });

  it('stops a server that was left behind because the watchdog was killed as well', async () => {
    const folder = madeFolder();
    const { child, url, pid } = await hold(folder);
    await ask(url, 'create table note as select generate_series(1, 1000) as n');
    for (const dog of watchdogsOf(child.pid)) process.kill(dog, 'SIGKILL');
    child.kill('SIGKILL');
    await child.ended;
    expect(isAlive(pid)).toBe(true);

    const again = await start(folder);
    expect(isAlive(pid)).toBe(false);
    expect(await noted(again.url)).toBe(1000);
    await again.stop();
  });

  it('recovers what was committed when the server itself was killed', async () => {
    const folder = madeFolder();
    const { child, url, pid } = await hold(folder);
    await ask(url, 'create table note as select generate_series(1, 1000) as n');
    process.kill(pid, 'SIGKILL');
    child.kill('SIGKILL');
    await child.ended;
    const again = await start(folder);
    expect(await noted(again.url)).toBe(1000);
    await again.stop();
  });

  it('is not kept from starting by a pid file whose number belongs to another program by now', async () => {
    const folder = madeFolder();
    const first = await start(folder);
    const pidFile = join(folder, 'data', 'postmaster.pid');
    const left = readFileSync(pidFile, 'utf8').replace(/^\d+/, String(process.pid));
    await first.stop();
    writeFileSync(pidFile, left);
    const second = await start(folder);
    expect(isAlive(process.pid)).toBe(true);
    await second.stop();
  });

  it('begins anew when the very first start was killed before the cluster was whole', async () => {
    const folder = newFolder();
    mkdirSync(join(folder, 'data.0123456789ab.new', 'base'), { recursive: true });
    chmodSync(folder, 0o755);
    const server = await start(folder);
    expect(existsSync(join(folder, 'data.0123456789ab.new'))).toBe(false);
    await server.stop();
  });

  it('removes a temporary folder although its starter was killed', async () => {
    const folder = madeFolder();
    const { child, pid } = await hold(folder, 'temporary');
    child.kill('SIGKILL');
    await child.ended;
    await until('the server has ended and its folder is gone', () => !isAlive(pid) && !existsSync(folder));
  });
});

describe('one instance per folder', () => {
  it('refuses a second one in one line, and leaves the first alone', async () => {
    const folder = madeFolder();
    const { child, url } = await hold(folder);
    await expect(start(folder)).rejects.toThrow(`Already running on ${folder} (process ${child.pid}).`);
    expect(await ask(url, 'select 1')).toBe(1);
    child.kill('SIGTERM');
    expect(await child.ended).toBe(0);
  });

  it('takes over the lock of a process that is gone, and of one whose number is another program by now', async () => {
    const folder = madeFolder();
    const gone = runNode(['--version']);
    await gone.ended;
    for (const pid of [gone.pid, process.pid]) {
      writeFileSync(join(folder, 'instance.lock'), JSON.stringify({ pid, mark: 'of another life' }));
      const again = await start(folder);
      await again.stop();
    }
  });

  it('gives the folder to exactly one of several that start at the same moment', async () => {
    const folder = newFolder();
    const starts = Array.from({ length: 3 }, () =>
      runNode(['--import', 'tsx', 'test/embedded/hold-server.ts', folder]),
    );
    const outcomes = await Promise.all(
      starts.map((child) =>
        child.line(/^\{/).then(
          () => 'started' as const,
          () => child.stderr(),
        ),
      ),
    );
    expect(outcomes.filter((outcome) => outcome === 'started')).toHaveLength(1);
    for (const refused of outcomes.filter((outcome) => outcome !== 'started'))
      expect(refused).toMatch(/^Already running/);
    for (const child of starts) child.kill('SIGTERM');
    await Promise.all(starts.map((child) => child.ended));
  });
});

describe('a folder that cannot be used', () => {
  it('is said in one line when a file is in the way', async () => {
    const file = newFolder();
    writeFileSync(file, '');
    await expect(start(join(file, 'postgres'))).rejects.toThrow(/^Cannot write to .*: a part of the path is a file/);
  });

  it('is said in one line when the data were made by another version', async () => {
    const folder = madeFolder();
    writeFileSync(join(folder, 'data', 'PG_VERSION'), '12\n');
    await expect(start(folder)).rejects.toThrow(/were made by PostgreSQL 12; this version brings \d+/);
  });

  if (!isRoot()) {
    it('is said in one line when it may not be written', async () => {
      const folder = newFolder();
      mkdirSync(folder, { mode: 0o555 });
      await expect(start(join(folder, 'postgres'))).rejects.toThrow(/^Cannot write to .*: permission denied/);
    });
  }
});

/** The watchdogs that a process started: shells among its children. */
function watchdogsOf(parent: number): number[] {
  return execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, ppid, program]) => Number(ppid) === parent && program === '/bin/sh')
    .map(([pid]) => Number(pid));
}
