/// <reference path='./fontkit.d.ts' />
/**
 * The typefaces of documents, parsed once per thread and kept.
 *
 * Inter (SIL Open Font License 1.1) is the face: Latin with all its extensions, Greek, Cyrillic, Vietnamese, tabular
 * figures. DejaVu Sans (Bitstream Vera licence) steps in, only where needed, for what Inter lacks: Hebrew, Arabic,
 * Armenian, Georgian, symbols, some emoji. Both come as npm packages of plain TTF files without install scripts, so a
 * fresh clone has them and nothing is fetched at run time. Together they cover what European members' names are
 * written in; a face with Chinese, Japanese and Korean would add tens of megabytes for names that, on a French invoice,
 * are written in Latin letters too. A character that neither has is shown as a box.
 *
 * Always true: a glyph handed out is never `.notdef`, which PDF/A forbids.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { create, type Font } from 'fontkit';
import { GlyphSource } from './font-subset.ts';

export type FaceName = 'regular' | 'semibold' | 'fallback';

const files: Record<FaceName, string> = {
  regular: '@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf',
  semibold: '@expo-google-fonts/inter/600SemiBold/Inter_600SemiBold.ttf',
  fallback: 'dejavu-fonts-ttf/ttf/DejaVuSans.ttf',
};

/** One glyph as it is drawn: `advance` and `width` in thousandths of the font size. */
export interface PlacedGlyph {
  id: number;
  /** What the font says the glyph is wide. */
  width: number;
  /** How far the pen moves, kerning included. */
  advance: number;
  dx: number;
  dy: number;
  /** What text it stands for, when somebody copies it out of the document. */
  codePoints: readonly number[];
}

const require = createRequire(import.meta.url);
const faces = new Map<FaceName, Face>();

export function face(name: FaceName): Face {
  let known = faces.get(name);
  if (!known) {
    const bytes = readFileSync(require.resolve(files[name]));
    known = new Face(name, create(bytes), new GlyphSource(bytes));
    faces.set(name, known);
  }
  return known;
}

const FIGURES = '0123456789';

export class Face {
  readonly name: FaceName;
  readonly font: Font;
  readonly source: GlyphSource;
  readonly scale: number;
  readonly ascent: number;
  readonly descent: number;
  private readonly glyphs = new Map<number, PlacedGlyph | null>();
  private readonly tabular = new Map<number, PlacedGlyph>();
  private readonly kerning = new Map<number, number>();

  constructor(name: FaceName, font: Font, source: GlyphSource) {
    this.name = name;
    this.source = source;
    this.font = font;
    this.scale = 1000 / font.unitsPerEm;
    this.ascent = font.ascent * this.scale;
    this.descent = font.descent * this.scale;
    if (name === 'fallback') return;
    for (const figure of FIGURES) {
      const glyph = font.layout(figure, ['tnum']).glyphs[0]!;
      this.tabular.set(figure.charCodeAt(0), this.placed(glyph.id, glyph.advanceWidth, figure.charCodeAt(0)));
    }
  }

  private placed(id: number, width: number, codePoint: number): PlacedGlyph {
    const scaled = width * this.scale;
    return { id, width: scaled, advance: scaled, dx: 0, dy: 0, codePoints: [codePoint] };
  }

  /** The glyph of one character, null where the font lacks it. `figures` asks for digits of equal width. */
  glyph(codePoint: number, figures: boolean): PlacedGlyph | null {
    if (figures) {
      const tabular = this.tabular.get(codePoint);
      if (tabular) return tabular;
    }
    let known = this.glyphs.get(codePoint);
    if (known === undefined) {
      known = null;
      if (this.font.hasGlyphForCodePoint(codePoint)) {
        const glyph = this.font.glyphForCodePoint(codePoint);
        if (glyph.id !== 0) known = this.placed(glyph.id, glyph.advanceWidth, codePoint);
      }
      this.glyphs.set(codePoint, known);
    }
    return known;
  }

  /** How much closer (negative) the second character stands to the first, in thousandths of the font size. */
  kern(first: number, second: number): number {
    const key = first * 0x11_0000 + second;
    let known = this.kerning.get(key);
    if (known === undefined) {
      // Contextual alternates would swap glyphs; only the distance is wanted.
      const run = this.font.layout(String.fromCodePoint(first, second), { calt: false, ccmp: false, liga: false });
      known = run.glyphs.length === 2 ? (run.positions[0]!.xAdvance - run.glyphs[0]!.advanceWidth) * this.scale : 0;
      if (this.kerning.size > 20_000) this.kerning.clear();
      this.kerning.set(key, known);
    }
    return known;
  }
}
