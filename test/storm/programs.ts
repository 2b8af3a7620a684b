/**
 * The engine's programs, bundled once into one file each: a storm starts them hundreds of times, and a bundle starts
 * in a quarter of the time that compiling on the way takes. The code is the same.
 */
import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Programs {
  workers: string;
  api: string;
  /** As `workers`, with faults that the environment asks for. */
  faults: string;
  /** As `workers` and `api`, and they die at a place that their parent names. */
  dyingWorkers: string;
  dyingApi: string;
  /** BullMQ alone, for comparison. */
  plain: string;
}

/** Found from where they lie, or not at all: files they look for beside themselves, and drivers nobody installed. */
const external = [
  '@bull-board/*',
  'swagger-ui-dist',
  'pdfkit',
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
      dyingWorkers: 'test/storm/worker-that-dies.ts',
      dyingApi: 'test/storm/api-that-dies.ts',
      'render-thread': 'src/gateways/invoice-pdf/render-thread.ts',
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
  // The printer looks for its thread beside itself, under the name that a build gives it.
  await rename(join(folder, 'render-thread.mjs'), join(folder, 'render-thread.js'));
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  const file = (name: keyof Programs) => join(folder, `${name}.mjs`);
  const [workers, api, faults] = [file('workers'), file('api'), file('faults')];
  return { workers, api, faults, dyingWorkers: file('dyingWorkers'), dyingApi: file('dyingApi'), plain: file('plain') };
}
