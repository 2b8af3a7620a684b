/**
 * One instance per data folder: the lock is a file that names the process which holds it.
 *
 * Always true:
 * - two starts at once: exactly one gets the lock;
 * - the lock of a process that is gone, or of another one that took its number, is stale and taken over;
 * - a holder whose own parent was killed is on its way out and is waited for.
 */
import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isAlive, processMark } from './processes.ts';
import { cannotWrite, StartFailure, systemCode } from './start-failure.ts';

const FILE = 'instance.lock';
const WAIT_FOR_ONE_GOING = 15_000;

interface Holder {
  pid: number;
  mark: string | null;
  /** The process that started the holder, when the holder ends with it. */
  parent: number | null;
  address: string | null;
}

export interface InstanceLock {
  /** Writes down where the instance answers, for whoever finds it running. */
  note(address: string): void;
  release(): void;
}

function read(file: string): Holder | undefined {
  try {
    const { pid, mark, parent, address } = JSON.parse(readFileSync(file, 'utf8')) as Partial<Holder>;
    if (typeof pid !== 'number') return undefined;
    return { pid, mark: mark ?? null, parent: parent ?? null, address: address ?? null };
  } catch {
    return undefined;
  }
}

function holds(holder: Holder): boolean {
  if (!isAlive(holder.pid)) return false;
  const mark = processMark(holder.pid);
  return mark === undefined || holder.mark === null || mark === holder.mark;
}

function sentence(folder: string, { pid, address }: Holder): string {
  const where = address === null ? '' : `, ${address}`;
  return `Already running on ${folder} (process ${pid}${where}). Stop it first, or choose another DATA_DIR and PORT.`;
}

/** Takes the lock of a folder that exists; `parent` as in the holder. */
export async function lockInstance(folder: string, parent: number | null = null): Promise<InstanceLock> {
  const file = join(folder, FILE);
  const mine: Holder = { pid: process.pid, mark: processMark(process.pid) ?? null, parent, address: null };
  const limit = performance.now() + WAIT_FOR_ONE_GOING;
  for (;;) {
    if (place(file, mine, folder)) break;
    const holder = read(file);
    if (holder === undefined || !holds(holder)) {
      setAside(file, holder);
      continue;
    }
    const going = holder.parent !== null && !isAlive(holder.parent);
    if (!going || performance.now() > limit) throw new StartFailure(sentence(folder, holder));
    await pause(50);
  }
  return {
    note(address) {
      mine.address = address;
      const next = `${file}.${process.pid}`;
      writeFileSync(next, JSON.stringify(mine), { mode: 0o644 });
      renameSync(next, file);
    },
    release() {
      if (read(file)?.pid === process.pid) rmSync(file, { force: true });
    },
  };
}

/** Puts our lock in place whole, or answers that one is there. */
function place(file: string, mine: Holder, folder: string): boolean {
  const draft = `${file}.${randomUUID()}`;
  try {
    writeFileSync(draft, JSON.stringify(mine), { mode: 0o644, flag: 'wx' });
    try {
      linkSync(draft, file);
    } catch (error) {
      // Some file systems know no hard links; then the lock is written where it stands.
      if (!['EPERM', 'ENOTSUP', 'ENOSYS', 'EMLINK'].includes(systemCode(error) ?? '')) throw error;
      writeFileSync(file, JSON.stringify(mine), { mode: 0o644, flag: 'wx' });
    }
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw cannotWrite(folder, error);
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Moves a stale lock away, and puts it back if it was not the one that was read: somebody was faster. */
function setAside(file: string, stale: Holder | undefined): void {
  const aside = `${file}.${randomUUID()}`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  const moved = read(aside);
  if (moved !== undefined && (moved.pid !== stale?.pid || moved.mark !== stale.mark)) {
    try {
      linkSync(aside, file);
    } catch {
      // A third start is in place already.
    }
  }
  rmSync(aside, { force: true });
}
