/** Why something due is left out of a collection, and what would mend it, in words. One list, nothing else. */
import type { InEveryLanguage } from '../../errors/language.ts';

interface LeftOutEntry {
  why: InEveryLanguage;
  /** What somebody can do so that the next collection takes it; null: nothing, it is right as it is. */
  mend: InEveryLanguage | null;
}

const newMandate: InEveryLanguage = {
  fr: 'Faire signer un mandat.',
  en: 'Have a mandate signed.',
  de: 'Ein Mandat unterschreiben lassen.',
};

export const leftOutReasons = {
  waived: {
    why: { fr: 'Échéance à zéro.', en: 'The instalment is waived.', de: 'Die Rate ist erlassen.' },
    mend: null,
  },
  in_flight: {
    why: {
      fr: 'Un prélèvement est déjà en cours à la banque.',
      en: 'A direct debit is already with the bank.',
      de: 'Eine Lastschrift ist bereits bei der Bank.',
    },
    mend: null,
  },
  rejected: {
    why: {
      fr: 'Rejeté ; seule une représentation le redemande.',
      en: 'Rejected; only a representment asks for it again.',
      de: 'Zurückgewiesen; nur eine Wiedervorlage fordert es erneut.',
    },
    mend: {
      fr: 'Créer une représentation par prélèvement.',
      en: 'Make a representment by direct debit.',
      de: 'Eine Wiedervorlage per Lastschrift anlegen.',
    },
  },
  promised: {
    why: {
      fr: 'Le client a promis de payer autrement.',
      en: 'The customer promised to pay another way.',
      de: 'Der Kunde hat zugesagt, anders zu zahlen.',
    },
    mend: {
      fr: 'Attendre la fin de la promesse ou la retirer.',
      en: 'Wait until the promise ends, or withdraw it.',
      de: 'Das Ende der Zusage abwarten oder sie zurücknehmen.',
    },
  },
  customer_deceased: {
    why: { fr: 'Le client est décédé.', en: 'The customer is deceased.', de: 'Der Kunde ist verstorben.' },
    mend: null,
  },
  collections_stopped: {
    why: {
      fr: 'Les prélèvements de ce client sont arrêtés.',
      en: 'Direct debits of this customer are stopped.',
      de: 'Die Lastschriften dieses Kunden sind gestoppt.',
    },
    mend: {
      fr: 'Lever l’arrêt sur la fiche du client.',
      en: 'Lift the stop on the customer.',
      de: 'Den Stopp beim Kunden aufheben.',
    },
  },
  no_mandate: {
    why: { fr: 'Pas de mandat.', en: 'There is no mandate.', de: 'Es gibt kein Mandat.' },
    mend: newMandate,
  },
  mandate_suspended: {
    why: { fr: 'Le mandat est suspendu.', en: 'The mandate is suspended.', de: 'Das Mandat ist ausgesetzt.' },
    mend: {
      fr: 'Donner un autre compte ou lever la suspension du mandat.',
      en: 'Give another account, or resume the mandate.',
      de: 'Ein anderes Konto angeben oder das Mandat wieder aufnehmen.',
    },
  },
  mandate_revoked: {
    why: { fr: 'Le mandat est révoqué.', en: 'The mandate is revoked.', de: 'Das Mandat ist widerrufen.' },
    mend: newMandate,
  },
  mandate_expired: {
    why: {
      fr: 'Le mandat n’a pas servi depuis 36 mois.',
      en: 'The mandate has not been used for 36 months.',
      de: 'Das Mandat wurde 36 Monate nicht genutzt.',
    },
    mend: newMandate,
  },
  mandate_used: {
    why: {
      fr: 'Le mandat ponctuel a déjà servi.',
      en: 'The one-off mandate has been used.',
      de: 'Das einmalige Mandat wurde bereits genutzt.',
    },
    mend: newMandate,
  },
  address_missing: {
    why: {
      fr: 'La banque du client est hors EEE : son adresse est obligatoire.',
      en: 'The customer’s bank is outside the EEA: an address is required.',
      de: 'Die Bank des Kunden liegt außerhalb des EWR: Eine Adresse ist erforderlich.',
    },
    mend: {
      fr: 'Compléter la ville et le pays du client.',
      en: 'Complete the customer’s town and country.',
      de: 'Ort und Land des Kunden ergänzen.',
    },
  },
  below_minimum: {
    why: {
      fr: 'Montant inférieur au minimum prélevé.',
      en: 'The amount is below the least that is collected.',
      de: 'Der Betrag liegt unter dem Mindestbetrag.',
    },
    mend: {
      fr: 'Encaisser autrement ou baisser le minimum.',
      en: 'Take it another way, or lower the minimum.',
      de: 'Anders kassieren oder den Mindestbetrag senken.',
    },
  },
  above_maximum: {
    why: {
      fr: 'Montant supérieur à ce que SEPA accepte.',
      en: 'The amount is above what SEPA takes.',
      de: 'Der Betrag übersteigt die SEPA-Grenze.',
    },
    mend: { fr: 'Répartir le montant.', en: 'Split the amount.', de: 'Den Betrag aufteilen.' },
  },
  changed_since_draft: {
    why: {
      fr: 'Modifié depuis la préparation.',
      en: 'Changed since the draft.',
      de: 'Seit dem Entwurf geändert.',
    },
    mend: {
      fr: 'La prochaine préparation le reprendra.',
      en: 'The next draft takes it up.',
      de: 'Der nächste Entwurf nimmt es auf.',
    },
  },
} satisfies Record<string, LeftOutEntry>;

export type LeftOutReason = keyof typeof leftOutReasons;
