/**
 * Text broken into lines of a given width, in a bounded number of lines.
 *
 * Always true: no line is wider than asked for, a word longer than a line is broken inside, what does not fit in
 * `maxLines` is cut with an ellipsis, and the work done is bounded by what fits, not by what was handed in.
 */
import { cleanText } from '../../domain/clean-text.ts';
import { shapeText, type TextStyle } from './shape-text.ts';

export interface TextBlock extends TextStyle {
  size: number;
}

export function widthOf(text: string, style: TextBlock): number {
  return (shapeText(text, style).width * style.size) / 1000;
}

// No text is narrower than this share of its size a character on average ("i" and "." are wider).
const NARROWEST = 0.22;

/** How much of a text may matter at all in so many lines; the rest is not even looked at. */
export function bounded(text: string, width: number, style: TextBlock, maxLines: number): string {
  return cleanText(text, 20 + Math.ceil((Math.max(width, 0) * maxLines) / (style.size * NARROWEST)));
}

export function wrapText(text: string, width: number, style: TextBlock, maxLines: number): string[] {
  const clean = bounded(text, width, style, maxLines);
  if (clean === '') return [];
  const lines: string[] = [];
  const space = widthOf(' ', style);
  let line = '';
  let used = 0;
  for (let word of clean.split(' ')) {
    let head = fitting(word, width, style);
    let wide = widthOf(head, style);
    if (line !== '' && (head !== word || used + space + wide > width)) {
      lines.push(line);
      line = '';
      used = 0;
      if (lines.length === maxLines) return shorten(lines, width, style);
    }
    while (head !== word) {
      lines.push(head);
      if (lines.length === maxLines) return shorten(lines, width, style);
      word = word.slice(head.length);
      head = fitting(word, width, style);
      wide = widthOf(head, style);
    }
    used += line === '' ? wide : space + wide;
    line = line === '' ? word : `${line} ${word}`;
  }
  if (line !== '') lines.push(line);
  return lines;
}

/** One line, cut with an ellipsis where it is too wide. */
export function fitText(text: string, width: number, style: TextBlock): string {
  return wrapText(text, width, style, 1)[0] ?? '';
}

/** The longest beginning of a word that fits, at least one character of it. Looks little further than that. */
function fitting(word: string, width: number, style: TextBlock): string {
  if (word.length <= 24 && widthOf(word, style) <= width) return word;
  const characters = Array.from(word);
  const fits = (count: number) => widthOf(characters.slice(0, count).join(''), style) <= width;
  let low = 1;
  let high = 16;
  while (high < characters.length && fits(high)) {
    low = high;
    high *= 2;
  }
  high = Math.min(high, characters.length);
  if (high === characters.length && fits(high)) return word;
  while (low < high - 1) {
    const middle = (low + high) >> 1;
    if (fits(middle)) low = middle;
    else high = middle;
  }
  return characters.slice(0, low).join('');
}

function shorten(lines: string[], width: number, style: TextBlock): string[] {
  const last = lines.at(-1)!;
  const ellipsis = widthOf('…', style);
  const room = width - ellipsis;
  const kept = widthOf(last, style) <= room ? last : fitting(last, room, style);
  return [...lines.slice(0, -1), `${kept.trimEnd()}…`];
}
