/** The facts of a message at a glance: the few lines in the card above its text, the first of them large. */
import type { TextKind } from '../../domain/reminders/kinds.ts';
import type { InEveryLanguage, Language } from '../../errors/language.ts';
import type { Variables } from './variables.ts';

export interface CardLine {
  label: string;
  value: string;
}

/** How serious a message is; the layout chooses its colour by it. */
export type Tone = 'calm' | 'good' | 'warning' | 'serious';

export const tones: Record<TextKind, Tone> = {
  reminder_1: 'calm',
  reminder_2: 'warning',
  reminder_3: 'serious',
  payment_reminder: 'calm',
  prenotification: 'calm',
  receipt: 'good',
  rejection_notice: 'warning',
  invoice: 'calm',
  access_blocked: 'serious',
};

const labels = {
  toPay: { fr: 'À régler', en: 'To pay', de: 'Zu zahlen' },
  collected: { fr: 'Montant prélevé', en: 'Amount collected', de: 'Abgebuchter Betrag' },
  received: { fr: 'Montant reçu', en: 'Amount received', de: 'Erhaltener Betrag' },
  invoiced: { fr: 'Montant de la facture', en: 'Invoice amount', de: 'Rechnungsbetrag' },
  label: { fr: 'Objet', en: 'For', de: 'Für' },
  fee: { fr: 'Dont frais', en: 'Including fee', de: 'Davon Gebühr' },
  due: { fr: 'Échéance', en: 'Due on', de: 'Fällig am' },
  latest: { fr: 'Au plus tard', en: 'At the latest', de: 'Spätestens' },
  on: { fr: 'Date', en: 'On', de: 'Am' },
  account: { fr: 'Compte', en: 'Account', de: 'Konto' },
  mandate: { fr: 'Mandat (RUM)', en: 'Mandate', de: 'Mandatsreferenz' },
  creditor: { fr: 'Créancier (ICS)', en: 'Creditor id', de: 'Gläubiger-ID' },
  method: { fr: 'Moyen de paiement', en: 'Paid by', de: 'Zahlungsart' },
  reference: { fr: 'Référence', en: 'Reference', de: 'Referenz' },
  rejected: { fr: 'Rejeté le', en: 'Returned on', de: 'Zurückgegeben am' },
  again: { fr: 'Prélevé à nouveau', en: 'Collected again', de: 'Erneut am' },
  debited: { fr: 'Prélèvement le', en: 'Direct debit on', de: 'Abbuchung am' },
  number: { fr: 'Facture', en: 'Invoice', de: 'Rechnung' },
  issued: { fr: 'Du', en: 'Dated', de: 'Vom' },
  blocked: { fr: 'Bloqué depuis le', en: 'Blocked since', de: 'Gesperrt seit' },
} satisfies Record<string, InEveryLanguage>;

type Line = readonly [variable: string, label: keyof typeof labels];

const owed: readonly Line[] = [
  ['amount', 'toPay'],
  ['label', 'label'],
  ['due_on', 'due'],
  ['fee', 'fee'],
  ['pay_by', 'latest'],
  ['reference', 'reference'],
];

const lines: Record<TextKind, readonly Line[]> = {
  reminder_1: owed,
  reminder_2: owed,
  reminder_3: owed,
  payment_reminder: owed,
  prenotification: [
    ['amount', 'collected'],
    ['collect_on', 'on'],
    ['label', 'label'],
    ['account', 'account'],
    ['mandate_reference', 'mandate'],
    ['creditor_id', 'creditor'],
  ],
  receipt: [
    ['amount', 'received'],
    ['label', 'label'],
    ['paid_on', 'on'],
    ['method', 'method'],
    ['reference', 'reference'],
  ],
  rejection_notice: [
    ['total', 'toPay'],
    ['label', 'label'],
    ['rejected_on', 'rejected'],
    ['fee', 'fee'],
    ['represented_on', 'again'],
    ['pay_by', 'latest'],
    ['reference', 'reference'],
  ],
  invoice: [
    ['amount', 'invoiced'],
    ['number', 'number'],
    ['issued_on', 'issued'],
    ['owed', 'toPay'],
    ['due_on', 'latest'],
    ['debited_on', 'debited'],
  ],
  access_blocked: [
    ['amount', 'toPay'],
    ['label', 'label'],
    ['due_on', 'due'],
    ['blocked_on', 'blocked'],
    ['reference', 'reference'],
  ],
};

/** The lines that have something to say. */
export function cardOf(kind: TextKind, variables: Variables, language: Language): CardLine[] {
  return lines[kind].flatMap(([variable, label]) => {
    const value = variables[variable];
    return value === null || value === undefined ? [] : [{ label: labels[label][language], value: String(value) }];
  });
}
