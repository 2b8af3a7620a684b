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
