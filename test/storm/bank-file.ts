/** A file of the bank by which debits come back. */
import type { Day } from '../../src/domain/day.ts';

export interface ReturnedDebit {
  end_to_end_id: string;
  amount: number;
}

/** camt.054 with a return for want of money for each. @param name of the file, which makes it another one */
export function bankReturn(name: string, debits: readonly ReturnedDebit[], on: Day): string {
  const entries = debits.map(({ end_to_end_id, amount }) => {
    const value = `<Amt Ccy="EUR">${Math.floor(amount / 100)}.${String(amount % 100).padStart(2, '0')}</Amt>`;
    return (
      `<Ntry>${value}<CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>${on}</Dt></BookgDt><ValDt><Dt>${on}</Dt></ValDt>` +
      `<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>IDDT</Cd><SubFmlyCd>UPDD</SubFmlyCd></Fmly></Domn></BkTxCd><NtryDtls><TxDtls>` +
      `<Refs><EndToEndId>${end_to_end_id}</EndToEndId></Refs>${value}<RtrInf><Rsn><Cd>AM04</Cd></Rsn></RtrInf></TxDtls></NtryDtls></Ntry>`
    );
  });
  const written = `<CreDtTm>${on}T06:00:00</CreDtTm>`;
  return (
    `<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"><BkToCstmrDbtCdtNtfctn>` +
    `<GrpHdr><MsgId>${name}</MsgId>${written}</GrpHdr><Ntfctn><Id>${name}</Id>${written}` +
    `<Acct><Id><IBAN>FR7630006000011234567890189</IBAN></Id></Acct>${entries.join('')}</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>\n`
  );
}
