/**
 * Where the embedded server lives: its cluster in `data/`, its password, address and log beside it.
 *
 * Always true:
 * - it is the folder that was asked for, unless root starts it and the user that runs the server cannot enter that
 *   folder: then it is a folder of its own below /var/lib/echeance, and a file `location` in the folder asked for
 *   says which, so that the same folder leads to the same data for good;
 * - under root only `data/` belongs to the server's user: whoever has that account can plant nothing where root writes.
 */
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from './folders.ts';
import { canEnter, isRoot, type ServerAccount, serverAccount } from './server-account.ts';
import { cannotWrite, StartFailure, systemCode } from './start-failure.ts';

/** Where root keeps what must stay reachable; both outlive a restart of the machine. */
const SHARED_ROOTS = ['/var/lib/echeance', '/var/tmp/echeance'];

export interface ServerHome {
  /** The folder that was asked for: it keeps the lock. */
  asked: string;
  /** The folder that it is. */
  folder: string;
  data: string;
  account: ServerAccount | undefined;
  /** Where copies of the programs go when the installed ones are out of the account's reach. */
  copies: () => string;
}

export function serverHome(asked: string, say: (line: string) => void): ServerHome {
  // A folder that root makes anew lets the server's user pass through, whatever the umask.
  makeFolder(asked, isRoot() && !existsSync(asked) ? 0o711 : undefined);
  const location = join(asked, 'location');
  const moved = existsSync(location) ? readFileSync(location, 'utf8').trim() : undefined;
  if (moved !== undefined) return elsewhere(asked, moved, location, say);

  const data = join(asked, 'data');
  const account = serverAccount(data);
  requireOwnership(data);
  if (canEnter(account, asked)) {
    return { asked, folder: asked, data, account, copies: account === undefined ? () => asked : sharedRoot };
  }
  if (existsSync(data)) {
    throw new StartFailure(
      `The data in ${data} belong to ${account?.name}, who can no longer enter that folder. Let that user pass through the folders above it, or choose another DATA_DIR.`,
    );
  }
  const folder = join(sharedRoot(), randomBytes(6).toString('hex'));
  makeFolder(folder, 0o711);
  writePrivate(join(folder, 'belongs-to'), `${asked}\n`);
  writePrivate(location, `${folder}\n`);
  return elsewhere(asked, folder, location, say);
}

function elsewhere(asked: string, folder: string, location: string, say: (line: string) => void): ServerHome {
  if (!isRoot()) {
    throw new StartFailure(
      `The data of ${asked} are in ${folder}, made by root. Start as root, or choose another DATA_DIR.`,
    );
  }
  if (!existsSync(folder)) {
    throw new StartFailure(
      `The data of ${asked} were in ${folder}, which is gone. To begin afresh, remove ${location}.`,
    );
  }
  const data = join(folder, 'data');
  const account = serverAccount(data);
  say(`Database in ${folder}: PostgreSQL runs as ${account?.name}, who cannot enter ${asked}.`);
  return { asked, folder, data, account, copies: sharedRoot };
}

/** A folder of root's own that everybody can pass through and nobody else can write. */
function sharedRoot(): string {
  let failure: unknown;
  for (const folder of SHARED_ROOTS) {
    try {
      makeFolder(folder);
      const found = lstatSync(folder);
      if (!found.isDirectory() || found.uid !== 0) continue;
      chmodSync(folder, 0o755);
      return folder;
    } catch (error) {
      failure = error;
    }
  }
  throw cannotWrite(SHARED_ROOTS.join(' or '), failure);
}

/** An ordinary user can only run a cluster of its own. */
function requireOwnership(data: string): void {
  const uid = process.getuid?.();
  const found = lstatSync(data, { throwIfNoEntry: false });
  if (uid === undefined || uid === 0 || found === undefined || found.uid === uid) return;
  throw new StartFailure(
    `The data in ${data} belong to user ${found.uid}, not to you (${uid}). Start as that user or as root, or choose another DATA_DIR.`,
  );
}

/** Writes a file that only its owner can read, the owner being that of the folder; whole or not at all. */
export function writePrivate(file: string, text: string): void {
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    writeFileSync(draft, text, { mode: 0o600, flag: 'wx', flush: true });
    giveToOwnerOfFolder(draft);
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    if (systemCode(error) === undefined) throw error;
    throw cannotWrite(file, error);
  }
}

/** Under root, what is made in somebody's folder becomes theirs, so that they can start without root next time. */
export function giveToOwnerOfFolder(file: string): void {
  if (!isRoot()) return;
  const { uid, gid } = statSync(join(file, '..'));
  chownSync(file, uid, gid);
}
