/**
 * Takes a released collection back before the bank has it: its presentations end, its instalments and representments are
 * open again, its file is kept and no longer given out.
 *
 * Always true:
 * - what was marked sent, or what the bank has answered for, is not taken back: the bank would collect all the same;
 * - the ledger is as before by reversal; what was sold to be presented stays sold;
 * - what was changed in a contract while its instalment was in the file reaches it now.
 */
import type { Context, ReadContext } from '../context.ts';
import { nextCollectionState } from '../domain/collections/release.ts';
import { Refusal } from '../errors/refusal.ts';
import { loadCollection, type StoredCollection } from '../store/collections.ts';
import { lockChains } from '../store/contract-state.ts';
import { contractsOf, isAnswered, lockCustomersOf, withdrawLines } from '../store/withdrawn-lines.ts';
import { announce } from './announce.ts';
import { followSchedules } from './follow-schedule.ts';
import { refreshAccessOfMany } from './refresh-access.ts';

export interface WithdrawalInput {
  collection: string;
  reason: string;
}

/** Refuses what is plain before any work. @throws Refusal as `withdrawCollection` */
export async function checkWithdrawal(ctx: ReadContext, input: WithdrawalInput): Promise<void> {
  await refuse(ctx, await loadCollection(ctx, input.collection, false));
}

async function refuse(ctx: ReadContext, { id, state }: StoredCollection): Promise<void> {
  if (state === 'sent' || state === 'closed') throw new Refusal('collection_with_bank');
  if (state !== 'released') throw new Refusal('collection_state_forbids', { state, event: 'withdraw' });
  if (await isAnswered(ctx, id)) throw new Refusal('collection_with_bank');
}

/** @throws Refusal `not_found`, `collection_state_forbids`, `collection_with_bank` */
export async function withdrawCollection(ctx: Context, input: WithdrawalInput): Promise<void> {
  const collection = await loadCollection(ctx, input.collection, true);
  const customers = await lockCustomersOf(ctx, collection.id);
  await refuse(ctx, collection);
  const contracts = await contractsOf(ctx, collection.id);
  await lockChains(ctx, contracts);
  const lines = await withdrawLines(ctx, collection.id);
  await ctx.trx.raw('update collection set state = ?, version = version + 1 where id = ?', [
    nextCollectionState('released', 'cancel'),
    collection.id,
  ]);
  await followSchedules(ctx, contracts);
  await refreshAccessOfMany(ctx, customers);
  await announce(ctx, {
    type: 'collection.withdrawn',
    subjects: [collection.id],
    data: { lines, reason: input.reason },
  });
}
