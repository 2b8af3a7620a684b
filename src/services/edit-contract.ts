/** Corrects a sold product: price, method, last day, with a note. The schedule follows from the day it takes effect. */
import { decideEditContract } from '../domain/contract-changes/edit-contract.ts';
import { cents } from '../domain/money.ts';
import { Refusal } from '../errors/refusal.ts';
import type { ContractEditFields } from '../schemas/contract-changes.ts';
import { findContract } from '../views/contracts.ts';
import { type ContractInput, contractOperation } from './contract-operation.ts';
import { renewalChoice } from './suspension-input.ts';

export interface EditContractInput extends ContractInput {
  contract: string;
  edit: ContractEditFields;
}

export const editContract = contractOperation<EditContractInput>({
  contractOf: (_ctx, input) => input.contract,
  decide(state, { edit }, newId, ctx) {
    const { kind, terms } = state.stored.contract;
    if (kind === 'issues' && edit.ends_on !== undefined)
      throw new Refusal('contract_ends_with_issue', {}, { pointer: '/ends_on' });
    // What is sold in one go (a pack) keeps its instalments, however long it is good for.
    const counted = kind === 'membership' ? null : terms.instalments;
    return decideEditContract(
      state,
      {
        effective_on: edit.effective_on ?? ctx.today,
        amount: edit.amount === undefined ? null : cents(edit.amount),
        facts: edit.facts ?? 'kept',
        method: edit.method ?? null,
        expiry: edit.ends_on === undefined ? null : { ends_on: edit.ends_on, instalments: edit.instalments ?? counted },
        note: edit.note ?? null,
        ...renewalChoice(edit),
      },
      newId,
    );
  },
  announcement: ({ edit: { renewals: _, compensation: __, ...edit } }) => ({ type: 'contract.edited', data: edit }),
  result: (ctx, contract) => findContract(ctx, contract.id),
});
