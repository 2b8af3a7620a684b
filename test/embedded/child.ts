/** Programs that tests start, listen to and end. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';

export const root = fileURLToPath(new URL('../../', import.meta.url));

export interface Child {
  pid: number;
  stdout(): string;
  stderr(): string;
  /** The first line of standard output that matches; refused when the program ends without it. */
  line(pattern: RegExp): Promise<string>;
  /** The exit code, or the signal that ended it. */
  ended: Promise<number | string>;
  kill(signal: NodeJS.Signals): void;
}

export interface ChildOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  uid?: number;
  gid?: number;
  node?: string;
}

const alive = new Set<Child>();

/** Runs Node with these arguments, in the project's folder unless told. */
export function runNode(args: string[], { node = process.execPath, env, ...options }: ChildOptions = {}): Child {
  const child = spawn(node, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...options,
    env: { ...clean(process.env), ...env },
  });
  let out = '';
  let err = '';
  let check = () => {};
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
    check();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  const ended = new Promise<number | string>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code ?? signal ?? 'lost'));
  });
  const handle: Child = {
    pid: child.pid ?? 0,
    stdout: () => out,
    stderr: () => err,
    ended,
    kill: (signal) => child.kill(signal),
    line(pattern) {
      return new Promise((resolve, reject) => {
        check = () => {
          const found = out.split('\n').find((line) => pattern.test(line));
          if (found !== undefined) resolve(found);
        };
        check();
        ended.then((how) => reject(new Error(`ended with ${how} before saying ${pattern}: ${out}${err}`)), reject);
      });
    },
  };
  alive.add(handle);
  void ended.then(
    () => alive.delete(handle),
    () => alive.delete(handle),
  );
  return handle;
}

/** What a person's own shell would not have set: the test runner's variables, npm's, and the programs' own. */
function clean(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const own =
    /^(npm_|VITEST|TEST|NODE_ENV|NODE_OPTIONS|DATABASE_URL|REDIS_URL|PORT|HOST|DATA_DIR|ENCRYPTION_|LOG_LEVEL)/;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !own.test(name)));
}

afterAll(async () => {
  const left = [...alive];
  for (const child of left) child.kill('SIGKILL');
  await Promise.allSettled(left.map((child) => child.ended));
});
