/**
 * A person says which debit an entry of the bank's is about, where the bank named none that fits.
 *
 * Always true: it may be said of one entry once; what is said is never against what the entry itself tells: its currency, its
 * amount, or an end-to-end id that names another debit of ours.
 */
import { Refusal } from '../../errors/refusal.ts';

/** What an entry tells of the debit that it is about. */
export interface ToldEntry {
  /** `unmatched`, or what became of it. */
  effect: string;
  kind: string;
  /** A word about all debits of a file or of a group. */
  covers_all: boolean;
  /** Null: the bank does not say. */
  amount: number | null;
  currency: string | null;
  /** The presentation of ours that its end-to-end id names; null: none. */
  names: string | null;
}

/** A payment as it was handed to the bank. */
export interface PresentedDebit {
  line: string;
  amount: number;
}

/**
 * The debit that an entry is matched with. `debit` is null where the payment was never handed to the bank.
 * @throws Refusal `bank_entry_matched`, `bank_entry_not_understood`, `bank_entry_about_a_group`, `payment_not_presented`,
 * `bank_entry_names_another`, `bank_entry_currency_differs`, `bank_entry_amount_differs`
 */
export function matchedByHand(entry: ToldEntry, debit: PresentedDebit | null, currency: string): PresentedDebit {
  if (entry.effect !== 'unmatched') throw new Refusal('bank_entry_matched', { effect: entry.effect });
  if (entry.kind === 'unknown') throw new Refusal('bank_entry_not_understood');
  if (entry.covers_all) throw new Refusal('bank_entry_about_a_group');
  const at = { pointer: '/payment' };
  if (debit === null) throw new Refusal('payment_not_presented', {}, at);
  if (entry.names !== null && entry.names !== debit.line) throw new Refusal('bank_entry_names_another', {}, at);
  if (entry.currency !== null && entry.currency !== currency)
    throw new Refusal('bank_entry_currency_differs', { found: entry.currency, expected: currency }, at);
  if (entry.amount !== null && entry.amount !== debit.amount)
    throw new Refusal('bank_entry_amount_differs', { told: entry.amount, debited: debit.amount }, at);
  return debit;
}
