/**
 * The rules of PDF/A-3b (ISO 19005-3) that can be read off a file's objects, each by the clause that a validator names.
 * What is wrong comes back in words; nothing for a good file.
 */
import { createHash } from 'node:crypto';
import { type PdfFile, type PdfObject, parsePdf, stringOf } from './pdf-objects.ts';

type Say = (bad: boolean, fault: string) => void;

export function archiveFaults(bytes: Buffer): string[] {
  const file = parsePdf(bytes);
  const faults: string[] = [];
  const say: Say = (bad, fault) => {
    if (bad) faults.push(fault);
  };
  const catalog = file.ofType('Catalog')[0]?.text ?? '';
  say(catalog === '', '6.1 no catalog');
  trailer(file, say);
  streams(file, say);
  outputIntent(file, catalog, say);
  fonts(file, say);
  pages(file, catalog, say);
  metadata(file, catalog, say);
  attachments(file, catalog, say);
  return faults;
}

function trailer(file: PdfFile, say: Say): void {
  const ids = /\/ID \[<([0-9a-f]+)> <([0-9a-f]+)>\]/i.exec(file.trailer);
  say(!ids || (ids[1] as string).length < 32, '6.1.3 no file identifier');
  say(/\/Encrypt/.test(file.trailer), '6.1.3 encrypted');
  say(!/%%EOF\n?$/.test(file.trailer), '6.1.3 bytes after the end');
  const start = Number(/startxref\n(\d+)/.exec(file.trailer)?.[1]);
  say(file.bytes.subarray(start, start + 5).toString('latin1') !== 'xref\n', '6.1.4 startxref points elsewhere');
  const table = file.bytes.subarray(start).toString('latin1');
  for (const [at, entry] of [...table.matchAll(/^(\d{10}) (\d{5}) n /gm)].entries()) {
    const offset = Number(entry[1]);
    const head = file.bytes.subarray(offset, offset + 20).toString('latin1');
    say(!head.startsWith(`${at + 1} 0 obj`), `6.1.4 object ${at + 1} is not where the table says`);
  }
}

function streams(file: PdfFile, say: Say): void {
  for (const { number, text, raw } of file.objects.values()) {
    say(/\/(LZWDecode|Crypt)\b/.test(text), `6.1.7 object ${number} has a forbidden filter`);
    say(raw !== null && /\/(FFilter|FDecodeParms)\b/.test(text), `6.1.7 object ${number} is kept elsewhere`);
    if (raw === null) continue;
    const end = raw.byteOffset - file.bytes.byteOffset + raw.length;
    const after = file.bytes.subarray(end, end + 10).toString('latin1');
    say(after !== '\nendstream', `6.1.7.1 object ${number} is not as long as it says`);
  }
}

function outputIntent(file: PdfFile, catalog: string, say: Say): void {
  const intent = [...file.objects.values()].find(({ text }) => text.includes('/S /GTS_PDFA1'));
  say(!intent || !/\/OutputIntents \[\d+ 0 R\]/.test(catalog), '6.2.3 no output intent');
  const profile = intent && file.follow(intent.text, '/DestOutputProfile');
  const icc = profile?.data;
  say(!icc || !/\/N 3\b/.test(profile.text), '6.2.3 no profile of three components');
  if (!icc) return;
  say(icc.toString('latin1', 36, 40) !== 'acsp' || icc.readUInt32BE(0) !== icc.length, '6.2.3 not an ICC profile');
  say(!['prtr', 'mntr'].includes(icc.toString('latin1', 12, 16)), '6.2.3 a profile of another class');
  say(icc.toString('latin1', 16, 20) !== 'RGB ' || (icc[8] as number) > 4, '6.2.3 not an RGB profile up to version 4');
}

/** Widths of an embedded TrueType font in thousandths, by glyph. */
function widthsOf(font: Buffer): number[] {
  const tables = new Map<string, number>();
  for (let at = 0; at < font.readUInt16BE(4); at++) {
    const record = 12 + at * 16;
    tables.set(font.toString('latin1', record, record + 4), font.readUInt32BE(record + 8));
  }
  const [head, hhea, hmtx, maxp] = ['head', 'hhea', 'hmtx', 'maxp'].map((name) => tables.get(name) ?? Number.NaN);
  const perEm = font.readUInt16BE((head as number) + 18);
  const long = font.readUInt16BE((hhea as number) + 34);
  return Array.from({ length: font.readUInt16BE((maxp as number) + 4) }, (_, glyph) => {
    const advance = font.readUInt16BE((hmtx as number) + 4 * Math.min(glyph, long - 1));
    return (advance * 1000) / perEm;
  });
}

