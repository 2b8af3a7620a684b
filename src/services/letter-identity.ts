/** Who a letter is from and to. Unlike an invoice it may go out before the law's mentions are complete. */
import type { Organization } from '../context.ts';
import type { Buyer, Seller } from '../domain/invoices/document.ts';
import { cleanBuyer, cleanSeller } from '../domain/invoices/parties.ts';
import type { Language } from '../errors/language.ts';
import { epcPayload } from '../formats/epc-qr.ts';
import type { Said } from './compose-message.ts';
import { documentAddress } from './invoicing-identity.ts';

const homes: Record<Language, string> = { fr: 'FR', en: 'GB', de: 'DE' };

export function letterSender({ name, locale, settings }: Organization): Seller {
  const { legal_form, capital_amount: _, address, ...rest } = settings.invoicing.seller;
  const postal = documentAddress(address ?? settings.creditor?.address ?? null);
  return cleanSeller({
    ...rest,
    name: rest.name ?? name,
    legal_form,
    address: { ...postal, country: postal.country || homes[locale] },
    creditor_identifier: settings.creditor?.identifier ?? null,
  });
}

export function letterReceiver(said: Said, seller: Seller): Buyer {
  const { name, address } = said.letter ?? { name: '', address: null };
  const buyer: Buyer = {
    kind: 'consumer',
    name,
    attention: null,
    customer_number: null,
    siren: null,
    vat_number: null,
    address: documentAddress(address),
    email: null,
  };
  return cleanBuyer(buyer, seller.address.country);
}

/** The transfer that settles what a letter asks for; null where it asks for none, or a direct debit will. */
export function transferOf({ settings, currency, name }: Organization, { facts }: Said): string | null {
  const said: Partial<Record<string, unknown>> = { ...facts };
  const iban = settings.creditor?.iban;
  const amount = said.total ?? said.amount;
  if (!('pay_to' in facts) || iban === undefined || typeof amount !== 'number' || said.represented_on) return null;
  const beneficiary = settings.creditor?.name ?? name;
  return epcPayload({ beneficiary, iban, bic: null, amount, currency, remittance: String(said.reference) });
}
