/**
 * From text to glyphs. Latin, Greek and Cyrillic go a straight road (one glyph a character, kerned), because that is
 * nearly all there is and it must be fast; the rest is split by script and direction and shaped by fontkit.
 *
 * Always true:
 * - every character gives a visible glyph or, where it is invisible by nature (joiners, variation selectors), none;
 *   what no font has is shown as a box, one for each, never `.notdef`;
 * - right-to-left text is put in the order it is read in; glyphs carry the characters they stand for;
 * - the same text always gives the same glyphs.
 */
import { createRequire } from 'node:module';
import type { Bidi } from 'bidi-js';
import { type Face, type FaceName, face, type PlacedGlyph } from './fonts.ts';

export interface TextStyle {
  weight: 'regular' | 'semibold';
  /** Digits of equal width, for columns of figures. */
  figures?: boolean;
}

export interface GlyphRun {
  face: FaceName;
  glyphs: PlacedGlyph[];
}

export interface ShapedText {
  runs: GlyphRun[];
  /** In thousandths of the font size. */
  width: number;
}

const BOX = 0x25a1;
// Latin, Greek, Cyrillic, punctuation, currency, arrows and the like: nothing that joins, stacks or turns round.
const STRAIGHT =
  /^[\u0020-\u02ff\u0370-\u0373\u0376\u0377\u037a-\u037f\u0384-\u0482\u048a-\u052f\u1e00-\u1fff\u2010-\u2027\u202f-\u205f\u2070-\u20bf\u2100-\u22ff\u25a0-\u25ff\ufffd]*$/;
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
// No language stacks more than three marks on a letter; those who do mean to write over the rest of the page.
const TOO_MANY_MARKS = /(\p{M}{3})\p{M}+/gu;
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu;

const words = new Map<string, GlyphRun[]>();
const MAX_WORDS = 20_000;

/** The Unicode bidirectional algorithm, loaded by the first text that needs it (its types name no CommonJS export). */
let loaded: Bidi | null = null;
function bidi(): Bidi {
  loaded ??= (createRequire(import.meta.url)('bidi-js') as () => Bidi)();
  return loaded;
}

export function shapeText(text: string, style: TextStyle): ShapedText {
  return measured(RIGHT_TO_LEFT.test(text) ? shapeBothWays(text, style) : shapeForward(text, style));
}

function measured(runs: GlyphRun[]): ShapedText {
  let width = 0;
  for (const run of runs) for (const glyph of run.glyphs) width += glyph.advance;
  return { runs, width };
}

function shapeForward(text: string, style: TextStyle): GlyphRun[] {
  const key = `${style.weight === 'semibold' ? 'b' : 'r'}${style.figures ? '1' : '0'}${text}`;
  let runs = words.get(key);
  if (!runs) {
    runs = (STRAIGHT.test(text) ? shapeStraight(text, style) : null) ?? shapeByCluster(text, style, 'ltr');
    if (text.length <= 80) {
      if (words.size >= MAX_WORDS) words.clear();
      words.set(key, runs);
    }
  }
  return runs;
}

/** One glyph a character in one face; null where the face lacks a character. */
function shapeStraight(text: string, style: TextStyle): GlyphRun[] | null {
  const inter = face(style.weight);
  const glyphs: PlacedGlyph[] = [];
  let before = -1;
  for (let at = 0; at < text.length; at++) {
    const codePoint = text.charCodeAt(at);
    const glyph = inter.glyph(codePoint, style.figures ?? false);
    if (!glyph) return null;
    if (before >= 0) {
      const kern = style.figures ? 0 : inter.kern(before, codePoint);
      if (kern !== 0) {
        const last = glyphs.at(-1)!;
        glyphs[glyphs.length - 1] = { ...last, advance: last.advance + kern };
      }
    }
    glyphs.push(glyph);
    before = codePoint;
  }
  return [{ face: style.weight, glyphs }];
}

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Splits into grapheme clusters, gives each to the first face that has all of it, and shapes each face's stretch. */
function shapeByCluster(text: string, style: TextStyle, direction: 'ltr' | 'rtl'): GlyphRun[] {
  const stretches: { face: Face; text: string; box: boolean }[] = [];
  // Spaces and figures among Hebrew or Arabic stay in their face, so that a name remains one stretch.
  const faces = [face(style.weight), face('fallback')];
  if (direction === 'rtl') faces.reverse();
  for (const { segment } of segmenter.segment(text)) {
    const visible = segment.replace(INVISIBLE, '').replace(TOO_MANY_MARKS, '$1');
    if (visible === '') continue;
    const chosen = faces.find((candidate) => has(candidate, visible));
    const stretch = chosen
      ? { face: chosen, text: chosen.name === 'fallback' ? withJoiners(segment) : visible, box: false }
      : { face: face(style.weight), text: String.fromCodePoint(BOX), box: true };
    const last = stretches.at(-1);
    if (last && last.face === stretch.face && last.box === stretch.box) last.text += stretch.text;
    else stretches.push(stretch);
  }
  if (direction === 'rtl') stretches.reverse();
  return stretches.map((stretch) => ({
    face: stretch.face.name,
    glyphs: shapeStretch(stretch.face, stretch.text, style, direction),
  }));
}

