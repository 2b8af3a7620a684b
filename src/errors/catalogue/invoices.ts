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
  credit_exceeds_invoice: {
    kind: 'conflict',
    fr: 'Il ne reste que {left} à annuler sur cette facture.',
    en: 'Only {left} of this invoice is left to credit.',
    de: 'Von dieser Rechnung sind nur noch {left} gutzuschreiben.',
  },
  credit_lines_or_amount: {
    kind: 'invalid',
    fr: 'Indiquez des lignes ou un montant, pas les deux.',
    en: 'Give lines or an amount, not both.',
    de: 'Geben Sie Zeilen oder einen Betrag an, nicht beides.',
  },
  credit_of_credit_note: {
    kind: 'conflict',
    fr: 'Un avoir ne s’annule pas par un avoir.',
    en: 'A credit note is not cancelled by a credit note.',
    de: 'Eine Gutschrift wird nicht durch eine Gutschrift storniert.',
  },
  invoice_instalment_invoiced: {
    kind: 'conflict',
    fr: 'L’échéance {number} figure déjà sur la facture {invoice}.',
    en: 'Instalment {number} is on invoice {invoice} already.',
    de: 'Die Rate {number} steht bereits auf der Rechnung {invoice}.',
  },
  invoice_instalment_free: {
    kind: 'conflict',
    fr: 'L’échéance {number} ne coûte rien : elle ne se facture pas.',
    en: 'Instalment {number} costs nothing, so there is nothing to invoice.',
    de: 'Die Rate {number} kostet nichts und wird nicht berechnet.',
  },
  invoice_instalment_not_due: {
    kind: 'conflict',
    fr: 'L’échéance {number} n’est due que le {due_on} et n’est pas payée.',
    en: 'Instalment {number} is not due before {due_on} and not paid.',
    de: 'Die Rate {number} ist erst am {due_on} fällig und nicht bezahlt.',
  },
  invoice_fee_invoiced: {
    kind: 'conflict',
    fr: '« {label} » figure déjà sur la facture {invoice}.',
    en: '“{label}” is on invoice {invoice} already.',
    de: '„{label}“ steht bereits auf der Rechnung {invoice}.',
  },
  invoice_fee_free: {
    kind: 'conflict',
    fr: '« {label} » n’est pas dû : il n’y a rien à facturer.',
    en: '“{label}” is not owed, so there is nothing to invoice.',
    de: '„{label}“ ist nicht geschuldet und wird nicht berechnet.',
  },
  invoice_fee_not_due: {
    kind: 'conflict',
    fr: '« {label} » n’est dû que le {due_on} et n’est pas payé.',
    en: '“{label}” is not due before {due_on} and not paid.',
    de: '„{label}“ ist erst am {due_on} fällig und nicht bezahlt.',
  },
  credit_line_in_flight: {
    kind: 'conflict',
    fr: 'Le prélèvement de la ligne {line} est en cours à la banque : attendez son issue, puis faites l’avoir.',
    en: 'The debit of line {line} is with the bank: wait for what becomes of it, then make the credit note.',
    de: 'Die Lastschrift zu Zeile {line} ist bei der Bank: Warten Sie das Ergebnis ab, dann erstellen Sie die Gutschrift.',
  },
  credit_line_written_off: {
    kind: 'conflict',
    fr: 'La ligne {line} est passée en perte : annulez d’abord cette perte, puis faites l’avoir.',
    en: 'Line {line} was written off: take the write-off back, then make the credit note.',
    de: 'Zeile {line} wurde ausgebucht: Nehmen Sie die Ausbuchung zurück, dann erstellen Sie die Gutschrift.',
  },
  credit_still_owed_in_part: {
    kind: 'invalid',
    fr: 'Seule une ligne entière, jamais créditée en partie, peut rester due et être refacturée (ligne {line}).',
    en: 'Only a whole line that was never credited in part can stay owed and be invoiced again (line {line}).',
    de: 'Nur eine ganze, noch nie teilweise gutgeschriebene Zeile kann geschuldet bleiben und neu berechnet werden (Zeile {line}).',
  },
  invoice_print_failed: {
    kind: 'conflict',
    fr: 'Le PDF n’a pas pu être produit (travail {job}) ; relancez ce travail.',
    en: 'The PDF could not be made (job {job}); retry that job.',
    de: 'Das PDF konnte nicht erstellt werden (Auftrag {job}); starten Sie ihn erneut.',
  },
  number_series_in_use: {
    kind: 'conflict',
    fr: 'La série {series} a déjà des numéros : prenez un autre code et un autre modèle pour changer.',
    en: 'Series {series} has numbers already: take another code and another pattern to change.',
    de: 'Die Serie {series} hat bereits Nummern: Wählen Sie zum Ändern einen anderen Code und ein anderes Muster.',
  },
  period_reversed: {
    kind: 'invalid',
    fr: 'La période finit avant de commencer.',
    en: 'The period ends before it begins.',
    de: 'Der Zeitraum endet, bevor er beginnt.',
  },
  logo_unreadable: {
    kind: 'invalid',
    fr: 'Cette image n’est ni un PNG ni un JPEG d’un mégaoctet au plus.',
    en: 'This is no PNG or JPEG picture of a megabyte at most.',
    de: 'Das ist kein PNG- oder JPEG-Bild von höchstens einem Megabyte.',
  },
} satisfies Record<string, RefusalEntry>;
