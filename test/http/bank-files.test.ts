/** Files as banks really send them, and as nobody should: read, refused with the reason, and never half applied. */
import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { examine } from '../../src/doctor/examine.ts';
import { type Client, type Json, startTestEngine, type TestEngine } from '../harness/engine.ts';
import {
  BANK_IBAN,
  camt054,
  club,
  type Debit,
  decimal,
  handIn,
  joined,
  owed,
  postingsOf,
  refusedWhole,
  taken,
} from './bank-club.ts';

const SAMPLES = '../shared/sepa/samples';

interface Sample {
  file: string;
  msg: string;
  n_returns: number;
  reasons?: (string | null)[];
  amounts?: string[];
  e2e?: string[];
  mandates?: string[];
  fees?: string[];
  group?: string;
  pmtinf?: string;
}

const manifest: Sample[] = existsSync(`${SAMPLES}/manifest.json`)
  ? JSON.parse(readFileSync(`${SAMPLES}/manifest.json`, 'utf8'))
  : [];
const failures = ['rejected', 'returned', 'refunded'];
const textOf = ({ file }: Sample) => readFileSync(`${SAMPLES}/${file}`, 'utf8');

describe('files handed in', () => {
  let engine: TestEngine;
  let desk: Client;
  let collection: Json;
  let debits: Debit[];
  let good: string;
  beforeAll(async () => {
    engine = await startTestEngine();
    const amounts = Array.from({ length: 12 }, (_, at) => 1990 + at * 100);
    ({ desk, collection, debits } = await club(engine, amounts));
    good = joined([camt054(debits)]);
  });
  afterAll(() => engine.stop());

  const untouched = async () => {
    for (const { customer } of [debits[0], debits[11]] as Debit[]) expect(await owed(desk, customer)).toBe(0);
  };

  const hostile: [string, string | Buffer, string][] = [
    ['nothing but blanks', '  \n ', 'bank_file_empty'],
    ['no XML', 'a;b;c', 'bank_file_not_xml'],
    ['an archive', Buffer.from('504b0304140000000800', 'hex'), 'bank_file_not_xml'],
    [
      'another message',
      '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.008.001.08"><CstmrDrctDbtInitn/></Document>',
      'bank_file_not_a_message',
    ],
    ['a DOCTYPE', '<!DOCTYPE a SYSTEM "http://127.0.0.1:1/a.dtd"><a/>', 'bank_file_doctype'],
    [
      'a billion laughs',
      `<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">${Array.from({ length: 20 }, (_, n) => `<!ENTITY a${n} "${'&a;'.repeat(10)}">`).join('')}]><l>&a19;</l>`,
      'bank_file_doctype',
    ],
    [
      'an outside entity',
      '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><Document>&x;</Document>',
      'bank_file_doctype',
    ],
    ['an entity of nobody', '<Document><BkToCstmrStmt>&x;</BkToCstmrStmt></Document>', 'bank_file_doctype'],
    ['elements without end', `<Document><BkToCstmrStmt>${'<a>'.repeat(50_000)}`, 'bank_file_beyond_limit'],
    [
      'one value without end',
      `<Document><BkToCstmrStmt><GrpHdr><MsgId>${'x'.repeat(2_000_000)}`,
      'bank_file_beyond_limit',
    ],
    [
      'another encoding than it says',
      Buffer.from(`<?xml version="1.0" encoding="UTF-8"?><Document>${'é'.repeat(10)}`, 'latin1'),
      'bank_file_encoding',
    ],
    ['an encoding that nobody has', '<?xml version="1.0" encoding="UTF-7"?><Document/>', 'bank_file_encoding'],
    [
      'two messages',
      '<Document><BkToCstmrStmt/></Document><Document><BkToCstmrStmt/></Document>',
      'bank_file_malformed',
    ],
  ];

  it.each(hostile)('%s is refused with the reason', async (_, bytes, code) => {
    const answer = await handIn(desk, bytes);
    expect([answer.status, answer.body.code]).toEqual([422, code]);
  });

  it('a body that is too large, empty or of another kind is refused at the door', async () => {
    const large = await desk.call('POST', '/v1/bank_returns', {
      raw: Buffer.alloc(64 * 1024 * 1024 + 1, 32),
      headers: { 'content-type': 'application/xml' },
    });
    expect([large.status, large.body.code]).toEqual([413, 'body_too_large']);
    expect((await desk.call('POST', '/v1/bank_returns', { body: {} })).status).toBe(415);
    expect((await desk.call('POST', '/v1/bank_returns')).status).toBe(422);
  });

  it('cut off after any kilobyte, nothing of it is applied', async () => {
    const bytes = Buffer.from(good);
    const cuts = Array.from({ length: Math.ceil(bytes.length / 1024) }, (_, at) => at * 1024).slice(1);
    for (const cut of cuts) {
      const answer = await handIn(desk, bytes.subarray(0, cut));
      expect([answer.status, answer.body.code], `${cut} bytes`).toEqual([422, 'bank_file_truncated']);
    }
    await untouched();
    const { rows } = await engine.database.raw('select count(*)::int as n from bank_entry where organization_id = ?', [
      desk.organization.id,
    ]);
    expect(rows[0].n).toBe(0);
  });

  it('more words about one debit than any bank has are refused, a group refused a hundred times is refused once', async () => {
    const [debit] = debits as [Debit];
    const often = joined(Array.from({ length: 101 }, () => camt054([debit])));
    const answer = await handIn(desk, often);
    expect([answer.status, answer.body.code]).toEqual([422, 'bank_file_beyond_limit']);
    await untouched();
    const whole = refusedWhole(collection.message_id, `${collection.message_id}-1`);
    const group = /<OrgnlPmtInfAndSts>.*<\/OrgnlPmtInfAndSts>/s;
    const elsewhere = await club(engine, [5900, 5900]);
    const other = whole.replaceAll(collection.message_id, elsewhere.collection.message_id);
    const repeated = await taken(
      elsewhere.desk,
      other.replace(group, (text) => text.repeat(100)),
    );
    expect(repeated.counts).toEqual({ applied: 2, spread: 1, repeated: 99 });
  });

  it('hostile text in every field is kept as text, cut and without account numbers, or refused', async () => {
    const texts = [
      `'; drop table posting; -- ${BANK_IBAN} ${BANK_IBAN.replaceAll(' ', '')} &lt;script&gt;\u202e&#x1F600;${'\u00e9'.repeat(3000)}`,
      '-1e308',
    ];
    const file = camt054([{ ...(debits[0] as Debit), end_to_end_id: 'NOBODYS' }], {
      charge: 100,
      more: '<RltdPties><Dbtr><Pty><Nm>A</Nm></Pty></Dbtr><DbtrAcct><Id><IBAN>X</IBAN></Id></DbtrAcct></RltdPties><RmtInf><Ustrd>r</Ustrd></RmtInf><AddtlTxInf>t</AddtlTxInf>',
    });
    const fields = [...file.matchAll(/<(\w+)(?: [^>]*)?>[^<]+<\/\1>/g)].map(([text]) => text);
    const seen = new Set<number>();
    const spoilt = [...new Set(fields)].flatMap((field) =>
      texts.map((text) => [field, file.replace(field, field.replace(/>[^<]+</, `>${text}<`))] as const),
    );
    while (spoilt.length > 0)
      await Promise.all(
        spoilt.splice(0, 8).map(async ([field, xml]) => {
          const answer = await handIn(desk, xml);
          expect([201, 422], `${field} ${JSON.stringify(answer.body)}`).toContain(answer.status);
          seen.add(answer.status);
        }),
      );
    expect(seen.has(201)).toBe(true);
    await untouched();
  });

  it('totals that lie are told in the report, and the returns are applied', async () => {
    const [debit] = debits.slice(-1) as [Debit];
    const summary = '<TxsSummry><TtlNtries><NbOfNtries>7</NbOfNtries><Sum>1.00</Sum></TtlNtries></TxsSummry>';
    const file = await taken(desk, camt054([debit]).replace('<Ntry>', `${summary}<Ntry>`));
    expect(file.counts).toEqual({ applied: 1 });
    expect(file.report.findings.map((finding: Json) => finding.code)).toEqual(['totals_disagree', 'totals_disagree']);
  });

  it('another account than ours is told in the report, without its number', async () => {
    const strange = camt054([{ end_to_end_id: 'NOBODYS-3', amount: 100 }]);
    const file = await taken(desk, strange.replace(BANK_IBAN.replaceAll(' ', ''), 'FR1420041010050500013M02606'));
    expect(file.report.findings.map((finding: Json) => finding.code)).toEqual(['account_not_ours']);
    expect(JSON.stringify(file)).not.toContain('20041010050500013M02606');
    expect(file.counts).toEqual({ unmatched: 1 });
  });

  it('UTF-16, Latin letters of old and a byte order mark are read', async () => {
    const nobody = camt054([{ end_to_end_id: 'NOBODYS-2', amount: 100 }], {
      more: '<RltdPties><Dbtr><Pty><Nm>Zoé</Nm></Pty></Dbtr></RltdPties>',
    });
    const said = (encoding: string) => nobody.replace('UTF-8', encoding);
    for (const bytes of [
      Buffer.from(`\ufeff${said('UTF-16')}`, 'utf16le'),
      Buffer.from(said('ISO-8859-1'), 'latin1'),
      Buffer.from(`\ufeff${nobody}`),
    ])
      expect((await taken(desk, bytes)).entries[0].detail.debtor_name).toBe('Zoé');
  });

  if (manifest.length === 0)
    it('the samples of banks are not at hand', () => {
      console.log(`not read: the samples in ${SAMPLES} are not there`);
    });

  it.each(manifest)(
    '$file, about somebody else’s debits, tells what its manifest says, and books nothing',
    async (sample) => {
      const file = await taken(
        desk,
        textOf(sample).replaceAll('FR7630006000011234567890189', 'FR1420041010050500013M02606'),
      );
      expect(file.message).toBe(sample.msg);
      const failed = file.entries.filter(
        (one: Json) => failures.includes(one.kind) && /Ntry|TxInfAndSts/.test(one.detail.path),
      );
      expect(failed).toHaveLength(sample.n_returns);
      if (sample.amounts) expect(failed.map((one: Json) => decimal(one.amount))).toEqual(sample.amounts);
      if (sample.e2e) expect(failed.map((one: Json) => one.end_to_end_id)).toEqual(sample.e2e);
      if (sample.mandates) expect(failed.map((one: Json) => one.mandate_reference)).toEqual(sample.mandates);
      if (sample.fees) expect(failed.map((one: Json) => decimal(one.charge_amount))).toEqual(sample.fees);
      const groups = file.entries.filter((one: Json) => one.kind === 'rejected' && !failed.includes(one));
      expect(groups.length > 0).toBe(Boolean(sample.group ?? sample.pmtinf));
      if (sample.reasons)
        expect((groups.length > 0 ? groups : failed).map((one: Json) => one.reason_code)).toEqual(sample.reasons);
      expect(Object.keys(file.counts)).toEqual(['unmatched']);
    },
  );

  it('the same files about our own debits: told by fourteen files, each debit comes back once', async () => {
    const lineOf = new Map(debits.map((debit) => [decimal(debit.amount), debit.end_to_end_id]));
    for (const sample of manifest) {
      let nth = -1;
      let last = '';
      const text = textOf(sample)
        .replaceAll('M20261123', collection.message_id)
        .replace(/INV-2026-\d{5}/g, (id) => {
          if (id !== last) nth += 1;
          last = id;
          return lineOf.get(sample.amounts?.[nth] ?? '') ?? id;
        });
      expect((await taken(desk, text)).status).toBe('applied');
    }
    for (const debit of manifest.length > 0 ? debits : []) {
      const lines = await postingsOf(engine, debit.payment);
      expect(lines.filter((line) => line.startsWith('reopened'))).toEqual([`reopened/1 ${debit.amount}`]);
      expect(lines.filter((line) => line.startsWith('bank_out'))).toEqual([`bank_out/1 ${debit.amount}`]);
    }
  });

  it('and after all of it every rule holds', async () => {
    const broken = (await examine(engine.database)).filter(({ violations }) => violations.length > 0);
    expect(broken.map(({ invariant, violations }) => [invariant.name, violations])).toEqual([]);
  });
});
