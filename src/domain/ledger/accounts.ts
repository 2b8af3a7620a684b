/**
 * The chart of accounts: the closed list of places where money, or a claim to money, can stand.
 * `docs/ledger.md` says the same for an accountant, with examples.
 *
 * Always true:
 * - a posting moves an amount from the credited account to the debited one, so the balances of all accounts sum to zero;
 * - `receivable` and `customer_credit` are kept per customer, all others per organization;
 * - `in_flight` is the clearing account of direct debits: once the bank has told everything about a debit, that
 *   debit has left nothing on it.
 */
import type { PaymentMethod } from '../payment-method.ts';

export type AccountKind = 'asset' | 'liability' | 'income' | 'expense';

export interface AccountEntry {
  kind: AccountKind;
  /** Kept apart for each customer. */
  per_customer: boolean;
  /** The account of the French general chart (PCG) that exports use unless the organization names its own. */
  default_number: string;
  /** What makes it grow, in words. */
  grows_by: string;
  /** What makes it shrink, in words. */
  shrinks_by: string;
}

export const accounts = {
  receivable: {
    kind: 'asset',
    per_customer: true,
    default_number: '411000',
    grows_by: 'a sale (instalment, fee, product), a payment that came back, a refund of money that settled a claim',
    shrinks_by: 'a payment received, a direct debit handed to the bank, credit used, a waiver, a write-off',
  },
  customer_credit: {
    kind: 'liability',
    per_customer: true,
    default_number: '419100',
    grows_by: 'money received beyond what was owed',
    shrinks_by: 'credit used on a claim, credit refunded, the return of the payment that made it',
  },
  in_flight: {
    kind: 'asset',
    per_customer: false,
    default_number: '511600',
    grows_by: 'a direct debit handed to the bank',
    shrinks_by: 'the bank paying it, the bank refusing it',
  },
  bank: {
    kind: 'asset',
    per_customer: false,
    default_number: '512000',
    grows_by: 'a direct debit paid by the bank, a transfer received',
    shrinks_by: 'a direct debit taken back, a refund by transfer, a charge of the bank',
  },
  cash: {
    kind: 'asset',
    per_customer: false,
    default_number: '531000',
    grows_by: 'cash received',
    shrinks_by: 'cash refunded',
  },
  cheques: {
    kind: 'asset',
    per_customer: false,
    default_number: '511200',
    grows_by: 'a cheque received',
    shrinks_by: 'a cheque that bounced, a refund by cheque',
  },
  cards: {
    kind: 'asset',
    per_customer: false,
    default_number: '511500',
    grows_by: 'a card payment received',
    shrinks_by: 'a card payment charged back or refunded',
  },
  revenue: {
    kind: 'income',
    per_customer: false,
    default_number: '706000',
    grows_by: 'an instalment or product sold, without its tax',
    shrinks_by: 'the sale taken back or waived',
  },
  fee_income: {
    kind: 'income',
    per_customer: false,
    default_number: '708800',
    grows_by: 'a rejection or cancellation fee sold, without its tax',
    shrinks_by: 'the fee waived',
  },
  tax: {
    kind: 'liability',
    per_customer: false,
    default_number: '445710',
    grows_by: 'the tax in a sale',
    shrinks_by: 'the tax in a sale taken back',
  },
  bank_charges: {
    kind: 'expense',
    per_customer: false,
    default_number: '627000',
    grows_by: 'what the bank keeps for a returned debit',
    shrinks_by: 'a charge that the bank gives back',
  },
  write_off: {
    kind: 'expense',
    per_customer: false,
    default_number: '654000',
    grows_by: 'a claim given up',
    shrinks_by: 'a claim given up that is paid after all',
  },
} as const satisfies Record<string, AccountEntry>;

export type Account = keyof typeof accounts;

/**
 * The account on which money received by hand stands. A direct debit that was collected elsewhere and is only
 * recorded here is money on the bank account; one that this engine hands to the bank goes through `in_flight`.
 */
export const moneyAccount: Record<PaymentMethod, Account> = {
  direct_debit: 'bank',
  cheque: 'cheques',
  cash: 'cash',
  card: 'cards',
  transfer: 'bank',
};
