/** What the system knows of other processes: whether one lives, whether it is still the same one, and what it runs. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { systemCode } from './start-failure.ts';

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Not allowed to signal it: it lives, and belongs to another user.
    return systemCode(error) === 'EPERM';
  }
  return !isZombie(pid);
}

/** The fields of /proc/PID/stat after the command's name, from the state on; nothing where there is no /proc. */
function procStat(pid: number): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

function isZombie(pid: number): boolean {
  return procStat(pid)?.[0] === 'Z';
}

function ps(column: string, pid: number): string | undefined {
  if (process.platform === 'win32') return undefined;
  try {
    const args = ['-ww', '-o', `${column}=`, '-p', String(pid)];
    return execFileSync('ps', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim() || undefined;
  } catch {
    return undefined;
  }
}

/**
 * A mark that tells a process from a later one with the same number: when it began, on this boot of the machine.
 * Nothing where the system does not say.
 */
export function processMark(pid: number): string | undefined {
  const began = procStat(pid)?.[19];
  if (began !== undefined) {
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${began}`;
  }
  return ps('lstart', pid);
}

/** The process that started it, while that one lives. */
export function parentOf(pid: number): number | undefined {
  const parent = Number(procStat(pid)?.[1] ?? ps('ppid', pid));
  return parent > 1 ? parent : undefined;
}

/** The command line of a process, its arguments one by one where the system keeps them apart. */
export function commandLine(pid: number): string[] | undefined {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
  } catch {
    return ps('command', pid)?.split(' ');
  }
}

/** Waits until the process has ended; answers whether it did within the time. */
export async function waitForEnd(pid: number, milliseconds: number): Promise<boolean> {
  const limit = performance.now() + milliseconds;
  while (isAlive(pid)) {
    if (performance.now() > limit) return false;
    await pause(15);
  }
  return true;
}

export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (systemCode(error) !== 'ESRCH') throw error;
  }
}
