/**
 * Which user of this machine runs the PostgreSQL server: ourselves, except that PostgreSQL refuses to run as root.
 * Under root it runs as the user whom the data belong to already, else as `postgres` where that account exists, else
 * as `nobody`. No account is ever made.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { lstatSync } from 'node:fs';
import { StartFailure } from './start-failure.ts';

export interface ServerAccount {
  uid: number;
  gid: number;
  name: string;
}

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

function numberOf(flag: '-u' | '-g', name: string): number | undefined {
  try {
    const answer = execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    const number = Number(answer);
    return Number.isInteger(number) && number > 0 ? number : undefined;
  } catch {
    return undefined;
  }
}

function nameOf(uid: number): string {
  try {
    const options = ['-un', String(uid)];
    return execFileSync('id', options, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return `user ${uid}`;
  }
}

/** Under root, the account that runs the server for a cluster at `data` (which may not exist yet); else nothing. */
export function serverAccount(data: string): ServerAccount | undefined {
  if (!isRoot()) return undefined;
  const owner = lstatSync(data, { throwIfNoEntry: false });
  if (owner !== undefined && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid, name: nameOf(owner.uid) };
  for (const name of ['postgres', '_postgres', 'nobody']) {
    const uid = numberOf('-u', name);
    const gid = numberOf('-g', name);
    if (uid !== undefined && gid !== undefined) return { uid, gid, name };
  }
  throw new StartFailure(
    'PostgreSQL does not run as root and this machine has neither a user "postgres" nor "nobody". Start as an ordinary user, or set DATABASE_URL.',
  );
}

/** Whether the account can enter the folder; ourselves always can. */
export function canEnter(account: ServerAccount | undefined, folder: string): boolean {
  if (account === undefined) return true;
  const { uid, gid } = account;
  const probe = spawnSync('/bin/sh', ['-c', 'cd -- "$1"', 'sh', folder], { uid, gid, cwd: '/', stdio: 'ignore' });
  if (probe.error !== undefined) {
    throw new StartFailure(
      `PostgreSQL does not run as root, and root may not switch to user ${account.name} here (${probe.error.message}). Start as an ordinary user, or set DATABASE_URL.`,
      { cause: probe.error },
    );
  }
  return probe.status === 0;
}
