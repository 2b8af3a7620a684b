/**
 * Warnings: what a preview says that is allowed but worth a second look. `{name}` in a text is filled from the params;
 * amounts in params are decimal texts.
 */
import { fill } from './fill.ts';
import type { InEveryLanguage, Language } from './language.ts';

const all = {
  suspensions_overlap: {
    fr: 'Une autre suspension couvre des mêmes jours, à partir du {starts_on} : chaque jour compte une fois.',
    en: 'Another suspension covers some of the same days, from {starts_on}: each day counts once.',
    de: 'Eine andere Aussetzung umfasst dieselben Tage, ab {starts_on}: Jeder Tag zählt einmal.',
  },
  no_instalment_suspended: {
    fr: 'L’accès est suspendu, mais aucune échéance ne change.',
    en: 'Access is suspended, but no instalment changes.',
    de: 'Der Zutritt ist ausgesetzt, aber keine Rate ändert sich.',
  },
  facts_kept: {
    fr: 'Échéances déjà encaissées ou engagées, gardées telles quelles : {instalments}.',
    en: 'Instalments already paid or under way, kept as they are: {instalments}.',
    de: 'Bereits bezahlte oder laufende Raten bleiben, wie sie sind: {instalments}.',
  },
  facts_credited: {
    fr: 'Échéances déjà encaissées dont la part non utilisée est créditée ({amount}) : {instalments}.',
    en: 'Instalments already paid whose unused part is credited ({amount}): {instalments}.',
    de: 'Bereits bezahlte Raten, deren ungenutzter Teil gutgeschrieben wird ({amount}): {instalments}.',
  },
  days_given_back_too: {
    fr: 'Les jours non utilisés sont crédités, et la fin est aussi repoussée au {ends_on}.',
    en: 'The unused days are credited, and the end moves to {ends_on} as well.',
    de: 'Die ungenutzten Tage werden gutgeschrieben, und das Ende rückt zudem auf den {ends_on}.',
  },
  credit_left: {
    fr: 'Il reste un crédit de {amount} qu’aucune échéance ouverte ne peut recevoir.',
    en: 'A credit of {amount} is left over that no open instalment can take.',
    de: 'Es bleibt ein Guthaben von {amount}, das keine offene Rate aufnehmen kann.',
  },
  end_held: {
    fr: 'La fin du contrat reste en attente jusqu’à l’arrêt de la suspension.',
    en: 'The end of the contract is on hold until the suspension is stopped.',
    de: 'Das Vertragsende bleibt offen, bis die Aussetzung beendet wird.',
  },
  renewal_moved: {
    fr: 'Le contrat suivant {contract} commence désormais le {starts_on}.',
    en: 'The renewal {contract} now begins on {starts_on}.',
    de: 'Der Folgevertrag {contract} beginnt nun am {starts_on}.',
  },
  renewal_held: {
    fr: 'Le contrat suivant {contract} ne peut pas commencer tant que la suspension dure.',
    en: 'The renewal {contract} cannot begin while the suspension lasts.',
    de: 'Der Folgevertrag {contract} kann nicht beginnen, solange die Aussetzung dauert.',
  },
  renewal_cancelled: {
    fr: 'Le contrat suivant {contract} est annulé lui aussi.',
    en: 'The renewal {contract} is cancelled with it.',
    de: 'Der Folgevertrag {contract} entfällt ebenfalls.',
  },
  renewal_facts_stay: {
    fr: 'Les échéances {instalments} du contrat suivant {contract} sont gardées : elles comptent pour les mêmes numéros.',
    en: 'Instalments {instalments} of the renewal {contract} are kept: they count for the same numbers.',
    de: 'Die Raten {instalments} des Folgevertrags {contract} bleiben: Sie zählen für dieselben Nummern.',
  },
  closure_leaves_issues: {
    fr: '{contracts} abonnements à des numéros sont laissés de côté : on leur doit des numéros, pas des jours.',
    en: '{contracts} subscriptions to issues are left out: they are owed issues, not days.',
    de: '{contracts} Ausgabenabonnements bleiben außen vor: Ihnen stehen Ausgaben zu, keine Tage.',
  },
  closure_leaves_packs: {
    fr: '{contracts} carnets sans expiration sont laissés de côté : ils n’ont pas de jours à rendre.',
    en: '{contracts} credit packs that never expire are left out: they have no days to give back.',
    de: '{contracts} Karten ohne Ablauf bleiben außen vor: Sie haben keine Tage, die man zurückgeben könnte.',
  },
  last_issue_not_planned: {
    fr: 'Le dernier numéro servi serait le {number}, qui n’a pas encore de jour de parution.',
    en: 'The last issue would be {number}, which has no publication day yet.',
    de: 'Die letzte Ausgabe wäre die {number}, die noch keinen Erscheinungstag hat.',
  },
} satisfies Record<string, InEveryLanguage>;

export type WarningCode = keyof typeof all;
export const warnings: Readonly<Record<WarningCode, InEveryLanguage>> = all;

export interface Warning {
  code: WarningCode;
  params: Readonly<Record<string, string | number>>;
}

/** The warning in words, in the reader's language. */
export function sayWarning({ code, params }: Warning, language: Language): string {
  return fill(warnings[code][language], params);
}
