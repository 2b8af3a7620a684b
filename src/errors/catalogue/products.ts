/** Refusals about sold products: deleting them, credit packs, renewals and closures. */
import type { RefusalEntry } from './index.ts';

export const productRefusals = {
  deletion_money: {
    kind: 'conflict',
    fr: 'Des échéances sont encaissées ou en cours d’encaissement ({names}) ; le produit ne peut pas être supprimé.',
    en: 'Instalments are paid or being collected ({names}); the product cannot be deleted.',
    de: 'Raten sind bezahlt oder werden eingezogen ({names}); das Produkt kann nicht gelöscht werden.',
  },
  deletion_invoice: {
    kind: 'conflict',
    fr: 'Une facture a été émise ({names}) ; elle doit d’abord être annulée.',
    en: 'An invoice was issued ({names}); it has to be cancelled first.',
    de: 'Eine Rechnung wurde ausgestellt ({names}); sie muss zuerst storniert werden.',
  },
  deletion_renewal: {
    kind: 'conflict',
    fr: 'Ce contrat a un renouvellement ({names}) ; supprimez celui-ci d’abord.',
    en: 'This contract has a renewal ({names}); delete that first.',
    de: 'Dieser Vertrag hat eine Verlängerung ({names}); löschen Sie diese zuerst.',
  },
  cancellation_fee_invoiced: {
    kind: 'conflict',
    fr: 'Les frais de résiliation figurent sur la facture {invoice} : faites d’abord un avoir.',
    en: 'The cancellation fee is on invoice {invoice}: make a credit note first.',
    de: 'Die Kündigungsgebühr steht auf der Rechnung {invoice}: Erstellen Sie zuerst eine Gutschrift.',
  },
  cancellation_fee_paid: {
    kind: 'conflict',
    fr: 'Les frais de résiliation sont déjà réglés ({amount}) ; remboursez-les d’abord.',
    en: 'The cancellation fee is already paid ({amount}); refund it first.',
    de: 'Die Kündigungsgebühr ist bereits bezahlt ({amount}); erstatten Sie sie zuerst.',
  },
  closure_too_long: {
    kind: 'invalid',
    fr: 'Une fermeture dure {limit} jours au plus.',
    en: 'A closure lasts {limit} days at most.',
    de: 'Eine Schließung dauert höchstens {limit} Tage.',
  },
  closure_suspends_nothing: {
    kind: 'invalid',
    fr: 'Aucun contrat ne court pendant ces jours.',
    en: 'No contract runs on these days.',
    de: 'In diesen Tagen läuft kein Vertrag.',
  },
  closure_running: {
    kind: 'conflict',
    fr: 'La fermeture est encore en cours de saisie sur les contrats ; attendez la fin du traitement.',
    en: 'The closure is still being applied to the contracts; wait for the job to end.',
    de: 'Die Schließung wird noch auf die Verträge angewendet; warten Sie das Ende der Aufgabe ab.',
  },
  closure_undone: {
    kind: 'conflict',
    fr: 'La fermeture est déjà annulée.',
    en: 'The closure is already undone.',
    de: 'Die Schließung ist bereits aufgehoben.',
  },
  not_a_pack: {
    kind: 'conflict',
    fr: 'Ce produit n’est pas un carnet de séances.',
    en: 'This product is not a credit pack.',
    de: 'Dieses Produkt ist keine Mehrfachkarte.',
  },
  credits_spent: {
    kind: 'conflict',
    fr: 'Il reste {left} crédit(s) ; le solde ne passe pas sous zéro.',
    en: 'There are {left} credits left; the balance never falls below zero.',
    de: 'Es sind noch {left} Einheiten übrig; der Stand fällt nie unter null.',
  },
  credits_too_many: {
    kind: 'invalid',
    fr: 'Un carnet a {limit} crédits au plus.',
    en: 'A pack has {limit} credits at most.',
    de: 'Eine Karte hat höchstens {limit} Einheiten.',
  },
  pack_expired: {
    kind: 'conflict',
    fr: 'Le carnet a expiré le {ends_on}.',
    en: 'The pack expired on {ends_on}.',
    de: 'Die Karte ist am {ends_on} abgelaufen.',
  },
  pack_not_begun: {
    kind: 'conflict',
    fr: 'Le carnet est valable à partir du {starts_on}.',
    en: 'The pack is good from {starts_on} on.',
    de: 'Die Karte gilt ab dem {starts_on}.',
  },
  pack_suspended: {
    kind: 'conflict',
    fr: 'Le carnet est suspendu jusqu’au {until_on}.',
    en: 'The pack is suspended until {until_on}.',
    de: 'Die Karte ist bis zum {until_on} ausgesetzt.',
  },
  pack_never_expires: {
    kind: 'conflict',
    fr: 'Ce carnet n’expire pas ; il n’y a rien à suspendre.',
    en: 'This pack never expires; there is nothing to suspend.',
    de: 'Diese Karte läuft nicht ab; es gibt nichts auszusetzen.',
  },
} satisfies Record<string, RefusalEntry>;
