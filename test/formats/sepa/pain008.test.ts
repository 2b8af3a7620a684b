import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { day } from '../../../src/domain/day.ts';
import { cents, decimal, fromDecimal } from '../../../src/domain/money.ts';
import { Refusal } from '../../../src/errors/refusal.ts';
import {
  type Pain008Group,
  type Pain008Row,
  pain008Versions,
  paymentInformationId,
  sddSchemes,
  sequenceTypes,
} from '../../../src/formats/sepa/pain008-message.ts';
import { isSepaText } from '../../../src/formats/sepa/text.ts';
import { debit, group, header, SWISS_IBAN, written, writtenRows } from './debits.ts';
import { saySchemasMissing, schemasAtHand, schemaVerdict } from './schema.ts';

const address = { street: '3, rue de l’Église', building: '3 bis', postcode: '1204', town: 'Genève', country: 'CH' };

const shapes: Record<string, Partial<Pain008Row>> = {
  'the least': {},
  everything: {
    instruction_id: 'I-1',
    debtor_bic: 'AGRIFRPPXXX',
    ultimate_debtor_name: 'Zoë Ñandú',
    remittance: 'Cotisation août & septembre <2026>',
  },
  'an account change': { amendment: { account_changed: true } },
  'a creditor change': { amendment: { former_creditor_identifier: 'FR45ZZZ123457', former_creditor_name: 'L’ancien' } },
  'a reference change': { amendment: { former_reference: 'OLD-1' } },
  'every change': {
    amendment: { account_changed: true, former_creditor_identifier: 'FR45ZZZ123457', former_reference: 'OLD-1' },
  },
  'an amendment of nothing': { amendment: {} },
  'a Swiss bank': { debtor_iban: SWISS_IBAN, debtor_address: address },
  'a Swiss bank, hybrid address': {
    debtor_iban: SWISS_IBAN,
    debtor_address: { town: 'Zürich', country: 'CH', lines: ['c/o Meier', 'Bahnhofstr. 1', 'third line'] },
  },
  'the smallest amount': { amount: cents(1) },
  'the largest amount': { amount: cents(99_999_999_999) },
};

beforeAll(saySchemasMissing);

