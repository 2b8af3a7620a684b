/**
 * The bank's statements (camt.053) and notifications (camt.054): movements on our account, and in them the debits
 * that came back.
 *
 * Always true:
 * - one booking may hold many transactions, each told for itself; one told without any is told as a booking;
 * - the order of elements inside a booking does not matter up to 1,000 transactions; a larger one is told as it
 *   comes, in the schema's order, so that a batch of any size passes through the same memory.
 */
import type { Cents } from '../../../domain/money.ts';
import type { Charges } from './camt-amount.ts';
import { bookingEntry, checkBooking, checkStatement, type Place, placeOf, transactionEntry } from './camt-entries.ts';
import type { BankCode } from './camt-kind.ts';
import {
  type Batch,
  type Booking,
  type Direction,
  newBatch,
  newBooking,
  newStatement,
  newTransaction,
  type Statement,
  type Transaction,
} from './camt-state.ts';
import { type Element, element, onElement, onText } from './elements.ts';
import type { MessageContext } from './message.ts';
import { addReasonText } from './reason.ts';
import { joinText, readCount, readReference } from './values.ts';

/** Transactions of one booking that wait for its end, so that what follows them counts too. */
const WAITING = 1000;

/** Accounts named in the report. */
const MAX_ACCOUNTS = 100;

function readDirection(text: string): Direction | null {
  return text === 'DBIT' ? 'debit' : text === 'CRDT' ? 'credit' : null;
}

