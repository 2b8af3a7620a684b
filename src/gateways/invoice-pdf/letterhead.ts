/** What invoices, credit notes and statements share: the head of the first page, the head and foot of every page. */
import type { Address, Buyer, Seller } from '../../domain/invoices/document.ts';
import { NO_BREAK_SPACE } from '../../domain/wording.ts';
import { fill } from '../../errors/fill.ts';
import type { Language } from '../../errors/language.ts';
import type { Logo } from './logo.ts';
import {
  accentOf,
  body,
  drawLines,
  fitted,
  HAIR,
  heightOf,
  LEFT,
  PALE,
  paragraph,
  QUIET,
  RIGHT,
  small,
  strong,
  WHITE,
  WIDTH,
} from './look.ts';
import { type Color, PAGE, type Sheet } from './sheet.ts';
import { words } from './words.ts';
import { widthOf, wrapText } from './wrap-text.ts';

export interface Look {
  logo: Logo | null;
  /** The organization's colour, `#rrggbb`. */
  accent: string | null;
}

export interface Head {
  seller: Seller;
  buyer: Buyer;
  buyer_label: string;
  /** What a VAT number is called. */
  vat_label: string;
  title: string;
  number: string;
  pill: { text: string; color: Color } | null;
  facts: { label: string; value: string }[];
  look: Look;
}

const ADDRESS_LEFT = 312; // the window of a French envelope begins 110 mm from the left
const FOOT = 787;

/** Draws the head of the first page; gives where the rest may begin. */
export function drawHead(sheet: Sheet, head: Head): number {
  const accent = accentOf(head.look.accent);
  sheet.box(0, 0, PAGE.width, 7, accent);
  const sellerEnd = drawSellerBlock(sheet, head.seller, head.look, LEFT, 250);
  drawTitle(sheet, head, accent);
  const addressEnd = drawBuyer(sheet, head, 132);
  const factsEnd = drawFacts(sheet, head.facts, Math.max(sellerEnd + 12, 150));
  return Math.max(addressEnd, factsEnd) + 20;
}

/** The logo or the name, and how the seller is reached; gives where it ends. */
export function drawSellerBlock(sheet: Sheet, seller: Seller, look: Look, left: number, width: number): number {
  const accent = accentOf(look.accent);
  const known = seller.trade_name ?? seller.name;
  let y = 32;
  if (look.logo) {
    y += drawLogo(sheet, look.logo, left, y) + 8;
  } else {
    const big = { ...strong, size: 17, color: accent };
    y = paragraph(sheet, known, left, y, width, big, 2) + 2;
  }
  const lines = [
    ...(look.logo || seller.trade_name ? [seller.name] : []),
    ...addressLines(seller.address, seller.address.country),
    [seller.phone, seller.email].filter((each) => each !== null).join(' · '),
    seller.website ?? '',
  ];
  for (const line of lines.filter((each) => each !== '')) {
    const look = { ...small, size: 8 };
    y = paragraph(sheet, line, left, y, width, look, 2);
  }
  return y;
}

function drawLogo(sheet: Sheet, logo: Logo, x: number, y: number): number {
  const scale = Math.min(160 / logo.width, 54 / logo.height);
  sheet.image(logo, x, y, logo.width * scale, logo.height * scale);
  return logo.height * scale;
}

function drawTitle(sheet: Sheet, head: Head, accent: Color): void {
  const title = { ...strong, size: 22, color: accent, align: 'right' as const };
  fitted(sheet, head.title, RIGHT, 30, 230, title);
  fitted(sheet, head.number, RIGHT, 60, 230, { ...body, size: 11, color: QUIET, figures: true, align: 'right' });
  if (head.pill) drawPill(sheet, head.pill.text, RIGHT, 80, head.pill.color);
}

/** A small rounded label, its right edge at `right`. */
export function drawPill(sheet: Sheet, text: string, right: number, top: number, color: Color): void {
  const look = { ...strong, size: 7.5, color: WHITE };
  const width = widthOf(text, look) + 14;
  sheet.roundedBox(right - width, top, width, 15, 7.5, color);
  sheet.text(text, right - width + 7, top + 10.3, look);
}

