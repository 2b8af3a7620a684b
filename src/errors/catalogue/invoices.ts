/** Refusals about invoices and credit notes. */
import type { RefusalEntry } from './index.ts';

export const invoiceRefusals = {
  invoice_without_lines: {
    kind: 'invalid',
    fr: 'Il n’y a rien à facturer.',
    en: 'There is nothing to invoice.',
    de: 'Es gibt nichts zu berechnen.',
  },
  invoice_too_long: {
    kind: 'invalid',
    fr: 'Une facture compte au plus {limit} lignes.',
    en: 'An invoice has {limit} lines at most.',
    de: 'Eine Rechnung hat höchstens {limit} Zeilen.',
  },
  invoice_total_negative: {
    kind: 'invalid',
    fr: 'Le total serait négatif : il faut un avoir, pas une facture.',
    en: 'The total would be negative: that takes a credit note, not an invoice.',
    de: 'Der Gesamtbetrag wäre negativ: dafür braucht es eine Gutschrift, keine Rechnung.',
  },
  invoice_amounts_disagree: {
    kind: 'invalid',
    fr: 'Les règlements dépassent le total du document.',
    en: 'The settlements exceed the total of the document.',
    de: 'Die Zahlungen übersteigen den Gesamtbetrag des Dokuments.',
  },
  invoice_seller_incomplete: {
    kind: 'conflict',
    fr: 'L’identité de l’organisation est incomplète : {field} manque pour facturer.',
    en: 'The organization’s identity is incomplete: {field} is needed to invoice.',
    de: 'Die Angaben der Organisation sind unvollständig: {field} fehlt für die Rechnung.',
  },
  number_pattern_invalid: {
    kind: 'invalid',
    fr: 'Ce modèle de numéro ne convient pas : {pattern}. Exemple : {example}.',
    en: 'This number pattern will not do: {pattern}. Example: {example}.',
    de: 'Dieses Nummernmuster ist nicht verwendbar: {pattern}. Beispiel: {example}.',
  },
  credit_nothing_left: {
    kind: 'conflict',
    fr: 'La facture {number} est déjà entièrement annulée.',
    en: 'Invoice {number} is already cancelled in full.',
    de: 'Die Rechnung {number} ist bereits vollständig storniert.',
  },
  credit_exceeds_line: {
    kind: 'conflict',
    fr: 'Il ne reste pas autant à annuler sur la ligne {line}.',
    en: 'Line {line} does not have that much left to credit.',
    de: 'In Zeile {line} ist nicht mehr so viel gutzuschreiben.',
  },
  credit_line_twice: {
    kind: 'invalid',
    fr: 'La ligne {line} est demandée deux fois.',
    en: 'Line {line} is asked for twice.',
    de: 'Zeile {line} ist zweimal angegeben.',
  },
  credit_line_unknown: {
    kind: 'invalid',
    fr: 'La facture {number} n’a pas de ligne {line}.',
    en: 'Invoice {number} has no line {line}.',
    de: 'Die Rechnung {number} hat keine Zeile {line}.',
  },
} satisfies Record<string, RefusalEntry>;
