/** From what was gathered of a booking to the entries it tells, and whether its figures agree with each other. */
import type { Cents } from '../../../domain/money.ts';
import { reasonCodeIn } from '../../../domain/return-reasons.ts';
import { amountApart } from './camt-amount.ts';
import { isCoded, kindOfMovement, sayBankCode } from './camt-kind.ts';
import { type Booking, noCharges, type Statement, type Transaction } from './camt-state.ts';
import { type BankFileEntry, emptyEntry } from './entry.ts';
import type { MessageContext } from './message.ts';
import { noReason, reasonFields } from './reason.ts';

/** What a booking says of each of its transactions. */
function ofBooking(booking: Booking, statement: Statement): Partial<BankFileEntry> {
  return {
    status: booking.status,
    booked_on: booking.booked_on,
    value_on: booking.value_on,
    entry_reference: booking.reference,
    account_iban: statement.iban,
  };
}

function tellCharges(context: MessageContext, unclear: boolean, charge: Cents | null, path: string): void {
  if (unclear) context.findings.add('charges_unclear', path, { found: context.say(charge ?? 0) });
}

/** How a transaction stands in its booking: alone, or in a batch whose amounts and charges make up the booked one. */
export type Place = 'single' | 'batch' | 'batch_that_adds_up';

export function transactionEntry(
  context: MessageContext,
  statement: Statement,
  booking: Booking,
  tx: Transaction,
  place: Place,
): BankFileEntry {
  const single = place === 'single';
  const path = `${booking.path}/TxDtls[${tx.at}]`;
  const told = amountApart({
    own: tx.amount ?? tx.detailAmount ?? (single ? booking.detailAmount : null),
    instructed: tx.instructed ?? (single ? booking.instructed : null),
    charges: tx.charges,
    entry: single ? { amount: booking.amount, charges: booking.charges } : null,
    adds_up: place === 'batch_that_adds_up',
  });
  if (told.amount === null) context.findings.add('amount_missing', path);
  tellCharges(context, told.unclear, told.charge_amount, path);
  const reason = reasonFields(tx.reason);
  const code = isCoded(tx.code) ? tx.code : booking.code;
  const direction = tx.direction ?? booking.direction;
  const text = [tx.reason.text, tx.text, booking.text].filter((part) => part !== null).join(' ');
  const kind = kindOfMovement({
    code,
    direction,
    reversal: booking.reversal,
    status: booking.status,
    returned: tx.returned,
    reason_code: reason.reason_code,
    text,
    mandated: tx.mandate_reference !== null,
  });
  return {
    ...emptyEntry,
    ...ofBooking(booking, statement),
    ...reason,
    level: 'transaction',
    kind,
    reason_hint: reason.reason_code === null && text !== '' ? reasonCodeIn(text) : null,
    original_message_id: tx.message_id ?? tx.batch.message_id,
    payment_information_id: tx.payment_information_id ?? tx.batch.payment_information_id,
    instruction_id: tx.instruction_id,
    end_to_end_id: tx.end_to_end_id,
    mandate_reference: tx.mandate_reference,
    transaction_id: tx.transaction_id,
    amount: told.amount,
    currency: tx.currency ?? booking.currency,
    charge_amount: told.charge_amount,
    charge_included: told.charge_included,
    direction,
    debtor_iban: tx.debtor_iban,
    debtor_name: tx.debtor_name,
    account_servicer_reference: tx.account_servicer_reference ?? booking.account_servicer_reference,
    bank_code: sayBankCode(code),
    transactions_in_entry: single ? 1 : null,
    remittance: tx.remittance ?? tx.text,
    path,
  };
}

