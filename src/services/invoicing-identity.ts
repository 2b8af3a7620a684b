/**
 * Who the organization is on its invoices, and what tax it owes, from its settings.
 *
 * Always true: nothing is issued while the identity that the law wants is incomplete, and the refusal names all that
 * is missing.
 */
import type { Organization } from '../context.ts';
import type { Address, Buyer, Seller, TaxTreatment } from '../domain/invoices/document.ts';
import { frenchFranchise, frenchNonProfit } from '../domain/invoices/mentions.ts';
import { sayAmount } from '../domain/wording.ts';
import { Refusal } from '../errors/refusal.ts';
import type { Address as PostalAddress } from '../schemas/address.ts';
import type { Business } from '../schemas/customer.ts';
import type { InvoicingSettings } from '../schemas/invoicing-settings.ts';

export function documentAddress(address: PostalAddress | null): Address {
  const lines = [address?.building, address?.street, address?.line2].filter((line) => line !== undefined);
  return {
    lines,
    postal_code: address?.postcode ?? '',
    city: address?.town ?? '',
    country: address?.country ?? '',
  };
}

/** @throws Refusal `invoice_seller_incomplete` */
export function sellerOf(organization: Organization): Seller {
  const { invoicing, creditor } = organization.settings;
  const { seller, tax_regime } = invoicing;
  const missing = missingOf(seller, tax_regime);
  if (missing.length > 0) throw new Refusal('invoice_seller_incomplete', { field: missing.join(', ') });
  const { legal_form, capital_amount, address, ...rest } = seller;
  return {
    ...rest,
    name: seller.name ?? '',
    legal_form: [legal_form, capital_amount === null ? null : `au capital de ${sayAmount(capital_amount, 'EUR', 'fr')}`]
      .filter((part) => part !== null)
      .join(' '),
    address: documentAddress(address),
    creditor_identifier: creditor?.identifier ?? null,
  };
}

function missingOf(seller: InvoicingSettings['seller'], regime: InvoicingSettings['tax_regime']): string[] {
  const french = seller.address?.country === 'FR';
  const wanted: [string, boolean][] = [
    ['name', seller.name !== null],
    ['address', seller.address !== null],
    ['address.street', seller.address === null || seller.address.street !== undefined],
    ['address.postcode', seller.address === null || seller.address.postcode !== undefined],
    ['siren', !french || seller.siren !== null || seller.siret !== null],
    ['vat_number', regime !== 'taxed' || seller.vat_number !== null],
    [
      'tax_number',
      regime === 'taxed' ||
        regime === 'out_of_scope' ||
        french ||
        (seller.vat_number ?? seller.tax_number ?? seller.siren) !== null,
    ],
  ];
  return wanted.filter(([, there]) => !there).map(([field]) => field);
}

const untaxed = { rate_bps: 0, exemption_reason: null, exemption_code: null };

/** What a plan's price is taxed with. */
export function taxTreatmentOf(settings: InvoicingSettings, rateBps: number): TaxTreatment {
  const { tax_regime, exemption_reason } = settings;
  switch (tax_regime) {
    case 'taxed':
      return rateBps > 0
        ? { ...untaxed, category: 'S', rate_bps: rateBps }
        : { ...untaxed, category: 'E', exemption_reason };
    case 'franchise':
      return { ...untaxed, category: 'E', ...frenchFranchise };
    case 'non_profit':
      return { ...untaxed, category: 'E', ...frenchNonProfit };
    case 'exempt':
      return { ...untaxed, category: 'E', exemption_reason };
    case 'out_of_scope':
      return { ...untaxed, category: 'O', exemption_reason };
  }
}

/** What a fee is taxed with: one without a rate makes good a damage, which is no sale at all. */
export function feeTreatmentOf(settings: InvoicingSettings, rateBps: number): TaxTreatment {
  if (settings.tax_regime === 'taxed' && rateBps === 0) return { ...untaxed, category: 'O' };
  return taxTreatmentOf(settings, rateBps);
}

export interface Payer {
  name: string;
  email: string | null;
  address: PostalAddress | null;
  external_id: string | null;
  business: Business | null;
}

export function buyerOf({ name, email, address, external_id, business }: Payer): Buyer {
  return {
    kind: business ? 'business' : 'consumer',
    name,
    attention: business?.attention ?? null,
    customer_number: external_id,
    siren: business?.siren ?? null,
    vat_number: business?.vat_number ?? null,
    address: documentAddress(address),
    email,
  };
}
