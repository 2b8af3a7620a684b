/**
 * The dependency audit of .ci/run: fails on a known vulnerability of high severity in what is deployed. Where the
 * registry does not answer it says so in one line and fails nothing, because a build must not hang on somebody else's
 * server. `node scripts/audit.mjs`
 */
import { execFile } from 'node:child_process';

const COMMAND = ['audit', '--omit=dev', '--audit-level=high', '--json'];

function report(error, output) {
  let found;
  try {
    found = JSON.parse(output);
  } catch {
    found = {};
  }
  const counts = found.metadata?.vulnerabilities;
  if (counts === undefined) {
    const why = found.message ?? found.error?.summary ?? error?.code ?? 'no answer';
    console.log(`dependencies not audited, the registry cannot be asked: ${String(why).split('\n')[0]}`);
    return 0;
  }
  const grave = counts.high + counts.critical;
  console.log(`dependencies audited: ${counts.total} known vulnerabilities, ${grave} of them high or critical`);
  for (const { name, severity, range } of Object.values(found.vulnerabilities ?? {})) {
    if (severity === 'high' || severity === 'critical') console.log(`  ${severity}: ${name} ${range}`);
  }
  return grave === 0 ? 0 : 1;
}

const options = { timeout: 120_000, maxBuffer: 64 * 1024 * 1024, shell: process.platform === 'win32' };
execFile('npm', COMMAND, options, (error, output) => {
  process.exitCode = report(error, output);
});
