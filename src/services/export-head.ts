/** Hands out the end of the trail's chain, and remembers that it did: what was handed out must be in the chain for ever. */
import type { Context } from '../context.ts';
import { Refusal } from '../errors/refusal.ts';
import { type Head, headOf } from '../store/trail-chain.ts';

/** @throws Refusal `trail_empty` */
export async function exportHead(ctx: Context): Promise<Head> {
  const head = await headOf(ctx.trx, ctx.organization.id);
  if (!head) throw new Refusal('trail_empty');
  await ctx.trx.raw(
    `insert into trail_head (organization_id, seq, hash, actor, recorded_at) values (?, ?, ?, ?, ?)
     on conflict (organization_id, seq) do nothing`,
    [ctx.organization.id, head.seq, head.hash, ctx.actor, ctx.now],
  );
  return head;
}