/** A booking told without its transactions. */
export function bookingEntry(context: MessageContext, statement: Statement, booking: Booking): BankFileEntry {
  const told = amountApart({
    own: booking.detailAmount,
    instructed: booking.instructed,
    charges: noCharges(),
    entry: { amount: booking.amount, charges: booking.charges },
  });
  tellCharges(context, told.unclear, told.charge_amount, booking.path);
  const text = booking.text ?? '';
  const [batch, another] = booking.batches;
  return {
    ...emptyEntry,
    ...ofBooking(booking, statement),
    ...reasonFields(noReason()),
    level: 'entry',
    kind: kindOfMovement({
      code: booking.code,
      direction: booking.direction,
      reversal: booking.reversal,
      status: booking.status,
      returned: false,
      reason_code: null,
      text,
      mandated: false,
    }),
    reason_hint: text === '' ? null : reasonCodeIn(text),
    original_message_id: another ? null : (batch?.message_id ?? null),
    payment_information_id: another ? null : (batch?.payment_information_id ?? null),
    amount: told.amount,
    currency: booking.currency,
    charge_amount: told.charge_amount,
    charge_included: told.charge_included,
    direction: booking.direction,
    account_servicer_reference: booking.account_servicer_reference,
    bank_code: sayBankCode(booking.code),
    transactions_in_entry: another ? null : (batch?.count ?? null),
    remittance: booking.text,
    path: booking.path,
  };
}

/** Where the transactions of a booking that has been read to its end stand in it. */
export function placeOf(booking: Booking): Place {
  if (booking.transactions === 1) return 'single';
  const { amount, sum, waiting, transactions } = booking;
  if (amount === null || sum === null || waiting.length < transactions) return 'batch';
  const charges = waiting.reduce((all, tx) => all + (tx.charges.amount ?? 0), 0);
  return charges > 0 && Math.abs(sum) + charges === amount ? 'batch_that_adds_up' : 'batch';
}

/** Do the figures of a booking agree with those of its transactions and batches? */
export function checkBooking(context: MessageContext, booking: Booking, place: Place): void {
  const { amount, sum, path, charges } = booking;
  const { findings } = context;
  for (const batch of booking.batches) {
    if (batch.listed === 0) continue;
    if (batch.count !== null && batch.count !== batch.listed)
      findings.add('totals_disagree', path, { what: 'Btch/NbOfTxs', declared: batch.count, found: batch.listed });
    if (batch.total !== null && batch.total !== Math.abs(batch.sum))
      findings.add('totals_disagree', path, {
        what: 'Btch/TtlAmt',
        declared: context.say(batch.total),
        found: context.say(Math.abs(batch.sum)),
      });
  }
  if (booking.transactions > 1 && charges.amount !== null && charges.amount > 0)
    findings.add('charges_of_batch', path, { found: context.say(charges.amount) });
  if (amount === null || sum === null || booking.transactions === 0) return;
  const charge = charges.amount ?? 0;
  const found = Math.abs(sum);
  const agrees = found === amount || found + charge === amount || found - charge === amount;
  // A single transaction may carry charges of its own; those are told with it.
  if (agrees || place !== 'batch') return;
  findings.add('entry_disagrees', path, { declared: context.say(amount), found: context.say(found) });
}

/** Does a statement hold what it says it holds? */
export function checkStatement(context: MessageContext, statement: Statement): void {
  const { bookings, declared, path } = statement;
  const compare = (what: string, said: number | undefined, found: number, money: boolean) => {
    if (said === undefined || said === found) return;
    const say = (n: number) => (money ? context.say(n) : n);
    context.findings.add('totals_disagree', path, { what, declared: say(said), found: say(found) });
  };
  compare('TtlNtries/NbOfNtries', declared.count, bookings.count, false);
  compare('TtlNtries/Sum', declared.sum, bookings.creditSum + bookings.debitSum, true);
  compare('TtlCdtNtries/NbOfNtries', declared.credits, bookings.credits, false);
  compare('TtlCdtNtries/Sum', declared.creditSum, bookings.creditSum, true);
  compare('TtlDbtNtries/NbOfNtries', declared.debits, bookings.debits, false);
  compare('TtlDbtNtries/Sum', declared.debitSum, bookings.debitSum, true);
}
