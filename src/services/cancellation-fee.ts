/**
 * The fee of a cancellation: a sale beside the instalments, due on the contract's last day, or today where that has
 * passed. Undoing the cancellation, which it may only be until then, withdraws the fee.
 */
import type { Context } from '../context.ts';
import type { Decision } from '../domain/contract-changes/decision.ts';
import { later } from '../domain/day.ts';
import type { ChangeOf } from '../domain/schedule/changes.ts';
import type { StoredContract } from '../store/contract-state.ts';
import { announce } from './announce.ts';

export async function chargeCancellationFee(ctx: Context, contract: StoredContract, decision: Decision): Promise<void> {
  const cancelled = decision.changes.map(({ change }) => change).find(({ kind }) => kind === 'cancelled');
  const { id, fee, on } = cancelled as ChangeOf<'cancelled'>;
  if (!fee) return;
  await announce(ctx, {
    type: 'cancellation_fee.charged',
    subjects: [contract.id, contract.customer_id, id],
    data: { amount: fee, due_on: later(on, ctx.today) },
  });
}

export async function withdrawCancellationFee(ctx: Context, contract: StoredContract): Promise<void> {
  const cancelled = contract.changes.findLast(({ kind }) => kind === 'cancelled') as ChangeOf<'cancelled'>;
  if (!cancelled.fee) return;
  await announce(ctx, {
    type: 'cancellation_fee.withdrawn',
    subjects: [contract.id, contract.customer_id, cancelled.id],
    data: { amount: cancelled.fee },
  });
}