describe('a direct debit file', () => {
  for (const version of pain008Versions) {
    test.each(Object.entries(shapes))(`${version} with %s is valid`, async (_, shape) => {
      const rows = [debit(1, shape), debit(2)];
      const groups = [group(rows)];
      const xml = await written(header(groups, { version }), groups, rows);
      expect(schemaVerdict(version, xml)).toBeNull();
      expect(isSepaText(xml.replace(/<[^>]*>|\n|^<\?xml.*\?>/g, ''))).toBe(true);
    });

    test(`${version} holds a group per account, scheme, sequence and day, all valid together`, async () => {
      const rows: Pain008Row[] = [];
      const groups: Pain008Group[] = [];
      let n = 0;
      for (const scheme of sddSchemes) {
        for (const sequence of sequenceTypes) {
          for (const collected_on of [day('2026-11-27'), day('2026-11-30')]) {
            n += 1;
            const id = paymentInformationId('M-1', n);
            const own = Object.values(shapes).map((shape, at) => debit(n * 100 + at, { group: id, ...shape }));
            rows.push(...own);
            const creditor = {
              name: 'Club',
              iban: SWISS_IBAN,
              identifier: 'FR72ZZZ123456',
              ...(n % 2 ? { bic: 'AGRIFRPP', address } : {}),
            };
            groups.push(
              group(own, {
                id,
                scheme,
                sequence,
                collected_on,
                creditor,
                batch_booking: n % 3 === 0 ? null : n % 3 === 1,
              }),
            );
          }
        }
      }
      const head = header(groups, { version, initiator: { name: 'Club', identifier: 'FR72ZZZ123456' } });
      const xml = await written(head, groups, rows);
      expect(schemaVerdict(version, xml)).toBeNull();
      expect(xml.match(/<PmtInf>/g)).toHaveLength(16);
      expect(xml).toContain(`<NbOfTxs>${rows.length}</NbOfTxs><CtrlSum>${decimal(head.total)}</CtrlSum><InitgPty>`);
    });
  }

  test('is really looked at by the schema', async () => {
    const xml = await writtenRows([debit(1)]);
    const verdict = schemaVerdict('pain.008.001.08', xml.replace('<ChrgBr>SLEV</ChrgBr>', '<ChrgBr>NONE</ChrgBr>'));
    expect(verdict).toEqual(schemasAtHand ? expect.stringContaining('ChrgBr') : null);
  });

  test('says an account change as SMNDA in place of the former account, in either version', async () => {
    const rows = [debit(1, { amendment: { account_changed: true } })];
    const groups = [group(rows)];
    for (const version of pain008Versions) {
      const xml = await written(header(groups, { version }), groups, rows);
      expect(xml).toContain(
        '<AmdmntInd>true</AmdmntInd><AmdmntInfDtls><OrgnlDbtrAcct><Id><Othr><Id>SMNDA</Id></Othr></Id></OrgnlDbtrAcct></AmdmntInfDtls>',
      );
      expect(xml).not.toContain('OrgnlDbtrAgt');
    }
  });

  test('names a bank by BIC in .02 and BICFI in .08', async () => {
    const rows = [debit(1, { debtor_bic: 'AGRIFRPP' })];
    const groups = [group(rows)];
    expect(await written(header(groups, { version: 'pain.008.001.02' }), groups, rows)).toContain(
      '<BIC>AGRIFRPP</BIC>',
    );
    expect(await written(header(groups), groups, rows)).toContain('<BICFI>AGRIFRPP</BICFI>');
    expect(await writtenRows([debit(1)])).toContain(
      '<DbtrAgt><FinInstnId><Othr><Id>NOTPROVIDED</Id></Othr></FinInstnId></DbtrAgt>',
    );
  });

  test('tells the instant in UTC and the day as it is', async () => {
    const xml = await writtenRows([debit(1)]);
    expect(xml).toContain('<CreDtTm>2026-11-21T22:04:05Z</CreDtTm>');
    expect(xml).toContain('<ReqdColltnDt>2026-11-27</ReqdColltnDt>');
  });

  test('leaves the address out where the bank is inside the EEA, and gives it structured outside', async () => {
    expect(await writtenRows([debit(1, { debtor_address: { town: 'Lyon', country: 'FR' } })])).not.toContain('PstlAdr');
    expect(await writtenRows([debit(1, { debtor_iban: SWISS_IBAN, debtor_address: address })])).toContain(
      "<PstlAdr><StrtNm>3, rue de l'Eglise</StrtNm><BldgNb>3 bis</BldgNb><PstCd>1204</PstCd><TwnNm>Geneve</TwnNm><Ctry>CH</Ctry></PstlAdr>",
    );
  });

  test('cuts names to 70 characters and the remittance to one line of 140', async () => {
    const xml = await writtenRows([debit(1, { debtor_name: 'é'.repeat(500), remittance: 'ß'.repeat(500) })]);
    expect(xml).toContain(`<Dbtr><Nm>${'e'.repeat(70)}</Nm></Dbtr>`);
    expect(xml).toContain(`<RmtInf><Ustrd>${'s'.repeat(140)}</Ustrd></RmtInf>`);
  });

  test('is the same bytes when rows come one by one, by the armful or slowly', async () => {
    const rows = Array.from({ length: 2500 }, (_, n) => debit(n));
    const groups = [group(rows)];
    const whole = await written(header(groups), groups, rows);
    async function* slowly() {
      for (let at = 0; at < rows.length; at += 700) {
        await Promise.resolve();
        yield rows.slice(at, at + 700);
      }
    }
    expect(await written(header(groups), groups, [rows])).toBe(whole);
    expect(await written(header(groups), groups, slowly())).toBe(whole);
  });

  test.each<[string, string, Partial<Pain008Row>]>([
    ['an end-to-end id that begins with a slash', 'debit_identifier_unusable', { end_to_end_id: '/A' }],
    ['an end-to-end id with markup', 'debit_identifier_unusable', { end_to_end_id: 'A</EndToEndId>' }],
    ['an instruction id of 36 characters', 'debit_identifier_unusable', { instruction_id: 'a'.repeat(36) }],
    ['a mandate reference with //', 'debit_identifier_unusable', { mandate_reference: 'A//B' }],
    ['a former reference with an accent', 'debit_identifier_unusable', { amendment: { former_reference: 'é' } }],
    [
      'a former creditor that is none',
      'creditor_identifier_malformed',
      { amendment: { former_creditor_identifier: '<' } },
    ],
    ['an amount of nothing', 'debit_amount_out_of_range', { amount: cents(0) }],
    ['a negative amount', 'debit_amount_out_of_range', { amount: cents(-1) }],
    ['an amount beyond the scheme', 'debit_amount_out_of_range', { amount: cents(100_000_000_000) }],
    ['a signature on no day', 'debit_field_missing', { mandate_signed_on: '2025-02-30' as never }],
    ['a nameless debtor', 'debit_field_missing', { debtor_name: ' \u200b ' }],
    ['an account that is none', 'iban_characters', { debtor_iban: 'FR76</IBAN>' }],
    ['a BIC that is none', 'debit_bic_malformed', { debtor_bic: 'x' }],
    ['a Swiss bank without an address', 'debit_address_missing', { debtor_iban: SWISS_IBAN }],
    [
      'an address without a town',
      'debit_field_missing',
      { debtor_iban: SWISS_IBAN, debtor_address: { town: '', country: 'CH' } },
    ],
    [
      'an address without a country',
      'debit_field_missing',
      { debtor_iban: SWISS_IBAN, debtor_address: { town: 'Bern', country: 'ch' } },
    ],
  ])('is refused with %s', async (_, code, part) => {
    const rows = [debit(1, part)];
    const groups = [group([debit(1, { amount: cents(Math.max(0, rows[0]?.amount ?? 0)) })])];
    const refusal = await written(header(groups), groups, rows).catch((error) => error);
    expect(refusal).toBeInstanceOf(Refusal);
    expect(refusal.code).toBe(code);
    for (const language of ['fr', 'en', 'de'] as const) expect(refusal.say(language)).not.toContain('{');
  });

  test.each<[string, string, Partial<Pain008Group>]>([
    ['an id that is none', 'debit_identifier_unusable', { id: 'é' }],
    ['an unknown scheme', 'debit_sequence_unknown', { scheme: 'COR1' as never }],
    ['an unknown sequence', 'debit_sequence_unknown', { sequence: 'RPRE' as never }],
    ['no day', 'debit_field_missing', { collected_on: '' as never }],
    [
      'no creditor name',
      'debit_field_missing',
      { creditor: { name: '', iban: SWISS_IBAN, identifier: 'FR72ZZZ123456' } },
    ],
    ['no creditor account', 'iban_characters', { creditor: { name: 'C', iban: '', identifier: 'FR72ZZZ123456' } }],
    [
      'no creditor identifier',
      'creditor_identifier_malformed',
      { creditor: { name: 'C', iban: SWISS_IBAN, identifier: '' } },
    ],
    [
      'a wrong creditor BIC',
      'debit_bic_malformed',
      { creditor: { name: 'C', iban: SWISS_IBAN, bic: '?', identifier: 'FR72ZZZ123456' } },
    ],
  ])('is refused with a group that has %s', async (_, code, part) => {
    const rows = [debit(1)];
    const groups = [{ ...group(rows), ...part }];
    await expect(written(header(groups), groups, rows)).rejects.toMatchObject({ code });
  });

  test('is refused whole when totals and rows disagree', async () => {
    const rows = [debit(1), debit(2)];
    const groups = [group(rows)];
    const refused = { code: 'debit_totals_disagree' };
    await expect(written(header(groups), groups, [debit(1)])).rejects.toMatchObject(refused);
    await expect(written(header(groups), groups, [])).rejects.toMatchObject(refused);
    await expect(written(header(groups), groups, [debit(1), debit(2, { amount: cents(5901) })])).rejects.toMatchObject(
      refused,
    );
    await expect(written(header(groups, { total: cents(1) }), groups, rows)).rejects.toMatchObject(refused);
    await expect(written(header(groups, { count: 3 }), groups, rows)).rejects.toMatchObject(refused);
  });

  test('is refused when rows come out of order or for an unknown group', async () => {
    const rows = [debit(1), debit(2, { group: 'M-1-2' }), debit(3)];
    const groups = [group(rows), group(rows, { id: 'M-1-2', collected_on: day('2026-11-30') })];
    const refused = { code: expect.stringMatching(/debit_(group_unknown|totals_disagree)/) };
    await expect(written(header(groups), groups, rows)).rejects.toMatchObject(refused);
    const lost = [debit(1, { group: 'M-9' })];
    await expect(written(header(groups), groups, lost)).rejects.toMatchObject({ code: 'debit_group_unknown' });
    await expect(written(header([]), [], [])).rejects.toMatchObject({ code: 'debit_field_missing' });
  });

  test('gives back the cents that were put in, and a control sum that is their sum', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 99_999_999_999 }), { minLength: 1, maxLength: 30 }),
        async (amounts) => {
          const rows = amounts.map((amount, n) => debit(n, { amount: cents(amount) }));
          const xml = await writtenRows(rows);
          const read = [...xml.matchAll(/<InstdAmt Ccy="EUR">([^<]*)</g)].map((match) => fromDecimal(match[1] ?? ''));
          expect(read).toEqual(amounts);
          const sum = amounts.reduce((a, b) => a + BigInt(b), 0n);
          for (const match of xml.matchAll(/<CtrlSum>([^<]*)</g))
            expect(BigInt(match[1]?.replace('.', '') ?? '')).toBe(sum);
        },
      ),
    );
  });

  test('whatever people typed into names and texts, stays valid', async () => {
    const text = fc.string({ unit: 'binary', maxLength: 200 });
    await fc.assert(
      fc.asyncProperty(text, text, text, text, async (name, ultimate, remittance, town) => {
        const debtor_address = {
          street: ultimate,
          building: town,
          postcode: name,
          town: `T${town}`,
          country: 'CH',
          lines: [remittance],
        };
        const part = {
          debtor_name: `N${name}`,
          ultimate_debtor_name: ultimate,
          remittance,
          debtor_iban: SWISS_IBAN,
          debtor_address,
        };
        const xml = await writtenRows([debit(1, part)]);
        expect(schemaVerdict('pain.008.001.08', xml)).toBeNull();
      }),
      { numRuns: 300 },
    );
  });
});
