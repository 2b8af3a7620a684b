/**
 * Refusals about bank accounts, direct debit files and the files that banks send back.
 * None of these texts ever holds an IBAN.
 */
import type { RefusalEntry } from './index.ts';

export const bankFileRefusals = {
  iban_missing: { kind: 'invalid', fr: 'IBAN manquant.', en: 'The IBAN is missing.', de: 'Die IBAN fehlt.' },
  iban_country_unknown: {
    kind: 'invalid',
    fr: 'Le pays {country} n’a pas d’IBAN.',
    en: 'The country {country} has no IBAN.',
    de: 'Das Land {country} hat keine IBAN.',
  },
  iban_length: {
    kind: 'invalid',
    fr: 'Un IBAN {country} compte {expected} caractères ; celui-ci en compte {found}.',
    en: 'An IBAN of {country} has {expected} characters; this one has {found}.',
    de: 'Eine IBAN aus {country} hat {expected} Zeichen; diese hat {found}.',
  },
  iban_characters: {
    kind: 'invalid',
    fr: 'L’IBAN contient des caractères mal placés.',
    en: 'The IBAN has characters that do not belong where they stand.',
    de: 'Die IBAN enthält Zeichen an falscher Stelle.',
  },
  iban_check_digits: {
    kind: 'invalid',
    fr: 'La clé de contrôle de l’IBAN est fausse : un caractère a sans doute été mal recopié.',
    en: 'The check digits of the IBAN are wrong: a character was probably mistyped.',
    de: 'Die Prüfziffern der IBAN sind falsch: wahrscheinlich ein Tippfehler.',
  },
  iban_national_key: {
    kind: 'invalid',
    fr: 'La clé nationale du compte (clé RIB en France) est fausse.',
    en: 'The national check key of the account is wrong (in France: clé RIB).',
    de: 'Die nationale Prüfziffer des Kontos ist falsch.',
  },
  iban_outside_sepa: {
    kind: 'invalid',
    fr: 'Le pays {country} n’est pas dans la zone SEPA : aucun prélèvement n’y est possible.',
    en: 'The country {country} is outside SEPA: no direct debit is possible there.',
    de: 'Das Land {country} gehört nicht zum SEPA-Raum: dort ist keine Lastschrift möglich.',
  },
  iban_for_references_only: {
    kind: 'invalid',
    fr: 'Cet IBAN (QR-IBAN) ne sert qu’aux factures avec référence : il ne peut pas être prélevé.',
    en: 'This IBAN (QR-IBAN) serves invoices with a reference only: it cannot be debited.',
    de: 'Diese IBAN (QR-IBAN) dient nur Rechnungen mit Referenz: sie kann nicht belastet werden.',
  },
  creditor_identifier_malformed: {
    kind: 'invalid',
    fr: 'L’identifiant créancier SEPA (ICS) n’a pas la forme attendue.',
    en: 'The SEPA creditor identifier does not have the expected form.',
    de: 'Die Gläubiger-Identifikationsnummer hat nicht die erwartete Form.',
  },
  creditor_identifier_check_digits: {
    kind: 'invalid',
    fr: 'La clé de contrôle de l’identifiant créancier SEPA (ICS) est fausse.',
    en: 'The check digits of the SEPA creditor identifier are wrong.',
    de: 'Die Prüfziffern der Gläubiger-Identifikationsnummer sind falsch.',
  },

  debit_field_missing: {
    kind: 'invalid',
    fr: 'Prélèvement : le champ {field} est vide.',
    en: 'Direct debit: the field {field} is empty.',
    de: 'Lastschrift: das Feld {field} ist leer.',
  },
  debit_identifier_unusable: {
    kind: 'invalid',
    fr: 'Prélèvement : {field} doit compter 1 à 35 caractères SEPA, sans « / » au début ou à la fin ni « // ».',
    en: 'Direct debit: {field} must be 1 to 35 SEPA characters, with no "/" at either end and no "//".',
    de: 'Lastschrift: {field} braucht 1 bis 35 SEPA-Zeichen, ohne „/“ am Anfang oder Ende und ohne „//“.',
  },
  debit_amount_out_of_range: {
    kind: 'invalid',
    fr: 'Prélèvement : le montant doit aller de 0,01 à 999 999 999,99 euros.',
    en: 'Direct debit: the amount must be from 0.01 to 999,999,999.99 euros.',
    de: 'Lastschrift: der Betrag muss zwischen 0,01 und 999.999.999,99 Euro liegen.',
  },
  debit_end_to_end_repeated: {
    kind: 'conflict',
    fr: 'Prélèvement : la référence de bout en bout {end_to_end_id} est déjà dans le fichier.',
    en: 'Direct debit: the end-to-end reference {end_to_end_id} is already in the file.',
    de: 'Lastschrift: die Ende-zu-Ende-Referenz {end_to_end_id} steht schon in der Datei.',
  },
  debit_one_off_mandate_repeated: {
    kind: 'conflict',
    fr: 'Prélèvement : le mandat ponctuel {mandate} sert deux fois.',
    en: 'Direct debit: the one-off mandate {mandate} is used twice.',
    de: 'Lastschrift: das einmalige Mandat {mandate} wird zweimal benutzt.',
  },
  debit_sequence_unknown: {
    kind: 'invalid',
    fr: 'Prélèvement : type de séquence ou schéma inconnu ({found}).',
    en: 'Direct debit: unknown sequence type or scheme ({found}).',
    de: 'Lastschrift: unbekannter Sequenztyp oder unbekanntes Verfahren ({found}).',
  },
  debit_day_closed: {
    kind: 'invalid',
    fr: 'Prélèvement : le {day} n’est pas un jour ouvré TARGET.',
    en: 'Direct debit: {day} is no TARGET business day.',
    de: 'Lastschrift: der {day} ist kein TARGET-Geschäftstag.',
  },
  debit_day_too_early: {
    kind: 'invalid',
    fr: 'Prélèvement : le {day} est trop tôt ; la banque accepte à partir du {earliest}.',
    en: 'Direct debit: {day} is too early; the bank accepts from {earliest} on.',
    de: 'Lastschrift: der {day} ist zu früh; die Bank nimmt ab dem {earliest} an.',
  },
  debit_mandate_signed_later: {
    kind: 'invalid',
    fr: 'Prélèvement : le mandat est signé le {signed_on}, après le jour de collecte.',
    en: 'Direct debit: the mandate is signed on {signed_on}, after the day of collection.',
    de: 'Lastschrift: das Mandat ist am {signed_on} unterschrieben, nach dem Einzugstag.',
  },
  debit_address_missing: {
    kind: 'invalid',
    fr: 'Prélèvement : la banque du débiteur est hors EEE ({country}) ; son adresse (ville et pays) est obligatoire.',
    en: 'Direct debit: the debtor’s bank is outside the EEA ({country}); their address (town and country) is required.',
    de: 'Lastschrift: die Bank des Zahlers liegt außerhalb des EWR ({country}); seine Anschrift (Ort und Land) ist Pflicht.',
  },
  debit_bic_malformed: {
    kind: 'invalid',
    fr: 'Prélèvement : le BIC n’a pas la forme attendue.',
    en: 'Direct debit: the BIC does not have the expected form.',
    de: 'Lastschrift: die BIC hat nicht die erwartete Form.',
  },
  debit_group_repeated: {
    kind: 'conflict',
    fr: 'Fichier de prélèvement : deux remises pour le même compte, schéma, séquence et jour ({group}).',
    en: 'Direct debit file: two groups for the same account, scheme, sequence and day ({group}).',
    de: 'Lastschriftdatei: zwei Gruppen für dasselbe Konto, Verfahren, Sequenz und Tag ({group}).',
  },
  debit_group_unknown: {
    kind: 'invalid',
    fr: 'Fichier de prélèvement : une ligne vise une remise inconnue ou dans le désordre ({group}).',
    en: 'Direct debit file: a line names a group that is unknown or out of order ({group}).',
    de: 'Lastschriftdatei: eine Zeile nennt eine unbekannte Gruppe oder steht falsch ({group}).',
  },
  debit_totals_disagree: {
    kind: 'conflict',
    fr: 'Fichier de prélèvement : {where} annonce {declared}, les lignes donnent {found}.',
    en: 'Direct debit file: {where} declares {declared}, the lines give {found}.',
    de: 'Lastschriftdatei: {where} nennt {declared}, die Zeilen ergeben {found}.',
  },

  bank_return_decided: {
    kind: 'conflict',
    fr: 'La décision a déjà été prise pour ce motif dans ce fichier.',
    en: 'This was decided already for this reason in this file.',
    de: 'Für diesen Grund ist in dieser Datei schon entschieden worden.',
  },
  bank_return_nothing_to_decide: {
    kind: 'conflict',
    fr: 'Aucun rejet de ce motif n’attend de décision dans ce fichier.',
    en: 'No return of this reason waits for a decision in this file.',
    de: 'In dieser Datei wartet keine Rückgabe mit diesem Grund auf eine Entscheidung.',
  },
  bank_entry_matched: {
    kind: 'conflict',
    fr: 'Cette écriture a déjà son prélèvement ({effect}).',
    en: 'This entry has its direct debit already ({effect}).',
    de: 'Dieser Eintrag hat seine Lastschrift schon ({effect}).',
  },
  bank_entry_not_understood: {
    kind: 'conflict',
    fr: 'Cette écriture ne dit pas ce qu’est devenu un prélèvement : saisissez-le au règlement.',
    en: 'This entry does not say what became of a direct debit: enter it at the payment.',
    de: 'Dieser Eintrag sagt nicht, was aus einer Lastschrift wurde: bei der Zahlung erfassen.',
  },
  bank_entry_about_a_group: {
    kind: 'conflict',
    fr: 'Cette écriture parle de tout un fichier ou de tout un lot, pas d’un prélèvement.',
    en: 'This entry speaks of a whole file or group, not of one direct debit.',
    de: 'Dieser Eintrag spricht von einer ganzen Datei oder Gruppe, nicht von einer Lastschrift.',
  },
  bank_entry_names_another: {
    kind: 'conflict',
    fr: 'Cette écriture nomme un autre de vos prélèvements.',
    en: 'This entry names another direct debit of yours.',
    de: 'Dieser Eintrag nennt eine andere Ihrer Lastschriften.',
  },
  bank_entry_currency_differs: {
    kind: 'conflict',
    fr: 'Cette écriture est en {found}, vos prélèvements en {expected}.',
    en: 'This entry is in {found}, your direct debits are in {expected}.',
    de: 'Dieser Eintrag ist in {found}, Ihre Lastschriften sind in {expected}.',
  },
  bank_entry_amount_differs: {
    kind: 'conflict',
    fr: 'La banque parle de {told} centimes, ce prélèvement est de {debited}.',
    en: 'The bank speaks of {told} minor units, this direct debit is of {debited}.',
    de: 'Die Bank spricht von {told} Cent, diese Lastschrift ist über {debited}.',
  },
  payment_not_presented: {
    kind: 'conflict',
    fr: 'Ce règlement n’a pas été remis à la banque comme prélèvement.',
    en: 'This payment was not handed to the bank as a direct debit.',
    de: 'Diese Zahlung wurde der Bank nicht als Lastschrift übergeben.',
  },
  bank_file_empty: {
    kind: 'invalid',
    fr: 'Le fichier de la banque est vide.',
    en: 'The bank’s file is empty.',
    de: 'Die Datei der Bank ist leer.',
  },
  bank_file_too_large: {
    kind: 'too_large',
    fr: 'Le fichier de la banque dépasse {limit} octets.',
    en: 'The bank’s file is over {limit} bytes.',
    de: 'Die Datei der Bank ist größer als {limit} Bytes.',
  },
  bank_file_not_xml: {
    kind: 'invalid',
    fr: 'Ce n’est pas un fichier XML de banque (trouvé : {found}).',
    en: 'This is no XML file of a bank (found: {found}).',
    de: 'Das ist keine XML-Datei einer Bank (gefunden: {found}).',
  },
  bank_file_encoding: {
    kind: 'invalid',
    fr: 'Le codage des caractères du fichier ({encoding}) n’est pas accepté ou ne correspond pas au contenu.',
    en: 'The file’s character encoding ({encoding}) is not accepted or does not match its content.',
    de: 'Die Zeichenkodierung der Datei ({encoding}) wird nicht angenommen oder passt nicht zum Inhalt.',
  },
  bank_file_doctype: {
    kind: 'invalid',
    fr: 'Le fichier contient un DOCTYPE ou une entité : aucune banque n’en envoie, il est refusé sans être lu.',
    en: 'The file holds a DOCTYPE or an entity: no bank sends these, it is refused unread.',
    de: 'Die Datei enthält eine DOCTYPE-Angabe oder Entität: keine Bank sendet das, sie wird ungelesen abgelehnt.',
  },
  bank_file_malformed: {
    kind: 'invalid',
    fr: 'Le fichier n’est pas du XML bien formé (vers l’octet {offset}).',
    en: 'The file is not well-formed XML (near byte {offset}).',
    de: 'Die Datei ist kein wohlgeformtes XML (nahe Byte {offset}).',
  },
  bank_file_truncated: {
    kind: 'invalid',
    fr: 'Le fichier s’arrête avant la fin : il est incomplet.',
    en: 'The file stops before its end: it is incomplete.',
    de: 'Die Datei bricht vor dem Ende ab: sie ist unvollständig.',
  },
  bank_file_not_a_message: {
    kind: 'invalid',
    fr: 'Ce fichier n’est ni un pain.002, ni un camt.053, ni un camt.054 (trouvé : {found}).',
    en: 'This file is no pain.002, camt.053 or camt.054 (found: {found}).',
    de: 'Diese Datei ist weder pain.002 noch camt.053 oder camt.054 (gefunden: {found}).',
  },
  bank_file_several_messages: {
    kind: 'invalid',
    fr: 'Le fichier contient plusieurs messages : envoyez-les un par un.',
    en: 'The file holds several messages: send them one by one.',
    de: 'Die Datei enthält mehrere Nachrichten: senden Sie sie einzeln.',
  },
  bank_file_beyond_limit: {
    kind: 'invalid',
    fr: 'Le fichier dépasse une limite de lecture : {what} (au plus {limit}).',
    en: 'The file goes beyond a reading limit: {what} (at most {limit}).',
    de: 'Die Datei überschreitet eine Lesegrenze: {what} (höchstens {limit}).',
  },
} satisfies Record<string, RefusalEntry>;
