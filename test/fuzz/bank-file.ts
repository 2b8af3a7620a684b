/** Files of a bank, made at random: about debits that exist or not, whole or spoilt in one place. */
import type { Random } from '../storm/random.ts';
import type { Generator } from './generate.ts';

export function bankFile(chance: Random, generator: Generator): string {
  const count = chance.int(0, 4);
  const entries = Array.from({ length: count }, () => movement(chance, generator)).join('');
  const file = chance.chance(0.3)
    ? `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt><OrgnlGrpInfAndSts><OrgnlMsgId>${generator
        .id('col')
        .replace(
          '_',
          '-',
        )}</OrgnlMsgId><GrpSts>${chance.pick(['RJCT', 'ACCP', 'PART'])}</GrpSts></OrgnlGrpInfAndSts></CstmrPmtStsRpt></Document>`
    : `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"><BkToCstmrDbtCdtNtfctn><Ntfctn>${entries}</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>`;
  return chance.chance(0.4) ? spoilt(file, chance, generator) : file;
}

function movement(chance: Random, generator: Generator): string {
  const amount = chance.pick(['59.00', '50.00', '69.00', '0.00', '1']);
  return (
    `<Ntry><Amt Ccy="${chance.pick(['EUR', 'EUR', 'CHF'])}">${amount}</Amt><CdtDbtInd>${chance.pick(['DBIT', 'DBIT', 'CRDT'])}</CdtDbtInd>` +
    `<Sts>BOOK</Sts><BookgDt><Dt>${chance.pick(['2010-07-06', '2010-08-05', '0001-01-01', '9999-12-31'])}</Dt></BookgDt>` +
    '<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>IDDT</Cd><SubFmlyCd>UPDD</SubFmlyCd></Fmly></Domn></BkTxCd><NtryDtls><TxDtls><Refs><EndToEndId>' +
    `${chance.chance(0.9) ? generator.id('lin').replace('_', '-') : 'NOTPROVIDED'}</EndToEndId></Refs><Amt Ccy="EUR">${amount}</Amt>` +
    `<RtrInf><Rsn><Cd>${chance.pick(['AM04', 'MD07', 'MS02', 'ZZZZ', 'AC04'])}</Cd></Rsn></RtrInf></TxDtls></NtryDtls></Ntry>`
  );
}

function spoilt(file: string, chance: Random, generator: Generator): string {
  const at = chance.int(0, file.length);
  const hostile = String(generator.hostile()).replace(/[\ud800-\udfff]/g, '?');
  return chance.pick([
    () => file.slice(0, at),
    () => file.slice(0, at) + hostile + file.slice(at),
    () => `<!DOCTYPE a>${file}`,
    () => file + file,
    () => hostile,
  ])();
}
