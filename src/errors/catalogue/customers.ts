/** Refusals about customers and plans. */
import type { RefusalEntry } from './index.ts';

export const customerRefusals = {
  external_id_taken: {
    kind: 'conflict',
    fr: 'Un autre client porte déjà cet identifiant externe.',
    en: 'Another customer has this external id already.',
    de: 'Ein anderer Kunde hat diese externe Kennung bereits.',
  },
  badge_taken: {
    kind: 'conflict',
    fr: 'Un autre client porte déjà ce badge.',
    en: 'Another customer has this badge already.',
    de: 'Ein anderer Kunde hat diesen Ausweis bereits.',
  },
  customer_erased: {
    kind: 'conflict',
    fr: 'Les données de cette personne ont été effacées ; il n’en reste que les comptes.',
    en: 'This person’s data were erased; only the books are left.',
    de: 'Die Daten dieser Person wurden gelöscht; es bleiben nur die Bücher.',
  },
  customer_not_settled: {
    kind: 'conflict',
    fr: 'Ce client ne peut pas encore être effacé : {why}.',
    en: 'This customer cannot be erased yet: {why}.',
    de: 'Dieser Kunde kann noch nicht gelöscht werden: {why}.',
  },
  customer_unknown: {
    kind: 'not_found',
    fr: 'Ce client est inconnu.',
    en: 'This customer is unknown.',
    de: 'Dieser Kunde ist unbekannt.',
  },
  plan_unknown: {
    kind: 'not_found',
    fr: 'Ce modèle de contrat est inconnu.',
    en: 'This plan is unknown.',
    de: 'Dieser Tarif ist unbekannt.',
  },
  plan_ambiguous_discount: {
    kind: 'invalid',
    fr: 'Le gel a soit un rabais en pourcentage, soit un montant fixe, pas les deux.',
    en: 'A freeze has a percentage discount or a fixed one, not both.',
    de: 'Eine Pause hat entweder einen prozentualen oder einen festen Rabatt, nicht beides.',
  },
  currency_mismatch: {
    kind: 'invalid',
    fr: 'L’organisation encaisse en {currency}.',
    en: 'The organization collects in {currency}.',
    de: 'Die Organisation rechnet in {currency} ab.',
  },
} satisfies Record<string, RefusalEntry>;
