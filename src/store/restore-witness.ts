/**
 * A file outside of the database that knows how far the installation had come. A cluster copied file by file looks to
 * itself as if nothing had happened; the file tells.
 *
 * Always true: what it cannot vouch for counts as restored: it is lost, it was copied itself (a file knows its own inode), or
 * the database has gone back to before it.
 */
import { closeSync, fstatSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { queryOne, type Trx } from './database.ts';

export type Testimony = 'vouched' | 'witness_lost' | 'witness_copied' | 'went_back';

interface Kept {
  beat: number;
  inode: string;
}

const WIDTH = 200;

/**
 * Counts on and writes down how far. Several processes may share a file: whoever asks holds the installation's lock.
 * @returns what the file says of the time before
 */
export async function askWitness(trx: Trx, file: string): Promise<Testimony> {
  const row = await queryOne<{ beat: number }>(trx, `select nextval('installation_beat') as beat`);
  if (!row) throw new Error('the installation does not count');
  const { kept, inode } = read(file);
  const testimony = judge(kept, row.beat, inode);
  write(file, row.beat);
  return testimony;
}

function judge(kept: Kept | null, beat: number, inode: string | null): Testimony {
  if (kept === null) return beat === 1 ? 'vouched' : 'witness_lost';
  if (kept.inode !== inode) return 'witness_copied';
  return kept.beat < beat ? 'vouched' : 'went_back';
}

function read(file: string): { kept: Kept | null; inode: string | null } {
  try {
    const descriptor = openSync(file, 'r');
    try {
      const inode = inodeOf(descriptor);
      const kept = JSON.parse(readFileSync(descriptor, 'utf8')) as Kept;
      return { kept: typeof kept.beat === 'number' && typeof kept.inode === 'string' ? kept : null, inode };
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    if (error instanceof SyntaxError || (error as { code?: string }).code === 'ENOENT')
      return { kept: null, inode: null };
    throw error;
  }
}

/** In place and always of the same length, so that it stays the same file and is never seen half written. */
function write(file: string, beat: number): void {
  const descriptor = open(file);
  try {
    const kept: Kept = { beat, inode: inodeOf(descriptor) };
    writeSync(descriptor, `${JSON.stringify(kept).padEnd(WIDTH - 1)}\n`, 0);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function open(file: string): number {
  try {
    return openSync(file, 'r+');
  } catch (error) {
    if ((error as { code?: string }).code !== 'ENOENT') throw error;
    return openSync(file, 'wx', 0o600);
  }
}

const inodeOf = (descriptor: number): string => {
  const { dev, ino } = fstatSync(descriptor, { bigint: true });
  return `${dev}:${ino}`;
};
