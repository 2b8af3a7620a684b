/**
 * The long edition of the API fuzz:
 * `npm run fuzz -- [--requests 1000000] [--seed S] [--at-once 12] [--log answers.jsonl]`.
 *
 * It goes in rounds of twenty thousand requests, each to a new engine and with a seed of its own (S, S + 1, …), and ends
 * with the first round that finds something; that round's seed, given again, begins there. `--at-once 1` sends one
 * request after the other, so that the same seed asks for the same in the same order. `--log` keeps every request with
 * its answer, secrets of the test's own world included.
 */
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

function refuse(message) {
  console.error(message);
  process.exit(2);
}

function given() {
  try {
    return parseArgs({
      options: {
        requests: { type: 'string', default: '1000000' },
        seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
        'at-once': { type: 'string', default: '12' },
        log: { type: 'string' },
      },
    }).values;
  } catch (error) {
    return refuse(error.message);
  }
}

const values = given();
for (const name of ['requests', 'seed', 'at-once'])
  if (!/^[0-9]{1,9}$/.test(values[name]) || (name !== 'seed' && Number(values[name]) === 0))
    refuse(`--${name} must be a whole number${name === 'seed' ? '' : ' above 0'}, of at most nine digits`);

console.log(`fuzz: ${values.requests} requests, seed ${values.seed}, ${values['at-once']} at once`);
const env = {
  ...process.env,
  FUZZ_REQUESTS: values.requests,
  FUZZ_SEED: values.seed,
  FUZZ_AT_ONCE: values['at-once'],
  FUZZ_TELL: '1',
  ...(values.log ? { FUZZ_LOG: resolve(values.log) } : {}),
};
const run = spawn(process.execPath, ['scripts/test.mjs', 'test/fuzz/api.test.ts', '--bail=1'], {
  stdio: 'inherit',
  env,
});
// Ctrl-C reaches the tests as well, which clean up and end; we wait for them.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => run.kill('SIGTERM'));
run.on('exit', (code) => {
  if (code !== 0) console.error(`fuzz: failed; the last seed above, --seed and as many requests, begins there`);
  process.exitCode = code ?? 1;
});
