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
  return chance.chance(0.3) ? spoilt(file, chance, generator) : file;
}

function movement(chance: Random, generator: Generator): string {
  const line = generator.debit();
  const asked = ((generator.ids.amounts.get(line) ?? 5900) / 100).toFixed(2);
  const amount = chance.chance(0.8) ? asked : chance.pick(['59.00', '50.00', '69.00', '0.00', '1']);
  const on = chance.chance(0.8) ? generator.near(-3, 0) : chance.pick(['2010-07-06', '0001-01-01', '9999-12-31']);
  return (
    `<Ntry><Amt Ccy="${chance.pick(['EUR', 'EUR', 'EUR', 'EUR', 'CHF'])}">${amount}</Amt><CdtDbtInd>${chance.pick(['DBIT', 'DBIT', 'DBIT', 'CRDT'])}</CdtDbtInd>` +
    `<Sts>BOOK</Sts><BookgDt><Dt>${on}</Dt></BookgDt>` +
    '<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>IDDT</Cd><SubFmlyCd>UPDD</SubFmlyCd></Fmly></Domn></BkTxCd><NtryDtls><TxDtls><Refs><EndToEndId>' +
    `${chance.chance(0.9) ? line.replace('_', '-') : 'NOTPROVIDED'}</EndToEndId></Refs><Amt Ccy="EUR">${amount}</Amt>` +
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
