/**
 * A statement of account: the customer's lines of sale and settlement over a time, with the balance after each.
 *
 * Always true:
 * - the balance is what the customer owes: sales add to it, settlements that were received take from it;
 * - a settlement that is still expected (a representment, a debit to come) is listed and does not move the balance;
 * - opening balance + sales − settlements received = closing balance.
 */
import type { Language } from '../../errors/language.ts';
import { cleanOrNull, cleanText } from '../clean-text.ts';
import type { Day } from '../day.ts';
import { type Cents, cents } from '../money.ts';
import type { Buyer, Period, Seller } from './document.ts';
import { cleanBuyer, cleanSeller } from './parties.ts';

export interface AccountLine {
  on: Day;
  kind: 'sale' | 'settlement';
  label: string;
  /** A second, quieter text: a method, a reference. */
  detail?: string | null;
  /** As the ledger has it: a cancelled settlement is negative. */
  amount: Cents;
  /** False for a settlement that is still expected. */
  paid: boolean;
}

export interface StatementLine {
  on: Day;
  kind: 'sale' | 'settlement';
  label: string;
  detail: string | null;
  amount: Cents;
  paid: boolean;
  /** What the customer owes after this line; negative is in the customer's favour. */
  balance: Cents;
}

export interface StatementDocument {
  issued_on: Day;
  language: Language;
  currency: string;
  seller: Seller;
  buyer: Buyer;
  period: Period;
  opening: Cents;
  lines: StatementLine[];
  sales: Cents;
  settlements: Cents;
  closing: Cents;
}

export const MAX_STATEMENT_LINES = 5000;

/** @param lines in the order they are to stand in, all of them within the period */
export function makeStatement(
  head: Omit<StatementDocument, 'lines' | 'sales' | 'settlements' | 'closing'>,
  lines: readonly AccountLine[],
): StatementDocument {
  if (lines.length > MAX_STATEMENT_LINES) throw new RangeError(`a statement has ${MAX_STATEMENT_LINES} lines at most`);
  let balance: number = head.opening;
  let sales = 0;
  let settlements = 0;
  const listed = lines.map((line): StatementLine => {
    if (line.kind === 'sale') {
      sales += line.amount;
      balance += line.amount;
    } else if (line.paid) {
      settlements += line.amount;
      balance -= line.amount;
    }
    return {
      ...line,
      label: cleanText(line.label, 300) || '—',
      detail: cleanOrNull(line.detail, 300),
      balance: cents(balance),
    };
  });
  const seller = cleanSeller(head.seller);
  return {
    ...head,
    seller,
    buyer: cleanBuyer(head.buyer, seller.address.country),
    lines: listed,
    sales: cents(sales),
    settlements: cents(settlements),
    closing: cents(balance),
  };
}
