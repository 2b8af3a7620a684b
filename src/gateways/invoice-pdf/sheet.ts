/**
 * The paper that documents are drawn on: A4 pages of a PDF/A-3b file made by pdfkit, with text, lines and boxes
 * written straight into the page. pdfkit makes the file, subsets and embeds the fonts; its own text layout is not
 * used, because shaping each word once per thread instead of once per document is several times faster.
 *
 * Coordinates are points from the upper left corner; a text's `y` is its baseline.
 *
 * Always true: the same drawing gives the same bytes; all colour is RGB; all text is in embedded fonts.
 */
import { createHash } from 'node:crypto';
import PDFDocument from 'pdfkit';
import type { Day } from '../../domain/day.ts';
import type { Language } from '../../errors/language.ts';
import { FontSubset } from './font-subset.ts';
import { type FaceName, face, type PlacedGlyph } from './fonts.ts';
import type { Logo } from './logo.ts';
import { type ShapedText, shapeText, type TextStyle } from './shape-text.ts';

export const PAGE = { width: 595.28, height: 841.89 } as const;

export type Color = readonly [red: number, green: number, blue: number];

export interface TextLook extends TextStyle {
  size: number;
  color: Color;
  align?: 'left' | 'right' | 'center';
}

/** What is used of pdfkit 0.20 beyond its published types. The version is pinned; the tests read the files back. */
interface EmbeddedFont {
  id: string;
  ref(): unknown;
  subset: { includeGlyph(id: number): number; encode(): Uint8Array };
  widths: number[];
  unicode: (readonly number[])[];
}
interface PdfInternals {
  _font: EmbeddedFont;
  _id: Uint8Array;
  page: {
    fonts: Record<string, unknown>;
    xobjects: Record<string, unknown>;
    content: { write(chunk: Uint8Array): void };
  };
  appendXML(xml: string): void;
  openImage(bytes: Buffer): unknown;
}

interface LoadedFont {
  embedded: EmbeddedFont;
  /** Four hexadecimal digits per glyph of the source font. */
  codes: Map<number, string>;
}

export interface FileInfo {
  title: string;
  language: Language;
  on: Day;
  /** Tells this document from every other one; hashed into the file's identifier. */
  identity: string;
}

export class Sheet {
  readonly pdf: PDFKit.PDFDocument;
  private readonly internals: PdfInternals;
  private readonly fonts = new Map<FaceName, LoadedFont>();
  private pages: { internals: PdfInternals['page']; ops: string[] }[] = [];
  private ops: string[] = [];
  /** The logo, in the file once however many pages show it: a sheet has one at most. */
  private jpeg: unknown;
  private pixels: unknown;

  constructor(info: FileInfo) {
    const created = new Date(`${info.on}T00:00:00Z`);
    this.pdf = new PDFDocument({
      size: [PAGE.width, PAGE.height],
      margin: 0,
      autoFirstPage: false,
      bufferPages: true,
      font: '',
      pdfVersion: '1.7',
      subset: 'PDF/A-3b',
      lang: info.language,
      displayTitle: true,
      // Letters, digits and spaces only: pdfkit writes these into XML without escaping them.
      info: { Title: plainAscii(info.title), Creator: 'Echeance', Producer: 'PDFKit', CreationDate: created },
    });
    this.internals = this.pdf as unknown as PdfInternals;
    this.internals._id = createHash('sha256').update(info.identity).digest().subarray(0, 16);
  }

  get pageCount(): number {
    return this.pages.length;
  }

  addPage(): void {
    this.pdf.addPage();
    this.ops = [];
    this.pages.push({ internals: this.internals.page, ops: this.ops });
  }

  /** Goes back to a page made before (from 0), to write its number. */
  turnTo(at: number): void {
    this.pdf.switchToPage(at);
    this.ops = this.pages[at]!.ops;
  }

  text(text: string, x: number, y: number, look: TextLook): number {
    if (text === '') return 0;
    return this.shaped(shapeText(text, look), x, y, look);
  }

  private shaped(shaped: ShapedText, x: number, y: number, look: TextLook): number {
    const width = (shaped.width * look.size) / 1000;
    let at = look.align === 'right' ? x - width : look.align === 'center' ? x - width / 2 : x;
    const [red, green, blue] = look.color;
    this.ops.push(`BT ${red} ${green} ${blue} rg`);
    for (const run of shaped.runs) at = this.run(run.face, run.glyphs, at, y, look.size);
    this.ops.push('ET');
    return width;
  }

  private run(name: FaceName, glyphs: readonly PlacedGlyph[], x: number, y: number, size: number): number {
    const font = this.load(name);
    const scale = size / 1000;
    this.ops.push(`/${font.embedded.id} ${size} Tf 1 0 0 -1 ${short(x)} ${short(y)} Tm`);
    let at = x;
    let moved = false;
    let hex = '';
    let pieces = '';
    const show = () => {
      if (hex !== '' || pieces !== '') this.ops.push(`[${pieces}${hex === '' ? '' : `<${hex}>`}] TJ`);
      hex = '';
      pieces = '';
    };
    for (const glyph of glyphs) {
      const offset = glyph.dx !== 0 || glyph.dy !== 0;
      if (offset || moved) {
        show();
        this.ops.push(`1 0 0 -1 ${short(at + glyph.dx * scale)} ${short(y - glyph.dy * scale)} Tm`);
        moved = offset;
      }
      hex += this.code(font, glyph);
      if (glyph.advance !== glyph.width && !moved) {
        pieces += `<${hex}>${short(glyph.width - glyph.advance)} `;
        hex = '';
      }
      at += glyph.advance * scale;
    }
    show();
    return at;
  }

