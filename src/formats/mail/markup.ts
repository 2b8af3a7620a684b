/**
 * The few marks that a text may use, taken apart into blocks: paragraphs, `- ` lists, `**strong**`, `[label](link)`,
 * and a button where a paragraph is nothing but a link. There is no HTML: `<b>` is three letters.
 *
 * Always true: only https, mailto and tel links become links; any other is left as its label.
 */
import { unshield } from './shield.ts';

export type Inline = { text: string; strong?: true } | { label: string; href: string };
export type Block =
  | { kind: 'paragraph'; lines: Inline[][] }
  | { kind: 'list'; items: Inline[][] }
  | { kind: 'button'; label: string; href: string };

const INLINE = /\*\*([^*\n]+)\*\*|\[([^[\]\n]+)\]\(([^()\s]+)\)/g;
const SAFE_LINK = /^(?:https:\/\/|mailto:|tel:)[^\s"'<>\\]+$/;

export function isSafeLink(href: string): boolean {
  return href.length <= 1000 && SAFE_LINK.test(href);
}

/** `text` is a rendered text whose variables are still shielded. */
export function blocksOf(text: string): Block[] {
  return text
    .split(/\n[^\S\n]*\n\s*/)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== '')
    .map(blockOf);
}

function blockOf(paragraph: string): Block {
  const lines = paragraph.split('\n').map((line) => line.trim());
  if (lines.every((line) => line.startsWith('- ')))
    return { kind: 'list', items: lines.map((line) => inlinesOf(line.slice(2))) };
  const inlines = lines.map(inlinesOf);
  const [only] = inlines.flat();
  if (inlines.flat().length === 1 && only && 'href' in only) return { kind: 'button', ...only };
  return { kind: 'paragraph', lines: inlines };
}

function inlinesOf(line: string): Inline[] {
  const inlines: Inline[] = [];
  let from = 0;
  for (const match of line.matchAll(INLINE)) {
    if (match.index > from) inlines.push({ text: unshield(line.slice(from, match.index)) });
    from = match.index + match[0].length;
    if (match[1] !== undefined) inlines.push({ text: unshield(match[1]), strong: true });
    else inlines.push(linkOf(unshield(match[2] as string), unshield(match[3] as string)));
  }
  if (from < line.length) inlines.push({ text: unshield(line.slice(from)) });
  return inlines;
}

function linkOf(label: string, href: string): Inline {
  return isSafeLink(href) ? { label, href } : { text: label };
}
