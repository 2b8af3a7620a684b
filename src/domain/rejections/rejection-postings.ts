/**
 * The ledger lines of a rejection.
 *
 * Always true: they make the customer owe exactly what the decision says is owed because of it.
 */

import assert from 'node:assert';
import type { Day } from '../day.ts';
import type { Posting } from '../ledger/posting.ts';
import { sold } from '../ledger/sales.ts';
import { bankCharge, creditUsed, creditUseTakenBack, reopened } from '../ledger/settlements.ts';
import type { Cents } from '../money.ts';
import type { Rejection } from './decide-rejection.ts';
import { reopenedBeyondRefund } from './refunded-part.ts';

export interface RejectionBooks {
  customer: string;
  /** How often this payment has come back, this time included. */
  nth: number;
  /** The postings by which the payment settled its claims (received, presented, or closed again). */
  settling: readonly Posting[];
  /** What is left of the credit that the payment had made. */
  credit_left: Cents;
  /** The postings of the credit uses that are taken back, by the id of the use. */
  credit_uses: ReadonlyMap<string, readonly Posting[]>;
}

export function postingsOfRejection(rejection: Rejection, books: RejectionBooks): Posting[] {
  const { payment, received_on: on } = rejection;
  const back = { payment, nth: books.nth, on };
  const { given_back } = rejection;
  const reopening = given_back
    ? reopenedBeyondRefund(
        books.settling,
        { left: rejection.reopened, ...given_back },
        { ...back, customer: books.customer, credit: books.credit_left },
      )
    : reopened(books.settling, back);
  const postings: Posting[] = [...feePostings(rejection, books.customer, on), ...reopening];
  for (const use of rejection.credit_uses_taken_back) {
    const posting = books.credit_uses.get(use.id)?.find((candidate) => candidate.claim === use.claim);
    assert(posting, `no posting of credit use ${use.id} on ${use.claim}`);
    postings.push(creditUseTakenBack(posting, { ...back, amount: use.amount }));
  }
  if (rejection.credit_used.length > 0)
    postings.push(
      ...creditUsed({
        id: `${payment}:${books.nth}`,
        customer: books.customer,
        on,
        allocations: rejection.credit_used,
      }),
    );
  if (rejection.bank_charge_amount > 0) postings.push(bankCharge({ ...back, amount: rejection.bank_charge_amount }));
  return postings;
}

function feePostings(rejection: Rejection, customer: string, on: Day): Posting[] {
  const { fee } = rejection;
  if (fee.amount === 0) return [];
  return sold(
    { claim: fee.claim, customer, kind: 'fee', amount: fee.amount, due_on: on, tax_rate_bps: fee.tax_rate_bps },
    on,
  );
}
