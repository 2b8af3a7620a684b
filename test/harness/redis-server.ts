/**
 * A Redis server of one's own for a test: append-only, never evicting, on a free port, its data in a temporary folder.
 * It can be stopped, killed, emptied and started again on the same port and data.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { findFreePort } from '../../src/embedded/ports.ts';
import { type Watchdog, watch } from '../../src/embedded/watchdog.ts';
import { againAndAgain } from './again.ts';

export interface RedisServer {
  url: string;
  /** Empties it, as an operator's FLUSHALL would. */
  flush(): Promise<void>;
  /** One command of an operator. */
  command(name: string, ...words: string[]): Promise<void>;
  /** Ends it as kill -9 would. */
  kill(): Promise<void>;
  /** Starts it again on the same port and data, after `kill` or while it runs. */
  restart(): Promise<void>;
  /** Keeps a copy of its data as they are. */
  keepSnapshot(): void;
  /** Ends it as kill -9 would and starts it again on the copy: whatever was written since is lost. */
  restartFromSnapshot(): Promise<void>;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

export async function startRedisServer(program: string, ...more: string[]): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), 'echeance-redis-'));
  const port = await findFreePort();
  const url = `redis://127.0.0.1:${port}`;
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--pidfile', join(folder, 'pid')];
  args.push('--appendonly', 'yes', '--appendfsync', 'everysec', '--save', '', '--maxmemory-policy', 'noeviction');
  args.push('--daemonize', 'no', '--logfile', join(folder, 'log'), ...more);

  let running: { child: ChildProcess; watchdog: Watchdog } | undefined;

  async function begin(): Promise<void> {
    const child = spawn(program, args, { stdio: 'ignore', detached: true });
    child.unref();
    if (child.pid === undefined) throw new Error(`${program} could not be run`);
    running = { child, watchdog: watch({ pid: child.pid, pidFile: join(folder, 'pid'), temporaryFolders: [folder] }) };
    for (let attempt = 0; !(await answers(port)); attempt += 1) {
      if (child.exitCode !== null || attempt > 3000) throw new Error(`redis-server did not start, see ${folder}/log`);
      await pause(20);
    }
  }
  async function end(signal: NodeJS.Signals): Promise<void> {
    if (running === undefined) return;
    const { child, watchdog } = running;
    running = undefined;
    if (child.exitCode === null && child.signalCode === null) {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill(signal);
      await gone;
    }
    watchdog.dismiss();
  }

  await begin();
  return {
    url,
    async flush() {
      const client = new Redis(url);
      await client.flushall();
      client.disconnect();
    },
    async command(name, ...words) {
      const client = new Redis(url);
      await client.call(name, ...words);
      client.disconnect();
    },
    kill: () => end('SIGKILL'),
    async restart() {
      await end('SIGTERM');
      await againAndAgain(begin);
    },
    keepSnapshot() {
      cpSync(join(folder, 'appendonlydir'), join(folder, 'snapshot'), { recursive: true, force: true });
    },
    async restartFromSnapshot() {
      await end('SIGKILL');
      rmSync(join(folder, 'appendonlydir'), { recursive: true });
      cpSync(join(folder, 'snapshot'), join(folder, 'appendonlydir'), { recursive: true });
      await againAndAgain(begin);
    },
    async stop() {
      await end('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Whether it takes commands: it refuses them while it still reads its data. */
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const settle = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(1000, () => settle(false));
    socket.once('error', () => settle(false));
    socket.once('connect', () => socket.write('PING\r\n'));
    socket.once('data', (reply) => settle(reply.toString().startsWith('+PONG')));
  });
}
