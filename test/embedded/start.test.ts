/** `npm start` as a person uses it: what it prints, how it ends, and the one line when it cannot start. */
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findFreePort } from '../../src/embedded/ports.ts';
import { isAlive } from '../../src/embedded/processes.ts';
import { isRoot } from '../../src/embedded/server-account.ts';
import { freshDatabase } from '../harness/fresh-database.ts';
import { type Child, type ChildOptions, runNode } from './child.ts';
import { until } from './wait.ts';

const folder = join(tmpdir(), `echeance-start-${randomBytes(6).toString('hex')}`);
let port: number;

beforeAll(async () => {
  mkdirSync(folder, { mode: 0o755 });
  port = await findFreePort();
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function start(env: NodeJS.ProcessEnv = {}, options: ChildOptions = {}): Child {
  const data = { PORT: String(port), DATA_DIR: join(folder, 'data') };
  return runNode(['scripts/start.mjs'], { ...options, env: { ...data, ...env } });
}

async function ready(child: Child): Promise<void> {
  await child.line(/Ctrl-C stops it/);
}

/** The one line that it ends with, when it ends with exit code 1 and says nothing else. */
async function refusal(child: Child): Promise<string> {
  expect(await child.ended).toBe(1);
  expect(child.stdout()).toBe('');
  expect(child.stderr()).toMatch(/^[^\n]+\n$/);
  return child.stderr().trim();
}

function databaseUrl(): string {
  return readFileSync(join(folder, 'data', 'postgres', 'url'), 'utf8').trim();
}

function databasePid(): number {
  return Number(readFileSync(join(folder, 'data', 'postgres', 'data', 'postmaster.pid'), 'utf8').split('\n')[0]);
}

async function ask(sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: databaseUrl() });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Each of these loads the whole engine, once or twice. */
const timeout = 180_000;

describe('npm start', { timeout }, () => {
  it('prints the address, the key and three curl lines, answers, and stops at one Ctrl-C with nothing left', async () => {
    const child = start();
    await ready(child);
    expect(child.stdout()).toContain(`http://localhost:${port}`);
    expect(child.stdout()).toContain('sk_test_demo');
    expect(child.stdout().match(/^ +curl .*sk_test_demo/gm)).toHaveLength(3);
    const answer = await fetch(`http://127.0.0.1:${port}/healthz`);
    expect(answer.status).toBe(200);
    await answer.body?.cancel();
    const database = databasePid();

    child.kill('SIGINT');
    expect(await child.ended).toBe(0);
    expect(child.stderr()).toBe('');
    expect(isAlive(database)).toBe(false);
  });

  it('loses nothing to kill -9, and starts again at once', async () => {
    const first = start();
    await ready(first);
    await ask('create table trial as select generate_series(1, 100) as n');
    const database = databasePid();
    first.kill('SIGKILL');
    await first.ended;

    const second = start();
    await ready(second);
    expect(isAlive(database)).toBe(false);
    expect(await ask('select count(*)::int as n from trial')).toEqual([{ n: 100 }]);
    second.kill('SIGTERM');
    expect(await second.ended).toBe(0);
  });

  it('refuses a second instance on the same data in one line that names the first', async () => {
    const first = start();
    await ready(first);
    const said = await refusal(start({ PORT: String(await findFreePort()) }));
    expect(said).toBe(
      `Already running on ${join(folder, 'data')} (process ${first.pid}, http://localhost:${port}). Stop it first, or choose another DATA_DIR and PORT.`,
    );
    first.kill('SIGINT');
    expect(await first.ended).toBe(0);
  });

  it.each([
    ['and the shell in between stays', 'node scripts/start.mjs; exit $?'],
    ['with no shell in between', 'exec node scripts/start.mjs'],
  ])(
    'ends when the npm that started it is killed %s, and the next start waits for it to be gone',
    async (_how, command) => {
      // As npm does, with a shell in between that stays; other shells become the program they run.
      const npm = runNode(
        [
          '-e',
          `require('node:child_process').spawn('/bin/sh', ['-c', process.argv[1]], { stdio: 'inherit' })`,
          command,
        ],
        { env: { PORT: String(port), DATA_DIR: join(folder, 'data'), npm_lifecycle_event: 'start' } },
      );
      await ready(npm);
      const database = databasePid();
      npm.kill('SIGKILL');
      const again = start();
      await ready(again);
      expect(isAlive(database)).toBe(false);
      again.kill('SIGINT');
      expect(await again.ended).toBe(0);
    },
  );

  it('uses the database that DATABASE_URL names instead of its own', async () => {
    const { url } = await freshDatabase({ migrated: false });
    const child = start({ DATABASE_URL: url, DATA_DIR: join(folder, 'untouched') });
    await ready(child);
    child.kill('SIGINT');
    expect(await child.ended).toBe(0);
    expect(() => readFileSync(join(folder, 'untouched', 'instance.lock'))).toThrow('ENOENT');
  });
});

describe('npm start says in one line and ends with an exit code when', { timeout }, () => {
  it('the port is taken', async () => {
    const other = await listen(port);
    const said = await refusal(start());
    expect(said).toBe(`Port ${port} is taken by another program. Choose another one with PORT=${port + 1}.`);
    await new Promise((resolve) => other.close(resolve));
  });

  it('the database that DATABASE_URL names does not answer', async () => {
    const nowhere = `127.0.0.1:${await findFreePort()}/club`;
    const said = await refusal(start({ DATABASE_URL: `postgresql://anybody@${nowhere}` }));
    expect(said).toMatch(new RegExp(`^The database ${nowhere} cannot be used: connect ECONNREFUSED`));
  });

  it('a variable is wrong', async () => {
    const said = await refusal(start({ DATABASE_URL: 'mysql://127.0.0.1/club' }));
    expect(said).toBe('DATABASE_URL: must be a postgres:// URL');
  });

  it('the port is not a number', async () => {
    expect(await refusal(start({ PORT: 'three thousand' }))).toBe(
      'PORT must be a number from 1 to 65535, not "three thousand".',
    );
  });

  it('the data folder cannot be made', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    if (existsSync('/proc/self')) expect(await refusal(start({ DATA_DIR: '/proc/data' }))).toMatch(/^Cannot write to /);
    expect(await refusal(start({ DATA_DIR: join(file, 'data') }))).toBe(
      `Cannot write to ${file}/data: a part of the path is a file, not a folder. Choose another folder with DATA_DIR=/some/folder.`,
    );
  });

  if (!isRoot()) {
    it('the data folder may not be written', async () => {
      const shut = join(folder, 'shut');
      mkdirSync(shut);
      chmodSync(shut, 0o555);
      expect(await refusal(start({ DATA_DIR: shut }))).toMatch(/^Cannot write to .*: permission denied\./);
    });
  }

  it.each(['12.22.12', '18.20.4', '20.18.0'])('Node is as old as %s', async (version) => {
    const old = join(folder, 'old.cjs');
    writeFileSync(old, `Object.defineProperty(process, 'versions', { value: { node: '${version}' } });`);
    const child = runNode(['--require', old, 'scripts/start.mjs'], {});
    expect(await refusal(child)).toBe(`Node 20.19 or later is needed; this is Node ${version}.`);
  });

  it('the embedded database ends under it', async () => {
    const child = start();
    await ready(child);
    process.kill(databasePid(), 'SIGQUIT');
    expect(await child.ended).toBe(1);
    expect(child.stderr()).toContain('The database server ended unexpectedly; its log: ');
    await until('nothing listens any more', async () => {
      const answer = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => null);
      await answer?.body?.cancel();
      return answer === null;
    });
  });
});

function listen(at: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(at, '127.0.0.1', () => resolve(server));
  });
}
