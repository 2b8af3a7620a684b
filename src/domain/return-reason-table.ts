/** The reason codes themselves; what they mean for us is in return-reasons.ts. To add one: one entry here. */
import type { ReturnReason } from './return-reasons.ts';

export const reasonTable: readonly ReturnReason[] = [
  {
    code: 'AM04',
    class: 'RETRY',
    seen: ['reject', 'return'],
    name: { fr: 'Provision insuffisante', en: 'Insufficient funds', de: 'Kontodeckung unzureichend' },
  },
  {
    code: 'MS03',
    class: 'RETRY_ONCE',
    seen: ['reject', 'return'],
    name: {
      fr: 'Motif non précisé par la banque',
      en: 'Reason not given by the bank',
      de: 'Grund von der Bank nicht angegeben',
    },
  },
  {
    code: 'ED05',
    class: 'RETRY',
    seen: ['reject'],
    name: {
      fr: 'Échec du règlement interbancaire',
      en: 'Settlement between the banks failed',
      de: 'Verrechnung zwischen den Banken gescheitert',
    },
  },
  {
    code: 'TM01',
    class: 'RETRY',
    seen: ['reject'],
    name: {
      fr: 'Reçu après l’heure limite',
      en: 'Received after the cut-off time',
      de: 'Nach Annahmeschluss eingegangen',
    },
  },
  {
    code: 'DT01',
    class: 'FIX_RETRY',
    seen: ['reject'],
    name: { fr: 'Date non valide', en: 'Invalid date', de: 'Ungültiges Datum' },
  },
  {
    code: 'MS02',
    class: 'HUMAN',
    seen: ['reject', 'return'],
    name: {
      fr: 'Refus du débiteur, sans motif',
      en: 'Refused by the debtor, without a reason',
      de: 'Vom Zahler ohne Angabe von Gründen abgelehnt',
    },
  },
  {
    code: 'SL01',
    class: 'HUMAN',
    seen: ['reject', 'return'],
    name: {
      fr: 'Service de la banque du débiteur (liste ou plafond)',
      en: 'Service of the debtor’s bank (list or cap)',
      de: 'Dienst der Bank des Zahlers (Liste oder Obergrenze)',
    },
  },
  {
    code: 'AC01',
    class: 'NEW_ACCOUNT',
    seen: ['reject', 'return'],
    name: { fr: 'IBAN incorrect', en: 'Wrong IBAN', de: 'IBAN fehlerhaft' },
  },
  {
    code: 'AC04',
    class: 'NEW_ACCOUNT',
    seen: ['reject', 'return'],
    name: { fr: 'Compte clôturé', en: 'Account closed', de: 'Konto aufgelöst' },
  },
  {
    code: 'AC06',
    class: 'NEW_ACCOUNT',
    seen: ['reject', 'return'],
    name: { fr: 'Compte bloqué', en: 'Account blocked', de: 'Konto gesperrt' },
  },
  {
    code: 'AC13',
    class: 'NEW_ACCOUNT',
    seen: ['reject', 'return'],
    name: {
      fr: 'Type de compte du débiteur incorrect',
      en: 'Wrong type of debtor account',
      de: 'Falsche Kontoart des Zahlers',
    },
  },
  {
    code: 'AG01',
    class: 'NEW_ACCOUNT',
    seen: ['reject', 'return'],
    name: {
      fr: 'Prélèvement interdit sur ce compte',
      en: 'Direct debit forbidden on this account',
      de: 'Lastschrift auf diesem Konto nicht erlaubt',
    },
  },
  {
    code: 'MD01',
    class: 'NEW_MANDATE',
    seen: ['reject', 'return', 'refund'],
    name: { fr: 'Pas de mandat valide', en: 'No valid mandate', de: 'Kein gültiges Mandat' },
  },
  {
    code: 'MD02',
    class: 'FIX_MANDATE',
    seen: ['reject', 'return'],
    name: {
      fr: 'Données du mandat absentes ou incorrectes',
      en: 'Mandate data missing or wrong',
      de: 'Mandatsdaten fehlen oder sind falsch',
    },
  },
  {
    code: 'MD06',
    class: 'HUMAN',
    seen: ['refund'],
    name: {
      fr: 'Remboursement demandé par le débiteur',
      en: 'Refund asked for by the debtor',
      de: 'Erstattung vom Zahler verlangt',
    },
  },
  {
    code: 'MD07',
    class: 'STOP',
    seen: ['reject', 'return'],
    name: { fr: 'Débiteur décédé', en: 'Debtor deceased', de: 'Zahler verstorben' },
  },
  {
    code: 'FOCR',
    class: 'HUMAN',
    seen: ['return'],
    name: {
      fr: 'Retour après demande d’annulation',
      en: 'Return after a cancellation request',
      de: 'Rückgabe nach Rückrufanfrage',
    },
  },
  {
    code: 'AM05',
    class: 'HUMAN',
    seen: ['reject', 'return', 'reversal'],
    name: { fr: 'Opération en double', en: 'Duplicate', de: 'Doppelte Einreichung' },
  },
  {
    code: 'DU01',
    class: 'HUMAN',
    seen: ['reject', 'file'],
    name: {
      fr: 'Identifiant de message déjà utilisé',
      en: 'Message identifier already used',
      de: 'Nachrichtenkennung bereits benutzt',
    },
  },
  {
    code: 'AM10',
    class: 'FIX_FILE',
    seen: ['reject', 'file'],
    name: { fr: 'Total de contrôle faux', en: 'Control sum wrong', de: 'Kontrollsumme falsch' },
  },
  {
    code: 'FF01',
    class: 'FIX_FILE',
    seen: ['reject', 'file'],
    name: { fr: 'Format de fichier non valide', en: 'Invalid file format', de: 'Ungültiges Dateiformat' },
  },
  {
    code: 'FF05',
    class: 'FIX_FILE',
    seen: ['reject'],
    name: { fr: 'Schéma de prélèvement incorrect', en: 'Local instrument wrong', de: 'Lastschriftverfahren falsch' },
  },
  {
    code: 'AG02',
    class: 'FIX_FILE',
    seen: ['reject', 'return'],
    name: {
      fr: 'Code d’opération ou de séquence incorrect',
      en: 'Operation or sequence code wrong',
      de: 'Vorgangs- oder Sequenzcode falsch',
    },
  },
  {
    code: 'BE05',
    class: 'FIX_CREDITOR',
    seen: ['reject', 'return'],
    name: {
      fr: 'Identifiant créancier inconnu',
      en: 'Creditor identifier unknown',
      de: 'Gläubiger-Identifikationsnummer unbekannt',
    },
  },
  {
    code: 'BE04',
    class: 'FIX_DATA',
    seen: ['reject'],
    name: {
      fr: 'Adresse du créancier absente',
      en: 'Creditor’s address missing',
      de: 'Anschrift des Gläubigers fehlt',
    },
  },
  {
    code: 'BE07',
    class: 'FIX_DATA',
    seen: ['reject'],
    name: { fr: 'Adresse du débiteur absente', en: 'Debtor’s address missing', de: 'Anschrift des Zahlers fehlt' },
  },
  {
    code: 'CNOR',
    class: 'FIX_CREDITOR',
    seen: ['reject'],
    name: {
      fr: 'Banque du créancier injoignable',
      en: 'Creditor’s bank not reachable',
      de: 'Bank des Gläubigers nicht erreichbar',
    },
  },
  {
    code: 'DNOR',
    class: 'NEW_ACCOUNT',
    seen: ['reject'],
    name: {
      fr: 'Banque du débiteur injoignable en prélèvement',
      en: 'Debtor’s bank not reachable by direct debit',
      de: 'Bank des Zahlers für Lastschriften nicht erreichbar',
    },
  },
  {
    code: 'RC01',
    class: 'FIX_DATA',
    seen: ['reject', 'return'],
    name: { fr: 'BIC incorrect', en: 'Wrong BIC', de: 'BIC fehlerhaft' },
  },
  {
    code: 'RR01',
    class: 'FIX_DATA',
    seen: ['reject', 'return'],
    name: {
      fr: 'Compte ou identité du débiteur manquant (réglementaire)',
      en: 'Debtor’s account or identity missing (regulatory)',
      de: 'Konto oder Kennung des Zahlers fehlt (regulatorisch)',
    },
  },
  {
    code: 'RR02',
    class: 'FIX_DATA',
    seen: ['reject', 'return'],
    name: {
      fr: 'Nom ou adresse du débiteur manquant (réglementaire)',
      en: 'Debtor’s name or address missing (regulatory)',
      de: 'Name oder Anschrift des Zahlers fehlt (regulatorisch)',
    },
  },
  {
    code: 'RR03',
    class: 'FIX_DATA',
    seen: ['reject', 'return'],
    name: {
      fr: 'Nom ou adresse du créancier manquant (réglementaire)',
      en: 'Creditor’s name or address missing (regulatory)',
      de: 'Name oder Anschrift des Gläubigers fehlt (regulatorisch)',
    },
  },
  {
    code: 'RR04',
    class: 'HUMAN',
    seen: ['reject', 'return'],
    name: { fr: 'Raison réglementaire', en: 'Regulatory reason', de: 'Regulatorischer Grund' },
  },
  {
    code: 'NARR',
    class: 'HUMAN',
    seen: ['reject', 'return', 'refund'],
    name: { fr: 'Motif en texte libre', en: 'Reason in free text', de: 'Grund als Freitext' },
  },
  {
    code: 'FRAD',
    class: 'HUMAN',
    seen: ['reversal'],
    name: { fr: 'Fraude', en: 'Fraud', de: 'Betrug' },
  },
];
