/**
 * How what an invoice leaves to pay will be settled, as things stand when it is issued.
 *
 * Always true:
 * - a debit is promised only on a mandate that can be used, and on the day on which the bank will be asked for it: a day
 *   that TARGET works, never earlier than a file handed over today can ask for;
 * - where a debit was agreed and none will come (no mandate, or it came back and is not asked for again), the document
 *   says so; what is debited is never asked for as a transfer too.
 */
import { type Day, earlier } from '../day.ts';
import { type Cents, sum } from '../money.ts';
import type { PaymentMethod } from '../payment-method.ts';
import { collectionDay } from '../target-calendar.ts';
import type { InvoiceSource } from './choose-sources.ts';
import { openOf } from './contract-invoice.ts';
import type { ComingDebit, Remainder } from './document.ts';

/** A mandate that direct debits are collected on, as a document names it. */
export interface NamedMandate {
  reference: string;
  account_ending: string;
}

type NoDebit = Extract<Remainder, { how: 'payment' }>['no_debit'];
type Way =
  | { by: 'debit'; on: Day; amount: Cents }
  | { by: 'payment'; due_on: Day; method: PaymentMethod | null; no_debit: NoDebit; amount: Cents };

/** @param earliest the first day that a file handed over today can ask for */
export function remainderOf(
  sources: readonly InvoiceSource[],
  mandate: NamedMandate | null,
  earliest: Day,
): Remainder | null {
  const ways = sources.filter((one) => openOf(one) > 0).map((one) => wayOf(one, mandate !== null, earliest));
  const debits = ways.filter((way) => way.by === 'debit');
  const payments = ways.filter((way) => way.by === 'payment');
  const debit: ComingDebit | null =
    mandate && debits.length > 0
      ? {
          on: debits.map(({ on }) => on).reduce(earlier),
          account_ending: mandate.account_ending,
          mandate_reference: mandate.reference,
        }
      : null;
  const [first] = payments;
  if (!first) return debit && { how: 'direct_debit', ...debit };
  return {
    how: 'payment',
    due_on: payments.map(({ due_on }) => due_on).reduce(earlier),
    method: first.method,
    no_debit: payments.find((one) => one.no_debit !== null)?.no_debit ?? null,
    debit: debit && { ...debit, amount: sum(debits.map(({ amount }) => amount)) },
  };
}

function wayOf(source: InvoiceSource, hasMandate: boolean, earliest: Day): Way {
  const { asked, collect_on, due_on, status } = source;
  const amount = openOf(source);
  if (collect_on !== null) return { by: 'debit', on: collect_on, amount };
  const agreed = source.kind === 'instalment' ? source.method : null;
  const method = asked?.method ?? (status === 'rejected' ? null : agreed);
  const day = asked?.due_on ?? due_on;
  if (method === 'direct_debit' && hasMandate) return { by: 'debit', on: collectionDay(day, earliest), amount };
  const no_debit: NoDebit =
    method === 'direct_debit' ? 'no_mandate' : agreed === 'direct_debit' && asked === null ? 'rejected' : null;
  return { by: 'payment', due_on: day, method: method === 'direct_debit' ? null : method, no_debit, amount };
}
