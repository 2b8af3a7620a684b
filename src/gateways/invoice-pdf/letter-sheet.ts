/**
 * A letter on paper, folded in three for an envelope with a window: the address where the window is, and nothing else
 * near it, wherever the sheet slides in the envelope.
 *
 * The window of a French DL envelope shows, in every position of the sheet, 100 to 190 mm from the left and 55 to 79 mm
 * from the top, and never more than 90 mm and beyond, 44 to 90 mm. A German one (DIN 680, fold of DIN 5008 B) shows 20 to
 * 100 mm and 50 to 90 mm, and never more than 10 to 110 mm, 45 to 95 mm. The address is within the first of the two, and
 * the second is otherwise empty.
 */
import { create as createQr } from 'qrcode';
import type { Seller } from '../../domain/invoices/document.ts';
import { sayLongDay } from '../../domain/wording.ts';
import { fill } from '../../errors/fill.ts';
import type { Block } from '../../formats/mail/markup.ts';
import type { PaperLetter } from '../../formats/mail/paper-letter.ts';
import { drawInvoice } from './invoice-sheet.ts';
import { addressLines, drawFeet, drawSellerBlock, type Look } from './letterhead.ts';
import {
  accentOf,
  BOTTOM,
  body,
  drawLines,
  fitted,
  heightOf,
  LEFT,
  NEXT_TOP,
  PALE,
  QUIET,
  RIGHT,
  small,
  strong,
  WHITE,
  WIDTH,
} from './look.ts';
import { drawRuns, type Run, wrapRuns } from './runs.ts';
import { PAGE, type Sheet } from './sheet.ts';
import { words } from './words.ts';
import { wrapText } from './wrap-text.ts';

const MM = 72 / 25.4;
const windows = {
  right: { left: 106 * MM, top: 55.5 * MM, width: 82 * MM, height: 24 * MM },
  left: { left: 25 * MM, top: 55 * MM, width: 73 * MM, height: 33 * MM },
} as const;
const SELLER_WIDTH = 200;
/** Below any window. */
const TEXT_TOP = 96 * MM;
const text = { ...body, size: 10 };
const bold = { ...text, weight: 'semibold' as const };
const PARAGRAPH_GAP = 9;
const QR_SIDE = 74;
const LABEL = 118;

/** Windows are on the left in Germany and Austria, on the right elsewhere. */
export function windowOf(country: string): keyof typeof windows {
  return country === 'DE' || country === 'AT' ? 'left' : 'right';
}

export function drawLetter(sheet: Sheet, paper: PaperLetter, look: Look): void {
  if (!paper.without_cover) drawCover(sheet, paper, look);
  for (const invoice of paper.invoices) drawInvoice(sheet, invoice, look);
}

function drawCover(sheet: Sheet, paper: PaperLetter, look: Look): void {
  const { letter, seller } = paper;
  const { language } = letter;
  const from = sheet.pageCount;
  sheet.addPage();
  const accent = accentOf(look.accent);
  sheet.box(0, 0, PAGE.width, 7, accent);
  const side = windowOf(seller.address.country);
  drawSellerBlock(sheet, seller, look, side === 'right' ? LEFT : RIGHT - SELLER_WIDTH, SELLER_WIDTH);
  drawAddress(sheet, paper, side);
  let y = drawDay(sheet, paper, TEXT_TOP) + 16;
  y = drawLines(sheet, wrapText(letter.subject, WIDTH, { ...strong, size: 12.5 }, 3), LEFT, y, {
    ...strong,
    size: 12.5,
    color: accent,
  });
  y = drawCard(sheet, paper, y + 10) + 16;
  const page: Page = { sheet, y, next: () => startNextPage(sheet, seller, letter.subject, accent) };
  for (const block of letter.blocks) drawBlock(page, block);
  drawFeet(sheet, seller, language, from);
}

function drawAddress(sheet: Sheet, { to, seller }: PaperLetter, side: keyof typeof windows): void {
  const { left, top, width, height } = windows[side];
  let y = top;
  if (side === 'left') {
    const back = [seller.name, ...seller.address.lines, `${seller.address.postal_code} ${seller.address.city}`];
    fitted(sheet, back.filter((part) => part.trim() !== '').join(' · '), left, top - 3 * MM, width, {
      ...small,
      size: 6.5,
    });
    y += 2 * MM;
  }
  const lines = [to.name, to.attention ?? '', ...addressLines(to.address, seller.address.country)].filter(
    (line) => line !== '',
  );
  const shown = lines.slice(0, 6);
  const size = shown.length > 5 ? 9.5 : 10.5;
  const step = Math.min(size * 1.3, (height - (y - top)) / shown.length);
  for (const [at, line] of shown.entries())
    fitted(sheet, line, left, y + at * step, width, { ...body, size, weight: at === 0 ? 'semibold' : 'regular' });
}

