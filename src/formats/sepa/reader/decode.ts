/**
 * From a bank's bytes to text, whatever encoding it was written in.
 *
 * Always true:
 * - what is no XML (a PDF, an archive, JSON, an MT940 …) is refused by name before anything is read;
 * - a byte-order mark decides first, then how the first bytes look, then what the file declares of itself;
 * - bytes that do not fit the encoding refuse the file: no replacement characters in anybody's name.
 */
import { isUtf8 } from 'node:buffer';
import { Refusal } from '../../../errors/refusal.ts';

/** Bytes needed to tell; a declaration never is longer. */
export const SNIFF_BYTES = 1024;

export interface Decoder {
  encoding: string;
  /** The declared encoding where the bytes prove it wrong. */
  mislabelled: string | null;
  /** Bytes of the mark at the start, to be left out. */
  skip: number;
  decode(bytes: Uint8Array): string;
  /** What is left at the end. @throws Refusal when a character is cut in two. */
  end(): string;
}

/** 0x80 to 0x9F in windows-1252; what is undefined there stays a control character. */
const WINDOWS_1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';
const ISO_8859_15: Readonly<Record<string, string>> = {
  '¤': '€',
  '¦': 'Š',
  '¨': 'š',
  '´': 'Ž',
  '¸': 'ž',
  '¼': 'Œ',
  '½': 'œ',
  '¾': 'Ÿ',
};

function buffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function wrongBytes(encoding: string): Refusal {
  return new Refusal('bank_file_encoding', { encoding });
}

function littleEndian(): Pick<Decoder, 'decode' | 'end'> {
  const encoding = 'UTF-16';
  const decoder = new TextDecoder('utf-16le', { fatal: true, ignoreBOM: true });
  return {
    decode(bytes) {
      try {
        return decoder.decode(bytes, { stream: true });
      } catch {
        throw wrongBytes(encoding);
      }
    },
    end() {
      try {
        return decoder.decode();
      } catch {
        throw new Refusal('bank_file_truncated');
      }
    },
  };
}

/** Bytes at the end that begin a character of UTF-8 without finishing it (0 to 3). */
function unfinished(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] as number;
    if (byte < 0x80) return 0;
    if (byte < 0xc0) continue;
    const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return needed > back ? back : 0;
  }
  return 0;
}

/**
 * UTF-8 by Buffer and not by TextDecoder: what the latter gives is two bytes a character even for plain ASCII, on
 * which the parser is five times slower.
 */
function utf8(encoding: string): Pick<Decoder, 'decode' | 'end'> {
  let carried: Buffer = Buffer.alloc(0);
  return {
    decode(bytes) {
      const all = carried.length === 0 ? buffer(bytes) : Buffer.concat([carried, bytes]);
      const whole = all.length - unfinished(all);
      const text = all.subarray(0, whole);
      carried = Buffer.from(all.subarray(whole));
      if (!isUtf8(text)) throw wrongBytes(encoding);
      return text.toString('utf8');
    },
    end() {
      if (carried.length > 0) throw new Refusal('bank_file_truncated');
      return '';
    },
  };
}

function bigEndian(): Pick<Decoder, 'decode' | 'end'> {
  const little = littleEndian();
  let odd: number | null = null;
  return {
    decode(bytes) {
      const all = odd === null ? buffer(bytes) : Buffer.concat([Buffer.from([odd]), bytes]);
      const even = all.length - (all.length % 2);
      odd = even < all.length ? (all[even] as number) : null;
      return little.decode(Buffer.from(all.subarray(0, even)).swap16());
    },
    end() {
      if (odd !== null) throw new Refusal('bank_file_truncated');
      return little.end();
    },
  };
}

function byTable(pattern: RegExp, replacement: (character: string) => string): Pick<Decoder, 'decode' | 'end'> {
  return {
    decode: (bytes) => buffer(bytes).toString('latin1').replace(pattern, replacement),
    end: () => '',
  };
}

const C1 = /[\x80-\x9f]/g;
const windows1252 = () => byTable(C1, (c) => WINDOWS_1252.charAt(c.charCodeAt(0) - 0x80));
const iso885915 = () => byTable(/[¤¦¨´¸¼½¾]/g, (c) => ISO_8859_15[c] as string);

/** Encodings of one byte or UTF-8, by the names that files use. */
const byName: Readonly<Record<string, () => Pick<Decoder, 'decode' | 'end'>>> = {
  'utf-8': () => utf8('UTF-8'),
  utf8: () => utf8('UTF-8'),
  'us-ascii': () => utf8('US-ASCII'),
  ascii: () => utf8('US-ASCII'),
  'iso-8859-1': windows1252,
  latin1: windows1252,
  'windows-1252': windows1252,
  cp1252: windows1252,
  'iso-8859-15': iso885915,
  'latin-9': iso885915,
};

/** What the first bytes are, where they are no XML. */
function otherThanXml(head: Buffer): string | null {
  const text = head.toString('latin1', 0, 64).trimStart();
  if (text === '') return null;
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip';
  if (text.startsWith('PK')) return 'zip';
  if (text.startsWith('%PDF')) return 'PDF';
  if (text.startsWith('{1:') || text.startsWith(':20:')) return 'MT940';
  if (text.startsWith('{') || text.startsWith('[')) return 'JSON';
  if (head[0] === 0x4c && head[1] === 0x6f && head[2] === 0xa7) return 'EBCDIC';
  return text.startsWith('<') ? null : 'text';
}

/** Chooses the decoder from the first bytes of a file (all of it, or at least `SNIFF_BYTES`). */
export function decoderFor(start: Uint8Array): Decoder {
  const head = buffer(start);
  const utf16 = (skip: number, big: boolean): Decoder => ({
    encoding: big ? 'UTF-16BE' : 'UTF-16LE',
    mislabelled: null,
    skip,
    ...(big ? bigEndian() : littleEndian()),
  });
  if ((head[0] === 0xff && head[1] === 0xfe && head[2] === 0 && head[3] === 0) || (head[0] === 0 && head[1] === 0))
    throw wrongBytes('UTF-32');
  if (head[0] === 0xff && head[1] === 0xfe) return utf16(2, false);
  if (head[0] === 0xfe && head[1] === 0xff) return utf16(2, true);
  if (head[0] === 0x3c && head[1] === 0) return utf16(0, false);
  if (head[0] === 0 && head[1] === 0x3c) return utf16(0, true);
  const mark = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
  const content = head.subarray(mark);
  const found = otherThanXml(content);
  if (found) throw new Refusal('bank_file_not_xml', { found });
  const declaration = /^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']/.exec(
    content.toString('latin1', 0, SNIFF_BYTES),
  );
  const declared = declaration?.[1] ?? 'UTF-8';
  // Bytes that read as `<?xml` are no UTF-16 and, after a UTF-8 mark, nothing but UTF-8, whatever they say.
  const isUtf8 = mark === 3 || /^utf-?16/i.test(declared);
  const make = byName[isUtf8 ? 'utf-8' : declared.toLowerCase()];
  if (!make) throw wrongBytes(declared);
  const mislabelled = isUtf8 && !/^utf-?8$/i.test(declared) ? declared : null;
  return { encoding: isUtf8 ? 'UTF-8' : declared.toUpperCase(), mislabelled, skip: mark, ...make() };
}
