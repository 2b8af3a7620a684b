/** Changes a payment that is only asked for: its day, its method, its label; or asks for it no more. */
import type { Context } from '../context.ts';
import type { Day } from '../domain/day.ts';
import type { PaymentMethod } from '../domain/payment-method.ts';
import { nextPaymentState } from '../domain/payments/lifecycle.ts';
import { Refusal } from '../errors/refusal.ts';
import { loadMoney, ownerOfPayment, type StoredPayment } from '../store/customer-money.ts';
import { queryOne } from '../store/database.ts';
import { type PaymentEdit, refreshInstalments, updatePayment } from '../store/payments.ts';
import { announce } from './announce.ts';
import { refreshAccess } from './refresh-access.ts';

export interface AskedPaymentEdit {
  due_on?: Day | undefined;
  method?: PaymentMethod | undefined;
  label?: string | null | undefined;
}

async function loadAsked(ctx: Context, id: string, ifVersion: number | undefined): Promise<[string, StoredPayment]> {
  const owner = await ownerOfPayment(ctx, id);
  const money = await loadMoney(ctx, owner.customer, true, { payments: [id] });
  const payment = money.payments.find((one) => one.id === id);
  if (!payment) throw new Refusal('not_found');
  if (ifVersion !== undefined && ifVersion !== payment.version) throw new Refusal('stale_version');
  return [money.customer, payment];
}

/** @throws Refusal `not_found`, `stale_version`, `payment_not_asked`, `representment_in_the_past`, `representment_needs_mandate` */
export async function editAskedPayment(
  ctx: Context,
  id: string,
  edit: AskedPaymentEdit,
  ifVersion: number | undefined,
): Promise<void> {
  const [customer, payment] = await loadAsked(ctx, id, ifVersion);
  if (payment.state !== 'pending') throw new Refusal('payment_not_asked');
  if (edit.due_on !== undefined && edit.due_on < ctx.today)
    throw new Refusal('representment_in_the_past', { due_on: edit.due_on }, { pointer: '/due_on' });
  const change: PaymentEdit = {};
  if (edit.due_on !== undefined) change.due_on = edit.due_on;
  if (edit.label !== undefined) change.label = edit.label;
  if (edit.method !== undefined && edit.method !== payment.method) {
    change.method = edit.method;
    change.mandate = edit.method === 'direct_debit' ? await usableMandate(ctx, customer) : null;
  }
  await updatePayment(ctx, id, change);
  await refreshAccess(ctx, [customer]);
  await announce(ctx, {
    type: 'payment.changed',
    subjects: [id, customer],
    data: { before: { due_on: payment.due_on, method: payment.method, label: payment.label }, after: { ...edit } },
  });
}

async function usableMandate(ctx: Context, customer: string): Promise<string> {
  const mandate = await queryOne<{ id: string }>(
    ctx.trx,
    `select id from mandate where customer_id = ? and state = 'active' order by id desc limit 1`,
    [customer],
  );
  if (!mandate) throw new Refusal('representment_needs_mandate', {}, { pointer: '/method' });
  return mandate.id;
}

/** What it asked for stays owed, on its own days. @throws Refusal `not_found`, `stale_version`, `payment_state_forbids` */
export async function cancelAskedPayment(ctx: Context, id: string, ifVersion: number | undefined): Promise<void> {
  const [customer, payment] = await loadAsked(ctx, id, ifVersion);
  if (payment.state !== 'pending') throw new Refusal('payment_not_asked');
  await updatePayment(ctx, id, { state: nextPaymentState(payment.state, 'cancel') });
  await refreshInstalments(
    ctx,
    payment.allocations.map(({ claim }) => claim),
  );
  await refreshAccess(ctx, [customer]);
  await announce(ctx, { type: 'payment.cancelled', subjects: [id, customer], data: { amount: payment.amount } });
}
