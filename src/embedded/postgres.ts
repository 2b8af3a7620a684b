/**
 * A PostgreSQL server of our own, run from the programs that npm installed: for `npm start` and for the tests.
 *
 * Always true:
 * - it listens on the loopback interface alone and asks for a random password that only we can read;
 * - what was committed survives a kill of this process, of the server, and of the machine (`durability: 'full'`);
 * - it ends with this process, whatever ends that; one that was left behind is found and stopped by the next start;
 * - under root it runs as another user, see server-account.ts and server-home.ts.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { initialiseCluster } from './cluster.ts';
import { type InstanceLock, lockInstance } from './instance-lock.ts';
import { findFreePort } from './ports.ts';
import { clearTheWay, pidFileOf, readPidFile, stopPostmaster } from './postmaster.ts';
import { giveToOwnerOfFolder, type ServerHome, serverHome, writePrivate } from './server-home.ts';
import { type ServerPrograms, serverPrograms } from './server-programs.ts';
import { type Durability, serverEnvironment, serverSettings } from './server-settings.ts';
import { StartFailure } from './start-failure.ts';
import { type Watchdog, watch } from './watchdog.ts';

export interface EmbeddedPostgresOptions {
  /** A folder of its own, made if missing. */
  directory: string;
  /** A free one where it is missing. */
  port?: number;
  /** `none` is for data that may be lost with the machine: tests. */
  durability: Durability;
  maxConnections?: number;
  /** The database to make if it is missing. */
  database?: string;
  /** Removes the folder once the server has ended, also when this process is killed. */
  temporary?: boolean;
  /** Told, in single lines, what a person should know. */
  say?: (line: string) => void;
}

export interface EmbeddedPostgres {
  url: string;
  port: number;
  /** The pid of the server's main process. */
  pid: number;
  /** Where data and log are. */
  folder: string;
  /** Resolves when the server has ended without having been asked to. */
  ended: Promise<void>;
  stop(): Promise<void>;
}

const USER = 'echeance';
const READY_WITHIN = 300_000;

export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const say = options.say ?? (() => {});
  const home = serverHome(resolve(options.directory), say);
  const lock = await lockInstance(home.asked);
  try {
    const programs = await serverPrograms(home.account, home.copies, say);
    if ((await clearTheWay(home.data, programs.pgCtl)) === 'stopped') {
      say('A database server left behind by an earlier start was stopped; nothing is lost.');
    }
    const password = initialiseCluster(home, programs, USER, options.durability === 'full');
    const server = await launch(home, programs, options);
    return await serve(server, home, programs, lock, password, options);
  } catch (error) {
    lock.release();
    throw error;
  }
}

interface Launched {
  child: ChildProcess;
  pid: number;
  port: number;
  watchdog: Watchdog;
}

/** Starts the server and waits until it takes connections; another free port is tried when one was snatched away. */
async function launch(
  home: ServerHome,
  programs: ServerPrograms,
  options: EmbeddedPostgresOptions,
  attempt = 1,
): Promise<Launched> {
  const port = options.port ?? (await findFreePort());
  const log = openLog(home);
  const identity = home.account === undefined ? {} : { uid: home.account.uid, gid: home.account.gid };
  const child = spawn(programs.postgres, ['-D', home.data, ...serverSettings({ ...options, port })], {
    ...identity,
    cwd: home.folder,
    env: serverEnvironment(),
    stdio: ['ignore', log.descriptor, log.descriptor],
    // A session of its own: Ctrl-C in the terminal reaches us alone, and we stop the server when our work is done.
    detached: true,
    windowsHide: true,
  });
  closeSync(log.descriptor);
  const temporaryFolders = options.temporary ? [home.folder, home.asked] : [];
  const watchdog = child.pid && watch({ pid: child.pid, pidFile: pidFileOf(home.data), temporaryFolders });
  const failure = await readiness(child, home.data);
  if (failure === undefined && watchdog) return { child, pid: child.pid!, port, watchdog };
  if (watchdog) watchdog.dismiss();

  const reason = lastWords(log.file) ?? failure ?? 'it could not be run';
  const maySettle =
    (options.port === undefined && /could not (bind|create any TCP)/.test(reason)) ||
    // The sessions of a server that was killed take a moment to end.
    /shared memory block .* still in use/.test(reason);
  if (maySettle && attempt < 20) {
    await pause(100 * Math.min(attempt, 5));
    return launch(home, programs, options, attempt + 1);
  }
  throw new StartFailure(`The database server did not start: ${reason} (log: ${log.file})`);
}

/** Nothing once the server is ready; else why it is not. */
async function readiness(child: ChildProcess, data: string): Promise<string | undefined> {
  let failure: string | undefined;
  child.once('error', (error) => {
    failure = error.message;
  });
  child.once('exit', (code, signal) => {
    failure ??= `it ended with ${code ?? signal}`;
  });
  const limit = performance.now() + READY_WITHIN;
  while (failure === undefined) {
    const found = readPidFile(data);
    if (found?.pid === child.pid && found?.status === 'ready') return undefined;
    if (performance.now() > limit) {
      child.kill('SIGKILL');
      return 'it was not ready in time';
    }
    await pause(10);
  }
  return failure;
}

/** A log for this run; that of the run before is kept beside it. */
function openLog(home: ServerHome): { file: string; descriptor: number } {
  const file = join(home.folder, 'server.log');
  if (existsSync(file)) renameSync(file, join(home.folder, 'server.previous.log'));
  const descriptor = openSync(file, 'a', 0o600);
  giveToOwnerOfFolder(file);
  return { file, descriptor };
}

function lastWords(log: string): string | undefined {
  const lines = readFileSync(log, 'utf8').split('\n');
  return lines
    .findLast((line) => /\b(FATAL|PANIC|ERROR):|could not/.test(line))
    ?.replace(/^.*?(FATAL|PANIC|ERROR): +/, '');
}

async function serve(
  { child, pid, port, watchdog }: Launched,
  home: ServerHome,
  programs: ServerPrograms,
  lock: InstanceLock,
  password: string,
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  let stopping: Promise<void> | undefined;
  const exited = new Promise<void>((settle) => {
    child.once('exit', () => settle());
    if (child.exitCode !== null || child.signalCode !== null) settle();
  });
  const urlFile = join(home.folder, 'url');

  async function stopOnce(): Promise<void> {
    await stopPostmaster(pid, home.data, programs.pgCtl);
    await exited;
    rmSync(urlFile, { force: true });
    lock.release();
    if (options.temporary) {
      rmSync(home.folder, { recursive: true, force: true });
      rmSync(home.asked, { recursive: true, force: true });
    }
    watchdog.dismiss();
  }
  function stop(): Promise<void> {
    stopping ??= stopOnce();
    return stopping;
  }

  try {
    const address = (database: string) => `postgresql://${USER}:${password}@127.0.0.1:${port}/${database}`;
    const database = options.database ?? 'postgres';
    await createDatabase(address('postgres'), database);
    writePrivate(urlFile, `${address(database)}\n`);
    const ended = new Promise<void>((settle) => {
      void exited.then(() => {
        if (stopping === undefined) settle();
      });
    });
    return { url: address(database), port, pid, folder: home.folder, ended, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function createDatabase(url: string, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  try {
    await client.connect();
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
    if (rowCount === 0) await client.query(`create database ${client.escapeIdentifier(name)}`);
  } finally {
    await client.end().catch(() => {});
  }
}
