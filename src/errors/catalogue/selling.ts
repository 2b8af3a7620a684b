/** Refusals about selling and paying contracts. */
import type { RefusalEntry } from './index.ts';

export const sellingRefusals = {
  ends_before_it_begins: {
    kind: 'invalid',
    fr: 'Le dernier jour précède le premier ({starts_on}).',
    en: 'The last day is before the first one ({starts_on}).',
    de: 'Der letzte Tag liegt vor dem ersten ({starts_on}).',
  },
  first_due_out_of_term: {
    kind: 'invalid',
    fr: 'La première échéance est hors de la durée du contrat.',
    en: 'The first due day is outside the contract’s term.',
    de: 'Die erste Fälligkeit liegt außerhalb der Laufzeit.',
  },
  renews_open_ended: {
    kind: 'conflict',
    fr: 'Un contrat sans fin ne se renouvelle pas.',
    en: 'A contract without an end cannot be renewed.',
    de: 'Ein unbefristeter Vertrag kann nicht verlängert werden.',
  },
  renewed_already: {
    kind: 'conflict',
    fr: 'Ce contrat a déjà un renouvellement : {renewal}.',
    en: 'This contract has a renewal already: {renewal}.',
    de: 'Dieser Vertrag hat bereits eine Verlängerung: {renewal}.',
  },
  renewal_overlaps: {
    kind: 'invalid',
    fr: 'Le renouvellement commence avant la fin du contrat qu’il suit ({ends_on}).',
    en: 'The renewal begins before the contract it follows has ended ({ends_on}).',
    de: 'Die Verlängerung beginnt vor dem Ende des Vertrags ({ends_on}).',
  },
  renewal_of_another_customer: {
    kind: 'invalid',
    fr: 'Le contrat renouvelé est celui d’un autre client.',
    en: 'The contract to renew is another customer’s.',
    de: 'Der zu verlängernde Vertrag gehört einem anderen Kunden.',
  },
  term_too_long: {
    kind: 'invalid',
    fr: 'Un contrat dure {limit} ans au plus.',
    en: 'A contract lasts {limit} years at most.',
    de: 'Ein Vertrag läuft höchstens {limit} Jahre.',
  },
  instalment_not_open: {
    kind: 'conflict',
    fr: 'Cette échéance n’est pas à payer : elle est « {status} ».',
    en: 'This instalment is not to be paid: it is {status}.',
    de: 'Diese Rate ist nicht zu zahlen: sie ist {status}.',
  },
  paid_in_the_future: {
    kind: 'invalid',
    fr: 'Un paiement se saisit au plus tard à la date du jour ({today}).',
    en: 'A payment is entered on its day or later; today is {today}.',
    de: 'Eine Zahlung wird frühestens am Tag selbst erfasst; heute ist der {today}.',
  },
} satisfies Record<string, RefusalEntry>;
