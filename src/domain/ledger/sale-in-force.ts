/**
 * What a claim is sold for by now, posting by posting: its last sale, and what was given again since of an earlier one (a
 * waiver that outlived a corrected invoice and was then taken back).
 *
 * Always true:
 * - no posting of a sale is taken back by more than it posted and has not been given again since;
 * - the parts taken back sum to the amount asked, and those of a sale taken back as a whole to the sale, each;
 * - income and tax are taken back in proportion, counted from the sale as a whole, so that many small parts drift nowhere.
 */
import assert from 'node:assert';
import { type Cents, cents, spread, sum } from '../money.ts';
import type { Posting } from './posting.ts';

/** Of a claim, with every posting of it in the order recorded. */
interface Claim {
  id: string;
  postings: readonly Posting[];
}

export interface SalePart {
  /** Of the sale, with what it stood for when the claim was last sold or was given again since. */
  posting: Posting;
  /** What was taken back of it since. */
  taken: Cents;
}

/** Which sale of the claim is its last; 0: none. */
export function lastRevision({ id, postings }: Claim): number {
  const opening = `sale:${id}:`;
  const sales = postings.filter(({ entry }) => entry.startsWith(opening));
  return Math.max(0, ...sales.map(({ entry }) => Number(entry.slice(opening.length))));
}

/** A new sale follows on the old one taken back as a whole: what is recorded before it counts no more. */
export function saleInForce(claim: Claim): SalePart[] {
  const { id, postings } = claim;
  const entry = `sale:${id}:${lastRevision(claim)}`;
  const start = postings.findLastIndex((posting) => posting.entry === entry);
  const since = postings.slice(start + 1);
  const amountOf = (some: readonly Posting[], reversed: string) =>
    sum(some.filter(({ reverses }) => reverses === reversed).map(({ amount }) => amount));
  const givenAgain = (back: readonly Posting[]) => sum(back.map(({ cause }) => amountOf(since, cause)));
  return postings
    .filter((posting) => posting.entry.startsWith(`sale:${id}:`))
    .flatMap((posting) => {
      const own = (some: readonly Posting[]) => some.filter(({ reverses }) => reverses === posting.cause);
      const earlier = givenAgain(own(postings.slice(0, start + 1)));
      const amount = posting.entry === entry ? posting.amount : earlier;
      const taken = cents(amountOf(since, posting.cause) - givenAgain(own(since)));
      return amount === 0 ? [] : [{ posting: { ...posting, amount: cents(amount) }, taken }];
    });
}

/** What stands of each part. */
export function standingOf(sale: readonly SalePart[]): Cents[] {
  return sale.map(({ posting, taken }) => cents(posting.amount - taken));
}

/** How an amount is taken back of a sale: what it takes of each part. */
export function takenOf(sale: readonly SalePart[], amount: Cents): Cents[] {
  assert(amount <= sum(standingOf(sale)), `${amount} is over what is left of its sale`);
  const before = sum(sale.map(({ taken }) => taken));
  const until = spread(
    cents(before + amount),
    sale.map(({ posting }) => posting.amount),
  );
  const wanted = sale.map(({ taken }, at) => Math.max(0, (until[at] as Cents) - taken));
  // Where parts of another size were given again, a cent of one may be taken already that is not its turn yet.
  let over = sum(wanted) - amount;
  return wanted.map((one) => {
    const less = Math.min(one, over);
    over -= less;
    return cents(one - less);
  });
}