  private code(font: LoadedFont, glyph: PlacedGlyph): string {
    let code = font.codes.get(glyph.id);
    if (code === undefined) {
      const { embedded } = font;
      const id = embedded.subset.includeGlyph(glyph.id);
      embedded.widths[id] = glyph.width;
      embedded.unicode[id] = glyph.codePoints;
      code = id.toString(16).padStart(4, '0');
      font.codes.set(glyph.id, code);
    }
    return code;
  }

  private load(name: FaceName): LoadedFont {
    let loaded = this.fonts.get(name);
    if (!loaded) {
      this.pdf.font(face(name).font as unknown as string);
      loaded = { embedded: this.internals._font, codes: new Map() };
      loaded.embedded.subset = new FontSubset(face(name).source);
      this.fonts.set(name, loaded);
    }
    const { fonts } = this.internals.page;
    fonts[loaded.embedded.id] ??= loaded.embedded.ref();
    return loaded;
  }

  /** A horizontal rule. */
  rule(x1: number, x2: number, y: number, color: Color, thickness = 0.5): void {
    this.box(x1, y - thickness / 2, x2 - x1, thickness, color);
  }

  box(x: number, y: number, width: number, height: number, color: Color): void {
    this.ops.push(`${color.join(' ')} rg ${short(x)} ${short(y)} ${short(width)} ${short(height)} re f`);
  }

  roundedBox(x: number, y: number, width: number, height: number, radius: number, color: Color): void {
    const r = Math.min(radius, width / 2, height / 2);
    const k = r * 0.4477; // how far from the corner the control points of a quarter circle are
    const [right, bottom] = [x + width, y + height];
    const to = (...numbers: number[]) => numbers.map(short).join(' ');
    this.ops.push(
      `${color.join(' ')} rg ${to(x + r, y)} m ${to(right - r, y)} l`,
      `${to(right - k, y, right, y + k, right, y + r)} c ${to(right, bottom - r)} l`,
      `${to(right, bottom - k, right - k, bottom, right - r, bottom)} c ${to(x + r, bottom)} l`,
      `${to(x + k, bottom, x, bottom - k, x, bottom - r)} c ${to(x, y + r)} l`,
      `${to(x, y + k, x + k, y, x + r, y)} c f`,
    );
  }

  /** Square black modules, each row drawn as its runs; `size` is the side in points. */
  matrix(modules: { size: number; data: ArrayLike<number> }, x: number, y: number, size: number): void {
    const side = size / modules.size;
    const path: string[] = [];
    for (let row = 0; row < modules.size; row++) {
      for (let column = 0; column < modules.size; column++) {
        const start = column;
        while (column < modules.size && modules.data[row * modules.size + column]) column++;
        if (column > start)
          path.push(
            `${short(x + start * side)} ${short(y + row * side)} ${short((column - start) * side)} ${short(side)} re`,
          );
      }
    }
    this.ops.push('0 0 0 rg', ...path, 'f');
  }

  /** A logo, `x` and `y` its upper left corner. */
  image(logo: Logo, x: number, y: number, width: number, height: number): void {
    if (logo.kind === 'jpeg') {
      // pdfkit reads how a camera held the picture and turns it upright.
      this.jpeg ??= this.internals.openImage(Buffer.from(logo.bytes));
      this.pdf.image(this.jpeg as unknown as Buffer, x, y, { fit: [width, height] });
      return;
    }
    const { page } = this.internals;
    this.pixels ??= this.embed(logo);
    page.xobjects.Logo ??= this.pixels;
    this.ops.push(`q ${short(width)} 0 0 ${short(-height)} ${short(x)} ${short(y + height)} cm /Logo Do Q`);
  }

  private embed(logo: Extract<Logo, { kind: 'pixels' }>): unknown {
    const stream = (bytes: Buffer, more: object): unknown => {
      const ref = this.pdf.ref({
        Type: 'XObject',
        Subtype: 'Image',
        Width: logo.width,
        Height: logo.height,
        BitsPerComponent: 8,
        Filter: 'FlateDecode',
        ...more,
      });
      ref.end(bytes);
      return ref;
    };
    const mask = logo.alpha === null ? {} : { SMask: stream(logo.alpha, { ColorSpace: 'DeviceGray' }) };
    return stream(logo.colors, { ColorSpace: 'DeviceRGB', ...mask });
  }

  /** Everything as bytes; the sheet is spent. */
  finish(): Buffer {
    for (const page of this.pages) page.internals.content.write(Buffer.from(`${page.ops.join('\n')}\n`, 'latin1'));
    this.pdf.end();
    const bytes: unknown = this.pdf.read();
    if (!Buffer.isBuffer(bytes)) throw new Error('pdfkit left the document unfinished');
    return bytes;
  }

  appendMetadata(xml: string): void {
    this.internals.appendXML(xml);
  }
}

function short(value: number): number {
  return Math.round(value * 100) / 100 + 0;
}

function plainAscii(text: string): string {
  return text.normalize('NFD').replace(/[^A-Za-z0-9 .,/_-]/g, '');
}
