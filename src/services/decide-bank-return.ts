/**
 * Carries out what a person decided about all the returns of one reason in a file of the bank.
 *
 * Always true: for one reason of one file it is decided once; it is done for all of the group that still wait for a
 * person, in one transaction; what was decided singly in the meantime stays as it is.
 */
import type { Context, ReadContext } from '../context.ts';
import { presentationState } from '../domain/bank-events/presentation.ts';
import { Refusal } from '../errors/refusal.ts';
import type { BankDecision } from '../schemas/bank-returns.ts';
import { decidedReasons, paymentsToDecide, saveDecision } from '../store/bank-decisions.ts';
import { lockBankMessage } from '../store/bank-messages.ts';
import { lockCustomers } from '../store/customer-money.ts';
import { loadReturnedPayments, type ReturnedPayment } from '../store/returned-payments.ts';
import { announce } from './announce.ts';
import { type Said, settleAfterwards } from './settle-afterwards.ts';

const PAYMENTS_AT_ONCE = 1000;

/** Refuses what is plain before any work. @throws Refusal `not_found`, `bank_return_decided`, `bank_return_nothing_to_decide`, `representment_in_the_past` */
export async function checkBankDecision(ctx: ReadContext, id: string, decision: BankDecision): Promise<void> {
  const reasons = await decidedReasons(ctx, id);
  if (reasons === null) throw new Refusal('not_found');
  if (reasons.includes(decision.reason_code ?? '')) throw new Refusal('bank_return_decided');
  if (decision.due_on !== undefined && decision.due_on < ctx.today)
    throw new Refusal('representment_in_the_past', { due_on: decision.due_on }, { pointer: '/due_on' });
  const waiting = await paymentsToDecide(ctx, id, decision.reason_code);
  if (waiting.length === 0) throw new Refusal('bank_return_nothing_to_decide', {}, { pointer: '/reason_code' });
}

/** @throws Refusal as `checkBankDecision` */
export async function decideBankReturn(ctx: Context, id: string, decision: BankDecision): Promise<void> {
  await lockBankMessage(ctx, id);
  await checkBankDecision(ctx, id, decision);
  const waiting = await paymentsToDecide(ctx, id, decision.reason_code);
  await lockCustomers(ctx, [...new Set(waiting.map(({ customer }) => customer))].sort());
  const totals = { payments: 0, represented: 0, left: 0 };
  for (const batch of inBatches(waiting)) {
    const decided: ReturnedPayment[] = [];
    for (const returned of await loadReturnedPayments(ctx, batch, false)) {
      // Decided singly while this waited for the locks.
      if (!returned.payment.needs_person || returned.payment.state !== 'rejected') continue;
      if (isDoubtful(returned)) totals.left += 1;
      else decided.push(returned);
    }
    totals.payments += decided.length;
    totals.represented += await settleAfterwards(
      ctx,
      decided.map((returned) => ({ returned, said: saidOf(ctx, returned, decision) })),
    );
  }
  await saveDecision(ctx, id, decision, totals);
  await announce(ctx, { type: 'bank_return.decided', subjects: [id], data: { ...decision, ...totals } });
}

/** No two payments of one customer in a batch: the second is decided on what the first has left. */
function inBatches(waiting: readonly { payment: string; customer: string }[]): string[][] {
  const rounds: string[][] = [];
  const nth = new Map<string, number>();
  for (const { payment, customer } of waiting) {
    const at = nth.get(customer) ?? 0;
    nth.set(customer, at + 1);
    const round = rounds[at];
    if (round) round.push(payment);
    else rounds[at] = [payment];
  }
  return rounds.flatMap((round) =>
    Array.from({ length: Math.ceil(round.length / PAYMENTS_AT_ONCE) }, (_, at) =>
      round.slice(at * PAYMENTS_AT_ONCE, (at + 1) * PAYMENTS_AT_ONCE),
    ),
  );
}

function isDoubtful({ presentation }: ReturnedPayment): boolean {
  return presentation !== null && presentationState(presentation.events).doubts.length > 0;
}

function saidOf(ctx: Context, { payment }: ReturnedPayment, { represent, fee, due_on }: BankDecision): Said {
  const { max_representments } = ctx.organization.settings.rejections;
  return { represent, fee, due_on, max_representments, reason_code: payment.reason_code, needs_person: false };
}
