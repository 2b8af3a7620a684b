/**
 * What the law wants written on a document, beyond its figures. France is spelled out (Code de commerce L441-9 and
 * D441-5, CGI annexe II art. 242 nonies A); elsewhere the organization's own note carries what its law asks for.
 *
 * Always true:
 * - the 40 € recovery charge is named to businesses only: asking a consumer for it is unlawful;
 * - a legal phrase that must stand in French stands in French, and is explained beside it in the reader's language;
 * - mentions are made when the document is issued and frozen into it.
 */
import type { InEveryLanguage, Language } from '../../errors/language.ts';
import type { DocumentKind, DocumentLine, Mention, TaxTreatment } from './document.ts';

/** Small sellers without VAT. */
export const frenchFranchise: Pick<TaxTreatment, 'exemption_reason' | 'exemption_code'> = {
  exemption_reason: 'TVA non applicable, art. 293 B du CGI',
  exemption_code: 'VATEX-FR-FRANCHISE',
};

/** Non-profit organizations: sport, education and social services to members. */
export const frenchNonProfit: Pick<TaxTreatment, 'exemption_reason' | 'exemption_code'> = {
  exemption_reason: 'Exonération de TVA, art. 261-7 du CGI',
  exemption_code: 'VATEX-FR-CGI261-7',
};

const explained: Record<string, Omit<InEveryLanguage, 'fr'>> = {
  'VATEX-FR-FRANCHISE': { en: 'VAT not applicable', de: 'keine Umsatzsteuer' },
  'VATEX-FR-CGI261-7': { en: 'VAT exempt', de: 'umsatzsteuerfrei' },
};

const outsideScope: InEveryLanguage = {
  fr: 'Hors champ d’application de la TVA',
  en: 'Outside the scope of VAT',
  de: 'Nicht steuerbar',
};

const exempt: InEveryLanguage = { fr: 'Exonéré de TVA', en: 'VAT exempt', de: 'Umsatzsteuerfrei' };

/** The treatment as a document shows it: a reason wherever no tax is charged, in words the reader knows. */
export function explainedTreatment(tax: TaxTreatment, language: Language): TaxTreatment {
  if (tax.category === 'S' || tax.category === 'Z')
    return { ...tax, exemption_reason: null, exemption_code: null, rate_bps: tax.category === 'S' ? tax.rate_bps : 0 };
  const reason = tax.exemption_reason ?? (tax.category === 'O' ? outsideScope : exempt)[language];
  const gloss =
    language === 'fr' || tax.exemption_code === null ? undefined : explained[tax.exemption_code]?.[language];
  return {
    category: tax.category,
    rate_bps: 0,
    exemption_reason: gloss && !reason.includes(gloss) ? `${reason} (${gloss})` : reason,
    exemption_code: tax.exemption_code,
  };
}

/** What the organization may word itself; null takes the usual French terms. */
export interface Terms {
  late_penalty: string | null;
  early_payment_discount: string | null;
}

interface MentionFacts {
  kind: DocumentKind;
  language: Language;
  sellerCountry: string;
  buyerKind: 'consumer' | 'business';
  lines: readonly Pick<DocumentLine, 'nature'>[];
  vatOnDebits: boolean;
  terms: Terms;
}

const latePenalty: InEveryLanguage = {
  fr: 'En cas de retard de paiement, pénalités au taux de trois fois l’intérêt légal.',
  en: 'Late payment: penalties at three times the French legal interest rate.',
  de: 'Bei Zahlungsverzug: Verzugszinsen in Höhe des dreifachen französischen gesetzlichen Zinssatzes.',
};
const latePenaltyForConsumers: InEveryLanguage = {
  fr: 'En cas de retard de paiement, intérêts au taux légal.',
  en: 'Late payment: interest at the French legal rate.',
  de: 'Bei Zahlungsverzug: Zinsen zum französischen gesetzlichen Zinssatz.',
};
const recoveryCharge: InEveryLanguage = {
  fr: 'Indemnité forfaitaire pour frais de recouvrement en cas de retard de paiement : 40 €.',
  en: 'Fixed recovery charge for late payment: €40.',
  de: 'Pauschale Beitreibungskosten bei Zahlungsverzug: 40 €.',
};
const noDiscount: InEveryLanguage = {
  fr: 'Pas d’escompte pour paiement anticipé.',
  en: 'No discount for early payment.',
  de: 'Kein Skonto bei vorzeitiger Zahlung.',
};
const debits: InEveryLanguage = {
  fr: 'Option pour le paiement de la taxe d’après les débits.',
  en: 'Option pour le paiement de la taxe d’après les débits (VAT is due on invoicing).',
  de: 'Option pour le paiement de la taxe d’après les débits (Sollbesteuerung).',
};
const operations: Record<'goods' | 'services' | 'both', InEveryLanguage> = {
  services: {
    fr: 'Catégorie de l’opération : prestation de services.',
    en: 'Category of operation: supply of services.',
    de: 'Art des Umsatzes: Dienstleistung.',
  },
  goods: {
    fr: 'Catégorie de l’opération : livraison de biens.',
    en: 'Category of operation: supply of goods.',
    de: 'Art des Umsatzes: Lieferung von Waren.',
  },
  both: {
    fr: 'Catégorie de l’opération : livraison de biens et prestation de services.',
    en: 'Category of operation: supply of goods and services.',
    de: 'Art des Umsatzes: Lieferung von Waren und Dienstleistung.',
  },
};

/** What kind of operation the lines are, as the French reform of 2026 has it stated. */
export function operationOf(lines: readonly Pick<DocumentLine, 'nature'>[]): 'goods' | 'services' | 'both' {
  const goods = lines.some((line) => line.nature === 'goods');
  const services = lines.some((line) => line.nature === 'services');
  return goods && services ? 'both' : goods ? 'goods' : 'services';
}

export function legalMentions(facts: MentionFacts): Mention[] {
  const { language, terms } = facts;
  const mentions: Mention[] = [];
  const say = (subject: string | null, text: string) => mentions.push({ subject, text });
  if (facts.sellerCountry !== 'FR') {
    if (terms.late_penalty) say('PMD', terms.late_penalty);
    if (terms.early_payment_discount) say('AAB', terms.early_payment_discount);
    return mentions;
  }
  say(null, operations[operationOf(facts.lines)][language]);
  if (facts.vatOnDebits) say(null, debits[language]);
  if (facts.kind === 'credit_note') return mentions;
  const usualPenalty = facts.buyerKind === 'business' ? latePenalty : latePenaltyForConsumers;
  say('PMD', terms.late_penalty ?? usualPenalty[language]);
  if (facts.buyerKind === 'business') say('PMT', recoveryCharge[language]);
  say('AAB', terms.early_payment_discount ?? noDiscount[language]);
  return mentions;
}
