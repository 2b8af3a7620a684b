/** A statement of account on paper: sales and settlements side by side, with the balance after each line. */
import type { StatementDocument, StatementLine } from '../../domain/invoices/statement.ts';
import { decimal } from '../../domain/money.ts';
import { sayAmount, sayDay, sayDecimal } from '../../domain/wording.ts';
import { fill } from '../../errors/fill.ts';
import { drawFeet, drawHead, drawNextHead, type Head, type Look } from './letterhead.ts';
import {
  AMBER,
  accentOf,
  body,
  drawLines,
  figure,
  fitted,
  GREEN,
  HAIR,
  heightOf,
  LEFT,
  QUIET,
  RIGHT,
  small,
  strong,
  WHITE,
} from './look.ts';
import { type Column, ensureRoom, openTable, type RunningTable } from './running-table.ts';
import type { Sheet } from './sheet.ts';
import { words } from './words.ts';
import { wrapText } from './wrap-text.ts';

const ROW = 15;

export function drawStatement(sheet: Sheet, document: StatementDocument, look: Look): void {
  const { language, currency } = document;
  const say = (amount: number) => sayDecimal(decimal(amount), language);
  const head = headOf(document, look);
  sheet.addPage();
  const [balanceAt, settlementAt, saleAt] = [RIGHT - 10, RIGHT - 94, RIGHT - 178];
  const columns: Column[] = [
    { label: words.date[language], x: LEFT + 8, width: 60, align: 'left' },
    { label: words.label[language], x: LEFT + 76, width: saleAt - 80 - LEFT - 76, align: 'left' },
    { label: words.sale[language], x: saleAt, width: 78, align: 'right' },
    { label: words.settlement[language], x: settlementAt, width: 78, align: 'right' },
    { label: words.balance[language], x: balanceAt, width: 78, align: 'right' },
  ];
  let balance: number = document.opening;
  const table: RunningTable = {
    sheet,
    columns,
    nextHead: () => drawNextHead(sheet, head),
    carried: {
      word: words.carried[language],
      brought: words.brought[language],
      sums: () => ['', '', '', '', say(balance)],
    },
    y: drawHead(sheet, head),
  };
  openTable(table);
  drawLines(sheet, [words.opening[language]], columns[1]!.x, table.y + 4, { ...strong, size: 8.5 });
  fitted(sheet, say(document.opening), balanceAt, table.y + 4, 78, { ...figure, size: 8.7 });
  table.y += 19;
  sheet.rule(LEFT, RIGHT, table.y, HAIR, 0.4);
  for (const line of document.lines) {
    const label = wrapText(line.label, columns[1]!.width, body, 2);
    const detail = detailOf(line, document).flatMap((text) => wrapText(text, columns[1]!.width, small, 1));
    const height = 9 + heightOf(label.length, body) + heightOf(detail.length, small);
    ensureRoom(table, height);
    const y = table.y + 5;
    drawLines(sheet, [sayDay(line.on, language)], columns[0]!.x, y, { ...body, size: 8.5, figures: true });
    drawLines(sheet, detail, columns[1]!.x, drawLines(sheet, label, columns[1]!.x, y, body), small);
    const at = line.kind === 'sale' ? saleAt : settlementAt;
    const color = line.kind === 'settlement' && !line.paid ? QUIET : body.color;
    fitted(sheet, say(line.amount), at, y, 78, { ...figure, size: 8.7, color });
    fitted(sheet, say(line.balance), balanceAt, y, 78, { ...figure, size: 8.7 });
    table.y += height;
    sheet.rule(LEFT, RIGHT, table.y - 0.5, HAIR, 0.4);
    balance = line.balance;
  }
  ensureRoom(table, 14 + 2 * ROW + 34);
  const left = RIGHT - 230;
  let y = table.y + 14;
  const sums = [
    [words.all_sales[language], document.sales],
    [words.all_settlements[language], document.settlements],
  ] as const;
  for (const [label, amount] of sums) {
    fitted(sheet, label, left, y, 120, { ...body, color: QUIET });
    fitted(sheet, sayAmount(amount, currency, language), RIGHT - 10, y, 100, figure);
    y += ROW;
  }
  sheet.roundedBox(left - 10, y + 2, 240, 26, 4, accentOf(look.accent));
  const closing = fill(words.closing[language], { day: sayDay(document.period.to_on, language) });
  fitted(sheet, closing, left, y + 9.6, 122, { ...strong, color: WHITE });
  const total = { ...figure, weight: 'semibold' as const, size: 11, color: WHITE };
  fitted(sheet, sayAmount(document.closing, currency, language), RIGHT - 10, y + 8.6, 96, total);
  drawFeet(sheet, document.seller, language);
}

function detailOf(line: StatementLine, document: StatementDocument): string[] {
  const unpaid = line.kind === 'settlement' && !line.paid ? words.unpaid[document.language] : null;
  const text = [line.detail, unpaid].filter((each) => each !== null).join(' · ');
  return text === '' ? [] : [text];
}

function headOf(document: StatementDocument, look: Look): Head {
  const { language, buyer, closing, period } = document;
  const facts = [{ label: words.issued_on[language], value: sayDay(document.issued_on, language) }];
  const value = `${sayDay(period.from_on, language)} – ${sayDay(period.to_on, language)}`;
  facts.push({ label: words.supply[language], value });
  if (buyer.customer_number) facts.push({ label: words.customer_number[language], value: buyer.customer_number });
  const amount = sayAmount(Math.abs(closing), document.currency, language);
  return {
    seller: document.seller,
    buyer,
    buyer_label: words.account_of[language],
    vat_label: words.vat_number[language],
    title: words.statement[language],
    number: value,
    pill:
      closing > 0
        ? { text: `${words.you_owe[language]} · ${amount}`, color: AMBER }
        : { text: closing < 0 ? `${words.you_have[language]} · ${amount}` : words.settled[language], color: GREEN },
    facts,
    look,
  };
}
