/**
 * `npm test`: installs what is missing, runs the tests, and ends with one plain line of counts. Arguments go to
 * vitest: `npm test -- test/domain`.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { install, root } from './installed.mjs';

install({ development: true });

const folder = mkdtempSync(join(tmpdir(), 'echeance-counts-'));
const countsFile = join(folder, 'counts.json');
const vitest = spawn(
  process.execPath,
  [join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run', ...process.argv.slice(2)],
  { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, TEST_COUNTS_FILE: countsFile } },
);

// Ctrl-C reaches vitest as well, which cleans up and ends; we wait for it.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => vitest.kill('SIGTERM'));

vitest.on('exit', (code, signal) => {
  const counts = readCounts();
  rmSync(folder, { recursive: true, force: true });
  let { passed, failed, skipped } = counts ?? { passed: 0, failed: 0, skipped: 0 };
  const isGood = code === 0 && signal === null && counts !== undefined && failed === 0;
  // Whatever went wrong outside the tests is a failure all the same.
  if (!isGood && failed === 0) {
    failed = 1;
    console.error(
      `The test runner ended with ${signal ?? `exit code ${code}`}${counts ? '' : ' before it had counted'}.`,
    );
  }
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  process.exitCode = isGood ? 0 : 1;
});

function readCounts() {
  try {
    return JSON.parse(readFileSync(countsFile, 'utf8'));
  } catch {
    return undefined;
  }
}
