/** A change in words, for the explanation of an instalment and the history of a contract. */
import { fill } from '../../errors/fill.ts';
import type { InEveryLanguage, Language } from '../../errors/language.ts';
import type { PaymentMethod } from '../payment-method.ts';
import type { Change } from '../schedule/changes.ts';
import { sayAmount, sayDay } from '../wording.ts';

export function sayChange(change: Change, currency: string, language: Language): string {
  const values: Record<string, string> = {};
  for (const [name, value] of Object.entries(change)) {
    if (value === null || value === undefined) continue;
    if (name === 'amount') values[name] = sayAmount(Number(value), currency, language);
    else if (name === 'method') values[name] = methods[value as PaymentMethod][language];
    else if (name.endsWith('_on') || name === 'on') values[name] = sayDay(value, language);
    else values[name] = String(value);
  }
  return textsOf(change)
    .map((text) => fill(text[language], values))
    .join('');
}

/** The parts of the sentence, the later ones where there is something to say. */
function textsOf(change: Change): InEveryLanguage[] {
  switch (change.kind) {
    case 'suspension_added':
    case 'suspension_edited': {
      const span = change.ends_on === null ? texts.unlimited : texts.bounded;
      const start = change.kind === 'suspension_added' ? texts.suspended : texts.suspension_edited;
      return [start, span, ...(change.amount === null ? [] : [texts.at_amount]), texts.because];
    }
    case 'suspension_stopped':
      return [texts.suspension_stopped, ...(change.amount === null ? [] : [texts.at_amount])];
    case 'instalment_edited':
      return [
        texts.instalment_edited,
        ...(change.amount === null ? [] : [texts.at_amount]),
        ...(change.due_on === null ? [] : [texts.due]),
      ];
    case 'expiry_changed':
      return [change.ends_on === null ? texts.without_end : texts.expiry_changed];
    case 'extended':
    case 'issues_extended':
    case 'incident_recorded':
    case 'cancelled':
      return change.reason === '' ? [texts[change.kind]] : [texts[change.kind], texts.because];
    default:
      return [texts[change.kind]];
  }
}

const texts = {
  suspended: { fr: 'Suspendu', en: 'Suspended', de: 'Ausgesetzt' },
  suspension_edited: { fr: 'Suspension modifiée :', en: 'Suspension edited:', de: 'Aussetzung geändert:' },
  bounded: {
    fr: ' du {starts_on} au {ends_on}',
    en: ' from {starts_on} to {ends_on}',
    de: ' vom {starts_on} bis {ends_on}',
  },
  unlimited: { fr: ' à partir du {starts_on}', en: ' from {starts_on} on', de: ' ab {starts_on}' },
  at_amount: { fr: ', à {amount}', en: ', at {amount}', de: ', zu {amount}' },
  because: { fr: ' ({reason})', en: ' ({reason})', de: ' ({reason})' },
  due: { fr: ', due le {due_on}', en: ', due on {due_on}', de: ', fällig am {due_on}' },
  suspension_stopped: {
    fr: 'Suspension arrêtée, retour le {on}',
    en: 'Suspension stopped, back on {on}',
    de: 'Aussetzung beendet, zurück am {on}',
  },
  suspension_removed: { fr: 'Suspension supprimée', en: 'Suspension removed', de: 'Aussetzung gelöscht' },
  price_changed: {
    fr: 'Prix de {amount} à partir du {from_on}',
    en: 'Price of {amount} from {from_on}',
    de: 'Preis {amount} ab {from_on}',
  },
  method_changed: {
    fr: 'Paiement par {method} à partir du {from_on}',
    en: 'Paid by {method} from {from_on}',
    de: 'Zahlung per {method} ab {from_on}',
  },
  extended: { fr: 'Prolongé de {days} jours', en: 'Extended by {days} days', de: 'Um {days} Tage verlängert' },
  issues_extended: {
    fr: 'Prolongé de {issues} numéros',
    en: 'Extended by {issues} issues',
    de: 'Um {issues} Ausgaben verlängert',
  },
  incident_recorded: {
    fr: 'Incident du {from_on} au {to_on}',
    en: 'Incident from {from_on} to {to_on}',
    de: 'Vorfall vom {from_on} bis {to_on}',
  },
  incident_removed: { fr: 'Incident supprimé', en: 'Incident removed', de: 'Vorfall gelöscht' },
  extension_removed: { fr: 'Prolongation supprimée', en: 'Extension removed', de: 'Verlängerung gelöscht' },
  cancelled: { fr: 'Résilié au {on}', en: 'Cancelled as of {on}', de: 'Gekündigt zum {on}' },
  cancellation_undone: { fr: 'Résiliation annulée', en: 'Cancellation undone', de: 'Kündigung zurückgenommen' },
  instalment_edited: {
    fr: 'Échéance modifiée à la main',
    en: 'Instalment edited by hand',
    de: 'Rate von Hand geändert',
  },
  expiry_changed: { fr: 'Fin fixée au {ends_on}', en: 'End set to {ends_on}', de: 'Ende auf den {ends_on} gesetzt' },
  without_end: { fr: 'De nouveau sans fin', en: 'Open-ended again', de: 'Wieder unbefristet' },
  credit_granted: { fr: 'Crédit de {amount}', en: 'Credit of {amount}', de: 'Gutschrift von {amount}' },
  noted: { fr: 'Note', en: 'Note', de: 'Notiz' },
} satisfies Record<string, InEveryLanguage>;

const methods: Record<PaymentMethod, InEveryLanguage> = {
  direct_debit: { fr: 'prélèvement', en: 'direct debit', de: 'Lastschrift' },
  card: { fr: 'carte', en: 'card', de: 'Karte' },
  cash: { fr: 'espèces', en: 'cash', de: 'Barzahlung' },
  cheque: { fr: 'chèque', en: 'cheque', de: 'Scheck' },
  transfer: { fr: 'virement', en: 'transfer', de: 'Überweisung' },
};
