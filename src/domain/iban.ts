/**
 * The account of a debtor or a creditor: an IBAN that a SEPA direct debit can reach.
 *
 * Always true:
 * - an `Iban` is in electronic form (capitals, no spaces), of a SEPA country, right in length, characters, check
 *   digits and, where the country has one, national key (the French RIB key);
 * - each fault has a refusal of its own, and no refusal carries the IBAN;
 * - what is shown of an IBAN is its country and last four characters.
 */
import { countrySpecs, isQRIBAN, isSEPACountry, ValidationErrorsIBAN, validateIBAN } from 'ibantools';
import type { RefusalCode } from '../errors/catalogue/index.ts';
import { Refusal, type RefusalParams } from '../errors/refusal.ts';

declare const ibanBrand: unique symbol;
export type Iban = string & { readonly [ibanBrand]: true };

/** In the SEPA area, though `ibantools` 4.5 does not say so yet. */
const ALSO_SEPA: ReadonlySet<string> = new Set(['AL', 'MD', 'ME', 'MK', 'RS']);

/** The European Economic Area: debtors' banks outside it need the debtor's address in the file. */
export const EEA_COUNTRIES: readonly string[] =
  'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK'.split(' ');
const EEA: ReadonlySet<string> = new Set(EEA_COUNTRIES);

/** Longest IBAN of any country; longer input is not looked at. */
const MAX_LENGTH = 34;

export interface IbanFault {
  code: RefusalCode;
  params: RefusalParams;
}

/** Electronic form: capitals, without spaces, hyphens and the like that people type. */
export function compactIban(text: string): string {
  return text
    .slice(0, 200)
    .replace(/[\s\u00a0\u202f.-]+/g, '')
    .toUpperCase();
}

export function isSepaCountry(country: string): boolean {
  return ALSO_SEPA.has(country) || isSEPACountry(country);
}

/** What is wrong with this text as an IBAN for direct debit; null when nothing is. */
export function ibanFault(text: string): IbanFault | null {
  const iban = compactIban(text);
  if (iban === '') return { code: 'iban_missing', params: {} };
  if (iban.startsWith('IBAN') || !/^[A-Z]{2}/.test(iban)) return { code: 'iban_characters', params: { country: '' } };
  const country = iban.slice(0, 2);
  const { errorCodes, valid } =
    iban.length > MAX_LENGTH
      ? { errorCodes: [ValidationErrorsIBAN.WrongBBANLength], valid: false }
      : validateIBAN(iban);
  if (valid) {
    if (!isSepaCountry(country)) return { code: 'iban_outside_sepa', params: { country } };
    if (isQRIBAN(iban)) return { code: 'iban_for_references_only', params: { country } };
    return null;
  }
  const has = (fault: ValidationErrorsIBAN) => errorCodes.includes(fault);
  if (has(ValidationErrorsIBAN.NoIBANCountry)) return { code: 'iban_country_unknown', params: { country } };
  if (has(ValidationErrorsIBAN.WrongBBANLength)) {
    const expected = countrySpecs[country]?.chars ?? null;
    return { code: 'iban_length', params: { country, expected, found: iban.length } };
  }
  if (has(ValidationErrorsIBAN.WrongBBANFormat) || has(ValidationErrorsIBAN.ChecksumNotNumber))
    return { code: 'iban_characters', params: { country } };
  if (has(ValidationErrorsIBAN.WrongIBANChecksum)) return { code: 'iban_check_digits', params: { country } };
  return { code: 'iban_national_key', params: { country } };
}

/** Reads an IBAN as people type it. @throws Refusal that names the fault, at `pointer`. */
export function readIban(text: string, pointer = '/iban'): Iban {
  const fault = ibanFault(text);
  if (fault) throw new Refusal(fault.code, fault.params, { pointer });
  return compactIban(text) as Iban;
}

export function countryOfIban(iban: string): string {
  return iban.slice(0, 2);
}

export function lastFour(iban: string): string {
  return iban.slice(-4);
}

/** `FR** **** 0189`: all that is ever shown. */
export function maskIban(iban: string): string {
  return maskedAccount(countryOfIban(iban), lastFour(iban));
}

/** The same from what is kept beside the encrypted IBAN. */
export function maskedAccount(country: string, lastFourCharacters: string): string {
  return `${country}** **** ${lastFourCharacters}`;
}

/** Must the debtor's address stand in the file? Yes where their bank is outside the EEA; inside, it is left out. */
export function debtorAddressRequired(iban: string): boolean {
  return !EEA.has(countryOfIban(iban));
}

/** Running text with every account number in it masked, for what is written down where none may stand. */
export function maskAccountNumbers(text: string): string {
  return text.replace(/\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]){11,30}/g, (candidate) => {
    const compact = candidate.replaceAll(' ', '');
    // What follows an account number in running text may look like more of it.
    for (let length = Math.min(34, compact.length); length >= 15; length -= 1) {
      const account = compact.slice(0, length);
      if (ibanFault(account) === null) return maskIban(account);
    }
    return candidate;
  });
}
