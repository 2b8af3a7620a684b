/**
 * The two sides of a document, cleaned and bounded, and what a seller must have told before it may invoice.
 */
import { Refusal } from '../../errors/refusal.ts';
import { cleanOrNull, cleanText } from '../clean-text.ts';
import type { Address, Buyer, Seller, TaxTreatment } from './document.ts';

const NAME = 150;
const CODE = 40;

// ISO 3166-1 alpha-2, and XK as banks and the European code lists have it.
const COUNTRIES = new Set(
  (
    'AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ ' +
    'CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO ' +
    'FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE ' +
    'JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO ' +
    'MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW ' +
    'PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM ' +
    'TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW'
  ).split(' '),
);

function cleanAddress(address: Address, fallback: string): Address {
  const country = cleanText(address.country, 2).toUpperCase();
  return {
    lines: address.lines
      .slice(0, 3)
      .map((line) => cleanText(line, 120))
      .filter((line) => line !== ''),
    postal_code: cleanText(address.postal_code, 20),
    city: cleanText(address.city, 80),
    country: COUNTRIES.has(country) ? country : fallback,
  };
}

/** Codes (SIREN, IBAN, VAT number …) are written without spaces. */
function cleanCode(code: string | null): string | null {
  return cleanOrNull(code?.replace(/\s/g, ''), CODE);
}

/** A VAT number opens with its country (EN 16931, BR-CO-9); anything else is no VAT number. */
function vatNumber(code: string | null): string | null {
  const cleaned = cleanCode(code)?.toUpperCase() ?? null;
  if (cleaned === null || !/^[A-Z]{2}[A-Z0-9]{2,13}$/.test(cleaned)) return null;
  return COUNTRIES.has(cleaned.slice(0, 2)) || /^(EL|XI)/.test(cleaned) ? cleaned : null;
}

export function cleanSeller(seller: Seller): Seller {
  return {
    name: cleanText(seller.name, NAME),
    trade_name: cleanOrNull(seller.trade_name, NAME),
    legal_form: cleanOrNull(seller.legal_form, NAME),
    register_entry: cleanOrNull(seller.register_entry, NAME),
    siren: cleanCode(seller.siren),
    siret: cleanCode(seller.siret),
    vat_number: vatNumber(seller.vat_number),
    tax_number: cleanCode(seller.tax_number),
    address: cleanAddress(seller.address, ''),
    email: cleanOrNull(seller.email, NAME),
    phone: cleanOrNull(seller.phone, CODE),
    website: cleanOrNull(seller.website, NAME),
    iban: cleanCode(seller.iban),
    bic: cleanCode(seller.bic),
    creditor_identifier: cleanCode(seller.creditor_identifier),
  };
}

/** A buyer without a known country is taken to live in the seller's. */
export function cleanBuyer(buyer: Buyer, sellerCountry: string): Buyer {
  return {
    kind: buyer.kind,
    name: cleanText(buyer.name, NAME) || '—',
    attention: cleanOrNull(buyer.attention, NAME),
    customer_number: cleanOrNull(buyer.customer_number, CODE),
    siren: cleanCode(buyer.siren),
    vat_number: vatNumber(buyer.vat_number),
    address: cleanAddress(buyer.address, sellerCountry),
    email: cleanOrNull(buyer.email, NAME),
  };
}

/** What the tax office knows the seller by where it has no VAT number. */
export function taxRegistration(seller: Seller): string | null {
  return seller.tax_number ?? seller.siren;
}

/** @throws Refusal `invoice_seller_incomplete` */
export function requireSeller(seller: Seller, treatments: readonly TaxTreatment[]): void {
  const missing = (field: string) => new Refusal('invoice_seller_incomplete', { field });
  if (seller.name === '') throw missing('name');
  if (seller.address.country === '') throw missing('address.country');
  if (treatments.every((tax) => tax.category === 'O')) return;
  if (seller.vat_number === null && taxRegistration(seller) === null) throw missing('vat_number');
}
