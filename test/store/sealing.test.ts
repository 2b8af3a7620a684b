import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseKeys, readKeys, SealBroken } from '../../src/store/sealing.ts';

const K1 = `k1:${Buffer.alloc(32, 1).toString('base64')}`;
const K2 = `k2:${Buffer.alloc(32, 2).toString('base64')}`;
const iban = 'FR7630006000011234567890189';

describe('sealed texts', () => {
  const sealer = parseKeys(K1);

  test('open again for what they were sealed for, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => {
        fc.pre(Buffer.from(text, 'utf8').toString('utf8') === text);
        expect(sealer.open(sealer.seal(text, 'iban:org_1'), 'iban:org_1')).toBe(text);
      }),
    );
  });

  test('show nothing, and never look the same twice', () => {
    const values = Array.from({ length: 20 }, () => sealer.seal(iban, 'iban:org_1'));
    expect(new Set(values).size).toBe(20);
    for (const value of values) expect(value).toMatch(/^v1:k1:[\w-]{60,}$/);
    expect(values.join()).not.toContain(iban.slice(4, 12));
  });

  test('do not open for another organization, or changed in any place, or cut short', () => {
    const value = sealer.seal(iban, 'iban:org_1');
    expect(() => sealer.open(value, 'iban:org_2')).toThrow(SealBroken);
    const bytes = Buffer.from(value.slice('v1:k1:'.length), 'base64url');
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] as number) ^ 1;
      expect(() => sealer.open(`v1:k1:${changed.toString('base64url')}`, 'iban:org_1')).toThrow(SealBroken);
      expect(() => sealer.open(`v1:k1:${bytes.subarray(0, at).toString('base64url')}`, 'iban:org_1')).toThrow(
        SealBroken,
      );
    }
    expect(() => sealer.open(iban, 'iban:org_1')).toThrow(SealBroken);
    expect(() => sealer.open(value.replace('k1', 'k9'), 'iban:org_1')).toThrow(/not in the ring/);
    expect(() => sealer.open(value.replace('v1', 'v2'), 'iban:org_1')).toThrow(/unknown form/);
  });

  test('say nothing of the text in what they throw', () => {
    const value = sealer.seal(iban, 'iban:org_1');
    expect(() => sealer.open(value, 'x')).toThrow(/^(?!.*FR76).*$/);
  });
});

describe('exchanging keys', () => {
  const old = parseKeys(K1);
  const both = parseKeys(`${K2},${K1}`);

  test('the first key seals, all of them open', () => {
    const before = old.seal(iban, 'iban:org_1');
    expect(both.open(before, 'iban:org_1')).toBe(iban);
    expect(both.isOld(before)).toBe(true);
    const after = both.seal(iban, 'iban:org_1');
    expect(after.startsWith('v1:k2:')).toBe(true);
    expect(both.isOld(after)).toBe(false);
    expect(() => old.open(after, 'iban:org_1')).toThrow(SealBroken);
  });

  test('a text is found under the index of every key', () => {
    expect(both.indexes(iban, 'iban:org_1')).toEqual([both.index(iban, 'iban:org_1'), old.index(iban, 'iban:org_1')]);
  });
});

describe('the index', () => {
  const sealer = parseKeys(K1);

  test('is the same for the same text and organization, and no other', () => {
    expect(sealer.index(iban, 'iban:org_1')).toBe(sealer.index(iban, 'iban:org_1'));
    expect(sealer.index(iban, 'iban:org_1')).not.toBe(sealer.index(iban, 'iban:org_2'));
    expect(sealer.index(iban, 'iban:org_1')).not.toBe(sealer.index(`${iban}0`, 'iban:org_1'));
  });

  test('is not made with the key that seals', () => {
    expect(sealer.index(iban, 'p')).not.toBe(
      parseKeys(`k1:${Buffer.alloc(32, 3).toString('base64')}`).index(iban, 'p'),
    );
  });
});

describe('reading keys', () => {
  test.each([
    ['', /no encryption key/],
    ['# nothing\n', /no encryption key/],
    ['k1', /id:base64/],
    [':AAAA', /id:base64/],
    ['k1:AAAA', /not 32 bytes/],
    [`${K1},${K1}`, /stands twice/],
  ])('%j is refused', (text, why) => {
    expect(() => parseKeys(text)).toThrow(why);
  });

  test('a refusal never shows the key', () => {
    expect(() => parseKeys('k1:c2VjcmV0')).toThrow(/^(?!.*c2VjcmV0).*$/);
  });

  test('come from the variable, else from the file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'echeance-keys-'));
    try {
      const file = join(folder, 'keys');
      writeFileSync(file, `# first one seals\n${K2}\n${K1}\n`);
      const fromFile = readKeys({ ENCRYPTION_KEY_FILE: file });
      expect(fromFile.seal('x', 'p').startsWith('v1:k2:')).toBe(true);
      expect(readKeys({ ENCRYPTION_KEYS: K1, ENCRYPTION_KEY_FILE: file }).seal('x', 'p').startsWith('v1:k1:')).toBe(
        true,
      );
      expect(() => readKeys({})).toThrow(/no encryption key/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
