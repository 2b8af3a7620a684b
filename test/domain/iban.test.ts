import { describe, expect, test } from 'vitest';
import { debtorAddressRequired, isSepaCountry, maskIban, readIban } from '../../src/domain/iban.ts';
import { Refusal } from '../../src/errors/refusal.ts';

function refusalOf(read: () => unknown): Refusal {
  try {
    read();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error('accepted');
}

describe('an IBAN', () => {
  test.each([
    ['FR76 3000 6000 0112 3456 7890 189', 'FR7630006000011234567890189'],
    ['fr14-2004-1010-0505-0001-3m02-606', 'FR1420041010050500013M02606'],
    ['DE89 3704 0044 0532 0130 00', 'DE89370400440532013000'],
    ['CH93 0076 2011 6238 5295 7', 'CH9300762011623852957'],
    ['RS35 2600 0560 1001 6113 79', 'RS35260005601001611379'],
    ['AL47 2121 1009 0000 0002 3569 8741', 'AL47212110090000000235698741'],
    ['ME25 5050 0001 2345 6789 51', 'ME25505000012345678951'],
    ['MK07 2501 2000 0058 984', 'MK07250120000058984'],
    ['MD24 AG00 0225 1000 1310 4168', 'MD24AG000225100013104168'],
  ])('is taken as people type it: %s', (typed, electronic) => {
    expect(readIban(typed)).toBe(electronic);
  });

  test.each([
    ['', 'iban_missing'],
    ['   ', 'iban_missing'],
    ['7630006000011234567890189', 'iban_characters'],
    ['IBAN FR7630006000011234567890189', 'iban_characters'],
    ['XX7630006000011234567890189', 'iban_country_unknown'],
    ['FR763000600001123456789018', 'iban_length'],
    [`FR76${'3'.repeat(400)}`, 'iban_length'],
    ['DE8937040044053201300A', 'iban_characters'],
    ['FRAA30006000011234567890189', 'iban_characters'],
    ['FR7730006000011234567890189', 'iban_check_digits'],
    ['FR0630006000011234567890188', 'iban_national_key'],
    ['TR330006100519786457841326', 'iban_outside_sepa'],
    ['CH4431999123000889012', 'iban_for_references_only'],
  ])('that is wrong is refused by its own fault: %s', (typed, code) => {
    const refusal = refusalOf(() => readIban(typed, '/mandate/iban'));
    expect(refusal.code).toBe(code);
    expect(refusal.pointer).toBe('/mandate/iban');
    for (const language of ['fr', 'en', 'de'] as const) {
      const words = refusal.say(language);
      expect(words).not.toContain('{');
      if (typed.length > 8) expect(words).not.toContain(typed.slice(4));
    }
  });

  test('shows its country and last four characters and nothing else', () => {
    expect(maskIban('FR7630006000011234567890189')).toBe('FR** **** 0189');
  });

  test('needs the debtor’s address where the bank is outside the EEA', () => {
    for (const country of ['CH', 'MC', 'SM', 'GB', 'AD', 'VA', 'GI', 'RS'])
      expect(debtorAddressRequired(`${country}00`)).toBe(true);
    for (const country of ['FR', 'DE', 'NO', 'IS', 'LI', 'GR'])
      expect(debtorAddressRequired(`${country}00`)).toBe(false);
  });

  test('belongs to the SEPA countries that the library misses too', () => {
    for (const country of ['AL', 'MD', 'ME', 'MK', 'RS', 'FR', 'GB', 'VA']) expect(isSepaCountry(country)).toBe(true);
    for (const country of ['TR', 'UA', 'US', 'XX']) expect(isSepaCountry(country)).toBe(false);
  });
});
