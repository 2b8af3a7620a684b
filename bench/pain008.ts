/**
 * How fast a direct debit file is written, against npm's `sepa` for the same transactions, in one run; and what
 * memory the writer takes. Each side runs in a process of its own, so that neither's garbage is the other's.
 * `node --import tsx bench/pain008.ts [transactions]`
 */

import { execFileSync } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { day } from '../src/domain/day.ts';
import { cents } from '../src/domain/money.ts';
import { writePain008 } from '../src/formats/sepa/pain008.ts';
import type { Pain008Group, Pain008Header, Pain008Row } from '../src/formats/sepa/pain008-message.ts';
import type { BenchResult } from './ratio.ts';

const CREDITOR_IBAN = 'FR7630006000011234567890189';
const DEBTOR_IBAN = 'FR1420041010050500013M02606';
const CREDITOR_IDENTIFIER = 'DE98ZZZ09999999999';

const amountOf = (n: number) => 1990 + (n % 7000);

function* rows(count: number): Generator<Pain008Row[]> {
  for (let from = 0; from < count; from += 1000) {
    const some: Pain008Row[] = [];
    for (let n = from; n < Math.min(from + 1000, count); n += 1) {
      some.push({
        group: 'BENCH-1-1',
        end_to_end_id: `E2E-${n}`,
        amount: cents(amountOf(n)),
        mandate_reference: `RUM-${n}`,
        mandate_signed_on: day('2025-01-15'),
        debtor_name: `Member number ${n}`,
        debtor_iban: DEBTOR_IBAN,
        remittance: `Membership ${n}`,
      });
    }
    yield some;
  }
}

async function streamed(count: number): Promise<number> {
  let total = 0;
  for (let n = 0; n < count; n += 1) total += amountOf(n);
  const header: Pain008Header = {
    version: 'pain.008.001.08',
    message_id: 'BENCH-1',
    created_at: new Date(Date.UTC(2026, 10, 21, 8)),
    initiator: { name: 'Club' },
    count,
    total: cents(total),
  };
  const group: Pain008Group = {
    id: 'BENCH-1-1',
    scheme: 'CORE',
    sequence: 'RCUR',
    collected_on: day('2026-11-27'),
    creditor: { name: 'Club', iban: CREDITOR_IBAN, identifier: CREDITOR_IDENTIFIER },
    count,
    total: cents(total),
  };
  let bytes = 0;
  for await (const piece of writePain008(header, [group], rows(count))) bytes += piece.length;
  return bytes;
}

async function withSepa(count: number): Promise<number> {
  const { default: sepa } = await import('sepa');
  const document = new sepa.Document('pain.008.001.08');
  document.grpHdr.id = 'BENCH-1';
  document.grpHdr.created = new Date(Date.UTC(2026, 10, 21, 8));
  document.grpHdr.initiatorName = 'Club';
  const info = document.createPaymentInfo();
  info.method = 'DD';
  info.sequenceType = 'RCUR';
  info.collectionDate = new Date(Date.UTC(2026, 10, 27));
  info.creditorIBAN = CREDITOR_IBAN;
  info.creditorName = 'Club';
  info.creditorId = CREDITOR_IDENTIFIER;
  document.addPaymentInfo(info);
  for (const some of rows(count)) {
    for (const row of some) {
      const transaction = info.createTransaction();
      transaction.debtorName = row.debtor_name;
      transaction.debtorIBAN = row.debtor_iban;
      transaction.mandateId = row.mandate_reference;
      transaction.mandateSignatureDate = new Date(Date.UTC(2025, 0, 15));
      transaction.amount = row.amount / 100;
      transaction.remittanceInfo = row.remittance ?? '';
      transaction.end2endId = row.end_to_end_id;
      info.addTransaction(transaction);
    }
  }
  return Buffer.byteLength(document.toString());
}

interface Measured {
  ms: number;
  bytes: number;
  peakMb: number;
}

async function measure(side: string, count: number): Promise<Measured> {
  const start = performance.now();
  const bytes = side === 'sepa' ? await withSepa(count) : await streamed(count);
  return { ms: performance.now() - start, bytes, peakMb: process.resourceUsage().maxRSS / 1024 };
}

function inOwnProcess(side: string, count: number): Measured {
  const output = execFileSync(
    process.execPath,
    [...process.execArgv, fileURLToPath(import.meta.url), '--side', side, String(count)],
    { encoding: 'utf8', maxBuffer: 1 << 20 },
  );
  return JSON.parse(output) as Measured;
}

export async function benchPain008(count = 100_000): Promise<BenchResult[]> {
  const median = (runs: Measured[]) => [...runs].sort((a, b) => a.ms - b.ms)[runs.length >> 1] as Measured;
  const ours = median([1, 2, 3].map(() => inOwnProcess('ours', count)));
  const theirs = median([1, 2, 3].map(() => inOwnProcess('sepa', count)));
  const say = (m: Measured) =>
    `${(m.ms / 1000).toFixed(2)} s, ${(m.bytes / 1e6).toFixed(0)} MB, ${m.peakMb.toFixed(0)} MB of memory`;
  return [
    {
      name: `pain.008 of ${count} transactions: times as fast as npm sepa`,
      ratio: theirs.ms / ours.ms,
      target: 4,
      detail: `ours ${say(ours)}; sepa ${say(theirs)}`,
    },
    {
      name: 'pain.008: 300 MB over the memory taken',
      ratio: 300 / ours.peakMb,
      target: 1,
      detail: `${ours.peakMb.toFixed(0)} MB at most`,
    },
  ];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv[2] === '--side')
    console.log(JSON.stringify(await measure(process.argv[3] ?? 'ours', Number(process.argv[4]))));
  else console.log(JSON.stringify(await benchPain008(Number(process.argv[2] ?? 100_000)), null, 2));
}
