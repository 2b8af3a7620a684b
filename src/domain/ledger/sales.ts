/**
 * Sales: what makes a customer owe. An instalment is sold when it falls due, or earlier when it is paid, handed to
 * the bank or invoiced before; a fee is sold on the day it is charged.
 *
 * Always true:
 * - a claim is sold once per revision; a new amount takes the old revision back in full and sells the new one;
 * - the tax inside a sale and the rest sum to the sale, and so do the parts that a waiver takes back;
 * - a waiver takes back income and tax; a write-off leaves both and books a loss.
 */
import assert from 'node:assert';
import { type Day, earlier } from '../day.ts';
import { type Cents, cents, ratio } from '../money.ts';
import type { Account } from './accounts.ts';
import { type Posting, post, reverse } from './posting.ts';
import { type SalePart, takenOf } from './sale-in-force.ts';

export type ClaimKind = 'instalment' | 'fee' | 'product';

/** What is sold: one claim on a customer. `amount` holds its tax. */
export interface Sale {
  claim: string;
  customer: string;
  kind: ClaimKind;
  amount: Cents;
  due_on: Day;
  tax_rate_bps: number;
}

const incomeOf: Record<ClaimKind, Account> = { instalment: 'revenue', fee: 'fee_income', product: 'revenue' };

/** The tax inside an amount that holds it: 12.00 at 20 % holds 2.00. */
export function taxInside(amount: Cents, rateBps: number): Cents {
  return ratio(amount, rateBps, 10_000 + rateBps);
}

function salePostings(sale: Sale, revision: number, effectiveOn: Day): Posting[] {
  const entry = `sale:${sale.claim}:${revision}`;
  const tax = taxInside(sale.amount, sale.tax_rate_bps);
  const common = {
    entry,
    debit: 'receivable',
    effective_on: effectiveOn,
    customer: sale.customer,
    claim: sale.claim,
  } as const;
  const postings: Posting[] = [];
  if (sale.amount > tax)
    postings.push(post({ ...common, cause: entry, credit: incomeOf[sale.kind], amount: cents(sale.amount - tax) }));
  if (tax > 0) postings.push(post({ ...common, cause: `${entry}:tax`, credit: 'tax', amount: tax }));
  return postings;
}

/** The first sale of a claim, asked for on a day: effective then, or on its due day where that has passed. */
export function sold(sale: Sale, on: Day): Posting[] {
  return salePostings(sale, 1, earlier(sale.due_on, on));
}

/** A claim that was sold gets another amount (0: none): the last revision is taken back and the new one sold, today. */
export function soldAnew(last: readonly Posting[], sale: Sale, revision: number, on: Day): Posting[] {
  assert(revision > 1, `${sale.claim}: a new revision counts from 2`);
  const back = last.map((posting) =>
    reverse(posting, { cause: `back:${posting.cause}`, entry: `back:${posting.entry}`, on }),
  );
  const effectiveOn = back.reduce((day, posting) => (posting.effective_on > day ? posting.effective_on : day), on);
  return [...back, ...salePostings(sale, revision, effectiveOn)];
}

/** Takes back a part of a sale, or all that is left of it, as a commercial gesture: income and tax shrink in proportion. */
export function waived(sale: readonly SalePart[], waiver: { id: string; amount: Cents; on: Day }): Posting[] {
  assert(waiver.amount > 0, `waiver ${waiver.id} of nothing`);
  const parts = takenOf(sale, waiver.amount);
  return sale.flatMap(({ posting }, at) => {
    const amount = parts[at] as Cents;
    if (amount === 0) return [];
    return [
      reverse(posting, {
        cause: `waiver:${waiver.id}:${posting.cause}`,
        entry: `waiver:${waiver.id}`,
        on: waiver.on,
        amount,
      }),
    ];
  });
}

/** Gives a claim up: a loss, the sale stays. */
export function writtenOff(writeOff: { id: string; claim: string; customer: string; amount: Cents; on: Day }): Posting {
  return post({
    cause: `write_off:${writeOff.id}:${writeOff.claim}`,
    entry: `write_off:${writeOff.id}`,
    debit: 'write_off',
    credit: 'receivable',
    amount: writeOff.amount,
    effective_on: writeOff.on,
    customer: writeOff.customer,
    claim: writeOff.claim,
  });
}

/** What was given up is claimed again (because it is being paid after all). `nth` counts the recoveries of one write-off. */
export function recovered(loss: Posting, recovery: { nth: number; amount: Cents; on: Day }): Posting {
  const entry = `recovery:${loss.cause}:${recovery.nth}`;
  return reverse(loss, { cause: entry, entry, on: recovery.on, amount: recovery.amount });
}