/** The zero-width non-joiner shapes Persian; every other invisible character only asks for a glyph no font draws. */
function withJoiners(segment: string): string {
  return segment
    .replace(INVISIBLE, (character) => (character === '\u200c' ? character : ''))
    .replace(TOO_MANY_MARKS, '$1');
}

function has(candidate: Face, visible: string): boolean {
  for (const character of visible) if (candidate.glyph(character.codePointAt(0)!, false) === null) return false;
  return true;
}

function shapeStretch(from: Face, text: string, style: TextStyle, direction: 'ltr' | 'rtl'): PlacedGlyph[] {
  if (from.name !== 'fallback' && STRAIGHT.test(text)) {
    const straight = shapeStraight(text, style);
    if (straight) return straight[0]!.glyphs;
  }
  const features: Record<string, boolean> = { calt: false };
  if (style.figures) features.tnum = true;
  // DejaVu's Arabic needs its contextual forms, which are not `calt`.
  const run = from.font.layout(text, features, undefined, undefined, direction);
  const glyphs: PlacedGlyph[] = [];
  // fontkit places a mark before it takes the width of the marks before it away (Inter's dots below have one).
  let takenAway = 0;
  for (const [at, glyph] of run.glyphs.entries()) {
    const position = run.positions[at]!;
    const attached = position.xOffset !== 0 || position.yOffset !== 0;
    const dx = (position.xOffset + (attached ? takenAway : 0)) * from.scale;
    takenAway = position.xAdvance === 0 ? takenAway + glyph.advanceWidth : 0;
    // A joiner that ended up without a glyph of its own.
    if (glyph.id === 0 || glyph.codePoints.every((codePoint) => codePoint === 0x200c)) continue;
    glyphs.push({
      id: glyph.id,
      width: glyph.advanceWidth * from.scale,
      advance: position.xAdvance * from.scale,
      dx,
      dy: position.yOffset * from.scale,
      codePoints: glyph.codePoints.length > 0 ? glyph.codePoints : [0x20],
    });
  }
  return glyphs;
}

/** Text that holds right-to-left letters: split into runs of one direction, put in visual order (UAX #9). */
function shapeBothWays(text: string, style: TextStyle): GlyphRun[] {
  const { levels } = bidi().getEmbeddingLevels(text, 'auto');
  const stretches: { level: number; text: string }[] = [];
  for (let at = 0; at < text.length; ) {
    const level = levels[at]!;
    let end = at + 1;
    while (end < text.length && levels[end] === level) end++;
    stretches.push({ level, text: text.slice(at, end) });
    at = end;
  }
  const highest = Math.max(...stretches.map((stretch) => stretch.level));
  for (let level = highest; level >= 1; level--) {
    for (let at = 0; at < stretches.length; at++) {
      if (stretches[at]!.level < level) continue;
      let end = at + 1;
      while (end < stretches.length && stretches[end]!.level >= level) end++;
      stretches.splice(at, end - at, ...stretches.slice(at, end).reverse());
      at = end;
    }
  }
  return stretches.flatMap(({ level, text: part }) =>
    level % 2 === 0 ? shapeForward(part, style) : shapeByCluster(mirrored(part), style, 'rtl'),
  );
}

/** Brackets open the other way in right-to-left text. */
function mirrored(text: string): string {
  let out = '';
  for (const character of text) out += bidi().getMirroredCharacter(character) ?? character;
  return out;
}
