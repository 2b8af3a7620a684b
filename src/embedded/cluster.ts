/**
 * The database cluster of the embedded server: made once, by initdb.
 *
 * Always true:
 * - a cluster is whole or absent: it is made beside its place and moved there when it is complete;
 * - UTF-8 with the builtin locale C.UTF-8, which sorts and folds alike on every platform; all times in UTC.
 */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';
import { type ServerHome, writePrivate } from './server-home.ts';
import type { ServerPrograms } from './server-programs.ts';
import { randomPassword, serverEnvironment } from './server-settings.ts';
import { cannotWrite, StartFailure, systemCode } from './start-failure.ts';

/** Makes the cluster if there is none and answers the password of its owner `user`. */
export function initialiseCluster(home: ServerHome, programs: ServerPrograms, user: string, durable: boolean): string {
  const passwordFile = join(home.folder, 'password');
  if (existsSync(home.data)) {
    requireVersion(home, programs);
    if (!existsSync(passwordFile)) {
      throw new StartFailure(`The password of the data in ${home.data} is missing: ${passwordFile}.`);
    }
    return readFileSync(passwordFile, 'utf8').trim();
  }
  const password = randomPassword();
  writePrivate(passwordFile, `${password}\n`);
  const draft = `${home.data}.${randomBytes(6).toString('hex')}.new`;
  const handover = `${passwordFile}.new`;
  try {
    removeDrafts(home.folder);
    mkdirSync(draft, { mode: 0o700 });
    chmodSync(draft, 0o700);
    // initdb runs as the server's user, who must be able to read the password for this moment.
    writePrivate(handover, `${password}\n`);
    if (home.account !== undefined) {
      for (const path of [draft, handover]) chownSync(path, home.account.uid, home.account.gid);
    }
    runInitdb(home, programs, draft, handover, user, durable);
    renameSync(draft, home.data);
    if (durable) syncFolder(home.folder);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    throw systemCode(error) === undefined ? error : cannotWrite(home.folder, error);
  } finally {
    rmSync(handover, { force: true });
  }
  return password;
}

/** What a start that was killed on the way left; its initdb may still be at work, then the next start removes it. */
function removeDrafts(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (!/^data\..*\.new$/.test(name)) continue;
    try {
      rmSync(join(folder, name), { recursive: true, force: true });
    } catch {
      // Not in our way: ours has a name of its own.
    }
  }
}

/** Makes the new names in a folder survive a crash of the machine. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function runInitdb(
  home: ServerHome,
  programs: ServerPrograms,
  data: string,
  passwordFile: string,
  user: string,
  durable: boolean,
): void {
  const args = ['-D', data, `--username=${user}`, `--pwfile=${passwordFile}`];
  args.push('--auth-local=scram-sha-256', '--auth-host=scram-sha-256', '--encoding=UTF8');
  args.push('--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8');
  if (!durable) args.push('--no-sync');
  const identity = home.account === undefined ? {} : { uid: home.account.uid, gid: home.account.gid };
  const made = spawnSync(programs.initdb, args, {
    ...identity,
    cwd: home.folder,
    env: serverEnvironment(),
    encoding: 'utf8',
    windowsHide: true,
  });
  if (made.error !== undefined) throw new StartFailure(`The database could not be made: ${made.error.message}`);
  if (made.status !== 0) {
    const reason = made.stderr.split('\n').find((line) => /error|could not|fatal/i.test(line)) ?? made.stderr;
    throw new StartFailure(
      `The database could not be made in ${home.folder}: ${reason.replace(/^initdb: /, '').trim()}`,
    );
  }
}

function requireVersion(home: ServerHome, programs: ServerPrograms): void {
  const made = readFileSync(join(home.data, 'PG_VERSION'), 'utf8').trim();
  const version = spawnSync(programs.postgres, ['--version'], { encoding: 'utf8', cwd: '/' }).stdout;
  const ours = /(\d+)\.\d+/.exec(version)?.[1];
  if (ours !== undefined && made !== ours) {
    throw new StartFailure(
      `The data in ${home.data} were made by PostgreSQL ${made}; this version brings ${ours}. Dump them with the earlier version and load them into this one.`,
    );
  }
}