function fonts(file: PdfFile, say: Say): void {
  const outer = file.ofType('Font').filter(({ text }) => text.includes('/Subtype /Type0'));
  const inner = file.ofType('Font').filter(({ text }) => text.includes('/Subtype /CIDFontType2'));
  say(outer.length === 0 || outer.length !== inner.length, '6.2.11 fonts of another kind');
  for (const { number, text } of outer) {
    say(!text.includes('/Encoding /Identity-H'), `6.2.11.3 font ${number} has another encoding`);
    say(!file.follow(text, '/ToUnicode')?.data?.includes('beginbf'), `6.2.11.7 font ${number} cannot be read back`);
  }
  for (const { number, text } of inner) {
    say(!text.includes('/CIDToGIDMap /Identity'), `6.2.11.3 font ${number} has no map to glyphs`);
    say(
      !/\/Registry \(Adobe\)\s*\/Ordering \(Identity\)/.test(text),
      `6.2.11.3 font ${number} is of another collection`,
    );
    const descriptor = file.follow(text, '/FontDescriptor');
    const name = /\/BaseFont \/(\S+)/.exec(text)?.[1];
    say(!descriptor?.text.includes(`/FontName /${name}`), `6.2.11.4 font ${number} is described under another name`);
    const program = descriptor && file.follow(descriptor.text, '/FontFile2')?.data;
    say(!program, `6.2.11.4 font ${number} is not embedded`);
    if (!program) continue;
    const widths = widthsOf(program);
    const told = /\/W \[0 \[([^\]]*)\]\]/.exec(text)?.[1]?.trim().split(/\s+/).map(Number) ?? [];
    say(told.length === 0 || told.length > widths.length, `6.2.11.5 font ${number} tells no widths`);
    // Glyph 0 is never drawn, and only what is drawn is judged.
    const off = told.findIndex((width, glyph) => glyph > 0 && Math.abs(width - (widths[glyph] as number)) > 1);
    say(off >= 0, `6.2.11.5 font ${number}: glyph ${off} is as wide as ${widths[off]}, told ${told[off]}`);
  }
}

/** Operators that a page may use; PDF/A wants none that the standard does not define. */
const operators = new Set(
  'q Q cm w J j M d ri i gs m l c v y h re S s f F f* B B* b b* n W W* BT ET Tc Tw Tz TL Tf Tr Ts Td TD Tm T* Tj TJ CS cs SC SCN sc scn G g RG rg Do BMC BDC EMC MP DP'.split(
    ' ',
  ),
);

