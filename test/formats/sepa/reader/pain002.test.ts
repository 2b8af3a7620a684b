import { describe, expect, test } from 'vitest';
import type { BankFileKind } from '../../../../src/formats/sepa/reader/entry.ts';
import { schemaVerdict } from '../schema.ts';
import { document, entriesOf, onlyEntry, pain002, pmtInf, read, reason, THEIR_IBAN, tx002 } from './messages.ts';

describe('a status report', () => {
  test.each<[string, BankFileKind]>([
    ['RJCT', 'rejected'],
    ['ACCP', 'accepted'],
    ['ACSP', 'accepted'],
    ['ACSC', 'accepted'],
    ['ACTC', 'accepted'],
    ['ACWC', 'accepted'],
    ['ACCC', 'accepted'],
    ['PDNG', 'pending'],
    ['RCVD', 'pending'],
    ['CANC', 'unknown'],
    ['toString', 'unknown'],
    ['', 'unknown'],
  ])('is judged by the status, not the reason: %s with a reason is %s', async (status, kind) => {
    const entry = await onlyEntry(pain002('', pmtInf(tx002(1, status, reason('AM04')))));
    expect(entry).toMatchObject({ level: 'transaction', kind, reason_code: 'AM04' });
  });

  test('tells all that it knows of a rejected collection', async () => {
    const xml = pain002(
      '<GrpSts>PART</GrpSts>',
      pmtInf(
        tx002(
          1,
          'RJCT',
          `${reason('AC04')}<AcctSvcrRef>SVC-1</AcctSvcrRef><OrgnlTxRef><Amt><InstdAmt Ccy="EUR">59.00</InstdAmt></Amt><ReqdColltnDt>2026-11-27</ReqdColltnDt>` +
            `<MndtRltdInf><MndtId>RUM-1</MndtId></MndtRltdInf><RmtInf><Ustrd>Cotisation</Ustrd></RmtInf><Dbtr><Pty><Nm>Zoë</Nm></Pty></Dbtr>` +
            `<DbtrAcct><Id><IBAN>${THEIR_IBAN}</IBAN></Id></DbtrAcct></OrgnlTxRef>`,
        ),
      ),
    );
    expect(schemaVerdict('pain.002.001.10', xml)).toBeNull();
    const [entry, group] = await entriesOf(xml);
    expect(entry).toMatchObject({
      level: 'transaction',
      kind: 'rejected',
      covers_all: false,
      reason_code: 'AC04',
      reason_source: 'code',
      original_message_id: 'M-1',
      payment_information_id: 'M-1-1',
      instruction_id: 'I-1',
      end_to_end_id: 'E2E-1',
      mandate_reference: 'RUM-1',
      amount: 5900,
      currency: 'EUR',
      debtor_iban: THEIR_IBAN,
      debtor_name: 'Zoë',
      collection_on: '2026-11-27',
      account_servicer_reference: 'SVC-1',
      remittance: 'Cotisation',
      path: 'OrgnlPmtInfAndSts[1]/TxInfAndSts[1]',
    });
    expect(group).toMatchObject({ level: 'group', kind: 'pending', covers_all: false });
  });

  test('finds the mandate and a nameless party where version .12 and older ones put them', async () => {
    const of = (mandate: string, debtor: string) =>
      onlyEntry(
        pain002('', pmtInf(tx002(1, 'RJCT', `<OrgnlTxRef>${mandate}${debtor}</OrgnlTxRef>`)), 'pain.002.001.12'),
      );
    const mandate = '<MndtRltdInf><DrctDbtMndt><MndtId>RUM-1</MndtId></DrctDbtMndt></MndtRltdInf>';
    expect(await of(mandate, '<Dbtr><Nm>A</Nm></Dbtr>')).toMatchObject({
      mandate_reference: 'RUM-1',
      debtor_name: 'A',
    });
  });

  test('reads transactions that stand outside a group, as version .02 had them', async () => {
    const entry = await onlyEntry(pain002('', tx002(1, 'RJCT', reason('AM04')), 'pain.002.001.02'));
    expect(entry).toMatchObject({ kind: 'rejected', payment_information_id: null, end_to_end_id: 'E2E-1' });
  });

  test('rejects a file without transactions whole', async () => {
    expect(await onlyEntry(pain002(`<GrpSts>RJCT</GrpSts>${reason('AM05')}`))).toMatchObject({
      level: 'group',
      kind: 'rejected',
      covers_all: true,
      reason_code: 'AM05',
      original_message_id: 'M-1',
    });
  });

  test('rejects a group without transactions whole, and the others by theirs', async () => {
    const entries = await entriesOf(
      pain002(
        '<GrpSts>PART</GrpSts>',
        pmtInf('<PmtInfSts>RJCT</PmtInfSts><StsRsnInf><Rsn><Prtry>ICS</Prtry></Rsn></StsRsnInf>', 'M-1-1') +
          pmtInf(tx002(1, 'RJCT', reason('AM04')), 'M-1-2') +
          pmtInf('<PmtInfSts>ACSP</PmtInfSts>', 'M-1-3'),
      ),
    );
    expect(entries.map((e) => [e.level, e.payment_information_id, e.kind, e.covers_all, e.reason_code])).toEqual([
      ['payment_information', 'M-1-1', 'rejected', true, 'ICS'],
      ['transaction', 'M-1-2', 'rejected', false, 'AM04'],
      ['payment_information', 'M-1-3', 'accepted', false, null],
      ['group', null, 'pending', false, null],
    ]);
  });

  test('gives a transaction of a rejected group its status and reason', async () => {
    const xml = pain002(
      `<GrpSts>RJCT</GrpSts>${reason('FF01')}`,
      pmtInf(tx002(1, '') + tx002(2, 'RJCT', reason('AC01'))),
    );
    const entries = await entriesOf(xml);
    expect(entries.map((e) => [e.level, e.kind, e.covers_all, e.reason_code])).toEqual([
      ['transaction', 'rejected', false, 'FF01'],
      ['transaction', 'rejected', false, 'AC01'],
      ['payment_information', 'rejected', false, 'FF01'],
      ['group', 'rejected', false, 'FF01'],
    ]);
  });

  test('passes a rejected file on to each of its groups', async () => {
    const entries = await entriesOf(pain002('<GrpSts>RJCT</GrpSts>', pmtInf('', 'A') + pmtInf('', 'B')));
    expect(entries.map((e) => [e.level, e.payment_information_id, e.covers_all])).toEqual([
      ['payment_information', 'A', true],
      ['payment_information', 'B', true],
      ['group', null, true],
    ]);
  });

  test('does not take a whole file back when one of its groups is accepted', async () => {
    const { entries, report } = await read(pain002('<GrpSts>RJCT</GrpSts>', pmtInf('<PmtInfSts>ACCP</PmtInfSts>')));
    expect(entries.filter((entry) => entry.covers_all)).toEqual([]);
    expect(report.findings).toMatchObject([{ code: 'statuses_contradict' }]);
  });

  test.each([
    ['<Rsn><Cd>AM04</Cd></Rsn><AddtlInf>MS03</AddtlInf>', 'AM04', 'code', 'MS03'],
    ['<Rsn><Prtry>AM04</Prtry></Rsn>', 'AM04', 'proprietary', 'AM04'],
    ['<Rsn><Prtry>X/AC04</Prtry></Rsn>', 'AC04', 'proprietary', 'X/AC04'],
    ['<Rsn><Prtry>PROVISION</Prtry></Rsn><AddtlInf>AM04 PROVISION</AddtlInf>', 'AM04', 'text', 'AM04 PROVISION'],
    ['<Rsn><Prtry>PROVISION</Prtry></Rsn>', 'PROVISION', 'proprietary', null],
    ['<AddtlInf>/AM04/</AddtlInf><AddtlInf>PROVISION</AddtlInf>', 'AM04', 'text', '/AM04/ PROVISION'],
    ['<AddtlInf>PROVISION INSUFFISANTE</AddtlInf>', null, null, 'PROVISION INSUFFISANTE'],
    ['<Rsn><Cd>NARR</Cd></Rsn><AddtlInf>see letter</AddtlInf>', 'NARR', 'code', 'see letter'],
    ['', null, null, null],
  ])('finds the reason wherever it stands: %s', async (information, code, source, text) => {
    const entry = await onlyEntry(pain002('', pmtInf(tx002(1, 'RJCT', `<StsRsnInf>${information}</StsRsnInf>`))));
    expect([entry.reason_code, entry.reason_source, entry.reason_text]).toEqual([code, source, text]);
  });

  test('takes the first code of several reasons, a code before the bank’s own word', async () => {
    const several = `<StsRsnInf><Rsn><Prtry>OWN</Prtry></Rsn></StsRsnInf>${reason('AC04')}${reason('MD01')}`;
    expect(await onlyEntry(pain002('', pmtInf(tx002(1, 'RJCT', several))))).toMatchObject({ reason_code: 'AC04' });
  });

  test('keeps the bank’s charge apart', async () => {
    const charge = '<ChrgsInf><Amt Ccy="EUR">3.00</Amt></ChrgsInf><ChrgsInf><Amt Ccy="EUR">0.50</Amt></ChrgsInf>';
    const amount = '<OrgnlTxRef><Amt><InstdAmt Ccy="EUR">59.00</InstdAmt></Amt></OrgnlTxRef>';
    expect(await onlyEntry(pain002('', pmtInf(tx002(1, 'RJCT', charge + amount))))).toMatchObject({
      amount: 5900,
      charge_amount: 350,
    });
  });

  test('falls back on the amount between banks', async () => {
    const amount = '<OrgnlTxRef><IntrBkSttlmAmt Ccy="EUR">59.00</IntrBkSttlmAmt></OrgnlTxRef>';
    expect(await onlyEntry(pain002('', pmtInf(tx002(1, 'RJCT', amount))))).toMatchObject({
      amount: 5900,
      currency: 'EUR',
    });
  });

  describe('whose totals lie', () => {
    const amount = (text: string) => `<OrgnlTxRef><Amt><InstdAmt Ccy="EUR">${text}</InstdAmt></Amt></OrgnlTxRef>`;
    const declared = (count: number, sum: string) =>
      `<NbOfTxsPerSts><DtldNbOfTxs>${count}</DtldNbOfTxs><DtldSts>RJCT</DtldSts><DtldCtrlSum>${sum}</DtldCtrlSum></NbOfTxsPerSts>`;
    test.each([
      ['nothing', declared(1, '59.00'), [tx002(1, 'RJCT', amount('59.00')), tx002(2, 'ACCP')], []],
      ['the number of rejections', declared(2, '59.00'), [tx002(1, 'RJCT', amount('59.00'))], ['totals_disagree']],
      ['the sum of rejections', declared(1, '59.01'), [tx002(1, 'RJCT', amount('59.00'))], ['totals_disagree']],
      [
        'the size of the original',
        '<OrgnlNbOfTxs>1</OrgnlNbOfTxs>',
        [tx002(1, 'ACCP'), tx002(2, 'ACCP')],
        ['totals_disagree'],
      ],
      [
        'what is listed of a rejected group',
        '<OrgnlNbOfTxs>3</OrgnlNbOfTxs><PmtInfSts>RJCT</PmtInfSts>',
        [tx002(1, 'RJCT', amount('59.00'))],
        ['group_listed_in_part'],
      ],
      [
        'the sum of a rejected group',
        '<OrgnlNbOfTxs>1</OrgnlNbOfTxs><OrgnlCtrlSum>60.00</OrgnlCtrlSum><PmtInfSts>RJCT</PmtInfSts>',
        [tx002(1, 'RJCT', amount('59.00'))],
        ['totals_disagree'],
      ],
      ['a status', '<PmtInfSts>RJCT</PmtInfSts>', [tx002(1, 'ACCP')], ['statuses_contradict']],
    ])('about %s is reported, not refused', async (_, group, transactions, codes) => {
      const { entries, report } = await read(pain002('', pmtInf(group + transactions.join(''))));
      expect(entries.filter((entry) => entry.level === 'transaction')).toHaveLength(transactions.length);
      expect(report.findings.map((finding) => finding.code)).toEqual(codes);
      expect(report.findings_count).toBe(codes.length);
    });

    test('about the whole message is reported too', async () => {
      const { report } = await read(pain002(declared(2, '118.00'), pmtInf(tx002(1, 'RJCT', amount('59.00')))));
      expect(report.findings).toMatchObject([
        { code: 'totals_disagree', params: { what: 'RJCT', declared: 2, found: 1 } },
      ]);
    });
  });

  test('that answers a transfer file says so', async () => {
    const xml = pain002('<GrpSts>RJCT</GrpSts>').replace('pain.008.001.08', 'pain.001.001.09');
    expect((await read(xml)).report).toMatchObject({
      original_message_name: 'pain.001.001.09',
      findings: [{ code: 'not_about_debits' }],
    });
  });

  test('of a version nobody listed is read with a note, and with a foreign namespace too', async () => {
    const body = pain002('', pmtInf(tx002(1, 'RJCT')));
    const newer = await read(body.replace('pain.002.001.10', 'pain.002.001.14'));
    expect(newer.report).toMatchObject({ version: '001.14', findings: [{ code: 'version_not_listed' }] });
    expect(newer.entries).toHaveLength(1);
    const foreign = await read(body.replace(/xmlns="[^"]*"/, 'xmlns="http://bank.example/status"'));
    expect(foreign.report).toMatchObject({ version: null, findings: [{ code: 'namespace_unexpected' }] });
    expect(foreign.entries).toEqual(newer.entries);
  });

  test('is read by local name, in an envelope, with prefixes and comments', async () => {
    const plain = await entriesOf(pain002('', pmtInf(tx002(1, 'RJCT', reason('AM04')))));
    const inner = pain002('', pmtInf(tx002(1, 'RJCT', reason('AM04')))).replace(/^.*\n/, '');
    const prefixed = inner.replaceAll('<', '<p:').replaceAll('<p:/', '</p:').replace('xmlns=', 'xmlns:p=');
    const enveloped = `<e:Envelope xmlns:e="urn:e"><e:Header><e:Id>1</e:Id></e:Header><e:Body><!-- <RJCT> -->${prefixed}</e:Body></e:Envelope>`;
    const { entries, report } = await read(enveloped);
    expect(entries).toEqual(plain);
    expect(report).toMatchObject({ version: '001.10', findings: [] });
  });

  test('that breaks the order of its schema tells the same', async () => {
    const transaction = tx002(1, 'RJCT', reason('AM04')).replace(
      /(<OrgnlInstrId>.*<\/OrgnlEndToEndId>)(.*)(<\/TxInfAndSts>)/,
      '$2$1$3',
    );
    const xml = document('pain.002.001.10', `<CstmrPmtStsRpt>${pmtInf(transaction)}</CstmrPmtStsRpt>`);
    expect(await onlyEntry(xml)).toMatchObject({
      kind: 'rejected',
      reason_code: 'AM04',
      end_to_end_id: 'E2E-1',
      instruction_id: 'I-1',
    });
  });
});
