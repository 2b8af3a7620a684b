/**
 * What is odd about a bank's file without making it unreadable: shown in the report of its import, never acted upon.
 */
import { fill } from '../../../errors/fill.ts';
import type { InEveryLanguage, Language } from '../../../errors/language.ts';

export const findingWords = {
  version_not_listed: {
    fr: 'Version {found} du message : lue comme les versions connues.',
    en: 'Version {found} of the message: read like the known ones.',
    de: 'Version {found} der Nachricht: wie die bekannten gelesen.',
  },
  namespace_unexpected: {
    fr: 'L’espace de noms « {found} » ne correspond pas au message ; le contenu a été jugé.',
    en: 'The namespace “{found}” does not fit the message; the content was judged.',
    de: 'Der Namensraum „{found}“ passt nicht zur Nachricht; der Inhalt zählt.',
  },
  encoding_mislabelled: {
    fr: 'Le codage annoncé ({found}) n’est pas celui du fichier.',
    en: 'The declared encoding ({found}) is not that of the file.',
    de: 'Die angegebene Kodierung ({found}) ist nicht die der Datei.',
  },
  amount_unreadable: {
    fr: 'Montant illisible : « {found} ».',
    en: 'Unreadable amount: “{found}”.',
    de: 'Unlesbarer Betrag: „{found}“.',
  },
  day_unreadable: {
    fr: 'Date illisible : « {found} ».',
    en: 'Unreadable day: “{found}”.',
    de: 'Unlesbares Datum: „{found}“.',
  },
  amount_missing: {
    fr: 'Une opération sans montant propre.',
    en: 'A transaction without an amount of its own.',
    de: 'Ein Umsatz ohne eigenen Betrag.',
  },
  currency_other: {
    fr: 'Une opération en {found}.',
    en: 'A transaction in {found}.',
    de: 'Ein Umsatz in {found}.',
  },
  totals_disagree: {
    fr: '{what} : annoncé {declared}, trouvé {found}.',
    en: '{what}: declared {declared}, found {found}.',
    de: '{what}: angegeben {declared}, gefunden {found}.',
  },
  entry_disagrees: {
    fr: 'L’écriture vaut {declared}, ses opérations {found}.',
    en: 'The entry is of {declared}, its transactions of {found}.',
    de: 'Die Buchung lautet auf {declared}, ihre Umsätze auf {found}.',
  },
  charges_of_batch: {
    fr: 'Frais bancaires de {found} pour toute une écriture groupée : à répartir à la main.',
    en: 'Bank charges of {found} for a whole batch entry: to be shared out by hand.',
    de: 'Bankgebühren von {found} für eine Sammelbuchung: von Hand aufzuteilen.',
  },
  charges_unclear: {
    fr: 'Frais bancaires de {found} : on ne sait pas s’ils sont compris dans le montant.',
    en: 'Bank charges of {found}: it is not said whether the amount includes them.',
    de: 'Bankgebühren von {found}: unklar, ob im Betrag enthalten.',
  },
  statuses_contradict: {
    fr: 'Le groupe est {declared} mais une opération est {found}.',
    en: 'The group is {declared} but a transaction is {found}.',
    de: 'Die Gruppe ist {declared}, ein Umsatz aber {found}.',
  },
  group_listed_in_part: {
    fr: 'Groupe rejeté en entier ({declared} opérations) mais {found} seulement sont listées.',
    en: 'The whole group is rejected ({declared} transactions) but only {found} are listed.',
    de: 'Die ganze Gruppe ist abgelehnt ({declared} Umsätze), aber nur {found} sind aufgeführt.',
  },
  not_about_debits: {
    fr: 'Le fichier répond à un message {found}, pas à un prélèvement.',
    en: 'The file answers a {found} message, no direct debit.',
    de: 'Die Datei antwortet auf eine Nachricht {found}, keine Lastschrift.',
  },
  told_as_copy: {
    fr: 'La banque dit que c’est une copie ({found}).',
    en: 'The bank says that this is a copy ({found}).',
    de: 'Die Bank bezeichnet dies als Kopie ({found}).',
  },
  account_not_ours: {
    fr: 'Le fichier parle d’un autre compte que celui de l’organisation.',
    en: 'The file speaks of another account than the organization’s.',
    de: 'Die Datei spricht von einem anderen Konto als dem der Organisation.',
  },
  nothing_told: {
    fr: 'Le fichier ne contient aucune opération.',
    en: 'The file holds no transaction.',
    de: 'Die Datei enthält keinen Umsatz.',
  },
} satisfies Record<string, InEveryLanguage>;

export type FindingCode = keyof typeof findingWords;

export interface BankFileFinding {
  code: FindingCode;
  params: Record<string, string | number>;
  path: string;
}

/** Findings kept in the report; more are only counted. */
export const MAX_FINDINGS = 200;

/** Longest piece of a file that a finding repeats. */
const MAX_QUOTE = 60;

export interface FindingList {
  add(code: FindingCode, path: string, params?: Record<string, string | number>): void;
  list: BankFileFinding[];
  count(): number;
}

export function findingList(): FindingList {
  const list: BankFileFinding[] = [];
  let count = 0;
  return {
    list,
    count: () => count,
    add(code, path, params = {}) {
      count += 1;
      if (list.length >= MAX_FINDINGS) return;
      const short: Record<string, string | number> = {};
      for (const [name, value] of Object.entries(params))
        short[name] = typeof value === 'string' ? value.slice(0, MAX_QUOTE) : value;
      list.push({ code, path, params: short });
    },
  };
}

/** A finding in words. */
export function sayFinding(finding: BankFileFinding, language: Language): string {
  return fill(findingWords[finding.code][language], finding.params);
}
