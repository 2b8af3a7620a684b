/**
 * The engine's programs, bundled once into one file each: a storm starts them hundreds of times, and a bundle starts
 * in a quarter of the time that compiling on the way takes. The code is the same.
 */
import { rmSync } from 'node:fs';
import { mkdir, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Programs {
  workers: string;
  api: string;
  /** As `workers`, with faults that the environment asks for. */
  faults: string;
  /** BullMQ alone, for comparison. */
  plain: string;
}

/** Found from where they lie, or not at all: files they look for beside themselves, and drivers nobody installed. */
const external = [
  '@bull-board/*',
  'swagger-ui-dist',
  'better-sqlite3',
  'libsql',
  'mariadb',
  'mariadb/callback',
  'mysql',
  'mysql2',
  'mysql2/promise',
  'oracledb',
  'pg-native',
  'sqlite3',
  'tedious',
  'cloudflare:sockets',
];

let made: Promise<Programs> | null = null;

export function bundledPrograms(): Promise<Programs> {
  made ??= bundle();
  return made;
}

async function bundle(): Promise<Programs> {
  const cache = join(root, 'node_modules', '.cache');
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, 'storm-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  await build({
    absWorkingDir: root,
    entryPoints: {
      workers: 'workers/main.ts',
      api: 'api/main.ts',
      faults: 'test/storm/worker-with-faults.ts',
      plain: 'test/storm/plain-bullmq.ts',
    },
    outdir: folder,
    bundle: true,
    splitting: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    outExtension: { '.js': '.mjs' },
    banner: {
      js: "import { createRequire as makeRequire } from 'node:module';const require = makeRequire(import.meta.url);",
    },
    external,
    logLevel: 'warning',
  });
  const file = (name: keyof Programs) => join(folder, `${name}.mjs`);
  return { workers: file('workers'), api: file('api'), faults: file('faults'), plain: file('plain') };
}
