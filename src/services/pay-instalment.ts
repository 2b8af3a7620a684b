/**
 * Records that an instalment was paid at the desk: a fact that no recalculation moves.
 *
 * Always true: an instalment is paid once, for its whole amount.
 */
import type { ReadContext } from '../context.ts';
import type { Day } from '../domain/day.ts';
import { decimal } from '../domain/money.ts';
import type { PaymentMethod } from '../domain/payment-method.ts';
import type { InstalmentStatus } from '../domain/schedule/instalment.ts';
import { Refusal } from '../errors/refusal.ts';
import { queryOne } from '../store/database.ts';
import { announce } from './announce.ts';
import type { Operation } from './operation.ts';

export interface PayInstalmentInput {
  instalment: string;
  paid_on: Day;
  method: PaymentMethod;
  amount?: number | undefined;
  new_payment: string;
}

interface State {
  id: string;
  contract_id: string;
  customer_id: string;
  number: number;
  due_on: Day;
  amount_cents: number;
  status: InstalmentStatus;
  version: number;
}

export const payInstalment: Operation<PayInstalmentInput, State, { amount: number }> = {
  load,
  decide(state, input, ctx) {
    if (state.status !== 'scheduled' && state.status !== 'rejected') {
      throw new Refusal('instalment_not_open', { status: state.status });
    }
    if (input.paid_on > ctx.today)
      throw new Refusal('paid_in_the_future', { today: ctx.today }, { pointer: '/paid_on' });
    if (input.amount !== undefined && input.amount !== state.amount_cents) {
      throw new Refusal('paid_amount_differs', { amount: decimal(state.amount_cents) }, { pointer: '/amount' });
    }
    return { amount: state.amount_cents };
  },
  show: (state) => {
    const side = { number: state.number, due_on: state.due_on, amount: state.amount_cents, status: state.status };
    const after = { ...side, status: 'paid' };
    return {
      before: side,
      after,
      changes: [{ instalment: state.id, before: side, after }],
      access: null,
      warnings: [],
    };
  },
  reads: (state) => [state.contract_id, state.version, state.id],
  async save(ctx, state, decision, input) {
    await ctx.trx.raw(`update instalment set status = 'paid' where id = ?`, [state.id]);
    await ctx.trx.raw('update contract set version = version + 1 where id = ?', [state.contract_id]);
    await ctx.trx.raw(
      `insert into payment (id, organization_id, customer_id, instalment_id, amount_cents, method, status, paid_on, actor, recorded_at)
       values (?, ?, ?, ?, ?, ?, 'settled', ?, ?, ?)`,
      [
        input.new_payment,
        ctx.organization.id,
        state.customer_id,
        state.id,
        decision.amount,
        input.method,
        input.paid_on,
        ctx.actor,
        ctx.now,
      ],
    );
    await announce(ctx, {
      type: 'payment.received',
      subjects: [input.new_payment, state.id, state.contract_id, state.customer_id],
      data: { amount: decision.amount, method: input.method, paid_on: input.paid_on },
    });
    return {
      id: input.new_payment,
      object: 'payment',
      customer: state.customer_id,
      contract: state.contract_id,
      instalment: state.id,
      amount: decision.amount,
      currency: ctx.organization.currency,
      method: input.method,
      status: 'settled',
      paid_on: input.paid_on,
    };
  },
};

async function load(ctx: ReadContext, input: PayInstalmentInput, locking: boolean): Promise<State> {
  const { id: organization } = ctx.organization;
  if (locking) {
    // The chain first, as every change of a contract does, so that a payment and a suspension take turns.
    await ctx.reader.raw(
      `select 1 from contract where id = (select chain_id from contract where id =
         (select contract_id from instalment where id = ? and organization_id = ?)) for update`,
      [input.instalment, organization],
    );
  }
  const state = await queryOne<State>(
    ctx.reader,
    `select i.id, i.contract_id, i.customer_id, i.number, i.due_on, i.amount_cents, i.status, c.version
     from instalment i join contract c on c.id = i.contract_id
     where i.id = ? and i.organization_id = ? and c.deleted_at is null`,
    [input.instalment, organization],
  );
  if (!state) throw new Refusal('not_found');
  return state;
}
