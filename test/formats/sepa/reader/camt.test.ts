import { describe, expect, test } from 'vitest';
import type { BankFileKind } from '../../../../src/formats/sepa/reader/entry.ts';
import { schemaVerdict } from '../schema.ts';
import {
  bankCode,
  camt,
  details,
  entriesOf,
  entry,
  OUR_IBAN,
  onlyEntry,
  RETURNED,
  read,
  THEIR_IBAN,
  txDtls,
} from './messages.ts';

const money = (name: string, amount: string) => `<${name} Ccy="EUR">${amount}</${name}>`;
const MANDATE = '<MndtId>RUM-1</MndtId>';

describe('a statement or notification', () => {
  test('tells all that it knows of a returned collection', async () => {
    const references =
      '<MsgId>M-1</MsgId><AcctSvcrRef>SVC-2</AcctSvcrRef><PmtInfId>M-1-1</PmtInfId><InstrId>I-1</InstrId><EndToEndId>E2E-1</EndToEndId><TxId>T-1</TxId><MndtId>RUM-1</MndtId>';
    const tx =
      `<TxDtls><Refs>${references}</Refs>${money('Amt', '59.00')}<CdtDbtInd>DBIT</CdtDbtInd>` +
      `<RltdPties><Dbtr><Pty><Nm>Zoë</Nm></Pty></Dbtr><DbtrAcct><Id><IBAN>${THEIR_IBAN}</IBAN></Id></DbtrAcct></RltdPties>` +
      `<RmtInf><Ustrd>Cotisation</Ustrd></RmtInf><RtrInf><Rsn><Cd>MD06</Cd></Rsn><AddtlInf>asked back</AddtlInf></RtrInf></TxDtls>`;
    const xml = camt(
      `<Ntry><NtryRef>R-1</NtryRef>${money('Amt', '59.00')}<CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><DtTm>2026-11-27T23:59:00+01:00</DtTm></BookgDt>` +
        `<ValDt><Dt>2026-11-28</Dt></ValDt><AcctSvcrRef>SVC-1</AcctSvcrRef>${bankCode('PMNT/IDDT/UPDD')}${details(tx)}</Ntry>`,
    );
    expect(schemaVerdict('camt.054.001.08', xml)).toBeNull();
    expect(await onlyEntry(xml)).toEqual({
      level: 'transaction',
      kind: 'refunded',
      status: 'BOOK',
      covers_all: false,
      reason_code: 'MD06',
      reason_source: 'code',
      reason_text: 'asked back',
      reason_hint: null,
      original_message_id: 'M-1',
      payment_information_id: 'M-1-1',
      instruction_id: 'I-1',
      end_to_end_id: 'E2E-1',
      mandate_reference: 'RUM-1',
      transaction_id: 'T-1',
      amount: 5900,
      currency: 'EUR',
      charge_amount: null,
      charge_included: null,
      direction: 'debit',
      debtor_iban: THEIR_IBAN,
      debtor_name: 'Zoë',
      collection_on: null,
      booked_on: '2026-11-27',
      value_on: '2026-11-28',
      account_servicer_reference: 'SVC-2',
      entry_reference: 'R-1',
      account_iban: OUR_IBAN,
      bank_code: 'PMNT/IDDT/UPDD',
      transactions_in_entry: 1,
      remittance: 'Cotisation',
      path: 'Ntfctn[1]/Ntry[1]/TxDtls[1]',
    });
  });

  // code, direction, reversal mark, what the transaction holds, kind
  test.each<[string, 'DBIT' | 'CRDT', boolean, string, BankFileKind]>([
    ['PMNT/IDDT/UPDD', 'DBIT', false, '', 'returned'],
    ['PMNT/IDDT/UPDD', 'DBIT', true, RETURNED, 'returned'],
    ['PMNT/RDDT/UPDD', 'DBIT', false, RETURNED, 'returned'],
    ['PMNT/IDDT/UPDD', 'DBIT', false, '<RtrInf><Rsn><Cd>MD06</Cd></Rsn></RtrInf>', 'refunded'],
    ['PMNT/IDDT/UPDD', 'DBIT', false, '<RtrInf><Rsn><Cd>MD01</Cd></Rsn></RtrInf>', 'returned'],
    ['PMNT/IDDT/UPDD', 'DBIT', false, '<AddtlTxInf>REMBOURSEMENT DEBITEUR</AddtlTxInf>', 'refunded'],
    ['PMNT/IDDT/UPDD', 'CRDT', true, RETURNED, 'return_reversed'],
    ['PMNT/IDDT/PRDD', 'DBIT', false, '', 'collection_reversed'],
    ['PMNT/IDDT/RCDD', 'DBIT', false, '', 'collection_reversed'],
    ['PMNT/IDDT/PRDD', 'CRDT', false, '', 'unknown'],
    ['PMNT/IDDT/ESDD', 'CRDT', false, '', 'collected'],
    ['PMNT/IDDT/PMDD', 'CRDT', false, '', 'collected'],
    ['PMNT/IDDT/BBDD', 'CRDT', false, '', 'collected'],
    ['PMNT/RDDT/ESDD', 'CRDT', false, '', 'collected'],
    ['PMNT/IDDT/ESDD', 'DBIT', true, '', 'collection_reversed'],
    ['PMNT/IDDT/ESDD', 'DBIT', false, '', 'unknown'],
    ['PMNT/IDDT/ESDD', 'DBIT', false, RETURNED, 'returned'],
    ['PMNT/RDDT/ESDD', 'DBIT', false, '', 'other'],
    ['PMNT/RDDT/UPDD', 'CRDT', false, RETURNED, 'other'],
    ['PMNT/IDDT/OTHR', 'DBIT', false, '', 'unknown'],
    ['PMNT/IDDT/CHRG', 'DBIT', false, '', 'other'],
    ['PMNT/ICDT/ESCT', 'DBIT', false, '', 'other'],
    ['PMNT/ICDT/RRTN', 'CRDT', false, RETURNED, 'other'],
    ['PMNT/CCRD/POSD', 'DBIT', false, '', 'other'],
    ['PMNT/MDOP/OTHR', 'DBIT', false, RETURNED, 'returned'],
    ['PMNT/NTAV/NTAV', 'DBIT', false, '<AddtlTxInf>IMPAYE</AddtlTxInf>', 'unknown'],
    ['PMNT/NTAV/NTAV', 'DBIT', false, '', 'other'],
    ['NTRF+109', 'DBIT', false, RETURNED, 'returned'],
    ['NTRF+109', 'DBIT', false, '<AddtlTxInf>RUECKLASTSCHRIFT</AddtlTxInf>', 'unknown'],
    ['NTRF+117', 'DBIT', false, '', 'other'],
    ['NTRF+166', 'CRDT', false, '<AddtlTxInf>LASTSCHRIFT</AddtlTxInf>', 'other'],
  ])('tells %s %s (reversal: %s) with %s as %s', async (code, direction, reversal, content, kind) => {
    const head = reversal ? '<RvslInd>true</RvslInd>' : '';
    const one = await onlyEntry(camt(entry({ code, direction, head, details: details(txDtls(1, content)) })));
    expect(one).toMatchObject({ kind, bank_code: code, direction: direction === 'DBIT' ? 'debit' : 'credit' });
  });

  test.each<[string, BankFileKind]>([
    ['BOOK', 'returned'],
    ['INFO', 'returned'],
    ['PDNG', 'pending'],
    ['FUTR', 'pending'],
  ])('acts on a return that is %s as %s', async (status, kind) => {
    const xml = camt(entry({ status, details: details(txDtls(1, RETURNED)) }));
    expect(await onlyEntry(xml)).toMatchObject({ status, kind });
    const old = xml.replace('<Sts><Cd>', '<Sts>').replace('</Cd></Sts>', '</Sts>');
    expect(await onlyEntry(old)).toMatchObject({ status, kind });
  });

  test('tells each transaction of a booked batch, with the code and direction it has of its own', async () => {
    const batch =
      '<Btch><MsgId>M-1</MsgId><PmtInfId>M-1-1</PmtInfId><NbOfTxs>2</NbOfTxs><TtlAmt Ccy="EUR">59.00</TtlAmt></Btch>';
    const xml = camt(
      entry({
        amount: '39.00',
        code: 'PMNT/IDDT/OTHR',
        details:
          details(
            batch,
            txDtls(1, money('Amt', '39.00') + bankCode('PMNT/IDDT/UPDD')),
            txDtls(2, money('Amt', '20.00') + bankCode('PMNT/IDDT/UPDD')),
          ) + details(txDtls(3, `${money('Amt', '20.00')}<CdtDbtInd>CRDT</CdtDbtInd>${bankCode('PMNT/IDDT/ESDD')}`)),
      }),
    );
    const { entries, report } = await read(xml);
    expect(
      entries.map((e) => [e.end_to_end_id, e.kind, e.amount, e.original_message_id, e.payment_information_id, e.path]),
    ).toEqual([
      ['E2E-1', 'returned', 3900, 'M-1', 'M-1-1', 'Ntfctn[1]/Ntry[1]/TxDtls[1]'],
      ['E2E-2', 'returned', 2000, 'M-1', 'M-1-1', 'Ntfctn[1]/Ntry[1]/TxDtls[2]'],
      ['E2E-3', 'collected', 2000, null, null, 'Ntfctn[1]/Ntry[1]/TxDtls[3]'],
    ]);
    expect(report.findings).toEqual([]);
  });

  test('tells a booking without transactions as one, with the batch it names', async () => {
    const batch = '<Btch><MsgId>M-1</MsgId><PmtInfId>M-1-1</PmtInfId><NbOfTxs>120</NbOfTxs></Btch>';
    expect(
      await onlyEntry(
        camt(entry({ amount: '7080.00', direction: 'CRDT', code: 'PMNT/IDDT/ESDD', details: details(batch) })),
      ),
    ).toMatchObject({
      level: 'entry',
      kind: 'collected',
      amount: 708_000,
      original_message_id: 'M-1',
      payment_information_id: 'M-1-1',
      transactions_in_entry: 120,
    });
    const bare = await onlyEntry(
      camt(entry({ tail: '<AddtlNtryInf>IMPAYES PRLV SEPA 2 OP AM04</AddtlNtryInf>' }), 'camt.053.001.08'),
    );
    expect(bare).toMatchObject({
      level: 'entry',
      kind: 'returned',
      reason_code: null,
      reason_hint: 'AM04',
      transactions_in_entry: null,
      path: 'Stmt[1]/Ntry[1]',
    });
  });

  test('gives no reason where only the booking text names one, but hints at it', async () => {
    const tail = '<AddtlNtryInf>IMPAYE PRLV SEPA AM04 PROVISION INSUFFISANTE</AddtlNtryInf>';
    expect(await onlyEntry(camt(entry({ details: details(txDtls(1)), tail })))).toMatchObject({
      reason_code: null,
      reason_hint: 'AM04',
    });
  });

  test.each([
    ['<Rsn><Cd>AM04</Cd></Rsn>', 'AM04', 'code'],
    ['<Rsn><Prtry>AC04</Prtry></Rsn>', 'AC04', 'proprietary'],
    ['<RtrRsn><Cd>AC04</Cd></RtrRsn>', 'AC04', 'code'],
    ['<Rsn><Prtry>914</Prtry></Rsn>', '914', 'proprietary'],
    ['<AddtlInf>SEPA RETURN CODE MS03</AddtlInf>', 'MS03', 'text'],
    ['<AddtlInf>NO REASON</AddtlInf>', null, null],
    ['', null, null],
  ])('finds the reason wherever it stands: %s', async (information, code, source) => {
    const one = await onlyEntry(camt(entry({ details: details(txDtls(1, `<RtrInf>${information}</RtrInf>`)) })));
    expect([one.kind, one.reason_code, one.reason_source]).toEqual(['returned', code, source]);
  });

  test('takes NOTPROVIDED for no reference', async () => {
    const xml = camt(
      entry({
        details: details(
          '<TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId><MndtId>NOT PROVIDED</MndtId></Refs></TxDtls>',
        ),
      }),
    );
    expect(await onlyEntry(xml)).toMatchObject({ end_to_end_id: null, mandate_reference: null });
  });

  describe('gives the amount', () => {
    const own = money('Amt', '19.90');
    const inDetails = '<AmtDtls><TxAmt><Amt Ccy="EUR">19.90</Amt></TxAmt></AmtDtls>';
    const instructed = '<AmtDtls><InstdAmt><Amt Ccy="EUR">19.90</Amt></InstdAmt></AmtDtls>';
    const charge = (included: boolean | null) =>
      `<Chrgs><Rcrd>${money('Amt', '3.00')}<CdtDbtInd>DBIT</CdtDbtInd>${included === null ? '' : `<ChrgInclInd>${included}</ChrgInclInd>`}</Rcrd></Chrgs>`;
    const oldCharge = `<Chrgs>${money('TtlChrgsAndTaxAmt', '3.00')}${money('Amt', '3.00')}</Chrgs>`;
    const total = `<Chrgs>${money('TtlChrgsAndTaxAmt', '3.00')}</Chrgs>`;

    // booked, charges of the booking, the transaction, amount, charge, included, findings
    test.each<[string, string, string, number | null, number | null, boolean | null, string[]]>([
      ['19.90', '', own, 1990, null, null, []],
      ['19.90', '', inDetails, 1990, null, null, []],
      ['19.90', '', '', 1990, null, null, []],
      ['22.90', charge(true), own, 1990, 300, true, []],
      ['22.90', charge(null), own, 1990, 300, true, []],
      ['22.90', oldCharge, inDetails, 1990, 300, true, []],
      ['22.90', charge(true), '', 1990, 300, true, []],
      ['22.90', charge(true), money('Amt', '22.90'), 1990, 300, true, []],
      ['22.90', total, instructed, 1990, 300, true, []],
      ['22.90', '', money('Amt', '22.90') + charge(true), 1990, 300, true, []],
      ['22.90', '', own + charge(true), 1990, 300, true, []],
      ['22.90', '', money('Amt', '22.90') + instructed + charge(null), 1990, 300, true, []],
      ['19.90', charge(false), own, 1990, 300, false, []],
      ['19.90', charge(false), '', 1990, 300, false, []],
      ['19.90', charge(null), instructed, 1990, 300, false, []],
      ['19.90', charge(null), '', 1990, 300, null, ['charges_unclear']],
      ['2.00', charge(true), '', 200, 300, true, []],
      ['0', '', '', 0, null, null, []],
    ])('of %s booked, %s, %s', async (booked, charges, content, amount, chargeAmount, included, codes) => {
      const { entries, report } = await read(
        camt(entry({ amount: booked, details: charges + details(txDtls(1, content)) })),
      );
      const [one] = entries;
      expect([one?.amount, one?.charge_amount, one?.charge_included]).toEqual([amount, chargeAmount, included]);
      expect(report.findings.map((finding) => finding.code)).toEqual(codes);
    });

    test('adds records of charges up, and takes credited ones off', async () => {
      const records = `<Chrgs><Rcrd>${money('Amt', '3.00')}</Rcrd><Rcrd>${money('Amt', '1.00')}<CdtDbtInd>CRDT</CdtDbtInd></Rcrd></Chrgs>`;
      expect(
        await onlyEntry(camt(entry({ amount: '21.90', details: records + details(txDtls(1, own)) }))),
      ).toMatchObject({
        amount: 1990,
        charge_amount: 200,
        charge_included: true,
      });
    });

    test('of each transaction in a batch, never a share of the booking', async () => {
      const { entries, report } = await read(
        camt(entry({ amount: '39.80', details: details(txDtls(1, own), txDtls(2)) })),
      );
      expect(entries.map((one) => one.amount)).toEqual([1990, null]);
      expect(report.findings).toMatchObject([{ code: 'amount_missing', path: 'Ntfctn[1]/Ntry[1]/TxDtls[2]' }]);
    });

    test('of a batch whose amounts and charges add up to the booking, without the charges', async () => {
      const xml = camt(
        entry({ amount: '45.80', details: details(txDtls(1, own + charge(true)), txDtls(2, own + charge(true))) }),
      );
      const { entries, report } = await read(xml);
      expect(entries.map((one) => [one.amount, one.charge_amount, one.charge_included])).toEqual([
        [1990, 300, true],
        [1990, 300, true],
      ]);
      expect(report.findings).toEqual([]);
      const inside = camt(
        entry({
          amount: '45.80',
          details: details(...[1, 2].map((n) => txDtls(n, money('Amt', '22.90') + charge(true)))),
        }),
      );
      expect((await entriesOf(inside)).map((one) => one.amount)).toEqual([1990, 1990]);
    });

    test('of a batch, and says that charges for all of it are to be shared out', async () => {
      const { report } = await read(
        camt(entry({ amount: '42.80', details: charge(true) + details(txDtls(1, own), txDtls(2, own)) })),
      );
      expect(report.findings).toMatchObject([{ code: 'charges_of_batch', params: { found: '3.00' } }]);
    });

    test.each([
      ['19.9', 1990],
      ['19.90000', 1990],
      ['019.90', 1990],
      ['+19.90', 1990],
      ['19', 1900],
      ['19.', 1900],
      ['19.905', null],
      ['-19.90', null],
      ['19,90', null],
      ['1e3', null],
      ['1 000.00', null],
      ['99999999999999.00', null],
      ['NaN', null],
    ])('written %s as %s', async (text, amount) => {
      const { entries, report } = await read(
        camt(entry({ amount: '19.90', details: details(txDtls(1, money('Amt', text))) })),
      );
      expect(entries[0]?.amount).toBe(amount ?? 1990);
      expect(report.findings.some((finding) => finding.code === 'amount_unreadable')).toBe(amount === null);
    });

    test('in another currency with a note', async () => {
      const { entries, report } = await read(
        camt(entry({ details: details(txDtls(1, '<Amt Ccy="CHF">19.90</Amt>')) })),
      );
      expect(entries).toMatchObject([{ amount: 1990, currency: 'CHF' }]);
      expect(report.findings).toMatchObject([{ code: 'currency_other', params: { found: 'CHF' } }]);
    });
  });

  describe('whose totals lie', () => {
    const two = details(txDtls(1, money('Amt', '19.90')), txDtls(2, money('Amt', '24.90')));
    const summary = (content: string) => `<TxsSummry>${content}</TxsSummry>`;
    test.each([
      ['nothing', '<TtlNtries><NbOfNtries>1</NbOfNtries><Sum>44.80</Sum></TtlNtries>', '44.80', '', 0],
      ['the number of entries', '<TtlNtries><NbOfNtries>2</NbOfNtries></TtlNtries>', '44.80', '', 1],
      ['the sum of entries', '<TtlNtries><Sum>44.81</Sum></TtlNtries>', '44.80', '', 1],
      ['debits', '<TtlDbtNtries><NbOfNtries>3</NbOfNtries><Sum>1.00</Sum></TtlDbtNtries>', '44.80', '', 2],
      ['credits', '<TtlCdtNtries><NbOfNtries>1</NbOfNtries><Sum>1.00</Sum></TtlCdtNtries>', '44.80', '', 2],
      ['the booking', '', '44.81', '', 1],
      ['the number in a batch', '', '44.80', '<Btch><NbOfTxs>3</NbOfTxs></Btch>', 1],
      ['the sum of a batch', '', '44.80', '<Btch><TtlAmt Ccy="EUR">1.00</TtlAmt></Btch>', 1],
    ])('about %s is reported, not refused', async (_, totals, amount, batch, findings) => {
      const xml = camt(summary(totals) + entry({ amount, details: two.replace('<NtryDtls>', `<NtryDtls>${batch}`) }));
      const { entries, report } = await read(xml);
      expect(entries).toHaveLength(2);
      expect(report.findings).toHaveLength(findings);
      for (const finding of report.findings) expect(finding.code).toMatch(/^(totals|entry)_disagrees?$/);
    });
  });

  test('reports several accounts, and which entry is of which', async () => {
    const xml = camt(entry()).replace(
      '</Ntfctn>',
      `</Ntfctn><Ntfctn><Acct><Id><IBAN>${THEIR_IBAN}</IBAN></Id></Acct>${entry()}</Ntfctn>`,
    );
    const { entries, report } = await read(xml);
    expect(report.accounts).toEqual([OUR_IBAN, THEIR_IBAN]);
    expect(entries.map((one) => [one.account_iban, one.path])).toEqual([
      [OUR_IBAN, 'Ntfctn[1]/Ntry[1]'],
      [THEIR_IBAN, 'Ntfctn[2]/Ntry[1]'],
    ]);
  });

  test('says when the bank calls it a copy, or when nothing is in it', async () => {
    expect((await read(camt('<CpyDplctInd>DUPL</CpyDplctInd>'))).report.findings).toMatchObject([
      { code: 'told_as_copy', params: { found: 'DUPL' } },
      { code: 'nothing_told' },
    ]);
  });

  test('keeps a day that is none out', async () => {
    const { entries, report } = await read(
      camt(entry().replace('2026-11-27', '2026-02-30').replace('2026-11-28', '27/11/2026')),
    );
    expect(entries).toMatchObject([{ booked_on: null, value_on: null }]);
    expect(report.findings.map((finding) => finding.code)).toEqual(['day_unreadable', 'day_unreadable']);
  });

  test('that breaks the order of its schema tells the same', async () => {
    const xml = camt(
      `<Ntry>${details(`<TxDtls>${RETURNED}${money('Amt', '19.90')}<Refs>${MANDATE}<EndToEndId>E2E-1</EndToEndId></Refs></TxDtls>`)}` +
        `${bankCode('PMNT/IDDT/UPDD')}<Sts>BOOK</Sts><CdtDbtInd>DBIT</CdtDbtInd>${money('Amt', '19.90')}<Unknown><Amt>1.00</Amt></Unknown></Ntry>`,
      'camt.053.001.04',
    );
    expect(await onlyEntry(xml)).toMatchObject({
      kind: 'returned',
      amount: 1990,
      end_to_end_id: 'E2E-1',
      mandate_reference: 'RUM-1',
      status: 'BOOK',
    });
  });

  test('tells a batch of 5,000 as it comes', async () => {
    const transactions = Array.from({ length: 5000 }, (_, n) => txDtls(n, money('Amt', '1.00') + RETURNED));
    const { entries, report } = await read(camt(entry({ amount: '5000.00', details: details(...transactions) })));
    expect(entries).toHaveLength(5000);
    expect(
      entries.every((one, n) => one.kind === 'returned' && one.end_to_end_id === `E2E-${n}` && one.amount === 100),
    ).toBe(true);
    expect(report.findings).toEqual([]);
  });
});
