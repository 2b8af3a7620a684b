/**
 * What a text may speak of: the variables of each kind, and how each is said to the reader.
 *
 * Always true:
 * - a text can only name the variables of its kind; every one of them is always there, empty (`null`) where there is
 *   nothing to say, so that a text may ask `{% if fee %}`;
 * - amounts and days arrive already said in the reader's language, so no text formats money;
 * - whatever a customer or a colleague typed is cleaned to one short line before a text sees it.
 */
import { cleanOrNull } from '../../domain/clean-text.ts';
import { type Day, day } from '../../domain/day.ts';
import { type Cents, cents } from '../../domain/money.ts';
import type { PaymentMethod } from '../../domain/payment-method.ts';
import type { TextKind } from '../../domain/reminders/kinds.ts';
import { sayAmount, sayLongDay } from '../../domain/wording.ts';
import type { InEveryLanguage, Language } from '../../errors/language.ts';

interface FactTypes {
  text: string;
  'text?': string | null;
  amount: Cents;
  'amount?': Cents | null;
  day: Day;
  'day?': Day | null;
  count: number;
  'url?': string | null;
  method: PaymentMethod;
}
type FactType = keyof FactTypes;

/** How to pay, where the customer is to pay by themselves. */
const paying = {
  /** An https address of a payment page. */
  pay_url: 'url?',
  /** Where to transfer to: the organization's IBAN, with its holder where that helps. */
  pay_to: 'text?',
  reference: 'text',
  /** The last day to pay by. */
  pay_by: 'day?',
} as const;

const owed = {
  customer_name: 'text',
  /** What is owed for: the contract, the product, the instalment. */
  label: 'text',
  /** All that this message asks for, its fee included. */
  amount: 'amount',
  fee: 'amount?',
  due_on: 'day',
  days_late: 'count',
  /** The day from which access is, or will be, blocked for this debt. */
  block_on: 'day?',
  ...paying,
} as const;

const facts = {
  reminder_1: owed,
  reminder_2: owed,
  reminder_3: owed,
  payment_reminder: owed,
  prenotification: {
    customer_name: 'text',
    label: 'text',
    amount: 'amount',
    collect_on: 'day',
    /** The customer's IBAN, masked. */
    account: 'text',
    mandate_reference: 'text',
    creditor_id: 'text',
  },
  receipt: {
    customer_name: 'text',
    label: 'text',
    amount: 'amount',
    paid_on: 'day',
    method: 'method',
    reference: 'text',
    /** What the customer still owes in all; empty when nothing. */
    balance: 'amount?',
  },
  rejection_notice: {
    customer_name: 'text',
    label: 'text',
    amount: 'amount',
    fee: 'amount?',
    total: 'amount',
    rejected_on: 'day',
    /** The bank's reason in words, where it gave one that may be told. */
    reason: 'text?',
    /** The day on which it is asked for again by direct debit; empty when the customer is to pay otherwise. */
    represented_on: 'day?',
    /** What is asked for on that day. */
    represented: 'amount?',
    ...paying,
  },
  invoice: {
    customer_name: 'text',
    number: 'text',
    issued_on: 'day',
    amount: 'amount',
    /** What of it is still to be paid; empty when nothing. */
    owed: 'amount?',
    due_on: 'day?',
    /** The day on which what is owed is collected by direct debit; empty when the customer is to pay otherwise. */
    debited_on: 'day?',
  },
  access_blocked: {
    customer_name: 'text',
    label: 'text',
    amount: 'amount',
    due_on: 'day',
    blocked_on: 'day',
    ...paying,
  },
} as const satisfies Record<TextKind, Record<string, FactType>>;

export type MailFacts<Kind extends TextKind> = {
  [Name in keyof (typeof facts)[Kind]]: FactTypes[(typeof facts)[Kind][Name] & FactType];
};

/** The organization as its customers see it in a mail. */
export interface Sender {
  name: string;
  /** How to reach it, in one line: an address, a telephone number. */
  contact: string | null;
  /** Postal address and legal mentions, a line each, for the foot of the mail. */
  lines: readonly string[];
}

export type Variables = Record<string, string | number | null>;

/** The names that a text of this kind may use. */
export function variableNames(kind: TextKind): string[] {
  return ['organization_name', 'organization_contact', ...Object.keys(facts[kind])];
}

/** The names whose value is a link. */
export function linkNames(kind: TextKind): string[] {
  return Object.entries<FactType>(facts[kind]).flatMap(([name, type]) => (type === 'url?' ? [name] : []));
}

