/**
 * Adds credits to a pack or takes them, with a reason and an author.
 *
 * Always true: the balance never falls below zero, however many click at once: it is read under the locks of the
 * customer and the contract; a movement is never changed, and says what was left after it.
 */
import type { ReadContext } from '../context.ts';
import type { Day } from '../domain/day.ts';
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

interface State {
  id: string;
  customer_id: string;
  kind: PlanKind;
  starts_on: Day;
  ends_on: Day | null;
  credits_left: number | null;
  version: number;
  /** The last suspended day of a suspension that covers today; `''` while it is unlimited; null: none does. */
  suspended_until: Day | '' | null;
}

const MOST_CREDITS = 100_000;

export const moveCredits: Operation<MoveCreditsInput, State, { balance: number }> = {
  load,
  decide(state, { delta }, { today }) {
    const { kind, starts_on, ends_on, credits_left, suspended_until } = state;
    if (kind !== 'credits' || credits_left === null) throw new Refusal('not_a_pack');
    if (ends_on !== null && ends_on < today) throw new Refusal('pack_expired', { ends_on });
    if (delta < 0 && starts_on > today) throw new Refusal('pack_not_begun', { starts_on });
    if (delta < 0 && suspended_until !== null) throw new Refusal('pack_suspended', { until_on: suspended_until });
    const balance = credits_left + delta;
    if (balance < 0) throw new Refusal('credits_spent', { left: credits_left }, { pointer: '/delta' });
    if (balance > MOST_CREDITS) throw new Refusal('credits_too_many', { limit: MOST_CREDITS }, { pointer: '/delta' });
    return { balance };
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
