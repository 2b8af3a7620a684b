/** Refusals about publications, their issues, and subscriptions to them. */
import type { RefusalEntry } from './index.ts';

export const issueRefusals = {
  publication_unknown: {
    kind: 'not_found',
    fr: 'Cette publication n’existe pas.',
    en: 'There is no such publication.',
    de: 'Diese Publikation gibt es nicht.',
  },
  publication_name_taken: {
    kind: 'conflict',
    fr: 'Une publication porte déjà ce nom.',
    en: 'A publication has this name already.',
    de: 'Eine Publikation mit diesem Namen gibt es bereits.',
  },
  issues_missing: {
    kind: 'invalid',
    fr: 'Donnez les numéros avec leurs jours de parution, ou un rythme : l’un des deux.',
    en: 'Give the issues with their publication days, or a rhythm: one of the two.',
    de: 'Geben Sie die Ausgaben mit ihren Erscheinungstagen an oder einen Rhythmus: eines von beiden.',
  },
  rhythm_ambiguous: {
    kind: 'invalid',
    fr: 'Un rythme se compte en mois ou en jours : l’un des deux.',
    en: 'A rhythm is counted in months or in days: one of the two.',
    de: 'Ein Rhythmus zählt in Monaten oder in Tagen: eines von beiden.',
  },
  issue_given_twice: {
    kind: 'invalid',
    fr: 'Le numéro {number} est donné deux fois.',
    en: 'Issue {number} is given twice.',
    de: 'Die Ausgabe {number} ist doppelt angegeben.',
  },
  issue_published: {
    kind: 'conflict',
    fr: 'Le numéro {number} ne peut plus changer : les numéros qui l’entourent ont paru.',
    en: 'Issue {number} can no longer change: it lies among published issues.',
    de: 'Die Ausgabe {number} steht fest: Sie liegt unter bereits erschienenen.',
  },
  issues_out_of_order: {
    kind: 'invalid',
    fr: 'Le numéro {number} ({on}) paraîtrait au plus tard le même jour que le numéro {before} ({before_on}).',
    en: 'Issue {number} ({on}) would not be published after issue {before} ({before_on}).',
    de: 'Die Ausgabe {number} ({on}) erschiene nicht nach der Ausgabe {before} ({before_on}).',
  },
  issue_unknown: {
    kind: 'invalid',
    fr: 'La publication n’a pas de numéro {number}.',
    en: 'The publication has no issue {number}.',
    de: 'Die Publikation hat keine Ausgabe {number}.',
  },
  no_issue_planned: {
    kind: 'conflict',
    fr: 'Aucun numéro à paraître n’est planifié ; le dernier est le {last}.',
    en: 'No issue to come is planned; the last one is {last}.',
    de: 'Keine kommende Ausgabe ist geplant; die letzte ist die {last}.',
  },
  plan_of_issues_incomplete: {
    kind: 'invalid',
    fr: 'Un abonnement à une publication dit laquelle, et combien de numéros.',
    en: 'A subscription to issues says which publication, and how many issues.',
    de: 'Ein Ausgaben-Abonnement nennt die Publikation und die Zahl der Ausgaben.',
  },
  plan_field_of_other_kind: {
    kind: 'invalid',
    fr: 'Ce champ ne va pas avec ce genre de plan.',
    en: 'This field does not go with this kind of plan.',
    de: 'Dieses Feld passt nicht zu dieser Art von Plan.',
  },
  contract_ends_with_issue: {
    kind: 'invalid',
    fr: 'Un abonnement à une publication finit avec son dernier numéro, pas à une date.',
    en: 'A subscription to issues ends with its last issue, not on a day.',
    de: 'Ein Ausgaben-Abonnement endet mit seiner letzten Ausgabe, nicht an einem Tag.',
  },
  contract_not_of_issues: {
    kind: 'conflict',
    fr: 'Ce contrat n’est pas un abonnement à une publication.',
    en: 'This contract is not a subscription to issues.',
    de: 'Dieser Vertrag ist kein Ausgaben-Abonnement.',
  },
  extension_in_issues: {
    kind: 'invalid',
    fr: 'Un abonnement à une publication se prolonge d’un nombre de numéros.',
    en: 'A subscription to issues is extended by a number of issues.',
    de: 'Ein Ausgaben-Abonnement wird um eine Zahl von Ausgaben verlängert.',
  },
  extension_in_days: {
    kind: 'invalid',
    fr: 'Ce contrat se prolonge d’un nombre de jours.',
    en: 'This contract is extended by a number of days.',
    de: 'Dieser Vertrag wird um eine Zahl von Tagen verlängert.',
  },
  issues_not_positive: {
    kind: 'invalid',
    fr: 'Le nombre de numéros est au moins 1.',
    en: 'The number of issues is at least 1.',
    de: 'Die Zahl der Ausgaben ist mindestens 1.',
  },
  incident_ends_before_it_begins: {
    kind: 'invalid',
    fr: 'L’incident finit avant de commencer ({from_on}).',
    en: 'The incident ends before it begins ({from_on}).',
    de: 'Der Vorfall endet vor seinem Beginn ({from_on}).',
  },
  incident_without_issue: {
    kind: 'invalid',
    fr: 'Aucun numéro de cet abonnement n’était à servir ces jours-là.',
    en: 'No issue of this subscription was to be served in these days.',
    de: 'Keine Ausgabe dieses Abonnements war in diesen Tagen zuzustellen.',
  },
  incident_recorded_already: {
    kind: 'conflict',
    fr: 'Un incident couvre déjà les numéros de ces jours-là ({issues}).',
    en: 'An incident covers the issues of these days already ({issues}).',
    de: 'Ein Vorfall umfasst die Ausgaben dieser Tage bereits ({issues}).',
  },
  extension_told: {
    kind: 'conflict',
    fr: 'Le numéro {number} a paru depuis : son chiffre d’affaires tient compte de la prolongation.',
    en: 'Issue {number} has been published since: its revenue takes the extension into account.',
    de: 'Die Ausgabe {number} ist seitdem erschienen: Ihr Umsatz berücksichtigt die Verlängerung.',
  },
  extension_lived: {
    kind: 'conflict',
    fr: 'Sans la prolongation le contrat aurait fini le {ends_on} : ces jours ont été utilisés.',
    en: 'Without the extension the contract would have ended on {ends_on}: its days have been used.',
    de: 'Ohne die Verlängerung hätte der Vertrag am {ends_on} geendet: Ihre Tage sind verbraucht.',
  },
  reason_not_listed: {
    kind: 'invalid',
    fr: 'Motif inconnu. Motifs possibles : {reasons}.',
    en: 'Unknown reason. Possible reasons: {reasons}.',
    de: 'Unbekannter Grund. Mögliche Gründe: {reasons}.',
  },
} satisfies Record<string, RefusalEntry>;
