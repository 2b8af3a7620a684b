/**
 * Reads what banks send back about direct debits: pain.002, camt.053 and camt.054, of any version.
 *
 * Always true:
 * - a file that is none of these, is hostile, incomplete or beyond a limit is refused with the reason; whoever applies
 *   entries as they come does so in a transaction that the refusal undoes, so a file has its whole effect or none;
 * - nothing outside the bytes is read, and memory does not grow with the file;
 * - a file that breaks its schema is judged by its content, with findings in the report.
 */
import { Refusal } from '../../../errors/refusal.ts';
import { camtElements } from './camt.ts';
import { type Decoder, decoderFor, SNIFF_BYTES } from './decode.ts';
import { type Element, type ElementReader, elementReader } from './elements.ts';
import type { BankFileEntry, BankFileReport, BankMessage } from './entry.ts';
import { type BankFileLimits, defaultLimits } from './limits.ts';
import { type MessageOutput, messageOutput } from './message.ts';
import { pain002Elements } from './pain002.ts';

export type BankFileSource = Uint8Array | AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

export interface BankFile {
  /** The entries, some at a time, in the order of the file. To be read once. @throws Refusal `bank_file_…` */
  entries: AsyncGenerator<BankFileEntry[], void, undefined>;
  /** What the file is and holds; complete once the entries have been read to the end. */
  report: BankFileReport;
}

/** Bytes read at a time. */
const SLICE = 64 * 1024;

/** Elements that may stand around a message (an envelope), before it is plain that there is none. */
const MAX_BEFORE_MESSAGE = 1000;

const messages: Readonly<Record<string, { message: BankMessage; elements: (output: MessageOutput) => Element }>> = {
  CstmrPmtStsRpt: { message: 'pain.002', elements: pain002Elements },
  BkToCstmrStmt: { message: 'camt.053', elements: (output) => camtElements(output, 'Stmt') },
  BkToCstmrDbtCdtNtfctn: { message: 'camt.054', elements: (output) => camtElements(output, 'Ntfctn') },
};

/** Versions whose schemas we have read; others are read alike. */
const listedVersions: Readonly<Record<BankMessage, readonly string[]>> = {
  'pain.002': ['001.03', '001.10', '001.12'],
  'camt.053': ['001.02', '001.04', '001.08'],
  'camt.054': ['001.02', '001.04', '001.08'],
};

const MESSAGE_NAME = /\b([a-z]{4}\.\d{3})\.(\d{3}\.\d{2})\b/;

/** Finds the message in the document, and says which it is. */
function messageFinder(output: MessageOutput) {
  const { report, findings } = output;
  let seen = 0;
  let found = false;
  let first = '';
  let namespace: string | null = null;
  let inDocument = 0;

  const nameOf = () => MESSAGE_NAME.exec(namespace ?? '')?.[0] ?? first;
  const refuse = (): never => {
    throw new Refusal('bank_file_not_a_message', { found: nameOf().slice(0, 60) });
  };
  return {
    refuse,
    found: () => found,
    findRoot(local: string, depth: number, ownNamespace: string | null): Element | null {
      seen += 1;
      if (first === '') first = local;
      namespace = ownNamespace ?? namespace;
      const known = Object.hasOwn(messages, local) ? messages[local] : undefined;
      if (known) {
        if (found) throw new Refusal('bank_file_several_messages');
        found = true;
        report.message = known.message;
        const [, message, version] = MESSAGE_NAME.exec(namespace ?? '') ?? [];
        report.version = version ?? null;
        if (message !== known.message) findings.add('namespace_unexpected', local, { found: namespace ?? '' });
        else if (version && !listedVersions[known.message].includes(version))
          findings.add('version_not_listed', local, { found: `${message}.${version}` });
        return known.elements(output);
      }
      // What stands directly in a Document is the message: another one than ours is told by name, at once.
      if (!found && inDocument > 0 && depth === inDocument + 1) {
        first = local;
        refuse();
      }
      if (!found && seen > MAX_BEFORE_MESSAGE) refuse();
      if (local === 'Document') inDocument = depth;
      return null;
    },
  };
}

