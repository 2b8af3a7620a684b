/** Text in which the weight changes, broken into lines and drawn piece after piece. */
import { cleanText } from '../../domain/clean-text.ts';
import type { Sheet, TextLook } from './sheet.ts';
import { widthOf, wrapText } from './wrap-text.ts';

export interface Run {
  text: string;
  look: TextLook;
}

interface Word extends Run {
  /** A space stands before it. */
  spaced: boolean;
}

const MOST_WORDS = 3000;

/** Lines of runs, none wider than asked for; a word longer than a line is broken inside. */
export function wrapRuns(runs: readonly Run[], width: number): Run[][] {
  const lines: Run[][] = [];
  let line: Word[] = [];
  let used = 0;
  for (const word of wordsOf(runs)) {
    const space = word.spaced && line.length > 0 ? widthOf(' ', word.look) : 0;
    const wide = widthOf(word.text, word.look);
    if (line.length > 0 && used + space + wide > width) {
      lines.push(joined(line));
      line = [];
      used = 0;
    }
    const pieces = wide > width ? wrapText(word.text, width, word.look, 40) : [word.text];
    for (const piece of pieces.slice(0, -1)) lines.push([{ text: piece, look: word.look }]);
    const last = pieces.at(-1) ?? '';
    used += (line.length > 0 ? space : 0) + (pieces.length > 1 ? widthOf(last, word.look) : wide);
    line.push({ ...word, text: last });
  }
  if (line.length > 0) lines.push(joined(line));
  return lines;
}

export function drawRuns(sheet: Sheet, runs: readonly Run[], x: number, baseline: number): void {
  let at = x;
  for (const run of runs) at += sheet.text(run.text, at, baseline, run.look);
}

function wordsOf(runs: readonly Run[]): Word[] {
  const words: Word[] = [];
  let spaced = false;
  for (const { text, look } of runs) {
    for (const [at, part] of text
      .slice(0, 20_000)
      .split(/[ \t\r\n]+/)
      .entries()) {
      if (at > 0) spaced = true;
      const clean = cleanText(part, 2000);
      if (clean === '') continue;
      if (words.length === MOST_WORDS) return words;
      words.push({ text: clean, look, spaced });
      spaced = false;
    }
  }
  return words;
}

/** Words of the same look that follow each other are one piece, so that what reads from the right is kept together. */
function joined(line: readonly Word[]): Run[] {
  const pieces: Run[] = [];
  for (const [at, word] of line.entries()) {
    const text = word.spaced && at > 0 ? ` ${word.text}` : word.text;
    const last = pieces.at(-1);
    if (last && last.look === word.look) last.text += text;
    else pieces.push({ text, look: word.look });
  }
  return pieces;
}
