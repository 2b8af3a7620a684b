/**
 * The draft of a contract's invoice: a line for each instalment, what was received for them, how the rest is settled,
 * and the time that they pay for.
 *
 * Always true: a line costs what its instalment costs; what was received is never told as more than that.
 */
import type { InEveryLanguage, Language } from '../../errors/language.ts';
import { addDays, addMonths, type Day, earlier } from '../day.ts';
import { cents, sum } from '../money.ts';
import { sayDay } from '../wording.ts';
import type { InvoiceSource } from './choose-instalments.ts';
import type { Period, Remainder, Settlement, TaxTreatment } from './document.ts';
import type { DraftLine } from './issue-invoice.ts';

const instalmentWords: InEveryLanguage = {
  fr: 'Échéance {number} du {day}',
  en: 'Instalment {number} of {day}',
  de: 'Rate {number} vom {day}',
};

export function linesOf(
  sources: readonly InvoiceSource[],
  label: string,
  tax: TaxTreatment,
  language: Language,
): DraftLine[] {
  return sources.map(({ id, number, due_on, amount }) => ({
    label,
    detail: instalmentWords[language].replace('{number}', String(number)).replace('{day}', sayDay(due_on, language)),
    amount,
    tax,
    source: { kind: 'instalment', id },
  }));
}

/** From the first instalment's day to the end of the time that the last one pays for, within the contract. */
export function supplyOf(sources: readonly InvoiceSource[], intervalMonths: number, endsOn: Day | null): Period {
  const days = sources.map(({ due_on }) => due_on).sort();
  const from_on = days[0]!;
  const last = addDays(addMonths(days.at(-1)!, intervalMonths), -1);
  const to_on = endsOn !== null && endsOn >= from_on ? earlier(last, endsOn) : last;
  return { from_on, to_on };
}

/** What was received, by day and method. A paid instalment is settled in whole: what no payment tells was credit used. */
export function settlementsOf(sources: readonly InvoiceSource[]): Settlement[] {
  const told = new Map<string, Settlement>();
  const tell = ({ on, amount, method }: Settlement) => {
    if (amount <= 0) return;
    const key = `${on} ${method}`;
    told.set(key, { on, method, amount: cents((told.get(key)?.amount ?? 0) + amount) });
  };
  for (const { settlements, status, amount, due_on, method } of sources) {
    let left: number = amount;
    for (const settlement of settlements) {
      const part = Math.min(settlement.amount, left);
      tell({ ...settlement, amount: cents(part) });
      left -= part;
    }
    if (status === 'paid' && left > 0) tell({ on: due_on, amount: cents(left), method });
  }
  return [...told.values()].sort((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0));
}

/** A mandate that direct debits are collected on, as a document names it. */
export interface NamedMandate {
  reference: string;
  account_ending: string;
}

/** How what is not paid will be settled: at once where it is overdue. */
export function remainderOf(sources: readonly InvoiceSource[], mandate: NamedMandate | null): Remainder | null {
  const open = sources.filter((one) => one.status !== 'paid' && sum(one.settlements.map((s) => s.amount)) < one.amount);
  const first = open[0];
  if (!first) return null;
  const on = open.map(({ due_on }) => due_on).reduce(earlier);
  const debited = open.every((one) => one.method === 'direct_debit' && one.status !== 'rejected');
  if (debited && mandate)
    return { how: 'direct_debit', on, account_ending: mandate.account_ending, mandate_reference: mandate.reference };
  return { how: 'payment', due_on: on, method: first.method };
}