function drawBuyer(sheet: Sheet, { seller, buyer, buyer_label, vat_label }: Head, top: number): number {
  const width = RIGHT - ADDRESS_LEFT;
  const inside = width - 28;
  // The payer's name is never cut: a long one is written smaller.
  const large = { ...strong, size: 10.5 };
  const short = wrapText(buyer.name, inside, large, 4).length <= 3;
  const nameLook = short ? large : { ...strong, size: 8.5 };
  const name = wrapText(buyer.name, inside, nameLook, 6);
  const lines = [
    ...(buyer.attention ? [buyer.attention] : []),
    ...addressLines(buyer.address, seller.address.country),
  ].flatMap((line) => wrapText(line, inside, body, 2));
  const ids = [
    buyer.siren ? `SIREN ${buyer.siren}` : '',
    buyer.vat_number ? `${vat_label} ${buyer.vat_number}` : '',
  ].filter((each) => each !== '');
  const height = 30 + heightOf(name.length, nameLook) + heightOf(lines.length, body) + (ids.length > 0 ? 14 : 0);
  sheet.roundedBox(ADDRESS_LEFT, top, width, height, 5, PALE);
  let y = drawLines(sheet, [buyer_label], ADDRESS_LEFT + 14, top + 11, small) + 2;
  y = drawLines(sheet, name, ADDRESS_LEFT + 14, y, nameLook);
  y = drawLines(sheet, lines, ADDRESS_LEFT + 14, y, body);
  if (ids.length > 0) fitted(sheet, ids.join(' · '), ADDRESS_LEFT + 14, y + 2, inside, small);
  return top + height;
}

function drawFacts(sheet: Sheet, facts: Head['facts'], top: number): number {
  let y = top;
  for (const fact of facts) {
    fitted(sheet, fact.label, LEFT, y, 96, { ...body, size: 8, color: QUIET });
    const value = { ...body, size: 8.5 };
    y = Math.max(y + 12.5, paragraph(sheet, fact.value, LEFT + 102, y - 0.4, ADDRESS_LEFT - LEFT - 118, value, 2) + 1);
  }
  return y;
}

/** The country is told by its code, before the postal code, where it is not the seller's. */
export function addressLines(address: Address, home: string): string[] {
  const place = `${address.postal_code} ${address.city}`.trim();
  const town = address.country === home ? place : `${address.country}${place === '' ? '' : `-${place}`}`;
  return [...address.lines, town].filter((line) => line !== '');
}

/** The head of the second and later pages. */
export function drawNextHead(sheet: Sheet, head: Head): void {
  sheet.box(0, 0, PAGE.width, 7, accentOf(head.look.accent));
  fitted(sheet, head.seller.trade_name ?? head.seller.name, LEFT, 34, 260, { ...strong, size: 10 });
  const right = { ...body, color: QUIET, align: 'right' as const };
  fitted(sheet, `${head.title} ${head.number}`, RIGHT, 35, 220, right);
  sheet.rule(LEFT, RIGHT, 56, HAIR);
}

/** The foot of every page of a document that begins on page `from`: who the seller is before the law, and which page this is. */
export function drawFeet(sheet: Sheet, seller: Seller, language: Language, from = 0): void {
  const legal = [
    seller.name,
    seller.legal_form,
    [...seller.address.lines, `${seller.address.postal_code} ${seller.address.city}`].join(', '),
    seller.siret
      ? `${words.siret[language]} ${seller.siret}`
      : seller.siren && `${words.siren[language]} ${seller.siren}`,
    seller.register_entry,
    seller.vat_number && `${words.vat_number[language]} ${seller.vat_number}`,
  ].filter((each) => each !== null && each !== '');
  const look = { ...small, size: 7 };
  // A register's number in groups of digits stays on one line.
  const whole = legal.join(' · ').replace(/(?<=\d) (?=\d)/g, NO_BREAK_SPACE);
  const lines = wrapText(whole, WIDTH - 70, look, 3);
  for (let page = from; page < sheet.pageCount; page++) {
    sheet.turnTo(page);
    sheet.rule(LEFT, RIGHT, FOOT, HAIR);
    drawLines(sheet, lines, LEFT, FOOT + 7, look);
    const count = fill(words.page[language], { page: page - from + 1, pages: sheet.pageCount - from });
    drawLines(sheet, [count], RIGHT, FOOT + 7, { ...look, align: 'right', figures: true });
  }
}
