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
} satisfies Record<string, RefusalEntry>;
