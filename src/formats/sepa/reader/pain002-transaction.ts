/** The tree of a transaction in a status report, and what is gathered of it while it is read. */
import type { Day } from '../../../domain/day.ts';
import type { Cents } from '../../../domain/money.ts';
import { type Element, onText } from './elements.ts';
import type { BankFileEntry } from './entry.ts';
import type { MessageContext } from './message.ts';
import { addReasonText, noReason, type Reason } from './reason.ts';
import { joinText, readReference } from './values.ts';

export interface Transaction extends Pick<BankFileEntry, TransactionField> {
  status: string | null;
  reason: Reason;
  fallbackAmount: Cents | null;
  charge: Cents | null;
}
type TransactionField =
  | 'instruction_id'
  | 'end_to_end_id'
  | 'mandate_reference'
  | 'transaction_id'
  | 'amount'
  | 'currency'
  | 'debtor_iban'
  | 'debtor_name'
  | 'account_servicer_reference'
  | 'remittance'
  | 'collection_on';

export function newTransaction(): Transaction {
  return {
    status: null,
    reason: noReason(),
    fallbackAmount: null,
    charge: null,
    instruction_id: null,
    end_to_end_id: null,
    mandate_reference: null,
    transaction_id: null,
    amount: null,
    currency: null,
    debtor_iban: null,
    debtor_name: null,
    account_servicer_reference: null,
    remittance: null,
    collection_on: null,
  };
}

/** Reads the reasons that stand directly below an element. */
export function readReason(from: Element, reason: () => Reason): void {
  onText(from, 'StsRsnInf/Rsn/Cd', (text) => {
    reason().code ??= text;
  });
  onText(from, 'StsRsnInf/Rsn/Prtry', (text) => {
    reason().proprietary ??= text;
  });
  onText(from, 'StsRsnInf/AddtlInf', (text) => addReasonText(reason(), text));
}

export function readTransaction(
  context: MessageContext,
  place: Element,
  tx: () => Transaction,
  path: () => string,
): void {
  const set = <Field extends TransactionField>(
    paths: string | readonly string[],
    field: Field,
    read: (text: string) => Transaction[Field],
  ) =>
    onText(place, paths, (text) => {
      tx()[field] ??= read(text);
    });
  onText(place, 'TxSts', (text) => {
    tx().status = text;
  });
  readReason(place, () => tx().reason);
  set('OrgnlInstrId', 'instruction_id', readReference);
  set('OrgnlEndToEndId', 'end_to_end_id', readReference);
  set('AcctSvcrRef', 'account_servicer_reference', readReference);
  set('ClrSysRef', 'transaction_id', readReference);
  set('OrgnlTxRef/MndtRltdInf/MndtId', 'mandate_reference', readReference);
  set('OrgnlTxRef/MndtRltdInf/DrctDbtMndt/MndtId', 'mandate_reference', readReference);
  set(['OrgnlTxRef/Dbtr/Nm', 'OrgnlTxRef/Dbtr/Pty/Nm'], 'debtor_name', (text) => text);
  set('OrgnlTxRef/DbtrAcct/Id/IBAN', 'debtor_iban', (text) => text.replace(/\s+/g, ''));
  set('OrgnlTxRef/ReqdColltnDt', 'collection_on', (text): Day | null => context.day(text, path()));
  onText(place, 'OrgnlTxRef/RmtInf/Ustrd', (text) => {
    tx().remittance = joinText(tx().remittance, text);
  });
  onText(place, ['OrgnlTxRef/Amt/InstdAmt', 'OrgnlTxRef/Amt/EqvtAmt/Amt'], (text, currency) => {
    tx().amount ??= context.amount(text, path(), currency);
    tx().currency ??= currency || null;
  });
  onText(place, 'OrgnlTxRef/IntrBkSttlmAmt', (text, currency) => {
    tx().fallbackAmount = context.amount(text, path(), currency);
    tx().currency ??= currency || null;
  });
  onText(place, 'ChrgsInf/Amt', (text, currency) => {
    const charge = context.amount(text, path(), currency);
    if (charge !== null) tx().charge = ((tx().charge ?? 0) + charge) as Cents;
  });
}
