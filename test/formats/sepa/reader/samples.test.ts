import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { decimal } from '../../../../src/domain/money.ts';
import type { BankFileKind } from '../../../../src/formats/sepa/reader/entry.ts';
import { schemaVerdict } from '../schema.ts';
import { read } from './messages.ts';

const SAMPLES = '../shared/sepa/samples';

interface Sample {
  file: string;
  msg: string;
  n_returns: number;
  reasons?: (string | null)[];
  amounts?: string[];
  e2e?: string[];
  mandates?: string[];
  fees?: string[];
  group?: string;
  pmtinf?: string;
}

const failures: BankFileKind[] = ['rejected', 'returned', 'refunded'];
const manifest: Sample[] = existsSync(`${SAMPLES}/manifest.json`)
  ? JSON.parse(readFileSync(`${SAMPLES}/manifest.json`, 'utf8'))
  : [];

describe('the sample files of banks', () => {
  if (manifest.length === 0)
    test('are not at hand', () => {
      console.log(`not read: the samples in ${SAMPLES} are not there`);
    });

  test.each(manifest)('$file tells what its manifest says', async (sample) => {
    const bytes = readFileSync(`${SAMPLES}/${sample.file}`);
    expect(schemaVerdict(sample.msg, bytes.toString())).toBeNull();
    const { entries, report } = await read(bytes);
    expect(`${report.message}.${report.version}`).toBe(sample.msg);
    expect(report.findings).toEqual([]);
    const failed = entries.filter((entry) => failures.includes(entry.kind));
    const single = failed.filter((entry) => entry.level === 'transaction' || entry.level === 'entry');
    expect(single).toHaveLength(sample.n_returns);
    const told = sample.n_returns > 0 ? single : failed;
    if (sample.reasons) expect(told.map((entry) => entry.reason_code)).toEqual(sample.reasons);
    if (sample.amounts) expect(told.map((entry) => decimal(entry.amount ?? 0))).toEqual(sample.amounts);
    if (sample.e2e) expect(told.map((entry) => entry.end_to_end_id)).toEqual(sample.e2e);
    if (sample.mandates) expect(told.map((entry) => entry.mandate_reference)).toEqual(sample.mandates);
    if (sample.fees) expect(told.map((entry) => decimal(entry.charge_amount ?? 0))).toEqual(sample.fees);
    const whole = entries.filter((entry) => entry.covers_all);
    if (sample.group)
      expect(whole).toMatchObject([{ level: 'group', status: sample.group, original_message_id: 'M20261123' }]);
    else if (sample.pmtinf)
      expect(whole).toMatchObject([
        {
          level: 'payment_information',
          status: sample.pmtinf,
          payment_information_id: 'M20261123-1',
          reason_code: null,
        },
      ]);
    else expect(whole).toEqual([]);
  });
});
