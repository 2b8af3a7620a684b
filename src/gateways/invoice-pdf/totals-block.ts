/** The figures under the lines: the tax per rate on the left, the totals on the right. */
import type { InvoiceDocument } from '../../domain/invoices/document.ts';
import { decimal } from '../../domain/money.ts';
import { sayAmount, sayDecimal, sayRate } from '../../domain/wording.ts';
import type { Look } from './letterhead.ts';
import {
  accentOf,
  body,
  drawLines,
  figure,
  fitted,
  HAIR,
  heightOf,
  LEFT,
  QUIET,
  RIGHT,
  small,
  strong,
  WHITE,
} from './look.ts';
import type { Sheet } from './sheet.ts';
import { words } from './words.ts';
import { wrapText } from './wrap-text.ts';

export interface Block {
  height: number;
  draw(sheet: Sheet, top: number): void;
}

const TAXES_WIDTH = 250;
const ROW = 15;

export function measureTaxes(document: InvoiceDocument): Block {
  const { language } = document;
  const rows = document.taxes.map((total) => ({
    total,
    reason: wrapText(total.tax.exemption_reason ?? '', TAXES_WIDTH, small, 3),
  }));
  const height = 16 + rows.reduce((sum, row) => sum + ROW + heightOf(row.reason.length, small), 0);
  const edges = { rate: LEFT + 8, base: LEFT + 150, tax: LEFT + TAXES_WIDTH };
  return {
    height,
    draw(sheet, top) {
      const head = { ...small, align: 'right' as const };
      fitted(sheet, words.tax_rate[language], edges.rate, top, 60, small);
      fitted(sheet, words.tax_base[language], edges.base, top, 80, head);
      fitted(sheet, words.tax_amount[language], edges.tax, top, 80, head);
      let y = top + 13;
      sheet.rule(LEFT, LEFT + TAXES_WIDTH + 8, y, HAIR);
      y += 4;
      for (const { total, reason } of rows) {
        const exempt = total.tax.category === 'E' || total.tax.category === 'O';
        const rate = exempt ? words.exempt[language] : sayRate(total.tax.rate_bps, language);
        fitted(sheet, rate, edges.rate, y, 70, { ...body, size: 8.5 });
        const look = { ...figure, size: 8.5 };
        fitted(sheet, sayDecimal(decimal(total.net_amount), language), edges.base, y, 80, look);
        fitted(sheet, sayDecimal(decimal(total.tax_amount), language), edges.tax, y, 80, look);
        y = drawLines(sheet, reason, edges.rate, y + ROW - 2, small) + 2;
      }
    },
  };
}

export function measureTotals(document: InvoiceDocument, look: Look): Block {
  const { language, totals, kind, currency } = document;
  const say = (amount: number) => sayAmount(amount, currency, language);
  const plain = [
    [words.total_net[language], say(totals.net_amount)],
    [words.total_tax[language], say(totals.tax_amount)],
  ] as const;
  const settled =
    totals.paid_amount === 0
      ? []
      : ([[words[kind === 'invoice' ? 'paid' : 'refunded'][language], say(-totals.paid_amount)]] as const);
  const again = document.remainder?.how === 'invoiced_again';
  const last = words[kind === 'invoice' ? 'to_pay' : again ? 'taken_back' : 'to_refund'][language];
  const height = (plain.length + 1 + settled.length) * ROW + 6 + 30;
  const left = RIGHT - 200;
  return {
    height,
    draw(sheet, top) {
      let y = top;
      const row = (label: string, value: string, weight: 'regular' | 'semibold') => {
        fitted(sheet, label, left, y, 90, { ...body, weight, color: weight === 'regular' ? QUIET : body.color });
        fitted(sheet, value, RIGHT - 10, y, 104, { ...figure, weight });
        y += ROW;
      };
      for (const [label, value] of plain) row(label, value, 'regular');
      sheet.rule(left, RIGHT, y - 1, HAIR);
      y += 2;
      row(words.total_gross[language], say(totals.gross_amount), 'semibold');
      for (const [label, value] of settled) row(label, value, 'regular');
      y += 2;
      sheet.roundedBox(left - 10, y, 210, 26, 4, accentOf(look.accent));
      fitted(sheet, last, left, y + 7.6, 92, { ...strong, color: WHITE });
      fitted(sheet, say(totals.due_amount), RIGHT - 10, y + 6.6, 96, {
        ...figure,
        weight: 'semibold',
        size: 11,
        color: WHITE,
      });
    },
  };
}
