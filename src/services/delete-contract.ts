/**
 * Deletes a sold product that was a mistake.
 *
 * Always true: nothing is deleted on which money or an invoice hangs; the row and its history stay, its open
 * instalments are cancelled and asked for no more, its suspensions end, and no view shows it any more.
 */

import type { RefusalCode } from '../errors/catalogue/index.ts';
import { Refusal } from '../errors/refusal.ts';
import type { StoredContract } from '../store/contract-state.ts';
import { announce } from './announce.ts';
import { askNoLonger } from './ask-no-longer.ts';
import { followCancelled } from './contract-money.ts';
import { type ContractState, loadContractState } from './contract-operation.ts';
import { type Hanging, hangingOnContract } from './hanging-on-contract.ts';
import type { Operation } from './operation.ts';

export interface DeleteContractInput {
  contract: string;
}

interface State extends ContractState {
  hanging: Hanging[];
}

const refusalOf: Record<Hanging['kind'], RefusalCode> = {
  money: 'deletion_money',
  invoice: 'deletion_invoice',
  renewal: 'deletion_renewal',
};

export const deleteContract: Operation<DeleteContractInput, State, { cancelled: number[] }> = {
  load: async (ctx, input, locking) => ({
    ...(await loadContractState(ctx, input.contract, locking)),
    hanging: await hangingOnContract(ctx, input.contract),
  }),
  decide({ hanging, stored }) {
    const [first] = hanging;
    if (first) {
      const names = hanging.filter(({ kind }) => kind === first.kind).map(({ name }) => name);
      throw new Refusal(refusalOf[first.kind], { names: names.join(', ') });
    }
    return { cancelled: openInstalments(stored.contract).map(({ number }) => number) };
  },
  show: ({ stored: { contract } }, { cancelled }) => ({
    before: {
      starts_on: contract.starts_on,
      ends_on: contract.ends_on,
      instalments: contract.instalments.map(({ id: _, ...instalment }) => instalment),
    },
    after: null,
    changes: [{ contract: contract.id, cancelled_instalments: cancelled }],
    access: null,
    warnings: [],
  }),
  reads: (state) => [
    ...state.stored.chain.flatMap((one) => [one.id, one.version]),
    ...state.hanging.map(({ name }) => name),
  ],
  version: (state) => state.stored.contract.version,
  async save(ctx, { stored: { contract } }) {
    // A debit that came back is asked for again, though its instalment is not paid.
    const open = openInstalments(contract).map(({ id, amount }) => ({ claim: id, amount }));
    await askNoLonger(ctx, contract.customer_id, open);
    await ctx.trx.raw(
      `update instalment set status = 'cancelled' where contract_id = ? and status in ('scheduled', 'waived', 'rejected')`,
      [contract.id],
    );
    await ctx.trx.raw('update suspension set removed_on = ? where contract_id = ? and removed_on is null', [
      ctx.today,
      contract.id,
    ]);
    await ctx.trx.raw('update contract set deleted_at = ?, version = version + 1 where id = ?', [ctx.now, contract.id]);
    await followCancelled(ctx, contract.id, contract.customer_id);
    await announce(ctx, { type: 'contract.deleted', subjects: [contract.id, contract.customer_id], data: {} });
    return { id: contract.id, object: 'contract', deleted: true };
  },
};

const openInstalments = ({ instalments }: StoredContract) =>
  instalments.filter(({ status }) => status === 'scheduled' || status === 'rejected');
