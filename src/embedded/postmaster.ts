/**
 * The main process of a PostgreSQL server, known through the file `postmaster.pid` that it keeps in its data folder.
 *
 * Always true:
 * - a process is signalled only when it is a PostgreSQL server on exactly this data folder;
 * - a pid file whose process is gone, or is something else by now, is stale and never in the way.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { commandLine, isAlive, signal, waitForEnd } from './processes.ts';
import { StartFailure } from './start-failure.ts';

export function pidFileOf(data: string): string {
  return join(data, 'postmaster.pid');
}

interface PidFile {
  pid: number;
  /** `starting`, `ready`, `stopping` or `standby`; empty before the server says so. */
  status: string;
}

/** Lines of the file: pid, data folder, start time, port, socket folder, address, shared memory, status. */
export function readPidFile(data: string): PidFile | undefined {
  try {
    const lines = readFileSync(pidFileOf(data), 'utf8').split('\n');
    const pid = Number(lines[0]);
    return Number.isInteger(pid) && pid > 0 ? { pid, status: lines[7]?.trim() ?? '' } : undefined;
  } catch {
    return undefined;
  }
}

function serves(pid: number, data: string): boolean {
  const [program, ...args] = commandLine(pid) ?? [];
  if (program === undefined || !/^postgres(\.exe)?$/.test(basename(program))) return false;
  return args[args.indexOf('-D') + 1] === data || args.includes(data);
}

/** The pid of the server that runs on this data folder, if one does. */
export function runningPostmaster(data: string): number | undefined {
  const pid = readPidFile(data)?.pid;
  return pid !== undefined && isAlive(pid) && serves(pid, data) ? pid : undefined;
}

/** Stops a server: its sessions end at once, everything committed is kept. Harder means follow only if it hangs. */
export async function stopPostmaster(pid: number, data: string, pgCtl: string): Promise<void> {
  if (process.platform === 'win32') {
    spawnSync(pgCtl, ['stop', '-D', data, '-m', 'fast', '-w'], { stdio: 'ignore' });
  } else {
    signal(pid, 'SIGINT');
    if (await waitForEnd(pid, 20_000)) return;
    signal(pid, 'SIGQUIT');
  }
  if (await waitForEnd(pid, 5_000)) return;
  signal(pid, 'SIGKILL');
  await waitForEnd(pid, 5_000);
}

/** Clears the way for a new server on this data folder: stops one that was left behind, removes a stale pid file. */
export async function clearTheWay(data: string, pgCtl: string): Promise<'nothing' | 'stopped'> {
  const found = readPidFile(data);
  if (found === undefined) return 'nothing';
  if (isAlive(found.pid) && serves(found.pid, data)) {
    await stopPostmaster(found.pid, data, pgCtl);
    if (isAlive(found.pid)) {
      throw new StartFailure(`A PostgreSQL server left behind on ${data} (process ${found.pid}) cannot be stopped.`);
    }
    return 'stopped';
  }
  // PostgreSQL itself would take the number for a running server if it belongs to another program by now, or to a
  // server that was killed and that nobody has buried yet. It still notices sessions of that server by their memory.
  rmSync(pidFileOf(data), { force: true });
  return 'nothing';
}
