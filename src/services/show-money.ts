/** What a preview of money shows: what is owed and asked for before, and what becomes of it. */
import { allocated } from '../domain/ledger/settlements.ts';
import { cents, sum } from '../domain/money.ts';
import type { Receipt } from '../domain/payments/receipt.ts';
import type { Refund } from '../domain/payments/refund.ts';
import type { Rejection } from '../domain/rejections/decide-rejection.ts';
import { type CustomerMoney, owedNow } from '../store/customer-money.ts';
import type { Shown } from './operation.ts';

export interface MoneyHappening {
  paid?: Receipt;
  rejected?: Rejection;
  refunded?: Refund;
}

export function showMoney(money: CustomerMoney, { paid, rejected, refunded }: MoneyHappening): Shown {
  const asked = money.payments.filter((payment) => payment.state === 'pending');
  const before = {
    owed_amount: owedNow(money),
    credit_amount: money.credit,
    asked: asked.map(({ id, due_on, method, amount }) => ({ payment: id, due_on, method, amount })),
  };
  let owed: number = before.owed_amount;
  let credit: number = before.credit_amount;
  let afterAsked: { payment: string | null; due_on: string; method: string; amount: number }[] = before.asked;
  if (paid) {
    owed = soldOwed(money, paid);
    credit += paid.credit;
    afterAsked = before.asked.flatMap((one) => {
      if (one.payment === paid.pays) return [];
      const shrunk = paid.asked.find(({ payment }) => payment === one.payment);
      if (!shrunk) return [one];
      return shrunk.amount === 0 ? [] : [{ ...one, amount: shrunk.amount }];
    });
  }
  if (rejected) {
    owed += rejected.owed_amount;
    credit = Math.max(0, credit - rejected.credit_taken_back) - allocated(rejected.credit_used);
    afterAsked = [
      ...before.asked,
      ...rejected.representments.map(({ due_on, method, amount }) => ({ payment: null, due_on, method, amount })),
    ];
  }
  if (refunded) {
    owed += allocated(refunded.allocations);
    credit -= refunded.credit;
  }
  return {
    before,
    after: { owed_amount: cents(owed), credit_amount: cents(Math.max(0, credit)), asked: afterAsked },
    changes: [paid ?? rejected ?? refunded ?? {}],
    access: null,
    warnings: [],
  };
}

/** What is owed after a payment: what it settles of claims not sold yet was not owed before either. */
function soldOwed(money: CustomerMoney, paid: Receipt): number {
  const settled = paid.allocations.map(({ claim, amount }) =>
    money.claims.find((one) => one.id === claim)?.sold ? amount : 0,
  );
  const opened = paid.allocations.map(({ claim, amount }) => {
    const unsold = money.claims.find((one) => one.id === claim && !one.sold);
    return unsold ? unsold.amount - amount : 0;
  });
  return owedNow(money) - sum(settled) + sum(opened);
}
