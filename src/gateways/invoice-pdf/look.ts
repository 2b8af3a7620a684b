/** How printed documents look: measures in points, colours, and the few sizes of text there are. */
import type { Color, Sheet, TextLook } from './sheet.ts';
import { PAGE } from './sheet.ts';
import { bounded, fitText, widthOf, wrapText } from './wrap-text.ts';

export const LEFT = 46;
export const RIGHT = PAGE.width - 46;
export const WIDTH = RIGHT - LEFT;
/** Nothing but the foot of the page goes below this. */
export const BOTTOM = 776;
/** Where the second and later pages begin. */
export const NEXT_TOP = 74;

export const INK: Color = [0.1, 0.12, 0.16];
export const QUIET: Color = [0.38, 0.42, 0.48];
export const HAIR: Color = [0.85, 0.87, 0.9];
export const PALE: Color = [0.955, 0.965, 0.975];
export const WHITE: Color = [1, 1, 1];
export const GREEN: Color = [0.07, 0.45, 0.27];
export const AMBER: Color = [0.66, 0.36, 0.02];
export const NAVY: Color = [0.09, 0.25, 0.42];

export const body: TextLook = { size: 9, weight: 'regular', color: INK };
export const strong: TextLook = { ...body, weight: 'semibold' };
export const small: TextLook = { size: 7.5, weight: 'regular', color: QUIET };
export const figure: TextLook = { ...body, figures: true, align: 'right' };

/** `#rrggbb` as a colour dark enough to carry white text; the house's navy for anything else. */
export function accentOf(hex: string | null): Color {
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(hex ?? '');
  if (!match) return NAVY;
  let [red, green, blue] = match.slice(1).map((part) => Number.parseInt(part, 16) / 255) as [number, number, number];
  while (0.2126 * red ** 2.2 + 0.7152 * green ** 2.2 + 0.0722 * blue ** 2.2 > 0.18)
    [red, green, blue] = [red * 0.92, green * 0.92, blue * 0.92];
  const three = (value: number) => Math.round(value * 1000) / 1000;
  return [three(red), three(green), three(blue)];
}

export const LEADING = 1.34;

export function heightOf(count: number, look: TextLook): number {
  return count * look.size * LEADING;
}

/** Draws lines from `top` down; gives where they end. */
export function drawLines(sheet: Sheet, lines: readonly string[], x: number, top: number, look: TextLook): number {
  let y = top;
  for (const line of lines) {
    sheet.text(line, x, y + look.size * 0.98, look);
    y += look.size * LEADING;
  }
  return y;
}

/** Wraps and draws; gives where the text ends. */
export function paragraph(
  sheet: Sheet,
  text: string,
  x: number,
  top: number,
  width: number,
  look: TextLook,
  maxLines = 4,
): number {
  return drawLines(sheet, wrapText(text, width, look, maxLines), x, top, look);
}

/** One line that always fits: smaller down to two thirds, then cut. */
export function fitted(sheet: Sheet, text: string, x: number, top: number, width: number, look: TextLook): void {
  const line = bounded(text, width * 1.5, look, 1);
  const wide = widthOf(line, look);
  const size =
    wide <= width ? look.size : Math.max((look.size * 2) / 3, Math.floor((look.size * width * 20) / wide) / 20);
  const used = { ...look, size };
  const baseline = top + look.size * 0.98;
  sheet.text(size < look.size && widthOf(line, used) > width ? fitText(line, width, used) : line, x, baseline, used);
}
