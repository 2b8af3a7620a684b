/**
 * How fast a camt.054 of many returns is read, as a stream, and what memory that takes.
 * `node --import tsx bench/camt.ts [returns]`
 */
import { execFileSync } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { SaxesParser } from 'saxes';
import { openBankFile } from '../src/formats/sepa/reader/read-bank-file.ts';
import type { BenchResult } from './ratio.ts';

const START =
  '<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"><BkToCstmrDbtCdtNtfctn>' +
  '<GrpHdr><MsgId>N1</MsgId><CreDtTm>2026-11-27T06:00:00</CreDtTm></GrpHdr><Ntfctn><Id>N1-1</Id><CreDtTm>2026-11-27T06:00:00</CreDtTm>' +
  '<Acct><Id><IBAN>FR7630006000011234567890189</IBAN></Id></Acct>';
const END = '</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>\n';

function oneReturn(n: number): string {
  const amount = `${19 + (n % 80)}.90`;
  return (
    `<Ntry><Amt Ccy="EUR">${amount}</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-11-27</Dt></BookgDt>` +
    '<ValDt><Dt>2026-11-27</Dt></ValDt><BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>IDDT</Cd><SubFmlyCd>UPDD</SubFmlyCd></Fmly></Domn></BkTxCd>' +
    `<NtryDtls><TxDtls><Refs><EndToEndId>INV-2026-${n}</EndToEndId><MndtId>RUM-${n}</MndtId></Refs><Amt Ccy="EUR">${amount}</Amt>` +
    `<CdtDbtInd>DBIT</CdtDbtInd><RltdPties><Dbtr><Pty><Nm>Membre ${n}</Nm></Pty></Dbtr><DbtrAcct><Id>` +
    '<IBAN>FR7630006000011234567890189</IBAN></Id></DbtrAcct></RltdPties><RtrInf><Rsn><Cd>AM04</Cd></Rsn></RtrInf></TxDtls></NtryDtls></Ntry>'
  );
}

function* file(returns: number): Generator<Buffer> {
  let text = START;
  for (let n = 0; n < returns; n += 1) {
    text += oneReturn(n);
    if (text.length < 64 * 1024) continue;
    yield Buffer.from(text);
    text = '';
  }
  yield Buffer.from(text + END);
}

interface Measured {
  ms: number;
  read: number;
  bytes: number;
  peakMb: number;
}

async function ours(returns: number): Promise<Pick<Measured, 'read' | 'bytes'>> {
  const opened = openBankFile(file(returns), { max_bytes: 256 * 1024 * 1024, max_entries: returns + 1 });
  let read = 0;
  for await (const entries of opened.entries) read += entries.length;
  return { read, bytes: opened.report.bytes };
}

/** The same bytes through the parser alone, with handlers that only count. */
function bareSaxes(returns: number): Pick<Measured, 'read' | 'bytes'> {
  const parser = new SaxesParser({ xmlns: false, position: false });
  const counts = { read: 0, bytes: 0, text: 0, closed: 0 };
  parser.on('opentag', (tag) => {
    if (tag.name === 'TxDtls') counts.read += 1;
  });
  parser.on('text', (text) => {
    counts.text += text.length;
  });
  parser.on('closetag', () => {
    counts.closed += 1;
  });
  for (const piece of file(returns)) {
    counts.bytes += piece.length;
    parser.write(piece.toString());
  }
  parser.close();
  return counts;
}

async function measure(side: string, returns: number): Promise<Measured> {
  const start = performance.now();
  const { read, bytes } = side === 'ours' ? await ours(returns) : bareSaxes(returns);
  return { ms: performance.now() - start, read, bytes, peakMb: process.resourceUsage().maxRSS / 1024 };
}

function inOwnProcess(side: string, returns: number): Measured {
  const own = [...process.execArgv, fileURLToPath(import.meta.url), '--side', side, String(returns)];
  return JSON.parse(execFileSync(process.execPath, own, { encoding: 'utf8' })) as Measured;
}

export async function benchCamt(returns = 100_000): Promise<BenchResult[]> {
  const pairs = [1, 2, 3].map(() => ({ bare: inOwnProcess('saxes', returns), own: inOwnProcess('ours', returns) }));
  const { bare, own } = pairs.sort((a, b) => a.bare.ms / a.own.ms - b.bare.ms / b.own.ms)[1] as (typeof pairs)[number];
  const rate = Math.round(own.read / (own.ms / 1000));
  return [
    {
      name: `camt.054 of ${returns} returns: share of the speed of a bare saxes parse of the same bytes`,
      ratio: bare.ms / own.ms,
      target: 0.5,
      detail: `${rate} returns/s, ${(own.ms / 1000).toFixed(2)} s (saxes alone ${(bare.ms / 1000).toFixed(2)} s), ${(own.bytes / 1e6).toFixed(0)} MB, ${own.peakMb.toFixed(0)} MB of memory`,
    },
  ];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv[2] === '--side')
    console.log(JSON.stringify(await measure(process.argv[3] ?? 'ours', Number(process.argv[4]))));
  else console.log(JSON.stringify(await benchCamt(Number(process.argv[2] ?? 100_000)), null, 2));
}
