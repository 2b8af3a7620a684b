/** Refusals about e-mail: addresses, the texts that an organization writes, and reminders by hand. */
import type { RefusalEntry } from './index.ts';

export const mailRefusals = {
  email_not_one_address: {
    kind: 'invalid',
    fr: 'Indiquez une seule adresse e-mail, sans nom, virgule, guillemet ni espace.',
    en: 'Give one e-mail address only, without a name, comma, quote or space.',
    de: 'Geben Sie genau eine E-Mail-Adresse an, ohne Namen, Komma, Anführungszeichen oder Leerzeichen.',
  },
  email_malformed: {
    kind: 'invalid',
    fr: 'Une adresse e-mail s’écrit nom@domaine.',
    en: 'An e-mail address reads name@domain.',
    de: 'Eine E-Mail-Adresse lautet name@domain.',
  },
  email_too_long: {
    kind: 'invalid',
    fr: 'Une adresse e-mail compte {limit} caractères au plus, dont 64 avant l’arobase.',
    en: 'An e-mail address has at most {limit} characters, 64 of them before the @.',
    de: 'Eine E-Mail-Adresse hat höchstens {limit} Zeichen, davon 64 vor dem @.',
  },
  email_local_part: {
    kind: 'invalid',
    fr: 'La partie avant l’arobase contient un caractère ou un point mal placé qui n’est pas accepté.',
    en: 'The part before the @ has a character or a misplaced dot that is not accepted.',
    de: 'Der Teil vor dem @ enthält ein nicht erlaubtes Zeichen oder einen falsch gesetzten Punkt.',
  },
  email_domain: {
    kind: 'invalid',
    fr: 'Le domaine après l’arobase n’est pas un nom de domaine Internet.',
    en: 'The domain after the @ is not an Internet domain name.',
    de: 'Die Domain nach dem @ ist kein gültiger Internet-Domainname.',
  },
  mail_text_empty: {
    kind: 'invalid',
    fr: 'Le texte est vide, ou le serait pour certains clients.',
    en: 'The text is empty, or would be for some customers.',
    de: 'Der Text ist leer oder wäre es für manche Kunden.',
  },
  mail_text_too_long: {
    kind: 'invalid',
    fr: 'Le texte compte {limit} caractères au plus.',
    en: 'The text has at most {limit} characters.',
    de: 'Der Text hat höchstens {limit} Zeichen.',
  },
  mail_subject_one_line: {
    kind: 'invalid',
    fr: 'L’objet tient sur une seule ligne.',
    en: 'The subject is a single line.',
    de: 'Der Betreff ist eine einzige Zeile.',
  },
  mail_text_unknown_variable: {
    kind: 'invalid',
    fr: 'Ligne {line}, colonne {column} : « {variable} » n’existe pas ici. Variables possibles : {known}.',
    en: 'Line {line}, column {column}: there is no “{variable}” here. Possible variables: {known}.',
    de: 'Zeile {line}, Spalte {column}: „{variable}“ gibt es hier nicht. Mögliche Variablen: {known}.',
  },
  mail_text_unknown_tag: {
    kind: 'invalid',
    fr: 'Ligne {line}, colonne {column} : la balise « {tag} » n’est pas admise, ou n’a pas de début. Balises possibles : {known}.',
    en: 'Line {line}, column {column}: the tag “{tag}” is not allowed, or has no beginning. Possible tags: {known}.',
    de: 'Zeile {line}, Spalte {column}: der Tag „{tag}“ ist nicht erlaubt oder hat keinen Anfang. Mögliche Tags: {known}.',
  },
  mail_text_unknown_filter: {
    kind: 'invalid',
    fr: 'Ligne {line}, colonne {column} : le filtre « {filter} » n’est pas admis. Filtres possibles : {known}.',
    en: 'Line {line}, column {column}: the filter “{filter}” is not allowed. Possible filters: {known}.',
    de: 'Zeile {line}, Spalte {column}: der Filter „{filter}“ ist nicht erlaubt. Mögliche Filter: {known}.',
  },
  mail_text_unclosed: {
    kind: 'invalid',
    fr: 'Ligne {line}, colonne {column} : « {what} » n’est pas refermé.',
    en: 'Line {line}, column {column}: “{what}” is not closed.',
    de: 'Zeile {line}, Spalte {column}: „{what}“ ist nicht geschlossen.',
  },
  mail_text_broken: {
    kind: 'invalid',
    fr: 'Ligne {line}, colonne {column} : ce qui est écrit ici ne se comprend pas (accolades, condition ?).',
    en: 'Line {line}, column {column}: what is written here cannot be understood (braces, condition?).',
    de: 'Zeile {line}, Spalte {column}: das hier Geschriebene ist unverständlich (Klammern, Bedingung?).',
  },
  mail_text_too_costly: {
    kind: 'invalid',
    fr: 'Ligne {line}, colonne {column} : le texte demande trop de calcul.',
    en: 'Line {line}, column {column}: the text takes too much computing.',
    de: 'Zeile {line}, Spalte {column}: der Text erfordert zu viel Rechenaufwand.',
  },
  mail_text_bad_link: {
    kind: 'invalid',
    fr: 'Ligne {line}, colonne {column} : « {link} » n’est pas un lien https, mailto ou tel complet, ni l’une des variables : {known}.',
    en: 'Line {line}, column {column}: “{link}” is no complete https, mailto or tel link, nor one of the variables: {known}.',
    de: 'Zeile {line}, Spalte {column}: „{link}“ ist kein vollständiger https-, mailto- oder tel-Link und keine der Variablen: {known}.',
  },
  reminder_too_many_stages: {
    kind: 'invalid',
    fr: 'Les relances comptent {limit} étapes au plus.',
    en: 'Reminders have at most {limit} stages.',
    de: 'Mahnungen haben höchstens {limit} Stufen.',
  },
  reminder_stage_order: {
    kind: 'invalid',
    fr: 'L’étape {stage} doit venir plus de {previous} jours après l’échéance, et {limit} jours au plus.',
    en: 'Stage {stage} must come more than {previous} days after the due day, and at most {limit} days.',
    de: 'Stufe {stage} muss mehr als {previous} Tage nach der Fälligkeit liegen, höchstens {limit} Tage.',
  },
  reminder_stage_fee: {
    kind: 'invalid',
    fr: 'Les frais de l’étape {stage} doivent être un montant positif ou nul.',
    en: 'The fee of stage {stage} must be zero or a positive amount.',
    de: 'Die Gebühr der Stufe {stage} muss null oder ein positiver Betrag sein.',
  },
  reminder_customer_deceased: {
    kind: 'conflict',
    fr: 'La banque a signalé un décès : aucune relance n’est envoyée.',
    en: 'The bank has reported a death: no reminder is sent.',
    de: 'Die Bank hat einen Todesfall gemeldet: es wird keine Mahnung gesendet.',
  },
  reminder_money_in_flight: {
    kind: 'conflict',
    fr: 'Le règlement est en cours d’encaissement : il n’y a rien à relancer.',
    en: 'The money is on its way: there is nothing to remind of.',
    de: 'Die Zahlung ist unterwegs: es gibt nichts anzumahnen.',
  },
  reminder_nothing_due: {
    kind: 'conflict',
    fr: 'Rien n’est dû à ce jour : il n’y a rien à relancer.',
    en: 'Nothing is due today: there is nothing to remind of.',
    de: 'Heute ist nichts fällig: es gibt nichts anzumahnen.',
  },
  reminder_already_today: {
    kind: 'conflict',
    fr: 'Un rappel est déjà parti aujourd’hui pour cette somme.',
    en: 'A reminder of this debt has already gone out today.',
    de: 'Für diesen Betrag ist heute bereits eine Erinnerung verschickt worden.',
  },
} satisfies Record<string, RefusalEntry>;
