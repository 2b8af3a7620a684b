/**
 * A watchdog: when this process ends without a word (kill -9, out of memory), a server that it started is stopped
 * all the same, and a temporary folder removed.
 *
 * It is a shell in a session of its own that waits for the end of a pipe whose other end only this process holds.
 * Windows has no such shell: there, the next start finds the server that was left and stops it.
 *
 * Always true:
 * - it signals a process only while the server's own pid file still names that process;
 * - a watchdog that was dismissed does nothing.
 */
import { spawn } from 'node:child_process';

const SCRIPT = `
trap '' HUP INT TERM
pid=$1 pidfile=$2
shift 2
read -r _
running() { [ "$(head -n 1 "$pidfile" 2>/dev/null)" = "$pid" ] && kill -0 "$pid" 2>/dev/null; }
stop() {
  running || return 0
  kill "-$1" "$pid" 2>/dev/null
  turns=0
  while running && [ "$turns" -lt 100 ]; do sleep 0.1; turns=$((turns + 1)); done
}
# A server that has only just begun has not written its pid file yet.
turns=0
while ! running && kill -0 "$pid" 2>/dev/null && [ "$turns" -lt 20 ]; do sleep 0.1; turns=$((turns + 1)); done
stop INT
stop QUIT
stop KILL
if [ "$#" -gt 0 ]; then rm -rf -- "$@"; fi
`;

export interface Watchdog {
  dismiss(): void;
}

export interface Watched {
  pid: number;
  /** The file whose first line is the server's pid for as long as it runs. */
  pidFile: string;
  /** Temporary folders to remove once the server has ended. */
  temporaryFolders?: readonly string[];
}

export function watch({ pid, pidFile, temporaryFolders = [] }: Watched): Watchdog {
  if (process.platform === 'win32') return { dismiss() {} };
  const dog = spawn('/bin/sh', ['-c', SCRIPT, 'watchdog', String(pid), pidFile, ...temporaryFolders], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    cwd: '/',
  });
  dog.on('error', () => {});
  dog.stdin.on('error', () => {});
  dog.unref();
  // The pipe must not keep this process alive; it closes when the process ends, whatever ends it.
  if ('unref' in dog.stdin && typeof dog.stdin.unref === 'function') dog.stdin.unref();
  return {
    dismiss() {
      dog.kill('SIGKILL');
      dog.stdin.destroy();
    },
  };
}
