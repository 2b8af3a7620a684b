/**
 * Writes the direct debit file that the bank is sent (pain.008.001.08, or .02 where a bank still wants it).
 *
 * Always true:
 * - it streams: two passes over rows that no longer change, totals first, and never more than a piece in memory;
 * - amounts are written from whole cents by slicing; totals that don't match the rows stop the file;
 * - the same input gives the same bytes;
 * - names and texts are put into SEPA characters and cut, identifiers are never touched but refused;
 * - a debtor's address stands in the file only where their bank is outside the EEA, and then structured.
 *
 * Schemas: ISO 20022 pain.008.001.02 and .08; usage: EPC130-08 (Core) and EPC131-08 (B2B) customer-to-bank
 * guidelines. Since their 2016 edition `SMNDA` stands in OrgnlDbtrAcct in either version, not in OrgnlDbtrAgt.
 */
import { debtorAddressRequired } from '../../domain/iban.ts';
import { decimal } from '../../domain/money.ts';
import { Refusal } from '../../errors/refusal.ts';
import { groupFault, headerFault, type Pain008Fault, rowFault, totalsFault } from './pain008-faults.ts';
import type {
  MandateAmendment,
  Pain008Group,
  Pain008Header,
  Pain008Row,
  Pain008Rows,
  Pain008Version,
  SepaAddress,
} from './pain008-message.ts';
import { MAX_NAME, MAX_REMITTANCE, MAX_SHORT, MAX_STREET, MAX_TOWN, sepaText } from './text.ts';

/** Characters gathered before a piece is handed on. */
const PIECE = 64 * 1024;

/** `2026-11-21T22:04:00Z`: an instant, in UTC, whatever the server's timezone. */
function instant(at: Date): string {
  const two = (n: number) => String(n).padStart(2, '0');
  return (
    `${String(at.getUTCFullYear()).padStart(4, '0')}-${two(at.getUTCMonth() + 1)}-${two(at.getUTCDate())}` +
    `T${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}Z`
  );
}

function element(name: string, text: string): string {
  return text === '' ? '' : `<${name}>${text}</${name}>`;
}

function addressXml(address: SepaAddress | null | undefined): string {
  if (!address) return '';
  const lines = (address.lines ?? []).slice(0, 2).map((line) => element('AdrLine', sepaText(line, MAX_STREET)));
  return element(
    'PstlAdr',
    element('StrtNm', sepaText(address.street ?? '', MAX_STREET)) +
      element('BldgNb', sepaText(address.building ?? '', MAX_SHORT)) +
      element('PstCd', sepaText(address.postcode ?? '', MAX_SHORT)) +
      element('TwnNm', sepaText(address.town, MAX_TOWN)) +
      element('Ctry', address.country) +
      lines.join(''),
  );
}

/** The bank of an account: by BIC (the element's name differs by version), else by saying that none was given. */
function agentXml(name: string, bic: string | null | undefined, version: Pain008Version): string {
  if (!bic) return `<${name}><FinInstnId><Othr><Id>NOTPROVIDED</Id></Othr></FinInstnId></${name}>`;
  const tag = version === 'pain.008.001.02' ? 'BIC' : 'BICFI';
  return `<${name}><FinInstnId><${tag}>${bic}</${tag}></FinInstnId></${name}>`;
}

function schemeIdXml(identifier: string): string {
  return `<Id><PrvtId><Othr><Id>${identifier}</Id><SchmeNm><Prtry>SEPA</Prtry></SchmeNm></Othr></PrvtId></Id>`;
}

function amendmentXml(amendment: MandateAmendment): string {
  const details =
    element('OrgnlMndtId', amendment.former_reference ?? '') +
    element(
      'OrgnlCdtrSchmeId',
      element('Nm', sepaText(amendment.former_creditor_name ?? '', MAX_NAME)) +
        (amendment.former_creditor_identifier ? schemeIdXml(amendment.former_creditor_identifier) : ''),
    ) +
    (amendment.account_changed ? '<OrgnlDbtrAcct><Id><Othr><Id>SMNDA</Id></Othr></Id></OrgnlDbtrAcct>' : '');
  return details === '' ? '' : `<AmdmntInd>true</AmdmntInd><AmdmntInfDtls>${details}</AmdmntInfDtls>`;
}

function headerXml(header: Pain008Header): string {
  const initiatorId = header.initiator.identifier
    ? `<Id><OrgId><Othr><Id>${header.initiator.identifier}</Id></Othr></OrgId></Id>`
    : '';
  return (
    `<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:${header.version}">` +
    `<CstmrDrctDbtInitn>\n<GrpHdr><MsgId>${header.message_id}</MsgId><CreDtTm>${instant(header.created_at)}</CreDtTm>` +
    `<NbOfTxs>${header.count}</NbOfTxs><CtrlSum>${decimal(header.total)}</CtrlSum>` +
    `<InitgPty><Nm>${sepaText(header.initiator.name, MAX_NAME)}</Nm>${initiatorId}</InitgPty></GrpHdr>\n`
  );
}

