/**
 * The life of a payment, as a table.
 *
 * - pending: asked for, nothing received (a representment, a payment by hand on a day to come)
 * - collecting: a direct debit handed to the bank; in flight is not unpaid
 * - settled: the money is there
 * - rejected: it came back, or the bank refused it; its claims are owed again
 * - refunded: given back to the customer, all of it
 * - cancelled: no longer asked for, or taken out of a batch before the bank had it
 *
 * Always true: what is not in the table is refused; `cancelled` and `refunded` are final.
 */
import { Refusal } from '../../errors/refusal.ts';

export const paymentStates = ['pending', 'collecting', 'settled', 'rejected', 'refunded', 'cancelled'] as const;
export type PaymentState = (typeof paymentStates)[number];

export const paymentEvents = ['receive', 'present', 'settle', 'reject', 'restore', 'refund', 'cancel'] as const;
export type PaymentEvent = (typeof paymentEvents)[number];

export const paymentLifecycle: Record<PaymentState, Partial<Record<PaymentEvent, PaymentState>>> = {
  pending: { receive: 'settled', present: 'collecting', cancel: 'cancelled' },
  collecting: { settle: 'settled', reject: 'rejected', cancel: 'cancelled' },
  settled: { reject: 'rejected', refund: 'refunded' },
  rejected: { restore: 'settled' },
  refunded: {},
  cancelled: {},
};

/** The state after an event. @throws Refusal `payment_state_forbids` */
export function nextPaymentState(state: PaymentState, event: PaymentEvent): PaymentState {
  const next = paymentLifecycle[state][event];
  if (next === undefined) throw new Refusal('payment_state_forbids', { state, event });
  return next;
}