function pages(file: PdfFile, catalog: string, say: Say): void {
  for (const name of ['/AA', '/OpenAction', '/NeedAppearances', '/XFA', '/Requirements', '/OCProperties'])
    say(catalog.includes(name), `6.4 to 6.11 the catalog has ${name}`);
  for (const { number, text } of file.ofType('Page')) {
    say(/\/(AA|Annots|PresSteps)\b/.test(text), `6.3 page ${number} has actions or annotations`);
    say(/\/Group\b/.test(text) && !/\/CS\b/.test(text), `6.2.10 page ${number} blends in no colour space`);
    const box = /\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/.exec(text);
    say(
      !box || [box[1], box[2]].some((side) => Number(side) < 3 || Number(side) > 14_400),
      `6.1.13 size of page ${number}`,
    );
    const content = file.follow(text, '/Contents')?.data?.toString('latin1') ?? '';
    drawing(number, content, say);
  }
  for (const { number, text } of file.objects.values()) {
    if (/\/(TR|HTP|BM \/(?!Normal\b))/.test(text) && text.includes('/Type /ExtGState'))
      say(true, `6.2.5 graphics state ${number}`);
    if (!text.includes('/Subtype /Image')) continue;
    say(/\/Interpolate true|\/Alternates|\/OPI/.test(text), `6.2.8 image ${number}`);
    say(
      !/\/ColorSpace \/Device(RGB|Gray)|\/ColorSpace \[\/Indexed|\/ColorSpace \d+ 0 R/.test(text),
      `6.2.4 colours of image ${number}`,
    );
  }
}

function drawing(page: number, content: string, say: Say): void {
  const words = content
    .replace(/\((?:\\.|[^()\\])*\)|<[0-9A-Fa-f]*>|\[|\]/g, ' ')
    .split(/\s+/)
    .filter((word) => word !== '');
  const unknown = words.find((word) => !/^[-+.\d/]/.test(word) && !operators.has(word));
  say(unknown !== undefined, `6.2.2 page ${page} draws with ${unknown}`);
  say(words.includes('K') || words.includes('k'), `6.2.4.3 page ${page} has colours of another device`);
  let depth = 0;
  let deepest = 0;
  for (const word of words) {
    if (word === 'q') depth += 1;
    if (word === 'Q') depth -= 1;
    deepest = Math.max(deepest, depth);
  }
  say(depth !== 0 || deepest > 28, `6.1.13 page ${page} nests ${deepest} deep and ends at ${depth}`);
}

function metadata(file: PdfFile, catalog: string, say: Say): void {
  const object = file.follow(catalog, '/Metadata');
  const xmp = object?.data?.toString('utf8') ?? '';
  say(!object || !/\/Subtype \/XML/.test(object.text), '6.6.2 no metadata stream');
  say(/<\?xpacket begin=[^?]*\b(bytes|encoding)=/.test(xmp), '6.6.2 a packet with forbidden attributes');
  say(/<pdfaid:part>(.*?)</.exec(xmp)?.[1] !== '3', '6.6.4 not said to be part 3');
  say(/<pdfaid:conformance>(.*?)</.exec(xmp)?.[1] !== 'B', '6.6.4 not said to conform to B');
  const used = new Set([...xmp.matchAll(/<fx:(\w+)>/g)].map((match) => match[1]));
  const told = new Set([...xmp.matchAll(/<pdfaProperty:name>(\w+)</g)].map((match) => match[1]));
  say(
    used.size === 0 || [...used].some((name) => !told.has(name)),
    '6.6.2.3 properties that no extension schema tells of',
  );
  const info = file.follow(file.trailer, '/Info')?.text ?? '';
  const pairs: [string, RegExp][] = [
    ['/Title', /<dc:title>[\s\S]*?<rdf:li[^>]*>([\s\S]*?)</],
    ['/Producer', /<pdf:Producer>([\s\S]*?)</],
    ['/Creator', /<xmp:CreatorTool>([\s\S]*?)</],
  ];
  for (const [name, pattern] of pairs) {
    const value = infoOf(file, info, name);
    const same = pattern.exec(xmp)?.[1]?.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&');
    say(value !== null && value !== same, `6.6.2 ${name} is ${value}, the metadata say ${same}`);
  }
  const made = infoOf(file, info, '/CreationDate');
  const day = /<xmp:CreateDate>([\s\S]*?)</.exec(xmp)?.[1];
  const compact = (text: string | null | undefined) => (text ?? '').replace(/^D:|[-:T]/g, '').slice(0, 14);
  say(compact(made) === '' || compact(made) !== compact(day), `6.6.2 made ${made}, the metadata say ${day}`);
}

function infoOf(file: PdfFile, info: string, name: string): string | null {
  const direct = new RegExp(`${name} (\\((?:\\\\.|[^()\\\\])*\\)|<[0-9A-Fa-f]*>)`).exec(info)?.[1];
  const object: PdfObject | null = file.follow(info, name);
  const text = direct ?? object?.text;
  return text === undefined ? null : stringOf(text);
}

function attachments(file: PdfFile, catalog: string, say: Say): void {
  const specs = file.ofType('Filespec');
  say(specs.length !== 1, '6.8 not one attachment');
  for (const { number, text } of specs) {
    say(!/\/F \(factur-x\.xml\)/.test(text) || !/\/UF \(factur-x\.xml\)/.test(text), '6.8 its name, twice');
    say(!/\/AFRelationship \/(Data|Alternative|Source)\b/.test(text), '6.8 how it belongs to the document');
    say(!new RegExp(`/AF \\[${number} 0 R\\]`).test(catalog), '6.8 not associated with the document');
    const file_ = file.follow(text.slice(text.indexOf('/EF')), '/F');
    say(!file_?.text.includes('/Subtype /text#2Fxml'), '6.8 no MIME type');
    say(!/\/ModDate/.test(file_?.text ?? ''), '6.8 no day of change');
    const data = file_?.data ?? Buffer.alloc(0);
    say(!file_?.text.includes(`/Size ${data.length}`), '6.8 another size');
    const sum = createHash('md5').update(data).digest('hex');
    say(!file_?.text.toLowerCase().includes(sum), '6.8 another checksum');
  }
  say(
    !/\/EmbeddedFiles/.test(catalog) && ![...file.objects.values()].some(({ text }) => /\/EmbeddedFiles/.test(text)),
    '6.8 not listed',
  );
}
