import { create } from 'fontkit';
import { describe, expect, it } from 'vitest';
import { FontSubset } from '../../../src/gateways/invoice-pdf/font-subset.ts';
import { type FaceName, face } from '../../../src/gateways/invoice-pdf/fonts.ts';

interface Outlined {
  path: { toSVG(): string };
}
const outline = (glyph: unknown): string => (glyph as Outlined).path.toSVG();

describe('the part of a font that a document uses', () => {
  it.each(['regular', 'semibold', 'fallback'] as FaceName[])('draws and measures as the whole %s font', (name) => {
    const { font, source } = face(name);
    const subset = new FontSubset(source);
    // Simple glyphs, composite ones, an empty one.
    const characters = ' Aéçñÿ€ŁżΏЙﬁ1½…'.split('').filter((each) => font.hasGlyphForCodePoint(each.codePointAt(0)!));
    const ids = characters.map((each) => font.glyphForCodePoint(each.codePointAt(0)!).id);
    const numbers = ids.map((id) => subset.includeGlyph(id));
    expect(numbers).toEqual(ids.map((_, at) => at + 1));
    const cut = create(subset.encode());
    expect(outline(cut.getGlyph(0))).toBe(outline(font.getGlyph(0)));
    for (const [at, id] of ids.entries()) {
      expect(outline(cut.getGlyph(numbers[at]!))).toBe(outline(font.getGlyph(id)));
      expect(cut.getGlyph(numbers[at]!).advanceWidth).toBe(font.getGlyph(id).advanceWidth);
    }
  });

  it('is the same bytes for the same glyphs', () => {
    const made = () => {
      const subset = new FontSubset(face('regular').source);
      for (const id of [40, 41, 97, 40]) subset.includeGlyph(id);
      return subset.encode().toString('base64');
    };
    expect(made()).toBe(made());
  });
});
