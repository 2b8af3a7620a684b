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
} satisfies Record<string, RefusalEntry>;
