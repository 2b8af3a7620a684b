/** The dependency audit: a grave finding fails it, a registry that does not answer does not. */
import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const program = fileURLToPath(new URL('../../scripts/audit.mjs', import.meta.url));

/** Runs the audit with an npm that says what is given. */
function audit(says: string, exit: number): Promise<{ code: number; output: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'echeance-audit-'));
  writeFileSync(join(folder, 'says'), says);
  writeFileSync(join(folder, 'npm'), `#!/bin/sh\ncat '${join(folder, 'says')}'\nexit ${exit}\n`);
  chmodSync(join(folder, 'npm'), 0o755);
  const env = { ...process.env, PATH: `${folder}${delimiter}${process.env.PATH}` };
  return new Promise((resolve) => {
    execFile(process.execPath, [program], { env }, (error, output) => {
      rmSync(folder, { recursive: true });
      resolve({ code: Number(error?.code ?? 0), output });
    });
  });
}

const found = (high: number, low: number) =>
  JSON.stringify({
    vulnerabilities: high > 0 ? { bad: { name: 'bad', severity: 'high', range: '<2.0.0' } } : {},
    metadata: { vulnerabilities: { low, moderate: 0, high, critical: 0, total: high + low } },
  });

it.each([
  ['nothing is known', found(0, 0), 0, 0, '0 known vulnerabilities'],
  ['only small things are known', found(0, 3), 0, 0, '3 known vulnerabilities, 0 of them'],
  ['something grave is known', found(1, 0), 1, 1, 'high: bad <2.0.0'],
  ['the registry refuses', '{"message":"405 Method Not Allowed"}', 1, 0, 'not audited'],
  ['the registry is away', '{"error":{"code":"ENOTFOUND","summary":"request failed"}}', 1, 0, 'not audited'],
  ['npm says nothing that can be read', 'npm error', 1, 0, 'not audited'],
])('when %s it ends accordingly', async (_name, says, exit, code, words) => {
  const ended = await audit(says, exit);
  expect([ended.code, ended.output]).toEqual([code, expect.stringContaining(words)]);
});