interface PushReader {
  write(bytes: Uint8Array): void;
  end(): void;
}

function pushReader(output: MessageOutput, limits: BankFileLimits): PushReader {
  const { report } = output;
  const finder = messageFinder(output);
  const reader: ElementReader = elementReader(finder.findRoot, limits, () => report.bytes);
  let decoder: Decoder | null = null;
  let start: Uint8Array[] = [];
  let started = 0;
  let blank = true;

  const read = (text: string) => {
    let rest = text;
    if (blank) {
      // Blank lines before the declaration: some banks' mail gateways add them.
      rest = rest.trimStart();
      if (rest === '') return;
      blank = false;
      if (!rest.startsWith('<')) throw new Refusal('bank_file_not_xml', { found: 'text' });
    }
    for (let from = 0; from < rest.length; from += SLICE) reader.write(rest.slice(from, from + SLICE));
  };
  const begin = () => {
    const head = Buffer.concat(start);
    start = [];
    decoder = decoderFor(head);
    report.encoding = decoder.encoding;
    if (decoder.mislabelled) output.findings.add('encoding_mislabelled', '', { found: decoder.mislabelled });
    read(decoder.decode(head.subarray(decoder.skip)));
  };

  return {
    write(bytes) {
      report.bytes += bytes.length;
      if (report.bytes > limits.max_bytes) throw new Refusal('bank_file_too_large', { limit: limits.max_bytes });
      if (decoder) {
        read(decoder.decode(bytes));
        return;
      }
      start.push(bytes.slice());
      started += bytes.length;
      if (started >= SNIFF_BYTES) begin();
    },
    end() {
      if (report.bytes === 0) throw new Refusal('bank_file_empty');
      if (!decoder) begin();
      read((decoder as Decoder | null)?.end() ?? '');
      if (blank) throw new Refusal('bank_file_empty');
      reader.end();
      if (!finder.found()) finder.refuse();
      if (report.entries === 0) output.findings.add('nothing_told', '');
    },
  };
}

async function* readEntries(
  source: BankFileSource,
  output: MessageOutput,
  limits: BankFileLimits,
): AsyncGenerator<BankFileEntry[], void, undefined> {
  const reader = pushReader(output, limits);
  let spent = 0;
  const timed = (work: () => void) => {
    const from = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(from);
    spent += (user + system) / 1000;
    output.report.findings_count = output.findings.count();
    if (spent > limits.max_ms) throw new Refusal('bank_file_beyond_limit', { what: 'ms', limit: limits.max_ms });
  };
  for await (const bytes of source instanceof Uint8Array ? [source] : source) {
    for (let from = 0; from < bytes.length; from += SLICE) {
      timed(() => reader.write(bytes.subarray(from, from + SLICE)));
      const entries = output.take();
      if (entries.length > 0) yield entries;
    }
  }
  timed(() => reader.end());
  const entries = output.take();
  if (entries.length > 0) yield entries;
}

/** Opens a bank's file for reading as a stream. */
export function openBankFile(source: BankFileSource, limits: Partial<BankFileLimits> = {}): BankFile {
  const all = { ...defaultLimits, ...limits };
  const output = messageOutput(all);
  return { entries: readEntries(source, output, all), report: output.report };
}

/** Entries that `readBankFile` holds in memory at most, some 240 MB; a larger file is to be read as a stream. */
const MAX_HELD = 100_000;

/** Reads a whole file at once: all of it, or a refusal and nothing. */
export async function readBankFile(
  source: BankFileSource,
  limits: Partial<BankFileLimits> = {},
): Promise<{ entries: BankFileEntry[]; report: BankFileReport }> {
  const file = openBankFile(source, { max_entries: MAX_HELD, ...limits });
  const entries: BankFileEntry[] = [];
  for await (const some of file.entries) for (const entry of some) entries.push(entry);
  return { entries, report: file.report };
}
