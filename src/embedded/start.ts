/**
 * `npm start`: everything in one process, on a database of our own unless DATABASE_URL names one.
 *
 * Always true:
 * - one Ctrl-C stops everything in order: what uses the database first, the database last;
 * - what a person can put right (a taken port, a folder that cannot be written, another instance on the same data) is
 *   one line on standard error and an exit code that is not 0.
 */
import { basename, join, resolve } from 'node:path';
import { provideEncryptionKey } from './encryption-key.ts';
import { makeFolder } from './folders.ts';
import { type InstanceLock, lockInstance } from './instance-lock.ts';
import { readPort, requireFreePort } from './ports.ts';
import { startEmbeddedPostgres } from './postgres.ts';
import { commandLine, isAlive, parentOf } from './processes.ts';
import { StartFailure } from './start-failure.ts';

/** What was started, in the order of starting: stopped backwards. */
type Stop = () => Promise<void> | void;

const STOP_WITHIN = 30_000;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function complain(error: unknown): void {
  const text = error instanceof StartFailure ? error.message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`${text}\n`);
}

export async function start(): Promise<void> {
  const running: Stop[] = [];
  let stopping: Promise<void> | undefined;

  async function stopAll(): Promise<void> {
    for (const stop of running.reverse()) await stop();
  }
  function end(exitCode: number): void {
    if (stopping !== undefined) {
      // Asked twice: leave at once. What is committed stays; the watchdog stops the database.
      process.exit(1);
    }
    setTimeout(() => process.exit(1), STOP_WITHIN).unref();
    setTimeout(() => say('Waiting for work under way to end; Ctrl-C again leaves at once.'), 2000).unref();
    stopping = stopAll();
    stopping.then(
      () => process.exit(exitCode),
      (error: unknown) => {
        complain(error);
        process.exit(1);
      },
    );
  }

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end(0));
  const parent = endWithNpm(() => end(0));
  try {
    await startAll(running, parent);
  } catch (error) {
    if (stopping === undefined) {
      complain(error);
      end(1);
    }
  }
}

async function startAll(running: Stop[], parent: number | null): Promise<void> {
  const port = readPort(process.env.PORT, 3000);
  const host = process.env.HOST || '127.0.0.1';
  let databaseUrl = process.env.DATABASE_URL;
  let lock: InstanceLock | undefined;
  let loading: ReturnType<typeof loadEngine> | undefined;

  if (databaseUrl) {
    await requireFreePort(port, host);
  } else {
    const folder = resolve(process.env.DATA_DIR || '.data');
    makeFolder(folder);
    lock = await lockInstance(folder, parent);
    running.push(lock.release);
    await requireFreePort(port, host);
    // The engine is large: it loads while the database starts.
    loading = loadEngine();
    provideEncryptionKey(folder);
    // Copied back with the folder, it tells by its own inode that it was.
    process.env.RESTORE_WITNESS_FILE ||= join(folder, 'restore-witness');
    const directory = join(folder, 'postgres');
    const server = await startEmbeddedPostgres({ directory, database: 'echeance', durability: 'full', say });
    running.push(server.stop);
    void server.ended.then(() => {
      // Nothing can be ended in order without it; what it had committed is kept.
      complain(
        new StartFailure(`The database server ended unexpectedly; its log: ${join(server.folder, 'server.log')}`),
      );
      void server.stop().then(() => {
        lock?.release();
        process.exit(1);
      });
    });
    databaseUrl = server.url;
  }

  const { startEngine } = await (loading ?? loadEngine());
  const engine = await startEngine({ databaseUrl, port, host, say });
  running.push(engine.stop);
  const address = `http://${host === '127.0.0.1' || host === '0.0.0.0' ? 'localhost' : host}:${port}`;
  lock?.note(address);
  for (const line of engine.welcome(address)) say(line);
}

function loadEngine() {
  return import('./engine.ts');
}

/**
 * Started by npm, we end when npm does: a kill of `npm start` that npm cannot pass on (kill -9) must not leave us
 * behind on the port. Answers the process that is watched.
 */
function endWithNpm(stop: () => void): number | null {
  const parent = process.ppid;
  if (process.env.npm_lifecycle_event === undefined || parent <= 1 || process.platform === 'win32') return null;
  // npm runs us through a shell, which some systems replace by us and which others leave in between.
  const isShell = /^(ba|da|z|k)?sh$/.test(basename(commandLine(parent)?.[0] ?? ''));
  const npm = isShell ? (parentOf(parent) ?? parent) : parent;
  const check = setInterval(() => {
    if (process.ppid === parent && isAlive(npm)) return;
    clearInterval(check);
    stop();
  }, 200);
  check.unref();
  return npm;
}
