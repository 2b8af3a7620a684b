/** An invoice or a credit note on paper: head, lines, taxes and totals, how it is paid, what the law wants said. */
import type { DocumentLine, InvoiceDocument } from '../../domain/invoices/document.ts';
import { unitPrice } from '../../domain/invoices/unit-price.ts';
import { decimal } from '../../domain/money.ts';
import { labelled, sayAmount, sayDay, sayDecimal, sayRate } from '../../domain/wording.ts';
import type { Language } from '../../errors/language.ts';
import { drawFeet, drawHead, drawNextHead, type Head, type Look } from './letterhead.ts';
import {
  AMBER,
  BOTTOM,
  body,
  drawLines,
  figure,
  fitted,
  GREEN,
  HAIR,
  heightOf,
  LEFT,
  NAVY,
  QUIET,
  RIGHT,
  small,
  WIDTH,
} from './look.ts';
import { measurePayment, toPayOf } from './payment-block.ts';
import { type Column, ensureRoom, openTable, type RunningTable, turnPage } from './running-table.ts';
import type { Color, Sheet } from './sheet.ts';
import { measureTaxes, measureTotals } from './totals-block.ts';
import { words } from './words.ts';
import { wrapText } from './wrap-text.ts';

export function drawInvoice(sheet: Sheet, document: InvoiceDocument, look: Look): void {
  const { language } = document;
  const head = headOf(document, look);
  const from = sheet.pageCount;
  sheet.addPage();
  const columns = columnsOf(language);
  let net = 0;
  let gross = 0;
  const say = (amount: number) => sayDecimal(decimal(amount), language);
  const table: RunningTable = {
    sheet,
    columns,
    nextHead: () => drawNextHead(sheet, head),
    carried: {
      word: words.carried[language],
      brought: words.brought[language],
      sums: () => ['', '', '', '', say(net), say(gross)],
    },
    y: drawHead(sheet, head),
  };
  openTable(table);
  for (const line of document.lines) {
    const row = measureRow(line, columns, document);
    ensureRoom(table, row.height);
    row.draw(sheet, table.y);
    table.y += row.height;
    sheet.rule(LEFT, RIGHT, table.y - 0.5, HAIR, 0.4);
    net += line.net_amount;
    gross += line.gross_amount;
  }
  drawEnd(table, document, look);
  drawFeet(sheet, document.seller, language, from);
}

/** Totals, taxes and payment, kept together; then the notes and mentions, which may go on to a page of their own. */
function drawEnd(table: RunningTable, document: InvoiceDocument, look: Look): void {
  const { sheet } = table;
  const taxes = measureTaxes(document);
  const totals = measureTotals(document, look);
  const payment = measurePayment(document);
  const upper = Math.max(taxes.height, totals.height);
  ensureRoom(table, 14 + upper + 16 + payment.height);
  const top = table.y + 14;
  taxes.draw(sheet, top);
  totals.draw(sheet, top);
  payment.draw(sheet, top + upper + 16);
  table.y = top + upper + 16 + payment.height + 14;

  const note = wrapText(document.note ?? '', WIDTH, body, 8);
  const mentions = wrapText(document.mentions.map((mention) => mention.text).join(' '), WIDTH, small, 14);
  const height = heightOf(note.length, body) + heightOf(mentions.length, small) + 8;
  if (table.y + height > BOTTOM) turnPage(table);
  table.y = drawLines(sheet, note, LEFT, table.y, body) + (note.length > 0 ? 8 : 0);
  table.y = drawLines(sheet, mentions, LEFT, table.y, small);
}

function columnsOf(language: Language): Column[] {
  const gross = RIGHT - 10;
  const net = gross - 70;
  const rate = net - 64;
  const price = rate - 40;
  const quantity = price - 60;
  return [
    { label: words.description[language], x: LEFT + 8, width: quantity - LEFT - 44, align: 'left' },
    { label: words.quantity[language], x: quantity, width: 34, align: 'right' },
    { label: words.unit_price[language], x: price, width: 56, align: 'right' },
    { label: words.rate[language], x: rate, width: 36, align: 'right' },
    { label: words.net[language], x: net, width: 60, align: 'right' },
    { label: words.gross[language], x: gross, width: 66, align: 'right' },
  ];
}

interface Block {
  height: number;
  draw(sheet: Sheet, top: number): void;
}