function drawDay(sheet: Sheet, { seller, on, letter }: PaperLetter, top: number): number {
  const day = sayLongDay(on, letter.language);
  const place = seller.address.city;
  const line = place === '' ? day : fill(words.place_and_day[letter.language], { place, day });
  return drawLines(sheet, [line], RIGHT, top, { ...text, color: QUIET, align: 'right' });
}

/** The facts at a glance, as the mail has them, and beside them the code that pays. */
function drawCard(sheet: Sheet, { letter, transfer }: PaperLetter, top: number): number {
  if (letter.card.length === 0) return top;
  const qr = transfer === null ? null : createQr(transfer, { errorCorrectionLevel: 'M' }).modules;
  const room = WIDTH - LABEL - 40 - (qr ? QR_SIDE + 26 : 0);
  const rows = letter.card.map(({ label, value }, at) => ({
    label,
    lines: wrapText(value, room, at === 0 ? bold : text, 3),
    look: at === 0 ? { ...bold, size: 12 } : text,
  }));
  const listed = rows.reduce((sum, row) => sum + heightOf(row.lines.length, row.look) + 2, 18);
  const height = qr ? Math.max(listed, QR_SIDE + 34) : listed;
  sheet.roundedBox(LEFT, top, WIDTH, height, 5, PALE);
  let y = top + 10 + (height - listed) / 2;
  for (const { label, lines, look } of rows) {
    fitted(sheet, label, LEFT + 14, y + (look.size - 9) / 2, LABEL - 8, { ...body, color: QUIET });
    y = drawLines(sheet, lines, LEFT + 14 + LABEL, y, look) + 2;
  }
  if (!qr) return top + height;
  const left = RIGHT - QR_SIDE - 18;
  sheet.roundedBox(left - 8, top + 6, QR_SIDE + 16, QR_SIDE + 16, 3, WHITE);
  sheet.matrix(qr, left, top + 14, QR_SIDE);
  const look = { ...small, size: 7, align: 'center' as const };
  fitted(sheet, words.scan[letter.language], left + QR_SIDE / 2, top + QR_SIDE + 24, QR_SIDE + 16, look);
  return top + height;
}

interface Page {
  sheet: Sheet;
  y: number;
  /** Begins another page; gives where its text begins. */
  next: () => number;
}

function startNextPage(sheet: Sheet, seller: Seller, subject: string, accent: ReturnType<typeof accentOf>): number {
  sheet.addPage();
  sheet.box(0, 0, PAGE.width, 7, accent);
  fitted(sheet, seller.trade_name ?? seller.name, LEFT, 34, 240, { ...strong, size: 10 });
  fitted(sheet, subject, RIGHT, 35, 240, { ...body, color: QUIET, align: 'right' });
  return NEXT_TOP;
}

function drawBlock(page: Page, block: Block): void {
  if (block.kind === 'list') {
    for (const item of block.items) drawParagraph(page, item, '•');
    page.y += PARAGRAPH_GAP;
    return;
  }
  const lines = block.kind === 'button' ? [[{ label: block.label, href: block.href }]] : block.lines;
  for (const line of lines) drawParagraph(page, line, null);
  page.y += PARAGRAPH_GAP;
}

type Inlines = Extract<Block, { kind: 'paragraph' }>['lines'][number];

/** A link on paper is its words and, where it leads elsewhere than they say, its address. */
function runsOf(inlines: Inlines): Run[] {
  return inlines.map((inline) => {
    if (!('href' in inline)) return { text: inline.text, look: inline.strong ? bold : text };
    const address = inline.href.replace(/^(?:mailto|tel):/, '');
    return { text: inline.label === address ? address : `${inline.label} (${address})`, look: text };
  });
}

function drawParagraph(page: Page, inlines: Inlines, mark: string | null): void {
  const indent = mark === null ? 0 : 14;
  const height = heightOf(1, text);
  for (const [at, line] of wrapRuns(runsOf(inlines), WIDTH - indent).entries()) {
    if (page.y + height > BOTTOM) page.y = page.next();
    if (mark !== null && at === 0) drawLines(page.sheet, [mark], LEFT + 3, page.y, text);
    drawRuns(page.sheet, line, LEFT + indent, page.y + text.size * 0.98);
    page.y += height;
  }
}
