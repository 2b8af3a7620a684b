import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Refusal } from '../../../../src/errors/refusal.ts';
import { MAX_FINDINGS, sayFinding } from '../../../../src/formats/sepa/reader/findings.ts';
import { openBankFile } from '../../../../src/formats/sepa/reader/read-bank-file.ts';
import {
  camt,
  details,
  document,
  entry,
  pain002,
  pmtInf,
  RETURNED,
  read,
  reason,
  refusalOf,
  tx002,
  txDtls,
} from './messages.ts';

const good = camt(
  Array.from({ length: 40 }, (_, n) =>
    entry({ details: details(txDtls(n, `<Amt Ccy="EUR">19.90</Amt>${RETURNED}`)) }),
  ).join(''),
);
const withProlog = (prolog: string, xml = good) => xml.replace('?>\n', `?>\n${prolog}`);

/** Text handed over in pieces of a given size. */
function* pieces(text: string | Buffer, size: number): Generator<Buffer> {
  const bytes = Buffer.from(text);
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}

/** Reads to the end, keeping nothing. */
async function drain(source: Iterable<Uint8Array>, limits = {}): Promise<number> {
  let count = 0;
  for await (const entries of openBankFile(source, limits).entries) count += entries.length;
  return count;
}

async function codeOf(source: Iterable<Uint8Array>, limits = {}): Promise<string> {
  try {
    await drain(source, limits);
    return 'read';
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Megabytes that are held, once all that is held by nobody is gone. */
function held(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 1024 / 1024;
}

describe('a hostile file', () => {
  test.each([
    ['a DOCTYPE', '<!DOCTYPE Document>'],
    ['a DOCTYPE of HTML', '<!doctype html>'],
    ['an external DTD', '<!DOCTYPE Document SYSTEM "file:///etc/passwd">'],
    ['an external entity', '<!DOCTYPE d [<!ENTITY x SYSTEM "http://127.0.0.1:9/x">]>'],
    ['a parameter entity', '<!DOCTYPE d [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>'],
    [
      'a billion laughs',
      `<!DOCTYPE lolz [<!ENTITY lol "lol">${Array.from({ length: 9 }, (_, n) => `<!ENTITY lol${n + 1} "${`&lol${n || ''};`.repeat(10)}">`).join('')}]>`,
    ],
    ['an entity alone', '<!ENTITY x "y">'],
  ])('with %s is refused before it is read', async (_, prolog) => {
    expect((await refusalOf(withProlog(prolog))).code).toBe('bank_file_doctype');
    for (const size of [1, 2, 3, 7]) expect(await codeOf(pieces(withProlog(prolog), size))).toBe('bank_file_doctype');
    const wide = Buffer.from(`\ufeff${withProlog(prolog)}`, 'utf16le');
    expect((await refusalOf(wide)).code).toBe('bank_file_doctype');
    expect(await codeOf(pieces(wide, 5))).toBe('bank_file_doctype');
  });

  test('that uses an entity it never declared is refused, one that uses those of XML is read', async () => {
    const named = (name: string) =>
      camt(entry({ details: details(txDtls(1, `<RmtInf><Ustrd>${name}</Ustrd></RmtInf>`)) }));
    expect((await refusalOf(named('&xxe;'))).code).toBe('bank_file_doctype');
    expect((await refusalOf(named('&constructor;'))).code).toBe('bank_file_doctype');
    expect((await refusalOf(named('A & B'))).code).toBe('bank_file_malformed');
    expect((await refusalOf(named('A & B;'))).code).toBe('bank_file_malformed');
    expect((await read(named('A &amp; &lt;b&gt; &#233;'))).entries[0]?.remittance).toBe('A & <b> é');
  });

  test('nested 10,000 deep is refused at once', async () => {
    const deep = document('camt.054.001.08', '<a>'.repeat(10_000) + '</a>'.repeat(10_000));
    expect((await refusalOf(deep)).code).toBe('bank_file_not_a_message');
    const inside = camt(entry({ tail: '<SplmtryData>'.repeat(10_000) + '</SplmtryData>'.repeat(10_000) }));
    const refusal = await refusalOf(inside);
    expect([refusal.code, refusal.params.what]).toEqual(['bank_file_beyond_limit', 'depth']);
    expect((await refusalOf('<a>'.repeat(5_000_000))).code).toBe('bank_file_beyond_limit');
  });

  test.each<[string, string]>([
    ['a value of 100,000 characters', camt(entry({ tail: `<AddtlNtryInf>${'x'.repeat(100_000)}</AddtlNtryInf>` }))],
    [
      'a value made of 10,000 pieces',
      camt(entry({ tail: `<AddtlNtryInf>${'x<!-- -->'.repeat(10_000)}</AddtlNtryInf>` })),
    ],
    ['a tag of 10 MB', good.replace('<Ntry>', `<${'N'.repeat(10_000_000)}>`)],
    ['an attribute of 10 MB', good.replace('<Ntry>', `<Ntry a="${'N'.repeat(10_000_000)}">`)],
    ['a comment of 10 MB', good.replace('<Ntry>', `<!--${'N'.repeat(10_000_000)}--><Ntry>`)],
    ['an instruction of 10 MB', good.replace('<Ntry>', `<?p ${'N'.repeat(10_000_000)}?><Ntry>`)],
    ['blanks of 10 MB', good.replace('<Ntry>', `${' '.repeat(10_000_000)}<Ntry>`)],
    ['CDATA of 10 MB that nobody reads', good.replace('<Ntry>', `<X><![CDATA[${'N'.repeat(10_000_000)}]]></X><Ntry>`)],
    ['33 attributes', good.replace('<Ntry>', `<Ntry ${Array.from({ length: 33 }, (_, n) => `a${n}="1"`).join(' ')}>`)],
    [
      '100,000 attributes',
      good.replace('<Ntry>', `<Ntry ${Array.from({ length: 100_000 }, (_, n) => `a${n}="1"`).join(' ')}>`),
    ],
  ])('with %s is refused', async (_, xml) => {
    const refusal = await refusalOf(xml);
    expect(refusal.code).toBe('bank_file_beyond_limit');
    expect(await codeOf(pieces(xml, 10_000))).toBe('bank_file_beyond_limit');
  });

  test('larger than the limit is refused without being read to its end', async () => {
    let asked = 0;
    function* endless(): Generator<Buffer> {
      yield Buffer.from(good.slice(0, good.indexOf('<Ntry>')));
      for (;;) {
        asked += 1;
        yield Buffer.from(entry());
      }
    }
    expect(await codeOf(endless(), { max_bytes: 1_000_000 })).toBe('bank_file_too_large');
    expect(asked).toBeLessThan(5000);
    expect(await codeOf(endless(), { max_entries: 100 })).toBe('bank_file_beyond_limit');
    expect(await codeOf(endless(), { max_ms: 0 })).toBe('bank_file_beyond_limit');
  });

  test('cut short anywhere is refused', async () => {
    const bytes = Buffer.from(good);
    for (let length = 1024; length < bytes.length; length += 1024)
      expect((await refusalOf(bytes.subarray(0, length))).code).toBe('bank_file_truncated');
    for (let length = bytes.length - 60; length < bytes.length - 1; length += 1)
      expect((await refusalOf(bytes.subarray(0, length))).code).toBe('bank_file_truncated');
    for (let length = 1; length < 500; length += 1)
      expect((await refusalOf(bytes.subarray(0, length))).code).toBe('bank_file_truncated');
  });

  test.each([
    ['text after its end', `${good}garbage`, 'bank_file_malformed'],
    ['zeroes after its end', `${good}\0\0\0`, 'bank_file_malformed'],
    ['markup after its end', `${good}<more/>`, 'bank_file_malformed'],
    ['another message after its end', `${good}${good.replace(/^.*\n/, '')}`, 'bank_file_malformed'],
    ['two messages in one envelope', `<e>${good.replace(/^.*\n/, '').repeat(2)}</e>`, 'bank_file_several_messages'],
    ['tags that do not match', good.replace('</Ntry>', '</Entry>'), 'bank_file_malformed'],
    ['a control character', good.replace('E2E-1', 'E2E\u0001'), 'bank_file_malformed'],
    ['a forbidden character reference', good.replace('E2E-1', '&#0;'), 'bank_file_malformed'],
    ['an attribute without quotes', good.replace('Ccy="EUR"', 'Ccy=EUR'), 'bank_file_malformed'],
  ])('with %s is refused', async (_, xml, code) => {
    expect((await refusalOf(xml)).code).toBe(code);
  });

  test.each([
    ['pain.008.001.08', document('pain.008.001.08', '<CstmrDrctDbtInitn/>')],
    ['pain.001.001.09', document('pain.001.001.09', '<CstmrCdtTrfInitn/>')],
    ['camt.052.001.08', document('camt.052.001.08', '<BkToCstmrAcctRpt><Rpt/></BkToCstmrAcctRpt>')],
    ['html', '<html><body>Service indisponible</body></html>'],
    ['Nothing', '<Document><Nothing/></Document>'],
    ['Document', '<Document/>'],
    ['rss', `<rss>${'<item/>'.repeat(5000)}</rss>`],
  ])('that is %s and none of the bank’s answers is refused by name', async (found, xml) => {
    const refusal = await refusalOf(xml);
    expect([refusal.code, refusal.params.found]).toEqual(['bank_file_not_a_message', found]);
  });

  test('never tells anything of a file that is refused at its end', async () => {
    await expect(read(`${good}x`)).rejects.toBeInstanceOf(Refusal);
  });

  test('says whatever it says in a report that stays short', async () => {
    const bad = entry({ amount: '1.999', details: details(txDtls(1, '<Amt Ccy="XXX">x</Amt>')) });
    const { report } = await read(camt(bad.repeat(2000)));
    expect(report.findings).toHaveLength(MAX_FINDINGS);
    expect(report.findings_count).toBeGreaterThanOrEqual(6000);
    for (const finding of report.findings)
      for (const language of ['fr', 'en', 'de'] as const) expect(sayFinding(finding, language)).not.toContain('{');
  });

  test('whatever stands in any field, is read or refused, and told as it stands', async () => {
    const markup = (text: string) =>
      text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\r', '&#13;');
    const holds = (text: string) =>
      Buffer.from(text).toString() === text && !/[\p{Cc}\ufffe\uffff]/u.test(text.replace(/[\t\n\r]/g, ''));
    const hostile = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 100 }).filter(holds),
      fc.constantFrom(
        "'; DROP TABLE payment;--",
        '<script>alert(1)</script>',
        ']]>',
        '{{7*7}}',
        '../../etc/passwd',
        '=cmd|calc',
        '\u202ereversed',
        '__proto__',
        'NaN',
      ),
    );
    const field = fc.constantFrom(
      'E2E-7<',
      'BOOK<',
      '19.90<',
      'AM04<',
      'N-1<',
      '2026-11-27<',
      'DBIT<',
      'PMNT<',
      'IDDT<',
      'UPDD<',
    );
    await fc.assert(
      fc.asyncProperty(hostile, field, async (text, place) => {
        const { entries } = await read(good.replaceAll(`>${place}`, () => `>${markup(text)}<`));
        expect(entries).toHaveLength(40);
        const told =
          place === 'E2E-7<' ? entries[7]?.end_to_end_id : place === 'AM04<' ? entries[7]?.reason_code : null;
        const provided = text.trim() !== '' && !/^not ?provided$/i.test(text.trim());
        if (place === 'E2E-7<' && provided) expect(told).toBe(text.trim());
      }),
      { numRuns: 300 },
    );
  });

  test('made of random damage is read or refused, and nothing else', async () => {
    const bytes = Buffer.from(
      pain002(
        '<GrpSts>PART</GrpSts>',
        pmtInf(Array.from({ length: 5 }, (_, n) => tx002(n, 'RJCT', reason('AM04'))).join('')),
      ),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 5 }),
        async (damage) => {
          const copy = Buffer.from(bytes);
          for (const [at, byte] of damage) copy[at] = byte;
          expect(await codeOf([copy])).toMatch(/^(read|bank_file_\w+)$/);
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('is not held in memory while it is read, whatever it is made of', async () => {
    const start = good.slice(0, good.indexOf('<Ntry>'));
    for (const unit of [
      entry(),
      '<Ntry/>',
      '<a/>',
      '<SplmtryData><x>y</x></SplmtryData>',
      `<b c="d"/><!--${'c'.repeat(500)}-->`,
    ]) {
      const block = Buffer.from(unit.repeat(Math.ceil(65_536 / unit.length)));
      const before = held();
      let growth = 0;
      function* filled(): Generator<Buffer> {
        yield Buffer.from(start);
        for (let sent = 0; sent < 6 * 1024 * 1024; sent += block.length) yield block;
        growth = held() - before;
      }
      expect(await codeOf(filled(), { max_entries: 1e9 })).toBe('bank_file_truncated');
      expect(growth).toBeLessThan(3);
    }
  });
});
