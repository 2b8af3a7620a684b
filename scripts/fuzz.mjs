/** The long edition of the API fuzz: `npm run fuzz -- [--requests N] [--seed S]`. */
import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: { requests: { type: 'string', default: '1000000' }, seed: { type: 'string', default: String(Date.now()) } },
});
console.log(`fuzz: ${values.requests} requests, seed ${values.seed}`);
const env = { ...process.env, FUZZ_REQUESTS: values.requests, FUZZ_SEED: values.seed };
const run = spawn(process.execPath, ['scripts/test.mjs', 'test/fuzz/api.test.ts'], { stdio: 'inherit', env });
run.on('exit', (code) => {
  process.exitCode = code ?? 1;
});
