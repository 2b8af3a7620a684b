/** Bank messages to read in tests, made of their parts. */

import { Refusal } from '../../../../src/errors/refusal.ts';
import type { BankFileEntry } from '../../../../src/formats/sepa/reader/entry.ts';
import type { BankFileLimits } from '../../../../src/formats/sepa/reader/limits.ts';
import { readBankFile } from '../../../../src/formats/sepa/reader/read-bank-file.ts';

const NAMESPACE = 'urn:iso:std:iso:20022:tech:xsd:';

export const OUR_IBAN = 'FR7630006000011234567890189';
export const THEIR_IBAN = 'FR1420041010050500013M02606';

export function document(name: string, content: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="${NAMESPACE}${name}">${content}</Document>\n`;
}

export function pain002(group: string, rest = '', name = 'pain.002.001.10'): string {
  return document(
    name,
    `<CstmrPmtStsRpt><GrpHdr><MsgId>STS-1</MsgId><CreDtTm>2026-11-24T07:00:00</CreDtTm></GrpHdr>` +
      `<OrgnlGrpInfAndSts><OrgnlMsgId>M-1</OrgnlMsgId><OrgnlMsgNmId>pain.008.001.08</OrgnlMsgNmId>${group}</OrgnlGrpInfAndSts>${rest}</CstmrPmtStsRpt>`,
  );
}

export function pmtInf(content: string, id = 'M-1-1'): string {
  return `<OrgnlPmtInfAndSts><OrgnlPmtInfId>${id}</OrgnlPmtInfId>${content}</OrgnlPmtInfAndSts>`;
}

export function tx002(n: number, status: string, more = ''): string {
  return (
    `<TxInfAndSts><OrgnlInstrId>I-${n}</OrgnlInstrId><OrgnlEndToEndId>E2E-${n}</OrgnlEndToEndId>` +
    `${status === '' ? '' : `<TxSts>${status}</TxSts>`}${more}</TxInfAndSts>`
  );
}

export function reason(code: string): string {
  return `<StsRsnInf><Rsn><Cd>${code}</Cd></Rsn></StsRsnInf>`;
}

export function camt(content: string, name = 'camt.054.001.08'): string {
  const [message, statement] = name.startsWith('camt.053')
    ? ['BkToCstmrStmt', 'Stmt']
    : ['BkToCstmrDbtCdtNtfctn', 'Ntfctn'];
  return document(
    name,
    `<${message}><GrpHdr><MsgId>N-1</MsgId><CreDtTm>2026-11-27T06:00:00</CreDtTm></GrpHdr><${statement}><Id>N-1-1</Id>` +
      `<CreDtTm>2026-11-27T06:00:00</CreDtTm><Acct><Id><IBAN>${OUR_IBAN}</IBAN></Id></Acct>${content}</${statement}></${message}>`,
  );
}

export interface EntryParts {
  amount?: string;
  direction?: 'DBIT' | 'CRDT';
  status?: string;
  code?: string;
  head?: string;
  details?: string;
  tail?: string;
}

export function bankCode(code: string): string {
  const [domain, family, sub] = code.split('/');
  if (family === undefined) return `<BkTxCd><Prtry><Cd>${domain}</Cd></Prtry></BkTxCd>`;
  return `<BkTxCd><Domn><Cd>${domain}</Cd><Fmly><Cd>${family}</Cd><SubFmlyCd>${sub}</SubFmlyCd></Fmly></Domn></BkTxCd>`;
}

export function entry(parts: EntryParts = {}): string {
  const {
    amount = '19.90',
    direction = 'DBIT',
    status = 'BOOK',
    code = 'PMNT/IDDT/UPDD',
    head = '',
    details = '',
    tail = '',
  } = parts;
  return (
    `<Ntry><Amt Ccy="EUR">${amount}</Amt><CdtDbtInd>${direction}</CdtDbtInd>${head}<Sts><Cd>${status}</Cd></Sts>` +
    `<BookgDt><Dt>2026-11-27</Dt></BookgDt><ValDt><Dt>2026-11-28</Dt></ValDt>${bankCode(code)}${details}${tail}</Ntry>`
  );
}

export function txDtls(n: number, more = '', references = ''): string {
  return `<TxDtls><Refs><EndToEndId>E2E-${n}</EndToEndId>${references}</Refs>${more}</TxDtls>`;
}

export function details(...content: string[]): string {
  return `<NtryDtls>${content.join('')}</NtryDtls>`;
}

export const RETURNED = '<RtrInf><Rsn><Cd>AM04</Cd></Rsn></RtrInf>';

export function read(xml: string | Uint8Array, limits: Partial<BankFileLimits> = {}) {
  return readBankFile(typeof xml === 'string' ? Buffer.from(xml) : xml, limits);
}

export async function entriesOf(xml: string): Promise<BankFileEntry[]> {
  return (await read(xml)).entries;
}

export async function onlyEntry(xml: string): Promise<BankFileEntry> {
  const entries = await entriesOf(xml);
  if (entries.length !== 1) throw new Error(`${entries.length} entries`);
  return entries[0] as BankFileEntry;
}

/** The refusal of a file. */
export async function refusalOf(bytes: string | Uint8Array, limits: Partial<BankFileLimits> = {}): Promise<Refusal> {
  try {
    await read(bytes, limits);
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error('the file was read');
}