/** The tree of `BkToCstmrStmt` or `BkToCstmrDbtCdtNtfctn`; `name` is that of a statement in it. */
export function camtElements(context: MessageContext, name: 'Stmt' | 'Ntfctn'): Element {
  const { report, findings } = context;
  let statements = 0;
  let statement: Statement = newStatement('');
  let booking: Booking = newBooking('');
  let batch: Batch = newBatch();
  let tx: Transaction = newTransaction(0, batch);

  const tell = (place: Place) => {
    for (const one of booking.waiting) context.emit(transactionEntry(context, statement, booking, one, place));
    booking.waiting = [];
  };

  const endTransaction = () => {
    const amount = tx.amount ?? tx.detailAmount;
    const signed = amount === null || tx.direction === null || tx.direction === booking.direction ? amount : -amount;
    batch.listed += 1;
    batch.sum += signed ?? 0;
    booking.sum = booking.sum === null || signed === null ? null : booking.sum + signed;
    booking.waiting.push(tx);
    if (booking.waiting.length >= WAITING) tell('batch');
  };

  const endBooking = () => {
    const { bookings } = statement;
    bookings.count += 1;
    if (booking.direction === 'credit') {
      bookings.credits += 1;
      bookings.creditSum += booking.amount ?? 0;
    } else {
      bookings.debits += 1;
      bookings.debitSum += booking.amount ?? 0;
    }
    const place = placeOf(booking);
    if (booking.transactions === 0) context.emit(bookingEntry(context, statement, booking));
    else tell(place);
    checkBooking(context, booking, place);
  };

  const endStatement = () => {
    checkStatement(context, statement);
    const { count, sum } = statement.declared;
    if (count !== undefined) report.declared.count = (report.declared.count ?? 0) + count;
    if (sum !== undefined) report.declared.total = ((report.declared.total ?? 0) + sum) as Cents;
  };

  const root = element();
  onText(root, 'GrpHdr/MsgId', (text) => {
    report.message_id = text;
  });
  onText(root, 'GrpHdr/CreDtTm', (text) => {
    report.created_at = text;
  });

  const openStatement = () => {
    statements += 1;
    statement = newStatement(`${name}[${statements}]`);
  };
  const inStatement = onElement(root, name, openStatement, endStatement);
  onText(inStatement, ['Acct/Id/IBAN', 'Acct/Id/Othr/Id'], (text) => {
    statement.iban = text.replace(/\s+/g, '');
    if (report.accounts.length < MAX_ACCOUNTS && !report.accounts.includes(statement.iban))
      report.accounts.push(statement.iban);
  });
  onText(inStatement, 'CpyDplctInd', (text) => findings.add('told_as_copy', statement.path, { found: text }));
  const declare = (path: string, what: keyof Statement['declared'], money: boolean) =>
    onText(inStatement, `TxsSummry/${path}`, (text) => {
      const value = money ? context.amount(text, statement.path) : readCount(text);
      if (value !== null) statement.declared[what] = value;
    });
  declare('TtlNtries/NbOfNtries', 'count', false);
  declare('TtlNtries/Sum', 'sum', true);
  declare('TtlCdtNtries/NbOfNtries', 'credits', false);
  declare('TtlCdtNtries/Sum', 'creditSum', true);
  declare('TtlDbtNtries/NbOfNtries', 'debits', false);
  declare('TtlDbtNtries/Sum', 'debitSum', true);

  const openBooking = () => {
    booking = newBooking(`${statement.path}/Ntry[${statement.bookings.count + 1}]`);
    batch = newBatch();
  };
  const inBooking = onElement(inStatement, 'Ntry', openBooking, endBooking);
  onText(inBooking, 'Amt', (text, currency) => {
    booking.amount = context.amount(text, booking.path, currency);
    booking.currency = currency || null;
  });
  onText(inBooking, 'CdtDbtInd', (text) => {
    booking.direction = readDirection(text);
  });
  onText(inBooking, 'RvslInd', (text) => {
    booking.reversal = text === 'true' || text === '1';
  });
  onText(inBooking, ['Sts', 'Sts/Cd', 'Sts/Prtry'], (text) => {
    booking.status = text;
  });
  onText(inBooking, ['BookgDt/Dt', 'BookgDt/DtTm'], (text) => {
    booking.booked_on = context.day(text, booking.path);
  });
  onText(inBooking, ['ValDt/Dt', 'ValDt/DtTm'], (text) => {
    booking.value_on = context.day(text, booking.path);
  });
  onText(inBooking, 'NtryRef', (text) => {
    booking.reference = readReference(text);
  });
  onText(inBooking, 'AcctSvcrRef', (text) => {
    booking.account_servicer_reference = readReference(text);
  });
  onText(inBooking, 'AddtlNtryInf', (text) => {
    booking.text = joinText(booking.text, text);
  });
  onText(inBooking, 'AmtDtls/TxAmt/Amt', (text, currency) => {
    booking.detailAmount = context.amount(text, booking.path, currency);
  });
  onText(inBooking, 'AmtDtls/InstdAmt/Amt', (text) => {
    booking.instructed = context.amount(text, booking.path);
  });
  readBankCode(inBooking, () => booking.code);
  readCharges(context, inBooking, () => ({ charges: booking.charges, path: booking.path }));

  const openDetails = () => {
    batch = newBatch();
    booking.batches.push(batch);
  };
  const details = onElement(inBooking, 'NtryDtls', openDetails, null);
  onText(details, 'Btch/MsgId', (text) => {
    batch.message_id = readReference(text);
  });
  onText(details, 'Btch/PmtInfId', (text) => {
    batch.payment_information_id = readReference(text);
  });
  onText(details, 'Btch/NbOfTxs', (text) => {
    batch.count = readCount(text);
  });
  onText(details, 'Btch/TtlAmt', (text, currency) => {
    batch.total = context.amount(text, booking.path, currency);
  });

  const openTransaction = () => {
    booking.transactions += 1;
    tx = newTransaction(booking.transactions, batch);
  };
  const inTransaction = onElement(details, 'TxDtls', openTransaction, endTransaction);
  readTransaction(
    context,
    inTransaction,
    () => tx,
    () => booking.path,
  );
  return root;
}

function readBankCode(place: Element, code: () => BankCode): void {
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
function readCharges(context: MessageContext, place: Element, current: () => { charges: Charges; path: string }): void {
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

function readTransaction(context: MessageContext, place: Element, tx: () => Transaction, path: () => string): void {
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
