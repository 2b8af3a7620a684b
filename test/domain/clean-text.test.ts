import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanOrNull, cleanText } from '../../src/domain/clean-text.ts';

describe('text for documents', () => {
  it.each([
    ['plain', 'Zoé Lefèvre', 'Zoé Lefèvre'],
    ['two-part accents', 'e\u0301te\u0301', 'été'],
    ['control characters and line breaks', ' a\u0000b\r\nc\t\u0085d ', 'a b c d'],
    ['direction overrides and zero widths', '\u202eab\u200bc\ufeff', 'abc'],
    ['lone surrogates and non-characters', 'a\ud800b\uffffc', 'a\ufffdb\ufffdc'],
    ['emoji', '🏊‍♀️', '🏊‍♀️'],
  ])('is cleaned: %s', (_, text, clean) => {
    expect(cleanText(text, 50)).toBe(clean);
  });

  it('is cut by whole characters, with an ellipsis', () => {
    expect(cleanText('abcdef', 4)).toBe('abc…');
    expect(cleanText('🏊🏊🏊🏊', 3)).toBe('🏊🏊…');
    expect(cleanOrNull(' \u0007 ', 10)).toBeNull();
    expect(cleanOrNull(undefined, 10)).toBeNull();
  });

  it('may be stored and sent anywhere, stays within its limit, and is clean once cleaned', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), fc.integer({ min: 1, max: 60 }), (text, limit) => {
        const clean = cleanText(text, limit);
        expect(Array.from(clean).length).toBeLessThanOrEqual(limit);
        expect(clean).not.toMatch(/[\p{Cc}\p{Cs}\p{Cn}\p{Co}\u202a-\u202e]/u);
        expect(cleanText(clean, limit)).toBe(clean);
        expect(clean.normalize('NFC')).toBe(clean);
      }),
      { numRuns: 1000 },
    );
  });
});
