/** Edits one instalment by hand: its amount, its due day, or both. */
import { decideEditInstalment } from '../domain/contract-changes/edit-instalment.ts';
import { cents } from '../domain/money.ts';
import type { InstalmentEditFields } from '../schemas/contract-changes.ts';
import { findInstalment, placeOfInstalment } from '../views/schedule.ts';
import { type ContractInput, contractOperation } from './contract-operation.ts';

export interface EditInstalmentInput extends ContractInput {
  instalment: string;
  edit: InstalmentEditFields;
}

export const editInstalment = contractOperation<EditInstalmentInput>({
  contractOf: async (ctx, input) => (await placeOfInstalment(ctx, input.instalment)).contract_id,
  decide(state, { instalment, edit }, newId) {
    const { number } = state.stored.contract.instalments.find(({ id }) => id === instalment) as { number: number };
    const decision = decideEditInstalment(
      state,
      { number, amount: edit.amount === undefined ? null : cents(edit.amount), due_on: edit.due_on ?? null },
      newId,
    );
    const { note } = edit;
    if (note === undefined) return decision;
    return { ...decision, changes: decision.changes.map((one) => ({ ...one, change: { ...one.change, note } })) };
  },
  announcement: ({ instalment, edit }) => ({ type: 'instalment.edited', subjects: [instalment], data: { ...edit } }),
  result: (ctx, _contract, input) => findInstalment(ctx, input.instalment),
});
