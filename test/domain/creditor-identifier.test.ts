import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  creditorIdentifierFault,
  mod97,
  readCreditorIdentifier,
  sameCreditor,
} from '../../src/domain/creditor-identifier.ts';
import { Refusal } from '../../src/errors/refusal.ts';

describe('a SEPA creditor identifier', () => {
  test.each([
    'DE98ZZZ09999999999',
    'FR72ZZZ123456',
    'NL79ZZZ999999990000',
    'AT61ZZZ01234567890',
    'IT66ZZZA1B2C3D4E5F6G7H8',
  ])('is accepted: %s', (id) => {
    expect(creditorIdentifierFault(id)).toBeNull();
  });

  test('is taken as people type it', () => {
    expect(readCreditorIdentifier(' fr72 zzz 123456 ')).toBe('FR72ZZZ123456');
  });

  test('keeps its check digits whatever the business characters are', () => {
    expect(creditorIdentifierFault('FR72A1B123456')).toBeNull();
    expect(sameCreditor('FR72A1B123456', 'FR72ZZZ123456')).toBe(true);
    expect(sameCreditor('FR72ZZZ123456', 'FR72ZZZ123457')).toBe(false);
  });

  test.each([
    ['', 'creditor_identifier_malformed'],
    ['FR72ZZZ', 'creditor_identifier_malformed'],
    ['FR72ZZZ12345', 'creditor_identifier_malformed'],
    ['FR72ZZZ12345é', 'creditor_identifier_malformed'],
    [`SE97ZZZ${'1'.repeat(40)}`, 'creditor_identifier_malformed'],
    ['FR73ZZZ123456', 'creditor_identifier_check_digits'],
    ['FR72ZZZ123465', 'creditor_identifier_check_digits'],
  ])('that is wrong is refused: %s', (id, code) => {
    expect(() => readCreditorIdentifier(id)).toThrow(Refusal);
    expect(creditorIdentifierFault(id)).toBe(code);
  });

  test('with any one digit changed is refused', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^\d{6}$/),
        fc.integer({ min: 0, max: 5 }),
        fc.integer({ min: 1, max: 9 }),
        (own, at, by) => {
          const check = String(98 - mod97(`${own}FR00`)).padStart(2, '0');
          expect(creditorIdentifierFault(`FR${check}ZZZ${own}`)).toBeNull();
          const other = own.slice(0, at) + String((Number(own[at]) + by) % 10) + own.slice(at + 1);
          expect(creditorIdentifierFault(`FR${check}ZZZ${other}`)).toBe('creditor_identifier_check_digits');
        },
      ),
    );
  });
});