function groupXml(group: Pain008Group, version: Pain008Version): string {
  const { creditor } = group;
  const booking =
    group.batch_booking === undefined || group.batch_booking === null
      ? ''
      : `<BtchBookg>${group.batch_booking}</BtchBookg>`;
  return (
    `<PmtInf><PmtInfId>${group.id}</PmtInfId><PmtMtd>DD</PmtMtd>${booking}` +
    `<NbOfTxs>${group.count}</NbOfTxs><CtrlSum>${decimal(group.total)}</CtrlSum>` +
    `<PmtTpInf><SvcLvl><Cd>SEPA</Cd></SvcLvl><LclInstrm><Cd>${group.scheme}</Cd></LclInstrm>` +
    `<SeqTp>${group.sequence}</SeqTp></PmtTpInf><ReqdColltnDt>${group.collected_on}</ReqdColltnDt>` +
    `<Cdtr><Nm>${sepaText(creditor.name, MAX_NAME)}</Nm>${addressXml(creditor.address)}</Cdtr>` +
    `<CdtrAcct><Id><IBAN>${creditor.iban}</IBAN></Id></CdtrAcct>${agentXml('CdtrAgt', creditor.bic, version)}` +
    `<ChrgBr>SLEV</ChrgBr><CdtrSchmeId>${schemeIdXml(creditor.identifier)}</CdtrSchmeId>\n`
  );
}

function rowXml(row: Pain008Row, version: Pain008Version): string {
  const instruction = row.instruction_id ? `<InstrId>${row.instruction_id}</InstrId>` : '';
  const amendment = row.amendment ? amendmentXml(row.amendment) : '';
  const address = debtorAddressRequired(row.debtor_iban) ? addressXml(row.debtor_address) : '';
  const ultimate = row.ultimate_debtor_name
    ? element('UltmtDbtr', element('Nm', sepaText(row.ultimate_debtor_name, MAX_NAME)))
    : '';
  const remittance = row.remittance
    ? element('RmtInf', element('Ustrd', sepaText(row.remittance, MAX_REMITTANCE)))
    : '';
  return (
    `<DrctDbtTxInf><PmtId>${instruction}<EndToEndId>${row.end_to_end_id}</EndToEndId></PmtId>` +
    `<InstdAmt Ccy="EUR">${decimal(row.amount)}</InstdAmt>` +
    `<DrctDbtTx><MndtRltdInf><MndtId>${row.mandate_reference}</MndtId><DtOfSgntr>${row.mandate_signed_on}</DtOfSgntr>` +
    `${amendment}</MndtRltdInf></DrctDbtTx>${agentXml('DbtrAgt', row.debtor_bic, version)}` +
    `<Dbtr><Nm>${sepaText(row.debtor_name, MAX_NAME)}</Nm>${address}</Dbtr>` +
    `<DbtrAcct><Id><IBAN>${row.debtor_iban}</IBAN></Id></DbtrAcct>${ultimate}${remittance}</DrctDbtTxInf>\n`
  );
}

function refuse(fault: Pain008Fault | null): void {
  if (fault) throw new Refusal(fault.code, fault.params, fault.field ? { pointer: `/${fault.field}` } : {});
}

/**
 * The file, in pieces of some 64 KB. `header` and `groups` carry the totals; `rows` come group by group.
 * @throws Refusal (any `debit_…` code) as soon as something cannot stand in the file; what was written is then void.
 */
export async function* writePain008(
  header: Pain008Header,
  groups: readonly Pain008Group[],
  rows: Pain008Rows,
): AsyncGenerator<Buffer, void, undefined> {
  refuse(headerFault(header, groups));
  for (const group of groups) refuse(groupFault(group));
  const { version } = header;
  let text = headerXml(header);
  let at = -1;
  let current: Pain008Group | undefined;
  let count = 0;
  let total = 0;

  const closeGroup = () => {
    if (!current) return;
    refuse(totalsFault(current.id, current, { count, total }));
    text += '</PmtInf>\n';
  };
  const openGroup = (id: string) => {
    closeGroup();
    at += 1;
    current = groups[at];
    if (current?.id !== id) refuse({ code: 'debit_group_unknown', params: { group: id }, field: 'group' });
    count = 0;
    total = 0;
    text += groupXml(current as Pain008Group, version);
  };

  for await (const item of rows) {
    const some = Array.isArray(item) ? (item as readonly Pain008Row[]) : [item as Pain008Row];
    for (const row of some) {
      if (row.group !== current?.id) openGroup(row.group);
      refuse(rowFault(row));
      text += rowXml(row, version);
      count += 1;
      total += row.amount;
      if (text.length >= PIECE) {
        yield Buffer.from(text, 'latin1');
        text = '';
      }
    }
  }
  closeGroup();
  const missing = groups[at + 1];
  if (missing) refuse(totalsFault(missing.id, missing, { count: 0, total: 0 }));
  yield Buffer.from(`${text}</CstmrDrctDbtInitn></Document>\n`, 'latin1');
}
