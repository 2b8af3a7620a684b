import { beforeAll, describe, expect, test } from 'vitest';
import type { BankFileEntry } from '../../../../src/formats/sepa/reader/entry.ts';
import { presentationEventOf } from '../../../../src/formats/sepa/reader/presentation-event.ts';
import { saySchemasMissing, schemaVerdict } from '../schema.ts';
import { bankCode, camt, pain002, pmtInf, read, reason, THEIR_IBAN } from './messages.ts';

beforeAll(saySchemasMissing);

/** What must be told alike by every version. */
function told(entry: BankFileEntry | undefined) {
  if (!entry) return entry;
  const {
    kind,
    reason_code,
    end_to_end_id,
    mandate_reference,
    amount,
    debtor_name,
    debtor_iban,
    charge_amount,
    status,
  } = entry;
  return {
    kind,
    reason_code,
    end_to_end_id,
    mandate_reference,
    amount,
    debtor_name,
    debtor_iban,
    charge_amount,
    status,
  };
}

describe('every listed version', () => {
  test.each(['pain.002.001.03', 'pain.002.001.10', 'pain.002.001.12'])(
    '%s tells a rejection alike',
    async (version) => {
      const party = version.endsWith('.03') ? '<Nm>Zoë</Nm>' : '<Pty><Nm>Zoë</Nm></Pty>';
      const mandate = '<MndtId>RUM-1</MndtId>';
      const xml = pain002(
        `<OrgnlNbOfTxs>2</OrgnlNbOfTxs><GrpSts>PART</GrpSts>`,
        pmtInf(
          `<TxInfAndSts><OrgnlEndToEndId>E2E-1</OrgnlEndToEndId><TxSts>RJCT</TxSts>${reason('AM04')}<ChrgsInf><Amt Ccy="EUR">3.00</Amt>` +
            `${version.endsWith('.03') ? '<Pty><FinInstnId/></Pty>' : '<Agt><FinInstnId/></Agt>'}</ChrgsInf>` +
            `<OrgnlTxRef><Amt><InstdAmt Ccy="EUR">59.00</InstdAmt></Amt><ReqdColltnDt>2026-11-27</ReqdColltnDt>` +
            `<MndtRltdInf>${version.endsWith('.12') ? `<DrctDbtMndt>${mandate}</DrctDbtMndt>` : mandate}</MndtRltdInf>` +
            `<Dbtr>${party}</Dbtr><DbtrAcct><Id><IBAN>${THEIR_IBAN}</IBAN></Id></DbtrAcct></OrgnlTxRef></TxInfAndSts>`,
        ),
        version,
      );
      expect(schemaVerdict(version, xml)).toBeNull();
      const { entries, report } = await read(xml);
      expect(report).toMatchObject({ message: 'pain.002', version: version.slice(9), findings: [] });
      expect(told(entries[0])).toEqual({
        kind: 'rejected',
        reason_code: 'AM04',
        end_to_end_id: 'E2E-1',
        mandate_reference: 'RUM-1',
        amount: 5900,
        debtor_name: 'Zoë',
        debtor_iban: THEIR_IBAN,
        charge_amount: 300,
        status: 'RJCT',
      });
    },
  );

  const camtVersions = ['053', '054'].flatMap((message) =>
    ['02', '04', '08'].map((version) => `camt.${message}.001.${version}`),
  );
  test.each(camtVersions)('%s tells a return with its charge alike', async (name) => {
    const old = name.endsWith('.02');
    const newest = name.endsWith('.08');
    const balance = name.startsWith('camt.053')
      ? '<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">1.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-27</Dt></Dt></Bal>'
      : '';
    const charges = old
      ? '<Chrgs><Amt Ccy="EUR">3.00</Amt></Chrgs>'
      : '<Chrgs><Rcrd><Amt Ccy="EUR">3.00</Amt><ChrgInclInd>true</ChrgInclInd></Rcrd></Chrgs>';
    const amount = old
      ? '<AmtDtls><TxAmt><Amt Ccy="EUR">59.00</Amt></TxAmt></AmtDtls>'
      : '<Amt Ccy="EUR">59.00</Amt><CdtDbtInd>DBIT</CdtDbtInd>';
    const xml = camt(
      `${balance}<Ntry><Amt Ccy="EUR">62.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>${newest ? '<Cd>BOOK</Cd>' : 'BOOK'}</Sts>` +
        `<BookgDt><Dt>2026-11-27</Dt></BookgDt>${bankCode('PMNT/IDDT/UPDD')}${charges}<NtryDtls><TxDtls>` +
        `<Refs><EndToEndId>E2E-1</EndToEndId><MndtId>RUM-1</MndtId></Refs>${amount}` +
        `<RltdPties><Dbtr>${newest ? '<Pty><Nm>Zoë</Nm></Pty>' : '<Nm>Zoë</Nm>'}</Dbtr><DbtrAcct><Id><IBAN>${THEIR_IBAN}</IBAN></Id></DbtrAcct></RltdPties>` +
        `<RtrInf><Rsn><Cd>AM04</Cd></Rsn></RtrInf></TxDtls></NtryDtls></Ntry>`,
      name,
    );
    expect(schemaVerdict(name, xml)).toBeNull();
    const { entries, report } = await read(xml);
    expect(report).toMatchObject({ message: name.slice(0, 8), version: name.slice(9), findings: [] });
    expect(entries.map(told)).toEqual([
      {
        kind: 'returned',
        reason_code: 'AM04',
        end_to_end_id: 'E2E-1',
        mandate_reference: 'RUM-1',
        amount: 5900,
        debtor_name: 'Zoë',
        debtor_iban: THEIR_IBAN,
        charge_amount: 300,
        status: 'BOOK',
      },
    ]);
  });
});

test('an entry is an event of its presentation only where the bank was plain', () => {
  expect(presentationEventOf({ kind: 'collected' })).toBe('settled');
  expect(presentationEventOf({ kind: 'return_reversed' })).toBe('reversed');
  for (const kind of ['rejected', 'returned', 'refunded', 'accepted'] as const)
    expect(presentationEventOf({ kind })).toBe(kind);
  for (const kind of ['collection_reversed', 'pending', 'other', 'unknown'] as const)
    expect(presentationEventOf({ kind })).toBeNull();
});
