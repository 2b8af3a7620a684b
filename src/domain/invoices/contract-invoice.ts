/**
 * The draft of a contract's invoice: a line for each instalment and fee, what was received for them, and the time that
 * they pay for.
 *
 * Always true: a line costs what its instalment or fee costs; what was received is never told as more than that.
 */
import { fill } from '../../errors/fill.ts';
import type { InEveryLanguage, Language } from '../../errors/language.ts';
import { addDays, addMonths, type Day, earlier, later } from '../day.ts';
import { type Cents, cents, sum } from '../money.ts';
import { sayDay } from '../wording.ts';
import type { InvoiceSource } from './choose-sources.ts';
import type { Period, Settlement, TaxTreatment } from './document.ts';
import type { DraftLine } from './issue-invoice.ts';

/** What was sold by the contract, as its lines name it. */
export interface SoldProduct {
  name: string;
  kind: 'membership' | 'issues' | 'credits';
  starts_on: Day;
  ends_on: Day | null;
  interval_months: number;
  /** It is paid in one instalment. */
  paid_at_once: boolean;
  /** Of an issue subscription: the numbers it was sold for. */
  issues: { first: number; last: number } | null;
  /** Of a credit pack: how many credits were sold. */
  credits: number | null;
}

const words = {
  instalment: { fr: 'Échéance {number} du {day}', en: 'Instalment {number} of {day}', de: 'Rate {number} vom {day}' },
  fee: { fr: 'Du {day}', en: 'Of {day}', de: 'Vom {day}' },
  issues: { fr: 'Numéros {first} à {last}', en: 'Issues {first} to {last}', de: 'Ausgaben {first} bis {last}' },
  credits: { fr: '{count} séances', en: '{count} sessions', de: '{count} Einheiten' },
} satisfies Record<string, InEveryLanguage>;

export interface Taxes {
  product: TaxTreatment;
  /** Of a fee, by its rate. */
  fee: (rateBps: number) => TaxTreatment;
}

export function linesOf(
  sources: readonly InvoiceSource[],
  product: SoldProduct,
  taxes: Taxes,
  language: Language,
): DraftLine[] {
  return sources.map((source): DraftLine => {
    const { id, kind, amount, due_on } = source;
    const day = sayDay(due_on, language);
    if (source.kind === 'fee') {
      const tax = taxes.fee(source.tax_rate_bps);
      return { label: source.label, detail: fill(words.fee[language], { day }), amount, tax, source: { kind, id } };
    }
    const instalment = fill(words.instalment[language], { number: source.number, day });
    return {
      label: product.name,
      detail: [describe(product, language), product.paid_at_once ? '' : instalment].filter(Boolean).join(' · ') || null,
      nature: product.kind === 'issues' ? 'goods' : 'services',
      amount,
      tax: taxes.product,
      source: { kind, id },
    };
  });
}

function describe({ issues, credits }: SoldProduct, language: Language): string {
  if (issues) return fill(words.issues[language], issues);
  return credits === null ? '' : fill(words.credits[language], { count: credits });
}

/** From the first instalment's day to the end of the time that the last one pays for, within the contract. */
export function supplyOf(sources: readonly InvoiceSource[], product: SoldProduct): Period {
  const periods = sources.map((source): Period => {
    const { due_on } = source;
    if (source.kind === 'fee') return { from_on: due_on, to_on: due_on };
    const { starts_on, ends_on } = product;
    if (product.kind === 'membership' || !product.paid_at_once) {
      const last = addDays(addMonths(due_on, product.interval_months), -1);
      return { from_on: due_on, to_on: ends_on !== null && ends_on >= due_on ? earlier(last, ends_on) : last };
    }
    return { from_on: starts_on, to_on: ends_on !== null && ends_on > starts_on ? ends_on : starts_on };
  });
  return {
    from_on: periods.map(({ from_on }) => from_on).reduce(earlier),
    to_on: periods.map(({ to_on }) => to_on).reduce(later),
  };
}

/** What was received, by day and method. What is paid is settled in whole: what no payment tells was credit used. */
export function settlementsOf(sources: readonly InvoiceSource[]): Settlement[] {
  const told = new Map<string, Settlement>();
  const tell = ({ on, amount, method }: Settlement) => {
    if (amount <= 0) return;
    const key = `${on} ${method}`;
    told.set(key, { on, method, amount: cents((told.get(key)?.amount ?? 0) + amount) });
  };
  for (const source of sources) {
    let left: number = source.amount;
    for (const settlement of source.settlements) {
      const part = Math.min(settlement.amount, left);
      tell({ ...settlement, amount: cents(part) });
      left -= part;
    }
    if (source.status === 'paid' && left > 0) tell({ on: source.due_on, amount: cents(left), method: null });
  }
  return [...told.values()].sort((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0));
}

/** What is left to pay of one source. */
export function openOf({ status, amount, settlements }: InvoiceSource): Cents {
  if (status === 'paid') return cents(0);
  return cents(Math.max(0, amount - sum(settlements.map((one) => one.amount))));
}
