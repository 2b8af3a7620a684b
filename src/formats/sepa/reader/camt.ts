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
import { bookingEntry, checkBooking, checkStatement, type Place, placeOf, transactionEntry } from './camt-entries.ts';
import {
  type Batch,
  type Booking,
  newBatch,
  newBooking,
  newStatement,
  newTransaction,
  type Statement,
  type Transaction,
} from './camt-state.ts';
import { readBankCode, readCharges, readDirection, readTransaction } from './camt-transaction.ts';
import { type Element, element, onElement, onText } from './elements.ts';
import type { MessageContext } from './message.ts';
import { joinText, readCount, readReference } from './values.ts';

/** Transactions of one booking that wait for its end, so that what follows them counts too. */
const WAITING = 1000;

/** Accounts named in the report. */
const MAX_ACCOUNTS = 100;

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