export function sayVariables<Kind extends TextKind>(
  kind: Kind,
  given: MailFacts<Kind>,
  sender: Sender,
  currency: string,
  language: Language,
): Variables {
  const said: Variables = {
    organization_name: cleanOrNull(sender.name, TEXT_LENGTH) ?? NOTHING,
    organization_contact: cleanOrNull(sender.contact, TEXT_LENGTH),
  };
  for (const [name, type] of Object.entries<FactType>(facts[kind]))
    said[name] = sayFact(type, given[name as keyof MailFacts<Kind>], currency, language);
  return said;
}

const TEXT_LENGTH = 200;
/** Stands for a name that has no visible character. */
const NOTHING = '—';

function sayFact(type: FactType, fact: unknown, currency: string, language: Language): string | number | null {
  if (fact === null) return null;
  switch (type) {
    case 'text':
      return cleanOrNull(fact as string, TEXT_LENGTH) ?? NOTHING;
    case 'text?':
      return cleanOrNull(fact as string, TEXT_LENGTH);
    case 'amount':
    case 'amount?':
      return sayAmount(fact as Cents, currency, language);
    case 'day':
    case 'day?':
      return sayLongDay(fact as Day, language);
    case 'count':
      return fact as number;
    case 'url?':
      return cleanOrNull(fact as string, 1000);
    case 'method':
      return methodNames[fact as PaymentMethod][language];
  }
}

const methodNames: Record<PaymentMethod, InEveryLanguage> = {
  direct_debit: { fr: 'prélèvement', en: 'direct debit', de: 'Lastschrift' },
  card: { fr: 'carte bancaire', en: 'card', de: 'Karte' },
  cash: { fr: 'espèces', en: 'cash', de: 'Barzahlung' },
  cheque: { fr: 'chèque', en: 'cheque', de: 'Scheck' },
  transfer: { fr: 'virement', en: 'bank transfer', de: 'Überweisung' },
};

const sampleTexts: Record<string, InEveryLanguage> = {
  customer_name: { fr: 'Marie Dupont', en: 'Marie Dupont', de: 'Marie Dupont' },
  label: {
    fr: 'Abonnement annuel, échéance n°\u00a03',
    en: 'Annual membership, instalment 3',
    de: 'Jahresbeitrag, Rate 3',
  },
  reason: { fr: 'provision insuffisante', en: 'insufficient funds', de: 'keine Kontodeckung' },
  number: { fr: 'F2026-000123', en: 'F2026-000123', de: 'F2026-000123' },
  reference: { fr: 'K7Q2-93', en: 'K7Q2-93', de: 'K7Q2-93' },
  account: { fr: 'FR76 •••• •••• 0189', en: 'FR76 •••• •••• 0189', de: 'DE89 •••• •••• 3000' },
  pay_to: {
    fr: 'FR76 3000 6000 0112 3456 7890 189',
    en: 'FR76 3000 6000 0112 3456 7890 189',
    de: 'DE89 3704 0044 0532 0130 00',
  },
  mandate_reference: { fr: 'MDT-000042', en: 'MDT-000042', de: 'MDT-000042' },
  creditor_id: { fr: 'FR72ZZZ123456', en: 'FR72ZZZ123456', de: 'DE98ZZZ09999999999' },
};
const sampleDays: Record<string, Day> = {
  due_on: day('2026-03-05'),
  rejected_on: day('2026-03-12'),
  paid_on: day('2026-03-20'),
  issued_on: day('2026-03-20'),
  blocked_on: day('2026-03-06'),
};
const sampleAmounts: Record<string, number> = { fee: 1000, total: 6900, owed: 5900, balance: 2500, represented: 6900 };

/** Made-up facts to try a text with: `full` with everything that may be said, otherwise only what is always said. */
export function sampleFacts<Kind extends TextKind>(kind: Kind, full: boolean, language: Language): MailFacts<Kind> {
  const sample = (name: string, type: FactType): unknown => {
    if (type.endsWith('?') && !full) return null;
    if (type.startsWith('amount')) return cents(sampleAmounts[name] ?? 5900);
    if (type.startsWith('day')) return sampleDays[name] ?? day('2026-04-05');
    if (type === 'count') return 15;
    if (type === 'url?') return 'https://pay.example/K7Q2-93';
    if (type === 'method') return 'card' satisfies PaymentMethod;
    return sampleTexts[name]?.[language] ?? name;
  };
  return Object.fromEntries(
    Object.entries<FactType>(facts[kind]).map(([name, type]) => [name, sample(name, type)]),
  ) as MailFacts<Kind>;
}
