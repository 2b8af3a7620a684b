/**
 * Adds credits to a pack or takes them, with a reason and an author.
 *
 * Always true: the balance never falls below zero, however many click at once: it is read under the locks of the
 * customer and the contract; a movement is never changed, and says what was left after it.
 */
import type { ReadContext } from '../context.ts';
import { decideMoveCredits, type PackState } from '../domain/contract-changes/move-credits.ts';
import { Refusal } from '../errors/refusal.ts';
import type { PlanKind } from '../schemas/plan.ts';
import { lockChains } from '../store/contract-state.ts';
import { queryOne } from '../store/database.ts';
import { announce } from './announce.ts';
import type { Operation } from './operation.ts';

export interface MoveCreditsInput {
  contract: string;
  /** Added, or taken when negative; not zero. */
  delta: number;
  reason: string;
  new_movement: string;
}

interface State extends Omit<PackState, 'credits_left'> {
  id: string;
  customer_id: string;
  kind: PlanKind;
  credits_left: number | null;
  version: number;
}

export const moveCredits: Operation<MoveCreditsInput, State, { balance: number }> = {
  load,
  decide({ kind, credits_left, ...pack }, { delta }, { today }) {
    if (kind !== 'credits' || credits_left === null) throw new Refusal('not_a_pack');
    return decideMoveCredits({ ...pack, credits_left }, delta, today);
  },
  show: ({ credits_left }, { balance }) => ({
    before: { credits_left },
    after: { credits_left: balance },
    changes: [],
    access: null,
    warnings: [],
  }),
  reads: ({ id, version }) => [id, version],
  version: ({ version }) => version,
  async save(ctx, { id, customer_id }, { balance }, { delta, reason, new_movement }) {
    await ctx.trx.raw('update contract set credits_left = ?, version = version + 1 where id = ?', [balance, id]);
    await ctx.trx.raw(
      `insert into credit_movement (id, organization_id, contract_id, delta, balance, reason, actor, recorded_on, recorded_at)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [new_movement, ctx.organization.id, id, delta, balance, reason, ctx.actor, ctx.today, ctx.now],
    );
    await announce(ctx, {
      type: delta > 0 ? 'credits.added' : 'credits.taken',
      subjects: [id, customer_id, new_movement],
      data: { delta, balance, reason },
    });
    return {
      id: new_movement,
      object: 'credit_movement',
      contract: id,
      delta,
      balance,
      reason,
      actor: ctx.actor,
      recorded_on: ctx.today,
      recorded_at: ctx.now.toISOString(),
    };
  },
};

async function load(ctx: ReadContext, { contract }: MoveCreditsInput, locking: boolean): Promise<State> {
  if (locking) await lockChains(ctx, [contract]);
  const state = await queryOne<State>(
    ctx.reader,
    `select id, customer_id, kind, starts_on, ends_on, credits_left, version,
            (select coalesce(max(suspension.ends_on)::text, '') from suspension
             where contract_id = contract.id and removed_on is null and suspension.starts_on <= ?
               and (suspension.ends_on is null or suspension.ends_on >= ?)
             having count(*) > 0) as suspended_until
     from contract where id = ? and organization_id = ? and deleted_at is null`,
    [ctx.today, ctx.today, contract, ctx.organization.id],
    'load-pack',
  );
  if (!state) throw new Refusal('not_found');
  return state;
}
