/**
 * What a credit note does in the ledger. Taken back for good: the sale shrinks by the amount credited, income and tax in
 * proportion, and money that had settled it becomes the customer's credit. Taken back because the document was wrong:
 * the sale is taken back and sold again on the same day, so both documents have their entry and nothing is owed less.
 *
 * Always true:
 * - what is owed and not paid shrinks by the part that nobody had paid; the part that somebody had becomes credit, so
 *   the customer's balance shrinks by the amount credited, to the cent;
 * - the parts of a sale that credit notes take back sum to the sale, income and tax each;
 * - credit that comes from a payment names it, so the payment's return takes that credit back and nothing more.
 */
import { type Day, later } from '../day.ts';
import { type Cents, cents, sum } from '../money.ts';
import { type Posting, post, reverse, SUM_OF } from './posting.ts';
import { lastRevision, saleInForce, standingOf, takenOf } from './sale-in-force.ts';

/** How the entry of a credit note opens; its id follows. */
export const NOTE_ENTRY = 'credit_note:';

/** A claim as a credit note finds it. */
export interface CreditedClaim {
  id: string;
  customer: string;
  /** What the ledger sells it for now, and what of that is settled. */
  sold: Cents;
  covered: Cents;
  /** Every posting of it, in the order recorded. */
  postings: readonly Posting[];
}

export interface NoteEntry {
  /** The credit note's id. */
  note: string;
  on: Day;
}

/** Money taken off a claim: from a payment, or (null) from credit that had been used on it. */
export interface FreedMoney {
  claim: string;
  payment: string | null;
  amount: Cents;
}

/** Whether a part of it stands as a loss: it is covered, and nobody paid it. */
export function isWrittenOff({ postings }: Pick<CreditedClaim, 'postings'>): boolean {
  const lost = postings.map(({ debit, credit, amount }) =>
    debit === 'write_off' ? amount : credit === 'write_off' ? -amount : 0,
  );
  return lost.reduce((total, amount) => total + amount, 0) > 0;
}

/** Taken back for good, whole or in part: at most what it is sold for. */
export function creditedForGood(claim: CreditedClaim, amount: Cents, { note, on }: NoteEntry) {
  const entry = `${NOTE_ENTRY}${note}`;
  const sale = saleInForce(claim);
  const parts = takenOf(sale, amount);
  const back = sale.flatMap(({ posting }, at) => {
    const part = parts[at] as Cents;
    return part === 0 ? [] : [reverse(posting, { cause: `${entry}:${posting.cause}`, entry, on, amount: part })];
  });
  const freed = freedMoney(claim, cents(Math.max(0, claim.covered - (claim.sold - amount))));
  return { postings: [...back, ...freed.flatMap((part) => toCredit(claim, part, { note, on }))], freed };
}

/** Taken back and sold again as it is: what was waived of it before is neither. */
export function soldAgain(claim: CreditedClaim, { note, on }: NoteEntry): Posting[] {
  const entry = `${NOTE_ENTRY}${note}`;
  const sale = saleInForce(claim);
  const standing = standingOf(sale);
  const back = sale.flatMap(({ posting }, at) => {
    const amount = standing[at] as Cents;
    return amount === 0 ? [] : [reverse(posting, { cause: `${entry}:${posting.cause}`, entry, on, amount })];
  });
  const again = `sale:${claim.id}:${lastRevision(claim) + 1}`;
  const sold = new Map<string, Posting>();
  for (const { reverses, debit, credit, amount, effective_on } of back) {
    const first = sale.find(({ posting }) => posting.cause === reverses)?.posting as Posting;
    const cause = `${again}${first.cause.slice(first.entry.length)}`;
    const known = sold.get(cause);
    sold.set(cause, {
      ...post({ ...first, cause, entry: again, debit: credit, credit: debit, amount, effective_on }),
      ...(known && { amount: cents(known.amount + amount), effective_on: later(known.effective_on, effective_on) }),
    });
  }
  return [...back, ...sold.values()];
}

/** Credit that was used goes back first, then the money of payments, the last first. */
function freedMoney(claim: CreditedClaim, excess: Cents): FreedMoney[] {
  const held = new Map<string | null, number>();
  for (const { payment, debit, credit, amount } of settling(claim))
    held.set(
      payment,
      (held.get(payment) ?? 0) + (credit === 'receivable' ? amount : debit === 'receivable' ? -amount : 0),
    );
  const order = [null, ...[...held.keys()].filter((payment) => payment !== null).reverse()];
  let left: number = excess;
  return order.flatMap((payment) => {
    const amount = Math.min(left, Math.max(0, held.get(payment) ?? 0));
    left -= amount;
    return amount === 0 ? [] : [{ claim: claim.id, payment, amount: cents(amount) }];
  });
}

function settling({ postings }: CreditedClaim): Posting[] {
  const income = new Set(['revenue', 'fee_income', 'tax']);
  return postings.filter(
    ({ debit, credit, payment }) =>
      !income.has(debit) && !income.has(credit) && (payment !== null || [debit, credit].includes('customer_credit')),
  );
}

function toCredit(claim: CreditedClaim, { payment, amount }: FreedMoney, { note, on }: NoteEntry): Posting[] {
  const entry = `${NOTE_ENTRY}${note}`;
  if (payment !== null) {
    const money = { debit: 'receivable', credit: 'customer_credit', amount, effective_on: on } as const;
    const cause = `${entry}:${claim.id}:${payment}`;
    return [post({ ...money, cause, entry, customer: claim.customer, claim: claim.id, payment })];
  }
  let left: number = amount;
  return claim.postings
    .filter(({ debit, credit }) => debit === 'customer_credit' && credit === 'receivable')
    .reverse()
    .flatMap((use) => {
      const back = sum(claim.postings.filter(({ reverses }) => reverses === use.cause).map((one) => one.amount));
      const part = Math.min(left, use.amount - back);
      left -= part;
      return part <= 0 ? [] : [reverse(use, { cause: `${entry}:${use.cause}`, entry, on, amount: cents(part) })];
    });
}

/**
 * What a payment settled, as if what credit notes freed of it had been credit from the start: a payment that comes back
 * takes both back.
 */
export function afterNotes(settling: readonly Posting[], notes: readonly Posting[]): Posting[] {
  const freed = sum(notes.map(({ amount }) => amount));
  if (freed === 0) return [...settling];
  const rest = settling.flatMap((posting) => {
    if (posting.claim === null) return [];
    const taken = sum(notes.filter(({ claim }) => claim === posting.claim).map(({ amount }) => amount));
    return posting.amount > taken ? [{ ...posting, amount: cents(posting.amount - taken) }] : [];
  });
  const [first] = settling;
  if (!first) return rest;
  const own = settling.find(({ claim }) => claim === null);
  const credit = post({
    ...first,
    cause: `${SUM_OF}${first.payment}`,
    credit: 'customer_credit',
    claim: null,
    reverses: null,
    amount: cents(freed + (own?.amount ?? 0)),
  });
  return [...rest, credit];
}