function measureRow(line: DocumentLine, columns: readonly Column[], document: InvoiceDocument): Block {
  const { language } = document;
  const [first, quantity, price, rate, net, gross] = columns as [Column, Column, Column, Column, Column, Column];
  const say = (amount: number) => sayDecimal(decimal(amount), language);
  const label = wrapText(line.label, first.width, body, 3);
  const span = line.period
    ? `${words.from_to[language]} ${sayDay(line.period.from_on, language)} ${words.to[language]} ${sayDay(line.period.to_on, language)}`
    : null;
  const details = [
    [line.detail, span].filter((text) => text !== null).join(' · '),
    line.discount
      ? labelled(
          [words.discount[language], line.discount.label].join(' ').trim(),
          `${say(-line.discount.gross_amount)} ${words.tax_included[language]}`,
          language,
        )
      : '',
  ].flatMap((text) => wrapText(text, first.width, small, 3));
  const height = 7 + heightOf(label.length, body) + heightOf(details.length, small) + 6;
  return {
    height,
    draw(sheet, top) {
      const y = top + 7;
      drawLines(sheet, details, first.x, drawLines(sheet, label, first.x, y, body), small);
      const cell = (text: string, column: Column, color: Color = body.color) =>
        fitted(sheet, text, column.x, y, column.width, { ...figure, size: 8.7, color });
      cell(sayDecimal(String(line.quantity), language), quantity);
      cell(sayPrice(unitPrice(line), language), price);
      cell(
        line.tax.category === 'S' || line.tax.category === 'Z' ? sayRate(line.tax.rate_bps, language) : '—',
        rate,
        QUIET,
      );
      cell(say(line.net_amount), net);
      cell(say(line.gross_amount), gross);
    },
  };
}

/** At most four decimals on paper; the electronic half has them all. */
function sayPrice(price: string, language: Language): string {
  const dot = price.indexOf('.');
  return sayDecimal(price.length - dot > 5 ? price.slice(0, dot + 5) : price, language);
}

function headOf(document: InvoiceDocument, look: Look): Head {
  const { language, buyer } = document;
  const facts = [{ label: words.issued_on[language], value: sayDay(document.issued_on, language) }];
  const { from_on, to_on } = document.supply;
  if (document.corrects) {
    const { number, issued_on } = document.corrects;
    const value = `${number} ${words.of_day[language]} ${sayDay(issued_on, language)}`;
    facts.push({ label: words.corrects[language], value });
    if (document.corrects.reason) facts.push({ label: words.reason[language], value: document.corrects.reason });
  } else if (from_on === to_on) {
    facts.push({ label: words.supplied_on[language], value: sayDay(from_on, language) });
  } else {
    const value = `${sayDay(from_on, language)} – ${sayDay(to_on, language)}`;
    facts.push({ label: words.supply[language], value });
  }
  const { remainder } = document;
  if (remainder?.how === 'payment')
    facts.push({ label: words.due_on[language], value: sayDay(remainder.due_on, language) });
  if (remainder?.how === 'direct_debit')
    facts.push({ label: words.debited_on[language], value: sayDay(remainder.on, language) });
  if (buyer.customer_number) facts.push({ label: words.customer_number[language], value: buyer.customer_number });
  if (document.contract_reference) facts.push({ label: words.contract[language], value: document.contract_reference });
  return {
    seller: document.seller,
    buyer,
    buyer_label: words[document.kind === 'invoice' ? 'billed_to' : 'credited_to'][language],
    vat_label: words.vat_number[language],
    title: words[document.kind][language],
    number: document.number,
    pill: pillOf(document),
    facts,
    look,
  };
}

function pillOf(document: InvoiceDocument): { text: string; color: Color } {
  const { language, kind, remainder, totals } = document;
  if (totals.due_amount === 0)
    return { text: words[kind === 'invoice' ? 'pill_paid' : 'pill_refunded'][language], color: GREEN };
  if (remainder?.how === 'invoiced_again') return { text: words.pill_replaced[language], color: NAVY };
  if (kind === 'credit_note') return { text: words.pill_credit[language], color: GREEN };
  if (remainder?.how === 'direct_debit') return { text: words.pill_debit[language], color: NAVY };
  return {
    text: `${words.pill_due[language]} · ${sayAmount(toPayOf(document), document.currency, language)}`,
    color: AMBER,
  };
}
