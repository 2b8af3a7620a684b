import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { identifierOfId, isBic, isSepaIdentifier, isSepaText, sepaText } from '../../../src/formats/sepa/text.ts';

describe('text for the bank', () => {
  test.each([
    ['Éloïse Müller-Straße', 'Eloise Muller-Strasse'],
    ['Œuvre & Cie', 'OEuvre + Cie'],
    ['Đorđe Ångström Øst', 'Dorde Angstrom Ost'],
    ['Łukasz Żółć', 'Lukasz Zolc'],
    ['Ştefan Ţepeş', 'Stefan Tepes'],
    ['Ελλάδα', 'Ellada'],
    ['Щука Жена', 'Shtuka Zhena'],
    ['12,50 €', '12,50 EUR'],
    ['A\\B|C`D_E', "A/B/C'D-E"],
    ['l’été « chaud »', "l'ete ' chaud '"],
    ['李明', '..'],
    ['👩‍👧 Anne', '.. Anne'],
    ['  two   blanks \t\n end ', 'two blanks end'],
    ['<b>&amp;</b>', '.b.+amp,./b.'],
    ['', ''],
    ['e\u0301', 'e'],
  ])('is put into SEPA characters: %s', (typed, sent) => {
    expect(sepaText(typed, 70)).toBe(sent);
  });

  test('is cut to the length asked, and never ends in a blank', () => {
    expect(sepaText('a'.repeat(200), 140)).toHaveLength(140);
    expect(sepaText('ß'.repeat(100), 35)).toBe('s'.repeat(35));
    expect(sepaText(`${'a'.repeat(69)} b`, 70)).toBe('a'.repeat(69));
  });

  test('whatever it was, holds only SEPA characters and fits', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), fc.integer({ min: 1, max: 140 }), (typed, length) => {
        const sent = sepaText(typed, length);
        expect(isSepaText(sent)).toBe(true);
        expect(sent.length).toBeLessThanOrEqual(length);
        expect(sent).toBe(sent.trim());
        expect(sepaText(sent, length)).toBe(sent);
      }),
      { numRuns: 2000 },
    );
  });

  test('of a million characters takes no longer than of a few', () => {
    expect(sepaText('é'.repeat(1_000_000), 70)).toBe('e'.repeat(70));
    expect(sepaText('\u0301'.repeat(1_000_000), 70)).toBe('');
  });

  test.each([
    ['RUM-0001', true],
    ['A/B', true],
    ["+?:().,'-", true],
    ['a'.repeat(35), true],
    ['a'.repeat(36), false],
    ['', false],
    ['/A', false],
    ['A/', false],
    ['A//B', false],
    [' A', false],
    ['A ', false],
    ['é', false],
    ['A_B', false],
    ['A\n', false],
    ['A<B', false],
  ])('as an identifier, %s is accepted: %s', (text, accepted) => {
    expect(isSepaIdentifier(text)).toBe(accepted);
  });

  test('an id of the engine makes an identifier of 30 characters', () => {
    const id = identifierOfId('col_01JD4Z8Q7K3V5W6X7Y8Z9A0B1C');
    expect(id).toHaveLength(30);
    expect(isSepaIdentifier(id)).toBe(true);
  });

  test.each([
    ['AGRIFRPP', true],
    ['AGRIFRPPXXX', true],
    ['AGRIFRPPXX', false],
    ['agrifrpp', false],
    ['', false],
  ])('as a BIC, %s is accepted: %s', (text, accepted) => {
    expect(isBic(text)).toBe(accepted);
  });
});
