import { describe, expect, test } from 'vitest';
import { camt, details, entry, RETURNED, read, refusalOf, txDtls } from './messages.ts';

const NAME = 'Zoé Œuvré Ÿ €';
const xml = camt(
  entry({ details: details(txDtls(1, `<RltdPties><Dbtr><Pty><Nm>${NAME}</Nm></Pty></Dbtr></RltdPties>${RETURNED}`)) }),
);
const declared = (encoding: string) => xml.replace('encoding="UTF-8"', `encoding="${encoding}"`);

/** Windows-1252 or ISO-8859-15 bytes of a text, by the few characters that differ from Latin-1. */
function bytesOf(text: string, table: Record<string, number>): Buffer {
  return Buffer.from([...text].map((character) => table[character] ?? character.charCodeAt(0)));
}
const windows = { Œ: 0x8c, Ÿ: 0x9f, '€': 0x80 };
const latin9 = { Œ: 0xbc, Ÿ: 0xbe, '€': 0xa4 };

function utf16be(text: string): Buffer {
  return Buffer.from(text, 'utf16le').swap16();
}

async function nameIn(bytes: Uint8Array) {
  const { entries, report } = await read(bytes);
  return { name: entries[0]?.debtor_name, encoding: report.encoding, findings: report.findings.map((f) => f.code) };
}

describe('a bank’s file', () => {
  test.each<[string, Buffer, string, string[]]>([
    ['UTF-8', Buffer.from(xml), 'UTF-8', []],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${xml}`), 'UTF-8', []],
    ['UTF-8 without a declaration', Buffer.from(xml.replace(/^<\?xml.*\n/, '')), 'UTF-8', []],
    ['UTF-8 after blank lines', Buffer.from(`\r\n\n  ${xml}`), 'UTF-8', []],
    ['UTF-16 with a little-endian mark', Buffer.from(`\ufeff${declared('UTF-16')}`, 'utf16le'), 'UTF-16LE', []],
    ['UTF-16 with a big-endian mark', utf16be(`\ufeff${declared('UTF-16')}`), 'UTF-16BE', []],
    ['UTF-16, little-endian, unmarked', Buffer.from(declared('UTF-16LE'), 'utf16le'), 'UTF-16LE', []],
    ['UTF-16, big-endian, unmarked', utf16be(declared('UTF-16BE')), 'UTF-16BE', []],
    ['windows-1252', bytesOf(declared('windows-1252'), windows), 'WINDOWS-1252', []],
    ['windows-1252 declared as ISO-8859-1', bytesOf(declared('iso-8859-1'), windows), 'ISO-8859-1', []],
    ['ISO-8859-15', bytesOf(declared('ISO-8859-15'), latin9), 'ISO-8859-15', []],
    ['UTF-8 declared as UTF-16', Buffer.from(declared('utf-16')), 'UTF-8', ['encoding_mislabelled']],
    [
      'UTF-8 with a mark, declared as ISO-8859-1',
      Buffer.from(`\ufeff${declared('iso-8859-1')}`),
      'UTF-8',
      ['encoding_mislabelled'],
    ],
  ])('in %s is read to the letter', async (_, bytes, encoding, findings) => {
    expect(await nameIn(bytes)).toEqual({ name: NAME, encoding, findings });
    async function* drops() {
      for (const byte of bytes) yield Buffer.from([byte]);
    }
    const { entries } = await read(bytes);
    const { readBankFile } = await import('../../../../src/formats/sepa/reader/read-bank-file.ts');
    expect((await readBankFile(drops())).entries).toEqual(entries);
  });

  test.each<[string, Buffer, string]>([
    ['Latin-1 bytes declared as UTF-8', bytesOf(xml, windows), 'bank_file_encoding'],
    ['an unknown encoding', Buffer.from(declared('EBCDIC-CP-FR')), 'bank_file_encoding'],
    ['UTF-7', Buffer.from(declared('UTF-7')), 'bank_file_encoding'],
    ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x3c, 0, 0, 0]), 'bank_file_encoding'],
    [
      'UTF-16 with half a surrogate pair',
      Buffer.concat([Buffer.from('\ufeff<a>', 'utf16le'), Buffer.from([0x00, 0xd8, 0x3c, 0x00])]),
      'bank_file_encoding',
    ],
    [
      'half a character of UTF-16 at its end',
      Buffer.concat([Buffer.from(`\ufeff${xml}`, 'utf16le'), Buffer.from([0x0a])]),
      'bank_file_truncated',
    ],
    [
      'half a character of UTF-8 at its end',
      Buffer.concat([Buffer.from(xml), Buffer.from([0xe2, 0x82])]),
      'bank_file_truncated',
    ],
    ['gzip', Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0]), 'bank_file_not_xml'],
    ['zip', Buffer.from('PK\u0003\u0004'), 'bank_file_not_xml'],
    ['PDF', Buffer.from('%PDF-1.7\n'), 'bank_file_not_xml'],
    ['JSON', Buffer.from('{"Document": {}}'), 'bank_file_not_xml'],
    ['MT940', Buffer.from(':20:STARTUMS\r\n:25:'), 'bank_file_not_xml'],
    ['plain text', Buffer.from('Bonjour'), 'bank_file_not_xml'],
    ['nothing', Buffer.alloc(0), 'bank_file_empty'],
    ['blanks only', Buffer.from(' \n\t '), 'bank_file_empty'],
    ['zero bytes', Buffer.alloc(5000), 'bank_file_encoding'],
  ])('of %s is refused by name', async (_, bytes, code) => {
    const refusal = await refusalOf(bytes);
    expect(refusal.code).toBe(code);
    for (const language of ['fr', 'en', 'de'] as const) expect(refusal.say(language)).not.toContain('{');
  });
});
