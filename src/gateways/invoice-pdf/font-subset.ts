/**
 * The part of a TrueType font that a document uses, as a font file for the PDF. Takes the place of fontkit's own
 * subset, which decodes and encodes every glyph anew for each document; here each glyph is cut out of the font once
 * per thread and its bytes kept, so that a document costs a copy.
 *
 * Hinting is left out, glyph programs and tables alike: it is for screens of low resolution, and half of the bytes.
 *
 * Always true: glyph 0 stays the font's `.notdef`, parts of composite glyphs come along, the same glyphs asked for in
 * the same order give the same bytes.
 */

const KEPT_TABLES = ['head', 'hhea', 'maxp'] as const;

interface CutGlyph {
  /** Without its program, padded to four bytes. */
  bytes: Buffer;
  /** Where in `bytes` the numbers of the parts of a composite glyph stand. */
  parts: { at: number; glyph: number }[];
}

/** A font file taken apart once. */
export class GlyphSource {
  private readonly file: Buffer;
  private readonly tables = new Map<string, { offset: number; length: number }>();
  private readonly cut = new Map<number, CutGlyph>();
  private readonly longOffsets: boolean;
  private readonly metrics: number;

  constructor(bytes: Uint8Array) {
    this.file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const count = this.file.readUInt16BE(4);
    for (let at = 12; at < 12 + count * 16; at += 16) {
      const name = this.file.toString('latin1', at, at + 4);
      this.tables.set(name, { offset: this.file.readUInt32BE(at + 8), length: this.file.readUInt32BE(at + 12) });
    }
    this.longOffsets = this.table('head').readInt16BE(50) === 1;
    this.metrics = this.table('hhea').readUInt16BE(34);
  }

  table(name: string): Buffer {
    const found = this.tables.get(name);
    if (!found) throw new Error(`not a TrueType font: no ${name} table`);
    return this.file.subarray(found.offset, found.offset + found.length);
  }

  /** Advance width and left side bearing, as the font writes them. */
  metric(glyph: number): number {
    const hmtx = this.table('hmtx');
    if (glyph < this.metrics) return hmtx.readUInt32BE(glyph * 4);
    const advance = hmtx.readUInt16BE((this.metrics - 1) * 4);
    return advance * 0x1_0000 + hmtx.readUInt16BE(this.metrics * 4 + (glyph - this.metrics) * 2);
  }

  glyph(id: number): CutGlyph {
    let known = this.cut.get(id);
    if (!known) {
      known = this.cutOut(id);
      this.cut.set(id, known);
    }
    return known;
  }

  private cutOut(id: number): CutGlyph {
    const loca = this.table('loca');
    const from = this.longOffsets ? loca.readUInt32BE(id * 4) : loca.readUInt16BE(id * 2) * 2;
    const to = this.longOffsets ? loca.readUInt32BE(id * 4 + 4) : loca.readUInt16BE(id * 2 + 2) * 2;
    const whole = this.table('glyf').subarray(from, to);
    if (whole.length === 0) return { bytes: whole, parts: [] };
    const contours = whole.readInt16BE(0);
    return contours < 0 ? cutComposite(whole) : { bytes: padded(withoutProgram(whole, contours)), parts: [] };
  }
}

function withoutProgram(glyph: Buffer, contours: number): Buffer {
  const at = 10 + contours * 2;
  const program = glyph.readUInt16BE(at);
  const bytes = Buffer.concat([glyph.subarray(0, at + 2), glyph.subarray(at + 2 + program)]);
  bytes.writeUInt16BE(0, at);
  return bytes;
}

const WORDS = 0x0001;
const SCALE = 0x0008;
const MORE = 0x0020;
const TWO_SCALES = 0x0040;
const MATRIX = 0x0080;
const PROGRAM = 0x0100;

