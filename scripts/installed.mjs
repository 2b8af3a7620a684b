/**
 * What `npm start` and `npm test` need before anything else: a Node that is new enough, and the packages that the
 * lockfile names. Plain JavaScript: it runs before anything is installed.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');

function packagesOf(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : {};
}

/**
 * The packages of the lockfile that are not installed in its version. Optional ones are for other platforms mostly,
 * and are not asked for; those for development only when `development` says so.
 */
export function missingPackages(folder, development) {
  const asked = packagesOf(join(folder, 'package-lock.json'));
  const installed = packagesOf(join(folder, 'node_modules', '.package-lock.json'));
  return Object.entries(asked)
    .filter(([path, entry]) => path !== '' && !entry.optional && !entry.devOptional && (development || !entry.dev))
    .filter(([path, entry]) => installed[path]?.version !== entry.version)
    .map(([path]) => path.slice('node_modules/'.length));
}

/** Installs what the lockfile says if something of it is missing or of another version. */
export function install({ development }) {
  if (missingPackages(root, development).length === 0) return;
  console.error('Installing what package-lock.json lists (npm ci) …');
  const windows = process.platform === 'win32';
  const npm = process.env.npm_execpath;
  const [command, args] = npm?.endsWith('.js') ? [process.execPath, [npm, 'ci']] : ['npm', ['ci']];
  // What npm prints goes to standard error: standard output is for what the program itself has to say.
  const options = { cwd: root, stdio: ['ignore', 2, 2], shell: windows && command === 'npm' };
  // Started by npm, we inherit its settings as variables; NODE_ENV=production would leave out what the tests need.
  const env = { ...process.env, ...(development ? { NODE_ENV: 'development', npm_config_omit: '' } : {}) };
  const { status, error, signal } = spawnSync(command, args, { ...options, env });
  if (status === 0) return;
  if (signal === null)
    console.error(`Installing failed: npm ci ${error ? `could not run (${error.message})` : 'said why above'}.`);
  process.exit(1);
}
