/** The objects of a PDF as its bytes have them: enough of the syntax for what the engine writes (no object streams). */
import { inflateSync } from 'node:zlib';

export interface PdfObject {
  number: number;
  /** Its text up to the stream, or all of it. */
  text: string;
  /** Bytes between `stream` and `endstream`, as they stand; null: no stream. */
  raw: Buffer | null;
  /** The same, inflated. */
  data: Buffer | null;
}

export interface PdfFile {
  bytes: Buffer;
  objects: Map<number, PdfObject>;
  trailer: string;
  /** The object that a name of some text refers to: `/Metadata 5 0 R`. */
  follow(text: string, name: string): PdfObject | null;
  ofType(type: string): PdfObject[];
}

export function parsePdf(bytes: Buffer): PdfFile {
  const text = bytes.toString('latin1');
  const objects = new Map<number, PdfObject>();
  let at = 0;
  for (;;) {
    const head = /(\d+) 0 obj\n/g;
    head.lastIndex = at;
    const found = head.exec(text);
    if (!found) break;
    const start = found.index + found[0].length;
    const stream = text.indexOf('\nstream\n', start);
    const end = text.indexOf('\nendobj', start);
    const number = Number(found[1]);
    if (stream >= 0 && stream < end) {
      const dictionary = text.slice(start, stream);
      const length = Number(/\/Length (\d+)/.exec(dictionary)?.[1]);
      const from = stream + '\nstream\n'.length;
      const raw = bytes.subarray(from, from + length);
      const data = dictionary.includes('/FlateDecode') ? inflateSync(raw) : raw;
      objects.set(number, { number, text: dictionary, raw, data });
      at = from + length;
    } else {
      objects.set(number, { number, text: text.slice(start, end), raw: null, data: null });
      at = end;
    }
  }
  return {
    bytes,
    objects,
    trailer: text.slice(text.lastIndexOf('trailer')),
    follow(of, name) {
      const reference = new RegExp(`${name} (\\d+) 0 R`).exec(of);
      return reference ? (objects.get(Number(reference[1])) ?? null) : null;
    },
    ofType: (type) => [...objects.values()].filter((one) => new RegExp(`/Type /${type}\\b`).test(one.text)),
  };
}

/** The text of a string object, `(…)` or `<…>`, in UTF-16 or Latin. */
export function stringOf(object: string): string {
  const hex = /^<([0-9A-Fa-f]*)>$/.exec(object.trim());
  const raw = hex ? Buffer.from(hex[1] as string, 'hex') : unescaped(object.trim().slice(1, -1));
  if (raw[0] !== 0xfe || raw[1] !== 0xff) return raw.toString('latin1');
  return Buffer.from(raw.subarray(2)).swap16().toString('utf16le');
}

function unescaped(text: string): Buffer {
  const names: Record<string, string> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };
  return Buffer.from(
    text.replace(/\\([nrtbf()\\])/g, (_, letter: string) => names[letter] ?? letter),
    'latin1',
  );
}
