/** The parts that a booking and its transactions share in their trees, and the tree of a transaction. */
import type { Cents } from '../../../domain/money.ts';
import type { Charges } from './camt-amount.ts';
import type { BankCode } from './camt-kind.ts';
import type { Direction, Transaction } from './camt-state.ts';
import { type Element, onElement, onText } from './elements.ts';
import type { MessageContext } from './message.ts';
import { addReasonText } from './reason.ts';
import { joinText, readReference } from './values.ts';

export function readDirection(text: string): Direction | null {
  return text === 'DBIT' ? 'debit' : text === 'CRDT' ? 'credit' : null;
}

export function readBankCode(place: Element, code: () => BankCode): void {
  onText(place, 'BkTxCd/Domn/Cd', (text) => {
    code().domain = text;
  });
  onText(place, 'BkTxCd/Domn/Fmly/Cd', (text) => {
    code().family = text;
  });
  onText(place, 'BkTxCd/Domn/Fmly/SubFmlyCd', (text) => {
    code().sub_family = text;
  });
  onText(place, 'BkTxCd/Prtry/Cd', (text) => {
    code().proprietary = text;
  });
}

/** Charges: one element each in version .02, records of one element since .04. */
export function readCharges(
  context: MessageContext,
  place: Element,
  current: () => { charges: Charges; path: string },
): void {
  let total: Cents | null = null;
  let amount: Cents | null = null;
  let sum: number | null = null;
  let credit = false;
  let included: boolean | null = null;
  const endRecord = () => {
    if (amount !== null) sum = (sum ?? 0) + (credit ? -amount : amount);
    amount = null;
    credit = false;
  };
  const open = () => {
    total = null;
    sum = null;
    included = null;
  };
  const close = () => {
    endRecord();
    const { charges } = current();
    const told = sum ?? total;
    if (told !== null) charges.amount = ((charges.amount ?? 0) + told) as Cents;
    charges.included ??= included;
  };
  const all = onElement(place, 'Chrgs', open, close);
  onElement(all, 'Rcrd', null, endRecord);
  onText(all, 'TtlChrgsAndTaxAmt', (text, currency) => {
    total = context.amount(text, current().path, currency);
  });
  onText(all, ['Amt', 'Rcrd/Amt'], (text, currency) => {
    amount = context.amount(text, current().path, currency);
  });
  onText(all, ['CdtDbtInd', 'Rcrd/CdtDbtInd'], (text) => {
    credit = text === 'CRDT';
  });
  onText(all, ['ChrgInclInd', 'Rcrd/ChrgInclInd'], (text) => {
    included = text === 'true' || text === '1';
  });
}

export function readTransaction(
  context: MessageContext,
  place: Element,
  tx: () => Transaction,
  path: () => string,
): void {
  onText(place, 'Refs/MsgId', (text) => {
    tx().message_id = readReference(text);
  });
  onText(place, 'Refs/PmtInfId', (text) => {
    tx().payment_information_id = readReference(text);
  });
  onText(place, 'Refs/InstrId', (text) => {
    tx().instruction_id = readReference(text);
  });
  onText(place, 'Refs/EndToEndId', (text) => {
    tx().end_to_end_id = readReference(text);
  });
  onText(place, 'Refs/TxId', (text) => {
    tx().transaction_id = readReference(text);
  });
  onText(place, 'Refs/MndtId', (text) => {
    tx().mandate_reference = readReference(text);
  });
  onText(place, 'Refs/AcctSvcrRef', (text) => {
    tx().account_servicer_reference = readReference(text);
  });
  onText(place, 'Amt', (text, currency) => {
    tx().amount = context.amount(text, path(), currency);
    tx().currency = currency || null;
  });
  onText(place, 'AmtDtls/TxAmt/Amt', (text, currency) => {
    tx().detailAmount = context.amount(text, path(), currency);
    tx().currency ??= currency || null;
  });
  onText(place, 'AmtDtls/InstdAmt/Amt', (text) => {
    tx().instructed = context.amount(text, path());
  });
  onText(place, 'CdtDbtInd', (text) => {
    tx().direction = readDirection(text);
  });
  readBankCode(place, () => tx().code);
  readCharges(context, place, () => ({ charges: tx().charges, path: path() }));
  // A party stands under Pty since version .08.
  onText(place, ['RltdPties/Dbtr/Nm', 'RltdPties/Dbtr/Pty/Nm'], (text) => {
    tx().debtor_name = text;
  });
  onText(place, 'RltdPties/DbtrAcct/Id/IBAN', (text) => {
    tx().debtor_iban = text.replace(/\s+/g, '');
  });
  onText(place, 'RmtInf/Ustrd', (text) => {
    tx().remittance = joinText(tx().remittance, text);
  });
  onText(place, 'AddtlTxInf', (text) => {
    tx().text = joinText(tx().text, text);
  });
  onElement(
    place,
    'RtrInf',
    () => {
      tx().returned = true;
    },
    null,
  );
  // RtrRsn is the name of version .01.
  onText(place, ['RtrInf/Rsn/Cd', 'RtrInf/RtrRsn/Cd'], (text) => {
    tx().reason.code ??= text;
  });
  onText(place, ['RtrInf/Rsn/Prtry', 'RtrInf/RtrRsn/Prtry'], (text) => {
    tx().reason.proprietary ??= text;
  });
  onText(place, ['RtrInf/AddtlInf', 'RtrInf/AddtlRtrRsnInf'], (text) => addReasonText(tx().reason, text));
}