function cutComposite(glyph: Buffer): CutGlyph {
  const parts: CutGlyph['parts'] = [];
  const bytes = Buffer.from(glyph);
  let at = 10;
  for (;;) {
    const flags = glyph.readUInt16BE(at);
    bytes.writeUInt16BE(flags & ~PROGRAM, at);
    parts.push({ at: at + 2, glyph: glyph.readUInt16BE(at + 2) });
    at += 4 + (flags & WORDS ? 4 : 2) + (flags & SCALE ? 2 : flags & TWO_SCALES ? 4 : flags & MATRIX ? 8 : 0);
    if (!(flags & MORE)) break;
  }
  return { bytes: padded(bytes.subarray(0, at)), parts };
}

function padded(bytes: Buffer<ArrayBufferLike>): Buffer<ArrayBufferLike> {
  const missing = (4 - (bytes.length % 4)) % 4;
  return missing === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(missing)]);
}

/** Speaks as fontkit's subset does: `includeGlyph` while drawing, `encode` at the end. */
export class FontSubset {
  private readonly source: GlyphSource;
  private readonly glyphs: number[] = [0];
  private readonly numbers = new Map<number, number>([[0, 0]]);

  constructor(source: GlyphSource) {
    this.source = source;
  }

  includeGlyph(id: number): number {
    let number = this.numbers.get(id);
    if (number === undefined) {
      number = this.glyphs.length;
      this.glyphs.push(id);
      this.numbers.set(id, number);
    }
    return number;
  }

  encode(): Buffer {
    const outlines: Buffer[] = [];
    // Parts of composite glyphs join the list while it is walked.
    for (let at = 0; at < this.glyphs.length; at++) {
      const { bytes, parts } = this.source.glyph(this.glyphs[at]!);
      if (parts.length === 0) {
        outlines.push(bytes);
        continue;
      }
      const copy = Buffer.from(bytes);
      for (const part of parts) copy.writeUInt16BE(this.includeGlyph(part.glyph), part.at);
      outlines.push(copy);
    }
    const count = this.glyphs.length;
    const loca = Buffer.alloc((count + 1) * 4);
    const hmtx = Buffer.alloc(count * 4);
    let offset = 0;
    for (let at = 0; at < count; at++) {
      loca.writeUInt32BE(offset, at * 4);
      hmtx.writeUInt32BE(this.source.metric(this.glyphs[at]!), at * 4);
      offset += outlines[at]!.length;
    }
    loca.writeUInt32BE(offset, count * 4);
    const [head, hhea, maxp] = KEPT_TABLES.map((name) => Buffer.from(this.source.table(name))) as [
      Buffer,
      Buffer,
      Buffer,
    ];
    head.writeUInt32BE(0, 8); // the file's checksum, which only a font installed by itself needs
    head.writeInt16BE(1, 50);
    hhea.writeUInt16BE(count, 34);
    maxp.writeUInt16BE(count, 4);
    return fontFile({ glyf: Buffer.concat(outlines), head, hhea, hmtx, loca, maxp });
  }
}

/** Tables in the order of their names, as the format wants its directory. */
function fontFile(tables: Record<string, Buffer<ArrayBufferLike>>): Buffer {
  const names = Object.keys(tables);
  const directory = Buffer.alloc(12 + names.length * 16);
  directory.writeUInt32BE(0x0001_0000, 0);
  directory.writeUInt16BE(names.length, 4);
  const power = 2 ** Math.floor(Math.log2(names.length));
  directory.writeUInt16BE(power * 16, 6);
  directory.writeUInt16BE(Math.log2(power), 8);
  directory.writeUInt16BE((names.length - power) * 16, 10);
  const parts: Uint8Array[] = [directory];
  let offset = directory.length;
  for (const [at, name] of names.entries()) {
    const table = tables[name]!;
    const bytes = padded(table);
    directory.write(name, 12 + at * 16, 'latin1');
    directory.writeUInt32BE(checksum(bytes), 16 + at * 16);
    directory.writeUInt32BE(offset, 20 + at * 16);
    directory.writeUInt32BE(table.length, 24 + at * 16);
    parts.push(bytes);
    offset += bytes.length;
  }
  return Buffer.concat(parts);
}

function checksum(bytes: Buffer): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 4)
    sum = (sum + ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!)) | 0;
  return sum >>> 0;
}
